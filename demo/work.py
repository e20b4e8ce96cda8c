"""Work that waits for the demonstration's people: steps that are handed over, and a question to ops.

Everything is done with the portal's own moves, once: a second call changes nothing. The companies' ways through the
journey are in sample_cases.py.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils import timezone

from certs import clock
from demo.people import CLIENTS
from onboarding.handover import offers
from onboarding.handover.models import Offer
from onboarding.handover.offers import Plan
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done
from onboarding.journey.steps import State, Witness
from onboarding.people.models import Company, Membership, Role, User
from onboarding.questions import asking
from onboarding.questions.models import Question

OFFERING, RECEIVER = "fenland-metering", "admin@northwind.example"
TECHNICIAN, TECHNICAL = "technician@dcp.example", ("csr", "pfx")
REJECTED = "harbour-lantern"
CLIENT_STEPS = ("register", "invitation", "payment-method", "quote", "identity-profile")
MONTH = timedelta(days=30)


def find_primary(company: Company) -> User:
    """The company's Primary Certificate Admin."""
    return Membership.objects.select_related("user").get(company=company, role=Role.PRIMARY).user


def let_technician_in() -> None:
    """Five companies are at their CSR, and hand it to a technician from outside, who has accepted."""
    technician = User.objects.get(email=TECHNICIAN)
    for company in Company.objects.filter(slug__in=CLIENTS).order_by("name"):
        if company.onboardings.exists():
            continue
        primary = find_primary(company)
        onboarding = progress.start(company, environment="uit", actor=primary)
        do_by_hand(company, CLIENT_STEPS)
        plan = Plan(
            onboarding,
            TECHNICAL,
            reason="You connect us to the DIP, so you make our key and our PFX",
            expires_at=clock.now() + timedelta(days=7),
            email=technician.email,
            access_until=clock.now() + MONTH,
        )
        offers.accept(offers.offer(plan, actor=primary), actor=technician)


def offer_a_step() -> None:
    """A colleague is asked to create the CSR, and has not answered."""
    company = Company.objects.get(slug=OFFERING)
    onboarding = company.onboardings.order_by("started_at")[0]
    if not _is_open(onboarding, "csr") or Offer.objects.filter(onboarding=onboarding).exists():
        return
    plan = Plan(
        onboarding,
        ("csr",),
        reason="I am away from Monday",
        note="Take the way that the page recommends.",
        expires_at=clock.now() + timedelta(days=7),
        to=User.objects.get(email=RECEIVER),
    )
    offers.offer(plan, actor=find_primary(company))


def ask_ops() -> None:
    """Whose identity profile was rejected asks what is meant."""
    company = Company.objects.get(slug=REJECTED)
    record = StepRecord.objects.get(
        onboarding=company.onboardings.order_by("started_at")[0], slug="verification"
    )
    if not Question.objects.filter(record=record).exists():
        text = (
            "GlobalSign says that our switchboard did not know me. I started here two weeks ago and our reception has "
            "been told now. Do we have to fill in the identity profile again, or can they simply ring once more?"
        )
        asking.ask(record, actor=find_primary(company), text=text)


def do_by_hand(company: Company, slugs: Iterable[str]) -> None:
    """Both halves of each step as a person reports them, as far as they are not done."""
    for slug in slugs:
        record = end_wait(company, slug)
        if record.state == State.OPEN:
            progress.submit(record, actor=find_primary(company), effect=_report)


def end_wait(company: Company, slug: str) -> StepRecord:
    """A person says that what the step waits for has come, if it waits; the step as it stands then."""
    record = company.onboardings.order_by("started_at")[0].steps.get(slug=slug)
    if record.state == State.WAITING:
        progress.settle(record, Done(), witness=Witness.PERSON)
        record.refresh_from_db()
    return record


_report: Callable[[StepRecord], progress.Submission] = lambda _: progress.Submission(  # noqa: E731
    facts={"submitted_on": str(timezone.localdate())}
)


def _is_open(onboarding: Onboarding, slug: str) -> bool:
    return onboarding.steps.filter(slug=slug, state=State.OPEN).exists()
