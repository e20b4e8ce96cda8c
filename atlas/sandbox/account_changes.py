"""Which accounts have changed since a moment: the list that spares a client the question for each account.

What an account shows at a moment is said by the modules that write its rows; here only when it began to show more.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from atlas.sandbox.app_state import AppState
from atlas.sandbox.clock import iso
from atlas.sandbox.problems import invalid

MOST = 5000  # accounts in one answer
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_MOMENTS = {
    "account": (
        *(
            "registered_at",
            "invitation_at",
            "accepted_at",
            "payment_at",
            "quote_ready_at",
            "quote_accepted_at",
        ),
        *("identity_ready_at", "outage_until"),
    ),
    "email": ("sent_at",),
    "identity_profile": ("submitted_at", "processed_at", "decided_at"),
    "api_credential": ("created_at",),
    "mtls_certificate": ("issued_at",),
}
_QUERY = (
    "SELECT account_id, MAX(at) AS at FROM ({}) WHERE at >= ? AND at <= ? GROUP BY account_id LIMIT ?".format(  # noqa: S608
        " UNION ALL ".join(
            f"SELECT account_id, {column} AS at FROM {table}"  # noqa: S608  names of ours
            for table, columns in _MOMENTS.items()
            for column in columns
        )
    )
)


def list_changes(state: AppState, since: str | None) -> dict[str, Any]:
    """The accounts that show something new since then, in no order; without `since` only the present moment.

    Raises Refusal 422 for what is no moment.
    """
    begin, now = _read_moment(since), state.clock.now()
    rows: list[Any] = []
    if begin is not None:
        with state.store.transaction() as db:
            rows = db.execute(_QUERY, (begin, now, MOST + 1)).fetchall()
    return {
        "as_of": iso(now),
        "accounts": [{"account_id": row["account_id"], "changed_at": iso(row["at"])} for row in rows[:MOST]],
        "is_cut": len(rows) > MOST,
    }


def _read_moment(text: str | None) -> float | None:
    if text is None:
        return None
    if not _TIME.fullmatch(text):
        raise invalid("changed_since", "must look like 2026-11-23T14:05:00Z")
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise invalid("changed_since", "is no date") from None
