"""Where the demonstration's companies stand: people who do their part, with the portal's own forms and moves.

The waits are ended by the portal's own workers, looking at the local Atlas.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from atlas.errors import AtlasError
from atlas.sandbox.server import Sandbox
from certs import clock
from demo import people, work
from demo.work import find_primary
from onboarding.journey import progress, projection
from onboarding.journey.forms import confirm_form, step_form
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Failed
from onboarding.journey.polling import expiring, jobs
from onboarding.journey.polling.client import find_account_id, get_account_api, get_facts
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import ORDER, State, Witness
from onboarding.people.decisions import RequestRefused
from onboarding.people.models import Company, User

log = logging.getLogger(__name__)
ATLAS_PASSWORD = "only for the stand-in"  # noqa: S105  of the local Atlas's accounts
LONGEST = 300  # seconds that a company's story may take

# company -> the step at which its story stops, done up to there
TARGETS = {"rival-power": "identity-profile", "fenland-metering": "csr", "tidewater-trading": ""}
ENDS_SOON, SOON = "quayside-heat", timedelta(days=45)  # whose certificate ends, and when
BEFORE_VETTING = ("register", "invitation", "payment-method", "quote", "identity-profile")


def create_sample_cases() -> None:
    """Accounts, companies and an onboarding for each; what needs no waiting is done at once."""
    people.make()
    for company in Company.objects.filter(slug__in=people.COMPANIES).exclude(slug__in=people.CLIENTS):
        if not company.onboardings.exists():
            progress.start(company, environment="uit", actor=find_primary(company))
            if company.slug == "ashdown-supply":
                _overdue(company)
            if company.slug == "harbour-lantern":
                _rejected(company)


def advance_sample_cases(sandbox: Sandbox) -> None:
    """Bring the other companies to where the demonstration wants them, one after the other, while it is in use."""
    work.let_technician_in()
    work.ask_ops()
    if settings.PORTAL.account_api:
        for slug, target in TARGETS.items():
            _tell(slug, target)
            if slug == work.OFFERING:
                work.offer_a_step()
        _tell(ENDS_SOON, "csr")
        sandbox.longest_mtls_validity = int(SOON.total_seconds())
        try:
            _tell(ENDS_SOON, "pfx")
        finally:
            sandbox.longest_mtls_validity = None
        _tell(ENDS_SOON, "")
        expiring.remind_expiring()  # which a schedule does once a day
    else:
        rival = Company.objects.get(slug="rival-power")
        work.do_by_hand(rival, BEFORE_VETTING[:-1])
        work.end_wait(rival, BEFORE_VETTING[-1])
        work.do_by_hand(Company.objects.get(slug=work.OFFERING), BEFORE_VETTING)
        work.offer_a_step()


def _tell(slug: str, target: str) -> None:
    try:
        _walk(Company.objects.get(slug=slug), target)
    except AtlasError:
        log.warning("the story of %s stops: the local Atlas does not answer", slug)
    except RequestRefused as refusal:  # somebody who tries the demonstration was quicker
        log.warning("the story of %s stops: %s", slug, refusal.sentence)


def _overdue(company: Company) -> None:
    """Registered by hand before the portal knew Atlas; vetting has lasted 80 hours."""
    onboarding = company.onboardings.get()
    work.do_by_hand(company, BEFORE_VETTING)
    record = onboarding.steps.get(slug="verification")
    record.since = clock.now() - timedelta(hours=80)
    record.due_at = record.since + record.definition.before.limit  # type: ignore[union-attr]
    record.next_reminder_at = record.due_at
    record.save(update_fields=["since", "due_at", "next_reminder_at"])
    onboarding.refresh_from_db()
    projection.write(onboarding, onboarding.steps.all())


def _rejected(company: Company) -> None:
    """GlobalSign could not verify the company."""
    onboarding = company.onboardings.get()
    work.do_by_hand(company, BEFORE_VETTING)
    reason = "The switchboard did not know the person named. Case GS-104233."
    progress.settle(
        onboarding.steps.get(slug="verification"),
        Failed(ProblemCode.IDENTITY_REJECTED, reason),
        witness=Witness.ATLAS,
    )


def _walk(company: Company, target: str) -> None:
    onboarding, until = company.onboardings.order_by("started_at")[0], time.monotonic() + LONGEST
    while onboarding.is_active and time.monotonic() < until:
        record = _next(onboarding)
        if record is None or (target and ORDER[record.slug] >= ORDER[target] and record.state == State.OPEN):
            return
        if record.state == State.OPEN:
            _act(record)
        elif record.state == State.PROBLEM:
            return
        time.sleep(0.3)


def _next(onboarding: Onboarding) -> StepRecord | None:
    """The first step that a person can do; else the first that is not done."""
    records = [
        r for r in onboarding.steps.select_related("onboarding__company").in_order() if r.state != State.DONE
    ]
    return next((r for r in records if r.state == State.OPEN), records[0] if records else None)


def _act(record: StepRecord) -> None:
    """Do the person's part: in Atlas where the portal watches, else with the step's own form."""
    in_atlas = ATLAS_ACTS.get(record.slug)
    if in_atlas:
        in_atlas(find_account_id(record.onboarding) or "")
        jobs.poll_step(record.pk)
        return
    user = find_primary(record.onboarding.company)
    files = {}
    if record.slug == "api-credentials":
        files["csv"] = SimpleUploadedFile("credentials.csv", _credentials_csv(record))
    form_class = step_form(record.definition) or confirm_form(record.wait)
    form = form_class(_answers(record, user), files, record=record, user=user)  # type: ignore[misc]
    if not form.is_valid():
        raise ValueError(f"the story's answers do not fit {record.slug}: {form.errors.as_json()}")
    progress.submit(record, actor=user, effect=form.send)


ATLAS_ACTS: dict[str, Callable[[str], None]] = {
    "invitation": lambda account: get_account_api().accept_invitation(account, ATLAS_PASSWORD),
    "payment-method": lambda account: get_account_api().set_payment_method(account),
    "quote": lambda account: get_account_api().accept_quote(account),
}


def _credentials_csv(record: StepRecord) -> bytes:
    account = find_account_id(record.onboarding) or ""
    profile = get_facts(record.onboarding, "identity-profile")["identity_profile_id"]
    made = get_account_api().generate_api_credential(account, "dip_onboarding", profile, f"story-{record.pk}")
    return f"API Key,API Secret\n{made.api_key},{made.api_secret}\n".encode()


def _answers(record: StepRecord, user: User) -> dict[str, object]:
    company, today = record.onboarding.company, timezone.localdate()
    match record.slug:
        case "register":
            return {
                "name": user.name,
                "job_title": "Market Operations Manager",
                "email": user.email,
                "mailbox_readers": "Only me",
                "phone": "020 7946 0018",
                "reception_briefed": "Front desk",
                "full_time_employee": "on",
            }
        case "identity-profile":
            return {
                "profile_name": "DIP",
                "organization": company.name,
                "company_number": company.number,
                "street_address": "1 Quay Street",
                "locality": "Bristol",
                "postal_code": "BS1 4SB",
                "country": "GB",
                "phone": "0117 496 0000",
                "contact_name": user.name,
                "contact_job_title": "Market Operations Manager",
                "contact_email": user.email,
            }
        case "api-credentials":
            return {"name": "dip_onboarding", "way": "csv"}
        case "csr" | "pfx":
            return {"way": "portal"}
        case _:
            day = {
                "uploaded_on_day": today.day,
                "uploaded_on_month": today.month,
                "uploaded_on_year": today.year,
            }
            return {**day, "copies": ["csv", "pfx"]}


def welcome(address: str, atlas: str, home: Path, speed: float) -> str:
    """What the demonstration prints when it is ready."""
    minutes = 72 * 60 / speed
    return (
        f"\nCertificate onboarding is ready: {address}\n\n{people.table()}\n\n"
        f"More people, one click to sign in as each, and what to do there: {address}/demo/\n"
        f"The emails that the portal sends: {address}/demo/mail/\n"
        f"A stand-in for GlobalSign Atlas: {atlas} (sign in there with the same email address)\n"
        f"72 hours pass in {'about a minute' if round(minutes) == 1 else f'{minutes:.1f} minutes'}. "
        f"Everything is kept in {home}; delete it to start again. Stop with Ctrl-C.\n"
    )
