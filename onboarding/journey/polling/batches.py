"""Many polls at once: claimed together, asked in a few threads on connections that are kept, and written together.

Only for polls that ask Atlas and change nothing. A poll in a thread asks no database: what it needs was read with the
claim, and what it answers is settled by the caller.
"""

import functools
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue

from certs import clock
from certs.turns import Turn
from onboarding.journey import progress
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import NotYet, Outcome
from onboarding.journey.polling import changes, claims, client, pollers, schedule
from onboarding.journey.steps import Witness

log = logging.getLogger(__name__)
THREADS = 16  # of a process, whatever number of its tasks poll
FEW = 3  # of them begin: where Atlas is near, more would take Python's lock from one another
QUIET = 0.005  # seconds without any answer, after which all ask: those under way wait for the line
# With a turn and the longest poll, which makes two calls of client.SHORT, this is well under a task's time limit, and
# that under the lease: a row is polled by one worker.
BATCH_SECONDS = 30.0  # no poll of a batch begins later
FAULT = NotYet(because="the portal met a fault of its own; it looks again")


def poll_due(hand_over: Callable[[int], object], turn: Turn | None = None) -> int:
    """Claim and poll what is due now, batch after batch, until nothing is or the turn is over. Returns how many rows.

    `hand_over` has a row polled by a task of its own.
    """
    turn, claimed = turn or Turn(), 0
    claim = partial(_claim, clock.now(), hand_over)
    batch = claim()
    while batch.claimed:
        claimed += batch.claimed
        with _asking(batch):  # the database claims while Atlas answers
            following = _Batch() if turn.is_over() else claim()
        if batch.is_cut():
            schedule.give_back(following.waiting)
            break
        batch = following
    return claimed


@dataclass
class _Batch:
    """Who waits to be asked for, until when that may begin, and what became of the others.

    `claimed` counts also those that were handed over.
    `found` has what the caller's thread settles, and None when a thread has found nobody left. `stop` is set when
    Atlas, or the call budget, wants a pause.
    """

    claimed: int = 0
    until: float = 0.0
    waiting: deque[StepRecord] = field(default_factory=deque)
    found: SimpleQueue[tuple[StepRecord, Outcome] | None] = field(default_factory=SimpleQueue)
    stop: threading.Event = field(default_factory=threading.Event)
    postponed: list[tuple[StepRecord, NotYet]] = field(default_factory=list)
    not_begun: list[StepRecord] = field(default_factory=list)
    settled: int = 0

    def ask_on(self) -> None:
        """In a thread: ask for one record after the other. A future for each costs more, in locks."""
        while record := self._next():
            self._take(record, self._ask(record))
        self.found.put_nowait(None)

    def is_cut(self) -> bool:
        """Whether some did not get their turn, or whoever comes next would not."""
        return bool(self.not_begun) or self.stop.is_set()

    def count_done(self) -> int:
        """How many need no thread any more."""
        return len(self.postponed) + len(self.not_begun) + self.settled

    def _next(self) -> StepRecord | None:
        try:
            return self.waiting.popleft()
        except IndexError:
            return None

    def _ask(self, record: StepRecord) -> Outcome | None:
        """What Atlas says; None if it is too late to begin."""
        if self.stop.is_set() or time.monotonic() >= self.until:
            return None
        try:
            return pollers.poll(record)
        except Exception:
            log.exception("the poll of step %s failed", record.pk)
            return FAULT

    def _take(self, record: StepRecord, outcome: Outcome | None) -> None:
        if outcome is None:
            self.not_begun.append(record)
        elif isinstance(outcome, NotYet):
            if outcome.because == pollers.BUSY:
                self.stop.set()
            self.postponed.append((record, outcome))
        else:
            self.found.put_nowait((record, outcome))


def _claim(now: datetime, hand_over: Callable[[int], object]) -> _Batch:
    """Who is due at `now`; none of them is asked for later than BATCH_SECONDS from here."""
    records = claims.claim_due(now)
    for record in records:  # first: should this process die, their tasks are on their way
        if record.poll_queued:
            hand_over(record.pk)
    asked = deque(record for record in records if not record.poll_queued)
    return _Batch(len(records), time.monotonic() + BATCH_SECONDS, asked)


@contextmanager
def _asking(batch: _Batch) -> Generator[None]:
    """These are polled meanwhile, and then written; what did not get its turn is due again at once."""
    resting = {record.pk: record for record in changes.list_resting(list(batch.waiting))}
    batch.postponed += [(record, NotYet(because=record.last_poll_result)) for record in resting.values()]
    records = [record for record in batch.waiting if record.pk not in resting]
    allowed = client.reserve_calls(len(records))
    batch.not_begun += records[allowed:]
    batch.waiting = deque(records[:allowed])
    idle, whole = min(THREADS, allowed), batch.count_done() + allowed
    try:
        idle -= _start(batch, min(FEW, idle))
        try:
            yield
        finally:  # also if the caller failed meanwhile: these are answered all the same
            _settle_all(batch, whole, idle)
            schedule.postpone_all(batch.postponed)
            schedule.give_back(batch.not_begun)
    finally:
        batch.until = 0.0  # whatever ended it: nothing more begins


def _settle_all(batch: _Batch, whole: int, idle: int) -> None:
    """Settle what the threads find, until all is done; the idle ones join them once no answer comes for a moment."""
    while (done := batch.count_done()) < whole:
        try:
            found = batch.found.get(timeout=QUIET if idle and batch.waiting else None)
        except Empty:
            if batch.count_done() == done:
                idle -= _start(batch, idle)
            continue
        if found:
            _settle(*found)
            batch.settled += 1


def _start(batch: _Batch, threads: int) -> int:
    for _ in range(threads):
        _threads(os.getpid()).submit(batch.ask_on)
    return threads


def _settle(record: StepRecord, outcome: Outcome) -> None:
    """A row whose move fails keeps its claim: it comes back by time, and then in a task of its own."""
    try:
        progress.settle(record, outcome, witness=Witness.ATLAS)
    except Exception:
        log.exception("the outcome of step %s could not be settled", record.pk)


@functools.cache
def _threads(process: int) -> ThreadPoolExecutor:
    """The threads of this process: none is started before a fork, and each keeps its connection to Atlas."""
    return ThreadPoolExecutor(THREADS, f"polls-{process}", initializer=client.answer_quickly)
