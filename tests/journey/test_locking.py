"""A step that is queued twice, so that two workers make its key or its PFX at the same moment: one is made.

The other races are in test_races.py.
"""

from functools import partial

import pytest
from cryptography import x509

from certs.models import Bundle, SigningRequest
from onboarding.journey import case_files, progress
from onboarding.journey.forms.confirm import CertificateForm
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import portal as portal_pollers
from onboarding.journey.progress import Submission
from tests.certs import x509_factories
from tests.concurrency import race, split
from tests.journey import step_actions
from tests.people_fixtures import People, make_people, step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def onboarding(people: People) -> Onboarding:
    return progress.start(people.one, environment="uit", actor=people.alice)


def _left_to_the_portal(onboarding: Onboarding, slug: str, people: People) -> StepRecord:
    waits = Submission(answers={"way": "portal"}, waits=True)
    return progress.submit(step(onboarding, slug), actor=people.tess, effect=lambda _: waits)


def _certify(onboarding: Onboarding, people: People) -> None:
    record = step(onboarding, "certificate")
    csr = x509.load_pem_x509_csr(case_files.require_signing_request(onboarding).csr_pem.encode())
    pem = x509_factories.pem_of(
        x509_factories.issue(csr.public_key(), x509_factories.intermediate())
    ).decode()  # type: ignore[arg-type]
    form = CertificateForm({"certificate_text": pem}, record=record, user=people.bob)
    assert form.is_valid(), form.errors
    progress.confirm(record, actor=people.bob, effect=form.effect, seen_on=form.seen_on())


def test_of_two_workers_one_makes_the_key_and_one_the_pfx(onboarding, people) -> None:
    step_actions.bring_to(onboarding, people, step_actions.step_action("csr"))
    record = _left_to_the_portal(onboarding, "csr", people)
    made, _ = split(race(partial(portal_pollers.make_key, record), partial(portal_pollers.make_key, record)))
    assert len(made) == 2
    assert made[0] == made[1]
    assert SigningRequest.objects.get().key is not None
    progress.settle(step(onboarding, "csr"), made[0], witness="portal")
    _certify(onboarding, people)
    record = _left_to_the_portal(onboarding, "pfx", people)
    built, _ = split(
        race(partial(portal_pollers.build_pfx, record), partial(portal_pollers.build_pfx, record))
    )
    assert len(built) == 2
    assert built[0] == built[1]
    assert Bundle.objects.count() == 1
