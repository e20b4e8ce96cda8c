"""The statistics of HVCA: which certificates were issued or revoked, or end, in a window of time.

They lag behind what was done by some seconds, as the live service does; counters and quota do not. A certificate is
dated at its order: the integration tests of GlobalSign's Go client look for it in the second of its `not_before`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug.wrappers import Response

from atlas.sandbox import clock as times
from atlas.sandbox.app_state import AppState
from atlas.sandbox.paging import Page, answer_page, page_of, whole
from atlas.sandbox.problems import Refusal, invalid
from atlas.sandbox.routing import Call

DEFAULT_WINDOW = 600
LONGEST_WINDOW = 30 * 86_400
EVENTS = {"issued": "ordered_at", "revoked": "revoked_event", "expiring": "not_after"}


def statistics(state: AppState, prefix: str, name: str) -> Callable[[Call], Response]:
    """The row of one of `EVENTS`."""

    def answer(call: Call) -> Response:
        page = page_of(call.request.args)
        window = _window(call.request.args, int(state.clock.now()))
        items, total = _found(state, call.caller, EVENTS[name], window, page)
        return answer_page(call, prefix, items, total, page)

    return answer


def _window(query: Mapping[str, str], now: int) -> tuple[int, int]:
    """`from` and `to` in seconds since 1970, both included; the last ten minutes if neither is given."""
    moments = {name: whole(query[name]) for name in ("from", "to") if name in query}
    for name, moment in moments.items():
        if moment is None:
            raise invalid(name)
    end = moments.get("to")
    end = now if end is None else end
    start = moments.get("from")
    start = max(0, end - DEFAULT_WINDOW) if start is None else start
    if start > end:
        raise invalid("from")
    if end - start > LONGEST_WINDOW:
        raise Refusal(422, "to: time window exceeding max of 30 days")
    return start, end


def _found(
    state: AppState, api_key: str, column: str, window: tuple[int, int], page: Page
) -> tuple[list[object], int]:
    """One page, oldest event first, and how many there are in the window."""
    seen = state.clock.now() - times.STATS_LAG / state.clock.speed
    event = "revoked_event" if column == "revoked_event" else "ordered_at"
    where = (
        f" FROM certificate WHERE api_key = ? AND rejected = 0 AND CAST({column} AS INTEGER) BETWEEN ? AND ?"
        f" AND {event} <= ?"
    )
    values = (api_key, *window, seen)
    with state.store.transaction() as db:
        (total,) = db.execute("SELECT COUNT(*)" + where, values).fetchone()
        rows = db.execute(
            f"SELECT serial, not_before, not_after{where} ORDER BY {column}, number LIMIT ? OFFSET ?",
            (*values, page.size, page.offset),
        ).fetchall()
    names = ("not_before", "not_after")
    return [{"serial_number": row["serial"], **{name: row[name] for name in names}} for row in rows], total
