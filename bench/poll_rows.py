"""Rows that wait for an answer of Atlas, for the measurements of polls.

They are written in a few statements; who waits in earnest has walked there.
"""

from typing import Any

from bench.worker import ask_until, read_due_time


class Rows:
    """So many companies that wait for the vetting of one account, in which nothing happens."""

    def __init__(self, atlas: dict[str, str], count: int) -> None:
        from pathlib import Path

        from django.db import connection

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
        # Not by a list of ids: whoever waits for the workers must not take the processor from them.
        self._rows: Any = StepRecord.objects.filter(slug="verification", pk__range=(min(rows), max(rows)))
        assert self._rows.count() == len(rows)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # by itself PostgreSQL comes to that within a minute

    def poll_all(self, turns: int = 1) -> float:
        """Seconds from the first question of so many beats until each row was polled."""
        from onboarding.journey.polling import tasks

        due = read_due_time()
        self._rows.update(next_check_at=due, poll_count=0, poll_queued=False, unfinished_polls=0)
        left = self._rows.filter(poll_count=0)
        return ask_until(lambda: not left.exists(), tasks.poll_due_steps, turns)
