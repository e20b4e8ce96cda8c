"""Atlas's list of the accounts that have changed, where it offers one: whoever is not on it need not be asked.

A help, never a witness: what a step becomes is decided by a poll of its own. The list may be missing, late or wrong; a
step that waits long is asked for at every REAL_POLL-th poll all the same. How far the list was read is in the cache,
which holds no truth: where that is lost, each account is asked for as if there were no list.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.db.models.functions import Least
from redis.exceptions import RedisError

from atlas.errors import AtlasError, Rejected, Unexpected
from certs import clock
from certs.cached_values import parse_moment
from onboarding.journey.atlas_accounts import find_registered
from onboarding.journey.models import StepRecord
from onboarding.journey.polling.client import find_account_id_in, get_account_api, get_budget
from onboarding.journey.polling.intervals import JITTER, LONGEST_PAUSE, scale_interval

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=15)  # from one reading to the next
OVERLAP = timedelta(minutes=2)  # read again: longer than a poll that saw the time before may be under way
FRESH = timedelta(minutes=2)  # so long after a reading the list is relied on
NOT_OFFERED_PAUSE = timedelta(hours=1)
REAL_POLL = 4  # of the polls of a step that waits long, one in so many asks Atlas whatever the list says
SLOW = 13  # polls after which the pauses are the longest
# A step's last real poll must be younger than the beginning of the list that is known without a gap.
WHOLE = REAL_POLL * LONGEST_PAUSE * (1 + JITTER)
WRONG_CLOCK = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """How far the list was read: `as_of` by Atlas's clock, `read_at` and `whole_from` by ours (no gap since then).

    `changed` are the accounts on it at the last reading.
    """

    as_of: datetime
    read_at: datetime
    whole_from: datetime
    changed: frozenset[str] = frozenset()

    def is_relied_on(self, now: datetime) -> bool:
        """Whether a step that is not on the list has nothing new."""
        return abs(now - self.read_at) < scale_interval(FRESH) and now - self.whole_from > scale_interval(
            WHOLE
        )


def list_resting(claimed: list[StepRecord]) -> list[StepRecord]:
    """Those of the claimed rows whose polls can be spared: they wait long, and their accounts are not on the list.

    It is read if it is time, and only where a row waits long. The rows were claimed before: what is found meanwhile
    to have changed is either on the list that is looked at here, or brought forward.
    """
    long = [record for record in claimed if is_long(record)]
    known = _read_changes() if long and settings.PORTAL.account_api else None
    if known is None or not known.is_relied_on(clock.now()):
        return []
    accounts = {record.pk: find_account_id_in(record.onboarding) for record in long}
    return [each for each in long if accounts[each.pk] and accounts[each.pk] not in known.changed]


def is_long(record: StepRecord) -> bool:
    """Whether it is asked for seldom already, and is not the one poll in REAL_POLL that is always made."""
    return record.poll_count >= SLOW and record.poll_count % REAL_POLL != 0


def _read_changes() -> Known | None:
    """Read the list if it is time, and bring forward the polls of the accounts on it. Answers how far it is known."""
    try:
        key = f"atlas-changes:{get_budget().shared.name}"
        known = _load(key)
        if not cache.add(f"{key}:turn", 1, timeout=scale_interval(EVERY).total_seconds()):
            return known  # another worker reads, or has just read
        return _read_on(key, known)
    except (RedisError, OSError):
        return None


def _read_on(key: str, known: Known | None) -> Known | None:
    try:
        answer = get_account_api().changes(known.as_of - OVERLAP if known else None)
    except (Rejected, Unexpected):
        cache.set(f"{key}:turn", 1, timeout=scale_interval(NOT_OFFERED_PAUSE).total_seconds())
        cache.delete(key)
        return None
    except AtlasError:
        return known  # it is read from the same moment next time; meanwhile it grows old
    now, changed = clock.now(), frozenset(each.account_id for each in answer.accounts)
    bring_forward(changed)
    if abs(answer.as_of - now) > WRONG_CLOCK or (known and answer.as_of < known.as_of):
        log.warning("Atlas's list of changes says that it is %s; each account is asked for", answer.as_of)
        cache.delete(key)
        return None
    whole_from = known.whole_from if known and not answer.is_cut else now
    times = [each.isoformat() for each in (answer.as_of, now, whole_from)]
    cache.set(key, [*times, sorted(changed)], timeout=None)
    return Known(answer.as_of, now, whole_from, changed)


def bring_forward(account_ids: Collection[str]) -> int:
    """Make the next polls of these accounts due now, and real; those under way are left alone. Returns how many."""
    if not account_ids:
        return 0
    idle = StepRecord.objects.filter(next_check_at__isnull=False, poll_queued=False, unfinished_polls=0)
    mine = idle.filter(onboarding__in=find_registered(account_ids).values("onboarding"))
    now = clock.now()
    soon: dict[str, Any] = {
        "next_check_at": Least(F("next_check_at"), now),
        "poll_count": Least(F("poll_count"), 1),
    }
    return mine.update(**soon)


def _load(key: str) -> Known | None:
    """None where nothing is known, or the cache holds something else than what _read_on stores."""
    try:
        *times, changed = cache.get(key)
        as_of, read_at, whole_from = (parse_moment(each) for each in times)
    except (TypeError, ValueError):
        return None
    if not isinstance(changed, list) or not all(isinstance(each, str) for each in changed):
        return None
    return Known(as_of, read_at, whole_from, frozenset(changed))
