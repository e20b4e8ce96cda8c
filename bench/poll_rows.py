"""Rows that wait for an answer of Atlas, for the measurements of polls.

They are written in a few statements; who waits in earnest has walked there.
"""

import time
from typing import Any

PATIENCE = 300  # seconds


class Rows:
    """So many companies that wait for the vetting of one account, in which nothing happens."""

    def __init__(self, atlas: dict[str, str], count: int) -> None:
        from pathlib import Path

        from atlas.account import AccountApi
        from atlas.account_types import Contact, NewRegistration
        from onboarding.journey.models import StepRecord
        from tests.journey.polling.many_rows import make_waiting

        contact = Contact("Bench", "Manager", "bench@bench.example", "020 7946 0018")
        with AccountApi(atlas["url"], atlas["token"], Path(atlas["root_file"])) as api:
            self.account = api.register(NewRegistration("Bench Ltd", contact), "bench").account_id
        rows = make_waiting(count)
        mine = StepRecord.objects.filter(onboarding__steps__in=rows, slug="register")
        mine.update(facts={"account_id": self.account})
        self._rows: Any = StepRecord.objects.filter(pk__in=rows)

    def poll_all(self, turns: int = 1) -> float:
        """Seconds from the first question of so many beats until each row was polled."""
        begun = self._begin(turns)
        while self._rows.filter(poll_count=0).exists():
            assert time.perf_counter() - begun < PATIENCE, "the worker does not come to its end"
            time.sleep(0.01)
        return time.perf_counter() - begun

    def _begin(self, turns: int) -> float:
        from certs import clock
        from onboarding.journey.polling import tasks

        self._rows.update(next_check_at=clock.now(), poll_count=0, poll_queued=False, unfinished_polls=0)
        begun = time.perf_counter()
        for _ in range(turns):
            tasks.poll_due_steps.delay()
        return begun
