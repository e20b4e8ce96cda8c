"""What leaves the vault leaves it once for each fresh sign-in, also when several ask at once; what is replaced is gone.

Who may is tested in tests/people/test_permissions.py, the whole way in test_walk_with_api.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from certs import csr, pfx
from certs.models import Bundle, Certificate, Secret, SigningRequest
from certs.pfx_encryption import PfxEncryption
from onboarding.journey import case_files, progress
from onboarding.journey.models import Onboarding
from onboarding.journey.progress import Submission
from tests.certs import x509_factories
from tests.concurrency import race
from tests.journey import step_actions
from tests.people_fixtures import People, fresh_client_of, make_people, step

DOWNLOAD, SHOW = "download/", "show-credentials/"


def built(onboarding: Onboarding, people: People) -> Bundle:
    """The journey up to a PFX of a key that the portal holds."""
    step_actions.bring_to(onboarding, people, step_actions.step_action("csr"))
    progress.submit(
        step(onboarding, "csr"),
        actor=people.tess,
        effect=lambda record: Submission(
            case_files.csr_facts(csr.make(onboarding.company_id, onboarding.pk, x509_factories.rsa_key()))
        ),
    )
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    made = pfx.make(onboarding.company_id, onboarding.pk, Certificate.objects.get(case_id=onboarding.pk))
    progress.submit(
        step(onboarding, "pfx"),
        actor=people.tess,
        effect=lambda record: Submission(case_files.bundle_facts(made)),
    )
    return made


def post(client: Client, onboarding: Onboarding, page: str, **data: str) -> Any:
    return client.post(f"/onboardings/{onboarding.code}/{page}", data)


def same(client: Client) -> Client:
    """Another window of the same browser."""
    other = Client()
    other.cookies = client.cookies
    return other


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", [SHOW, DOWNLOAD])
def test_of_four_who_ask_at_once_with_one_sign_in_one_is_shown(transactional_db: None, page: str) -> None:
    people = make_people()
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    built(onboarding, people)
    windows = [same(fresh_client_of(people.bob))]
    windows += [same(windows[0]) for _ in range(3)]
    answers = race(*(lambda w=w: post(w, onboarding, page, format="passwordless") for w in windows))  # type: ignore[misc]
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_a_file_is_downloaded_once_per_sign_in_and_form(people: People, onboarding: Onboarding) -> None:
    built(onboarding, people)
    bob = fresh_client_of(people.bob)
    assert post(bob, onboarding, DOWNLOAD, format="passwordless").status_code == 200
    again = post(bob, onboarding, DOWNLOAD, format="passwordless")
    assert again.status_code == 409
    assert "It was downloaded already" in again.content.decode()
    assert post(bob, onboarding, DOWNLOAD, format="pem").status_code == 200
    assert post(bob, onboarding, DOWNLOAD, format="pem").status_code == 409
    assert post(fresh_client_of(people.bob), onboarding, DOWNLOAD, format="pem").status_code == 200


def test_a_pfx_with_a_password_is_destroyed_when_it_is_fetched(
    people: People, onboarding: Onboarding
) -> None:
    built(onboarding, people)
    bob = fresh_client_of(people.bob)
    grant = post(bob, onboarding, DOWNLOAD, format="aes256-password").context["grant"]
    fetched = post(bob, onboarding, DOWNLOAD, format="prepared", grant=grant)
    assert fetched.status_code == 200
    bundle = Bundle.objects.get(encryption="aes256-password")
    assert bundle.secret.destroyed_at  # type: ignore[union-attr]
    assert bundle.password.destroyed_at  # type: ignore[union-attr]
    assert post(bob, onboarding, DOWNLOAD, format="prepared", grant=grant).status_code == 409
    assert case_files.get_stored_bundle(onboarding)


def test_a_pfx_with_a_password_is_built_once_per_sign_in_and_the_unfetched_one_is_destroyed(
    people: People, onboarding: Onboarding
) -> None:
    built(onboarding, people)
    bob = fresh_client_of(people.bob)
    first = post(bob, onboarding, DOWNLOAD, format="aes256-password").context["grant"]
    again = post(bob, onboarding, DOWNLOAD, format="aes256-password")
    assert again.status_code == 409
    assert "It was built already" in again.content.decode()
    assert post(bob, onboarding, DOWNLOAD, format="three-des-password").status_code == 200
    assert Bundle.objects.get(encryption="aes256-password").secret.destroyed_at  # type: ignore[union-attr]
    assert post(bob, onboarding, DOWNLOAD, format="prepared", grant=first).status_code == 409


def test_what_a_colleague_is_about_to_fetch_stays(people: People, onboarding: Onboarding) -> None:
    built(onboarding, people)
    alice, bob = fresh_client_of(people.alice), fresh_client_of(people.bob)
    hers = post(alice, onboarding, DOWNLOAD, format="aes256-password").context["grant"]
    assert post(bob, onboarding, DOWNLOAD, format="aes256-password").status_code == 200
    assert post(alice, onboarding, DOWNLOAD, format="prepared", grant=hers).status_code == 200


def test_the_kept_pfx_is_not_handed_out_as_a_prepared_one(people: People, onboarding: Onboarding) -> None:
    kept = built(onboarding, people)
    grant = pfx.grant_download(kept, people.bob.pk)
    bob = fresh_client_of(people.bob)
    assert post(bob, onboarding, DOWNLOAD, format="prepared", grant=str(grant.pk)).status_code == 409
    assert case_files.get_stored_bundle(onboarding)


@pytest.mark.parametrize("to", ["csr", "pfx"])
def test_what_was_built_for_a_replaced_key_is_gone_with_it(
    people: People, onboarding: Onboarding, to: str
) -> None:
    built(onboarding, people)
    bob = fresh_client_of(people.bob)
    grant = post(bob, onboarding, DOWNLOAD, format="aes256-password").context["grant"]
    progress.send_back(step(onboarding, "proof"), actor=people.bob, to=to, reason="the key was lost")
    assert not Secret.objects.filter(purpose__in=("pfx", "pfx-password"), destroyed_at=None).exists()
    assert post(bob, onboarding, DOWNLOAD, format="prepared", grant=grant).status_code == 409
    held = SigningRequest.objects.get(case_id=onboarding.pk).key
    assert held is not None
    assert bool(held.destroyed_at) is (to == "csr")


def test_the_kept_pfx_is_given_out_with_its_certificates_in_clear_once_per_sign_in(
    people: People, onboarding: Onboarding
) -> None:
    kept = built(onboarding, people)
    bob = fresh_client_of(people.bob)
    answer = post(bob, onboarding, DOWNLOAD, format="certificates-in-clear")
    reading = pfx.read(answer.content)
    assert reading.encryption is PfxEncryption.CERTIFICATES_IN_CLEAR
    assert [each for each in reading.findings if each.severity != "info"] == []
    assert reading.certificate_sha256 == kept.certificate.sha256
    assert post(bob, onboarding, DOWNLOAD, format="certificates-in-clear").status_code == 409
    assert case_files.get_stored_bundle(onboarding) == kept
