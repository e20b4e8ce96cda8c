"""A certificate whose issuers are missing: what its pages say, and how a person brings them after all.

How issuers are sought is tested in tests/certs/test_chain_completion.py.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from certs.models import Certificate
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.journey.polling import jobs
from onboarding.ui.formatting import when
from tests.certs import x509_factories
from tests.journey.form_client import press, sentences_of
from tests.journey.step_actions import bring_to, certificate, step_action
from tests.people_fixtures import People, client_of, step

FETCHED = "The issuers' certificates are being fetched"
LATER = "The issuers' certificates could not be fetched yet"
INCOMPLETE = "The chain of this certificate is incomplete"


@pytest.fixture
def alone(people: People, onboarding: Onboarding) -> Onboarding:
    """An onboarding at its step `pfx`, whose certificate was pasted without its issuer."""
    bring_to(onboarding, people, step_action("certificate", waits=True))
    _bring(people, onboarding, x509_factories.pem_of(x509_factories.leaf()))
    assert Certificate.objects.get().chain_pem == ""
    return onboarding


def _bring(people: People, onboarding: Onboarding, pasted: bytes) -> None:
    page = f"/onboardings/{onboarding.code}/certificate/"
    answer = press(client_of(people.bob), page, f"{page}confirm/", {"certificate_text": pasted.decode()})
    assert answer.status_code == 302, sentences_of(answer)


def _read(people: People, onboarding: Onboarding, slug: str) -> str:
    return sentences_of(client_of(people.bob).get(f"/onboardings/{onboarding.code}/{slug}/"))


def test_the_issuers_can_be_brought_when_the_step_is_sent_back(people: People, alone: Onboarding) -> None:
    page = f"/onboardings/{alone.code}/pfx/"
    sent = press(
        client_of(people.bob), page, f"{page}send-back/", {"to": "certificate", "reason": "no issuers"}
    )
    assert sent.status_code == 302, sentences_of(sent)
    assert step(alone, "certificate").state == "waiting"
    _bring(people, alone, certificate())
    assert Certificate.objects.get().chain_pem == x509_factories.intermediate().pem
    assert step(alone, "certificate").state == "done"


@pytest.mark.parametrize("slug", ["certificate", "pfx"])
def test_while_they_are_sought_both_pages_say_so(people: People, alone: Onboarding, slug: str) -> None:
    said = f"{FETCHED}; wait a minute and load this page again, or go on without them."
    assert said in _read(people, alone, slug)
    Certificate.objects.update(chain_searches=1, chain_next_search_at=timezone.now() + timedelta(minutes=1))
    assert said in _read(people, alone, slug)


@pytest.mark.parametrize("slug", ["certificate", "pfx"])
def test_when_nobody_answers_they_say_when_it_is_tried_again(
    people: People, alone: Onboarding, slug: str
) -> None:
    at = timezone.now() + timedelta(hours=4)
    Certificate.objects.update(chain_searches=8, chain_next_search_at=at)
    page = _read(people, alone, slug)
    assert f"{LATER}; this portal tries again on {when(at)}." in page
    assert FETCHED not in page


@pytest.mark.parametrize("slug", ["certificate", "pfx"])
def test_when_they_were_not_found_they_say_what_it_means(
    people: People, alone: Onboarding, slug: str
) -> None:
    assert jobs.complete_chains() == 1
    page = _read(people, alone, slug)
    assert INCOMPLETE in page
    assert "Some systems want the whole chain in the PFX." in page
    assert "send “Get the mTLS certificate” back" in page
    assert FETCHED not in page


def test_with_its_issuers_nothing_is_said(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("pfx"))
    for slug in ("csr", "certificate", "pfx"):
        page = _read(people, onboarding, slug)
        assert not any(sentence in page for sentence in (FETCHED, LATER, INCOMPLETE))


def test_other_steps_and_ended_onboardings_say_nothing(people: People, alone: Onboarding) -> None:
    assert FETCHED not in _read(people, alone, "csr")
    progress.withdraw(alone, actor=people.alice, reason="we left the market")
    assert FETCHED not in _read(people, alone, "certificate")
