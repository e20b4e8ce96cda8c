"""Events of the first format, as installations hold them that are older than the replay: proved, never called forged.

What they do not say is named as not covered; what they do say is compared like everything else.
"""

import pytest
from django.db import connection

from onboarding.audit.chain import compute_digest
from onboarding.audit.models import ChainHead, Event, Format
from onboarding.journey import progress
from onboarding.people.models import Membership, Role
from onboarding.team import membership_changes
from tests.attacks.audit_tampering import Past, make_past, sql
from tests.attacks.test_forged_audit_trail import said_by
from tests.databases import on_postgresql
from tests.people_fixtures import step

pytestmark = on_postgresql  # only there somebody may forge an event: SQLite switches no trigger off


@pytest.fixture
def older(db: None) -> Past:
    """Everything so far was written by a version before the second format: no replay in it, no MAC at the ends."""
    past = make_past()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    for head in ChainHead.objects.all():
        previous = ""
        for event in Event.objects.filter(chain=head.chain).order_by("number"):
            event.format, event.previous = Format.FIRST, previous
            event.data.pop("replay", None)
            event.digest = previous = compute_digest(event)
            event.save(force_update=True)
        head.digest, head.mac = previous, ""
        head.save()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    return past


def test_an_older_trail_is_whole_and_what_it_leaves_open_is_said(older: Past) -> None:
    found, said = said_by("audit_check")
    assert not found, said
    assert "Not covered: roles in 3 chains with events of the first format." in said
    assert "Not covered: what 3 older pieces of evidence say (they are counted)." in said


def test_a_chain_goes_on_in_the_new_format(older: Past) -> None:
    people = older.people
    progress.confirm(
        step(older.one, "verification"),
        actor=people.alice,
        effect=lambda _: progress.Submission(facts={"case_reference": "GS-1"}),
        seen_on=older.one.started_at,
        note="It is active",
    )
    membership_changes.change_role(Membership.objects.get(user=people.rhea), Role.READER, actor=people.alice)
    formats = list(Event.objects.filter(chain=older.chain).values_list("format", flat=True))
    assert (formats[0], formats[-1]) == (Format.FIRST, Format.REPLAYED)
    found, said = said_by("audit_check")
    assert not found, said


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE journey_steprecord SET state = 'open' WHERE slug = 'quote'",
        "UPDATE journey_steprecord SET facts = '{}' WHERE slug = 'quote'",
        "UPDATE journey_onboarding SET status = 'withdrawn', ended_at = started_at, destroy_secrets_at = started_at",
        "DELETE FROM journey_evidence WHERE file_name = 'tile.png'",
        "UPDATE audit_event SET data = '{}' WHERE number = 8",
    ],
)
def test_what_older_events_do_say_is_compared(older: Past, forged: str) -> None:
    sql(forged)
    found, said = said_by("audit_check")
    assert found, said


def test_who_got_a_role_since_is_known(older: Past) -> None:
    membership_changes.change_role(
        Membership.objects.get(user=older.people.rhea), Role.READER, actor=older.people.alice
    )
    sql("UPDATE people_membership SET role = 'admin' WHERE user_id = %s", older.people.rhea.pk)
    found, said = said_by("audit_check")
    assert found
    assert f"user {older.people.rhea.pk} has the role admin, the events say reader." in said


def test_an_event_of_a_version_before_may_follow_a_newer_one(older: Past) -> None:
    """While containers are replaced one by one, both versions write; the older one leaves the MAC as it was."""
    progress.start(older.people.two, environment="production", actor=older.people.charlie)
    chain = str(older.people.two.pk)
    last = Event.objects.filter(chain=chain).order_by("-number")[0]
    late = Event(
        chain=chain, number=last.number + 1, name="company:retention:chosen", at=last.at,
        actor_label="Charlie Test", format=Format.FIRST, data={"days": "30"}, previous=last.digest,
    )  # fmt: skip
    late.digest = compute_digest(late)
    late.save(force_insert=True)
    ChainHead.objects.filter(chain=chain).update(length=late.number, digest=late.digest)
    found, said = said_by("audit_check")
    assert not found, said


def test_a_row_that_says_nothing_of_a_format_is_of_the_first(db: None) -> None:
    """What a version before writes, and what the migration finds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default FROM information_schema.columns "
            "WHERE table_name = 'audit_event' AND column_name = 'format'"
        )
        assert cursor.fetchone() == ("1",)
