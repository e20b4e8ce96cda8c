"""The emails that a seeded company has got: sent long ago, but for the few that could not be delivered.

Their keys are those of the moves that cause them (journey/emails.py), so that no reminder is written twice. None waits
to be sent: seeding writes to nobody.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from certs.models import Certificate
from onboarding.journey.steps import State
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import ADMINS, Company, User
from onboarding.seeding.case_history import CaseHistory
from onboarding.seeding.company_history import CompanyHistory

FAILED = 0.003
REMINDED = 0.9  # of what is late, or ends soon, has its email already; a job writes the others
NOTICES = (90, 30)  # days before a certificate ends
REFUSED = "550 5.1.1 no such mailbox"
TEXT = (
    "Hello {name},\n\n{subject}.\n\nThis email is about the onboarding of {company} to the Data Integration Platform. "
    "Open it here, and sign in if you are asked to:\n\n{address}\n\nThe page says what there is to do, who can do it, "
    "how long it usually takes and what to do when something goes wrong. You can hand the step over to a colleague.\n\n"
    "You get this email because you have a role at {company}. There is no need to answer it.\n"
)
HTML = (
    '<html lang="en"><body style="font-family: Arial, sans-serif; font-size: 16px; line-height: 1.5; color: #0b0c0c">'
    '<div style="max-width: 580px; margin: 0 auto; padding: 20px"><h1 style="font-size: 24px">{subject}</h1>'
    "<p>Hello {name},</p><p>This email is about the onboarding of <strong>{company}</strong> to the Data Integration "
    'Platform.</p><p><a href="{address}" style="color: #1d70b8">Open it</a>, and sign in if you are asked to.</p>'
    "<p>The page says what there is to do, who can do it, how long it usually takes and what to do when something "
    "goes wrong. You can hand the step over to a colleague.</p></div></body></html>"
)


def make_emails(history: CompanyHistory, base_url: str) -> Iterator[OutboxEmail]:
    """Every email of one company. Its records have their keys by now."""
    company, rng, primary = history.company, history.rng, history.team[0].user
    writer = _Writer(company, f"{base_url}/companies/{company.slug}/", rng)
    yield writer.write(f"seeded-welcome:{company.pk}", primary, history.story.added, "Welcome to the portal")
    for case in history.cases:
        yield from _emails_of_case(case, history, writer)


class _Writer:
    def __init__(self, company: Company, address: str, rng: random.Random) -> None:
        self.company, self.address, self.rng = company, address, rng

    def write(
        self, key: str, to: User, at: datetime, subject: str, onboarding: CaseHistory | None = None
    ) -> OutboxEmail:
        """One email to one person."""
        values = {"name": to.name, "subject": subject, "company": self.company.name, "address": self.address}
        failed = self.rng.random() < FAILED
        return OutboxEmail(
            key=f"{key}:{to.pk}",
            to=to,
            onboarding_id=onboarding.onboarding.pk if onboarding else None,
            subject=f"{subject}: {self.company.name}"[:200],
            text=TEXT.format(**values),
            html=HTML.format(**values),
            delivery=OutboxEmail.Delivery.FAILED if failed else OutboxEmail.Delivery.SENT,
            attempts=8 if failed else 1,
            last_error=REFUSED if failed else "",
            created_at=at,
            sent_at=None if failed else at + timedelta(seconds=self.rng.uniform(1, 30)),
        )


def _emails_of_case(case: CaseHistory, history: CompanyHistory, writer: _Writer) -> Iterator[OutboxEmail]:
    admins = [each.user for each in history.team if each.role in ADMINS]
    for record in case.records.values():
        title = f"“{record.definition.title}”"
        if record.state == State.DONE and record.definition.form:
            to = history.rng.choice(admins)
            yield writer.write(
                f"step-open:{record.pk}:1", to, record.since, f"{title} is for you to do", case
            )
        elif record.state == State.PROBLEM:
            for to in admins:
                key = f"problem:{record.pk}:{record.version}"
                yield writer.write(key, to, record.since, f"{title} has a problem", case)
        elif _is_late(record.state, record.due_at, history.now) and history.rng.random() < REMINDED:
            for to in admins:
                assert record.due_at is not None
                key = f"late:{record.pk}:{record.version}"
                yield writer.write(key, to, record.due_at, f"{title} is late", case)
    if case.onboarding.ended_at:
        key = f"{case.onboarding.status}:{case.onboarding.pk}"
        for to in admins:
            yield writer.write(
                key, to, case.onboarding.ended_at, f"The onboarding is {case.onboarding.status}", case
            )
    yield from _notices(case, admins, history, writer)


def _notices(
    case: CaseHistory, admins: list[User], history: CompanyHistory, writer: _Writer
) -> Iterator[OutboxEmail]:
    if history.rng.random() >= REMINDED:
        return
    for certificate in (row for row in case.artifacts.rows if isinstance(row, Certificate)):
        for days in NOTICES:
            at = certificate.not_after - timedelta(days=days)
            if at <= history.now < certificate.not_after:
                key = f"expiring:{case.onboarding.pk}:{certificate.serial}:{days}"
                for to in admins:
                    yield writer.write(key, to, at, "Your certificate ends soon", case)


def _is_late(state: str, due_at: datetime | None, now: datetime) -> bool:
    return state == State.WAITING and due_at is not None and due_at < now
