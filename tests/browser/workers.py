"""The portal's background work in a thread of the test: claim what is due, look at it, send what waits.

What the work does is tested with its rooms; here it only has to happen while people use their browsers.
"""

import threading
from types import TracebackType
from typing import Self

from django.db import connection

from onboarding.journey.polling import batches, expired_secrets, jobs
from onboarding.notifications import sending

PAUSE = 0.05  # seconds between two questions "what is due?"


class Workers:
    """Works from the beginning of a `with` block to its end, which fails when the work met a fault of its own."""

    def __init__(self) -> None:
        self._over, self._faults = threading.Event(), list[Exception]()
        self._thread = threading.Thread(target=self._work, name="workers", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what is being done, then stop: the tables are emptied afterwards."""
        self._over.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "a worker does not come to its end"
        assert self._faults == []

    def _work(self) -> None:
        try:
            while not self._over.wait(PAUSE):
                self._round()
        finally:
            connection.close()

    def _round(self) -> None:
        try:
            batches.poll_due(jobs.poll_step)
            for pk in sending.find_due_emails():
                sending.send_email(pk)
            expired_secrets.destroy_expired_secrets()
        except Exception as fault:  # noqa: BLE001  # told at the end; the work goes on as a worker's would
            self._faults.append(fault)
