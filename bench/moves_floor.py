"""The floor under a move: the 13 statements that write it, as plain SQL, fixed here whatever the portal itself sends.

One onboarding is locked; three times a chain's end is locked, an event added and the end set; two step records, all
columns of each, and the onboarding's projection are updated. It is what the portal sent before it gathered anything.
"""

from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

EVENT_COLUMNS = (
    "chain, number, name, at, actor_id, actor_label, onboarding_id, step, data, previous, digest, format"
)
LOCK = (
    "SELECT o.*, c.* FROM journey_onboarding o JOIN people_company c ON o.company_id = c.id WHERE o.id = %s "
    "FOR UPDATE OF o"
)
LOCK_HEAD = "SELECT id, chain, length, digest, mac FROM audit_chainhead WHERE chain = %s FOR UPDATE"
# Into a copy of the table without its unique keys, so that it can be repeated.
ADD_EVENT = (
    f"INSERT INTO floor_event ({EVENT_COLUMNS}) VALUES ({', '.join(['%s'] * 12)}) RETURNING id, format"
)
SET_HEAD = "UPDATE audit_chainhead SET length = %s, digest = %s, mac = %s WHERE chain = %s"
SET_RECORD = (
    "UPDATE journey_steprecord SET onboarding_id = %s, slug = %s, state = %s, version = %s, since = %s, due_at = %s, "
    "usual_at = NULL, next_reminder_at = NULL, "
    "submitted_at = %s, moved_by_id = %s, moved_at = %s, assignee_id = NULL, assigned_at = NULL, reminded_at = NULL, "
    "answers = %s, facts = %s, draft = %s, witness = %s, problem_code = '', problem_detail = '', next_check_at = NULL, "
    "polled_at = NULL, poll_count = 0, poll_queued = false, unfinished_polls = 0, last_poll_result = '' "
    "WHERE onboarding_id = %s AND slug = %s"
)
SET_PROJECTION = (
    "UPDATE journey_onboarding SET status = 'active', ended_at = NULL, destroy_secrets_at = NULL, current_step = %s, "
    "current_state = %s, next_actor = %s, since = %s, due_at = %s WHERE id = %s"
)
EVENTS = (
    ("step:state:submitted", "register", {"replay": {"state": "open", "version": 1}}),
    ("step:state:done", "register", {"witness": "person", "replay": {"state": "done", "version": 2}}),
    ("step:state:begun", "invitation", {"replay": {"state": "waiting", "version": 1}}),
)


def write_same_rows(onboarding: Any, user: Any) -> None:
    """Write one move's rows to this onboarding, which stays where it was: the same each time."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        # The same row is set to the same state again: the triggers that forbid it are no part of the floor.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for sql, params in _list_statements(onboarding, user):
            cursor.execute(sql, params)


def make_table() -> None:
    """The copy of the events' table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS floor_event (LIKE audit_event INCLUDING DEFAULTS INCLUDING IDENTITY)"
        )


def _list_statements(onboarding: Any, user: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """The 13, in the order in which a move writes them."""
    chain, now, key = str(onboarding.company_id), datetime.now(UTC), onboarding.pk
    typed = (Jsonb({}), Jsonb({}), Jsonb({}))
    done = (key, "register", "done", 2, now, None, now, user.pk, now, *typed, "person", key, "register")
    begun = (key, "invitation", "waiting", 1, now, now, None, user.pk, now, *typed, "", key, "invitation")
    events = [
        (
            (LOCK_HEAD, (chain,)),
            (
                ADD_EVENT,
                (chain, 3, name, now, user.pk, str(user), key, step, Jsonb(data), "0" * 64, "1" * 64, 2),
            ),
            (SET_HEAD, (3, "1" * 64, "2" * 64, chain)),
        )
        for name, step, data in EVENTS
    ]
    return [
        (LOCK, (key,)),
        *events[0],
        (SET_RECORD, done),
        *events[1],
        (SET_RECORD, begun),
        *events[2],
        (SET_PROJECTION, ("invitation", "waiting", "atlas", now, now, key)),
    ]
