"""What workers do: poll one row, seek missing issuers of certificates.

Called by tasks.py; each is safe to run twice and alone. Many rows at once are polled in batches.py.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from certs import chain_completion
from certs.models import Certificate
from onboarding.journey import progress
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import Failed
from onboarding.journey.polling import batches, pollers
from onboarding.journey.polling.rows_alone import do_alone
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import Witness

log = logging.getLogger(__name__)
CHAINS = 200
MOST_DEATHS = 3  # of workers over the same row, one after the other
CHAIN_SECONDS = 30  # the last search that begins in it may take completion.SECONDS more


def poll_step(pk: int) -> bool:
    """Poll for one record and settle what was found. True when it moved. An unforeseen fault only postpones this row.

    One that has ended its worker too often is not polled any more, and becomes a problem for ops.
    """
    record = StepRecord.objects.get_for_poll(pk)
    if record is None or record.next_check_at is None or not record.onboarding.is_active:
        return False
    if record.unfinished_polls > MOST_DEATHS:
        log.error("the poll of step %s ended its worker %s times; given up", pk, MOST_DEATHS)
        detail = f"{MOST_DEATHS} polls in a row ended with the worker that made them."
        return progress.settle(record, Failed(ProblemCode.PORTAL_LOOK_ENDED, detail), witness=Witness.PORTAL)
    try:
        outcome = pollers.poll(record)
    except Exception:
        log.exception("the poll of step %s failed", pk)
        progress.settle(record, batches.FAULT, witness=Witness.PORTAL)
        raise
    return progress.settle(record, outcome, witness=Witness.ATLAS if _asks_atlas(record) else Witness.PORTAL)


def _asks_atlas(record: StepRecord) -> bool:
    return record.wait is None or record.wait.needs_account_api


def complete_chains() -> int:
    """Seek the missing issuers of certificates that people brought. Returns how many were looked at."""
    until, done = time.monotonic() + CHAIN_SECONDS, 0
    due = list(chain_completion.due_certificates()[:CHAINS])
    known = chain_completion.read_known_issuers() if due else []
    complete: Callable[[Certificate], object] = partial(chain_completion.complete_chain, known=known)
    for each in due:
        done += do_alone(complete, each)
        if time.monotonic() > until:  # the rest is for the next time
            break
    return done
