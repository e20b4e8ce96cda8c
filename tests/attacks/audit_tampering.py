"""A portal with a past, and somebody who may write to its database: every forgery of the trail that we could think of.

Whether each is found is asked in test_forged_audit_trail.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people import invitations
from onboarding.people.company_creation import create_company
from onboarding.people.models import Company, Membership, Role, User
from onboarding.team import membership_changes
from tests.journey.step_actions import bring_to, step_action
from tests.people_fixtures import People, step

PHRASE = "a phrase that is long enough"
OLDER = (
    *("audit_event", "audit_chainhead", "journey_steprecord", "journey_evidence", "journey_sentanswers"),
    "people_membership",
)


@dataclass(frozen=True)
class Past:
    """Two companies with an onboarding each; copies of some tables as they were half-way (`older_*`)."""

    people: People
    one: Onboarding
    two: Onboarding

    @property
    def chain(self) -> str:
        """Company one's."""
        return str(self.one.company_id)

    def last(self) -> int:
        """The number of company one's last event."""
        return Event.objects.filter(chain=self.chain).count()


def sql(text: str, *values: Any) -> None:
    """Past the triggers, as whoever owns the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(text, values)
        assert cursor.rowcount != 0, "nothing was forged"
        cursor.execute("SET LOCAL session_replication_role = origin")


def make_past() -> Past:
    """Made by the portal's own moves: evidence, a role that changed, somebody who left; every event is there."""
    people = _people()
    one = progress.start(people.one, environment="uit", actor=people.alice)
    two = progress.start(people.two, environment="uit", actor=people.charlie)
    bring_to(one, people, step_action("payment-method"))
    with connection.cursor() as cursor:
        for table in OLDER:
            cursor.execute(f"CREATE TEMPORARY TABLE older_{table} ON COMMIT DROP AS SELECT * FROM {table}")
    bring_to(one, people, step_action("identity-profile", waits=True))
    record_ = step(one, "identity-profile")
    progress.confirm(
        record_,
        actor=people.alice,
        effect=lambda _: progress.Submission(facts={"tile_ready_on": "2026-11-20"}),
        seen_on=timezone.now() - timedelta(hours=1),
        note="The tile is blue",
        file=("tile.png", b"\x89PNG what was seen"),
    )
    membership_changes.change_role(_member(people.rhea, people.one), Role.TECHNICIAN, actor=people.alice)
    progress.submit(
        step(one, "identity-profile"),
        actor=people.alice,
        effect=lambda _: progress.Submission(facts={"identity_profile_id": "IP-1"}),
    )
    return Past(people, one, two)


def _member(user: User, company: Company) -> Membership:
    return Membership.objects.get(user=user, company=company)


def _people() -> People:
    call_command("add_ops", "olga@dip.example", "--name", "Olga Test", stdout=StringIO())
    olga = User.objects.get(email="olga@dip.example")
    companies, made = {}, {"olga": olga}
    for name, company in (("alice", "One Energy Ltd"), ("charlie", "Two Power Ltd")):
        email = f"{name}@{company.split()[0].lower()}.example"
        companies[name] = create_company(
            name=company,
            number=f"{len(companies) + 1:08}",
            admin_name=f"{name.title()} Test",
            admin_email=email,
            actor=olga,
        )
        made[name] = User.objects.get(email=email)
    for name, role in (("bob", Role.ADMIN), ("rhea", Role.READER), ("sid", Role.READER)):
        asked = invitations.invite(
            company=companies["alice"], email=f"{name}@one.example", role=role, actor=made["alice"]
        )
        made[name] = invitations.join(asked.token_hash, name=f"{name.title()} Test", password=PHRASE)
    membership_changes.remove_member(_member(made.pop("sid"), companies["alice"]), actor=made["alice"])
    return People(one=companies["alice"], two=companies["charlie"], tess=made["rhea"], **made)


def cut(past: Past, after: int) -> None:
    """Take everything after this event out of company one's chain."""
    sql("DELETE FROM audit_event WHERE chain = %s AND number > %s", past.chain, after)


def set_head_back(past: Past) -> None:
    """Let company one's chain end where its events end now."""
    last = Event.objects.filter(chain=past.chain).order_by("-number")[0]
    sql(
        "UPDATE audit_chainhead SET length = %s, digest = %s WHERE chain = %s",
        last.number, last.digest, past.chain,
    )  # fmt: skip


def put_back(table: str, where: str, *values: Any) -> None:
    """The rows of this table as they were half-way."""
    sql(f"DELETE FROM {table} WHERE {where}", *values)
    sql(f"INSERT INTO {table} SELECT * FROM older_{table} WHERE {where}", *values)


def renumber(past: Past, numbers: list[tuple[int, int]]) -> None:
    """Old number -> new number, one after the other."""
    for old, new in numbers:
        sql("UPDATE audit_event SET number = %s WHERE chain = %s AND number = %s", new, past.chain, old)


def event_without_trace(past: Past) -> None:
    """Something happens that only the trail remembers: a secret is shown."""
    with transaction.atomic():
        record_event(
            EventName.SECRET_SHOWN, company=past.people.one, actor=past.people.bob, onboarding_id=past.one.pk,
            step="api-credentials", data={"what": "the API key and secret"},
        )  # fmt: skip


Forge = Callable[[Past], None]
