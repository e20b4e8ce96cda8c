"""A worker's look at a step, and a certificate for its CSR, as tests of the journey with a key vault need them.

Fixtures are in conftest.py.
"""

from cryptography import x509

from certs.models import SigningRequest
from onboarding.journey import progress
from onboarding.journey.forms.confirm import CertificateForm
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import jobs
from tests.certs import x509_factories
from tests.journey import step_actions
from tests.people_fixtures import step


def work(onboarding, slug: str) -> StepRecord:
    """As a worker does it: one look."""
    record = step(onboarding, slug)
    StepRecord.objects.filter(pk=record.pk).update(next_check_at=record.submitted_at)
    jobs.poll_step(record.pk)
    return step(onboarding, slug)


def certify(onboarding, people) -> None:
    """The certificate of the case's CSR, brought by a person."""
    step_actions.bring_to(onboarding, people, step_actions.step_action("certificate", waits=True))
    record = step(onboarding, "certificate")
    csr = x509.load_pem_x509_csr(SigningRequest.objects.get(case_id=onboarding.pk).csr_pem.encode())
    issuer = x509_factories.intermediate()
    pem = x509_factories.pem_of(x509_factories.issue(csr.public_key(), issuer)) + x509_factories.pem_of(
        issuer.certificate
    )  # type: ignore[arg-type]
    form = CertificateForm({"certificate_text": pem.decode()}, record=record, user=people.bob)
    assert form.is_valid(), form.errors
    progress.confirm(record, actor=people.bob, effect=form.effect, seen_on=form.seen_on())
