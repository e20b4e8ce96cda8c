"""Certificates that end soon: how many the board counts, and the list of them with a search and as a file."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from redis.exceptions import RedisError

from certs import clock
from certs.models import Certificate
from certs.vault import VaultError, decrypt_from_cache, encrypt_for_cache
from onboarding.dashboards.board.access import list_valid_certificates, read_onboardings
from onboarding.dashboards.board.links import Refused
from onboarding.journey.company_certificates import count_days_left
from onboarding.journey.models import Onboarding
from onboarding.people.access import find_primaries, require_ops
from onboarding.people.models import User
from onboarding.ui.csv_files import format_moment
from onboarding.ui.keyset import Keyset

DAYS = (30, 60, 90)
PER_PAGE = 50
AT_ONCE = 500  # rows of a file that are read together
LONGEST_SEARCH = 100  # characters
MANY, KEPT_FOR = 1_000, 300  # certificates, and the seconds for which their number is kept
KEY = "board-expiring"
ORDER = Keyset("certificates", "not_after")
HEADINGS = (
    "Company",
    "Company number",
    "Environment",
    "Code",
    "Ends",
    "Days left",
    "Serial number",
    "Whom to ring",
)


class CertificateFilterForm(forms.Form):
    """What may stand in the address of the list."""

    one_of: ClassVar[frozenset[str]] = frozenset({"within", "q"})

    within = forms.ChoiceField(
        label="Certificates that end",
        required=False,
        choices=[(str(days), f"within {days} days") for days in reversed(DAYS)],
    )
    q = forms.CharField(label="Company, code or serial number", required=False, max_length=LONGEST_SEARCH)

    @property
    def days(self) -> int:
        """The longest where none is chosen."""
        return int(self.cleaned_data["within"] or DAYS[-1])


def _list_ending(user: User, days: int) -> QuerySet[Certificate]:
    now = clock.now()
    return list_valid_certificates(user).filter(not_after__gt=now, not_after__lte=now + timedelta(days=days))


@dataclass(frozen=True)
class ExpiringCounts:
    """How many end within each of DAYS. `counted_at` (UTC) where that was a while ago: so many are not counted anew."""

    numbers: list[int]
    counted_at: datetime | None = None


def count_expiring(user: User) -> ExpiringCounts:
    """One query. More than MANY are counted once in KEPT_FOR seconds, as that takes longer than all else on the board.

    The cache holds no truth, and what lies there is encrypted: where it does not answer, or holds something else or
    numbers that are too old, they are counted.
    """
    require_ops(user)
    kept = _read_kept()
    if kept is not None:
        return kept
    now = clock.now()
    within = {f"within_{days}": Q(not_after__lte=now + timedelta(days=days)) for days in DAYS}
    counted = (
        _list_ending(user, DAYS[-1])
        .order_by()
        .aggregate(**{name: Count("pk", filter=condition) for name, condition in within.items()})
    )
    numbers = [counted[name] for name in within]
    if numbers[-1] > MANY:
        content = json.dumps([*numbers, now.timestamp()])
        with suppress(RedisError, OSError):
            cache.set(KEY, encrypt_for_cache(KEY, content.encode()), KEPT_FOR)
    return ExpiringCounts(numbers)


def _read_kept() -> ExpiringCounts | None:
    """What was counted lately; None where nothing was, nobody knows, or the cache holds something else."""
    with suppress(RedisError, OSError, VaultError, TypeError, ValueError):
        *numbers, counted_at = json.loads(decrypt_from_cache(KEY, cache.get(KEY)))
        is_recent = 0 <= clock.now().timestamp() - counted_at < KEPT_FOR
        if is_recent and len(numbers) == len(DAYS) and all(type(each) is int for each in numbers):
            return ExpiringCounts(numbers, datetime.fromtimestamp(counted_at, UTC))
    return None


def list_figures(counts: ExpiringCounts) -> list[dict[str, Any]]:
    """Each number with the address of these rows."""
    address = reverse("dashboards:expiring")
    return [
        {"number": number, "label": f"within {days} days", "url": f"{address}?within={days}"}
        for days, number in zip(DAYS, counts.numbers, strict=True)
    ]


@dataclass(frozen=True)
class EndingRow:
    """One certificate, its onboarding, and who of the company is rung about it."""

    certificate: Certificate
    onboarding: Onboarding
    days_left: int
    contact: User | None


@dataclass(frozen=True)
class EndingPage:
    """Some of them; `mark` is empty at the end of the list."""

    rows: Sequence[EndingRow]
    mark: str


def find_ending(user: User, form: CertificateFilterForm) -> QuerySet[Certificate]:
    """What the address asks for. Raises Refused where the form is not valid."""
    if not form.is_valid():
        raise Refused
    found, words = _list_ending(user, form.days), form.cleaned_data["q"].strip()
    return found.filter(_fits(user, words)) if words else found


def _fits(user: User, words: str) -> Q:
    cases = Onboarding.objects.visible_to(user).filter(
        Q(company__name__icontains=words) | Q(code__iexact=words)
    )
    digits = words.replace(":", "").replace(" ", "").upper()
    serial = Q(serial__contains=digits) if digits else Q()
    return Q(case_id__in=cases.order_by().values("pk")) | serial


def cut_page(user: User, found: QuerySet[Certificate], mark: str) -> EndingPage:
    """One page. Raises UnknownMark."""
    page = ORDER.cut(found, mark, PER_PAGE)
    return EndingPage(_build_rows(user, page.rows), page.mark)


def _build_rows(user: User, certificates: Iterable[Certificate]) -> list[EndingRow]:
    listed = list(certificates)
    onboardings = read_onboardings(user, {each.case_id for each in listed})
    primaries = find_primaries({each.company_id for each in listed})
    return [
        EndingRow(
            each, onboardings[each.case_id], count_days_left(each.not_after), _reachable(primaries, each)
        )
        for each in listed
        if each.case_id in onboardings
    ]


def _reachable(primaries: Mapping[Any, User], certificate: Certificate) -> User | None:
    primary = primaries.get(certificate.company_id)
    return primary if primary and primary.is_active else None


def list_cells(user: User, found: QuerySet[Certificate]) -> Iterator[tuple[str, ...]]:
    """The rows of the file, some at a time."""
    for some in ORDER.iterate(found, AT_ONCE):
        for row in _build_rows(user, some):
            company = row.onboarding.company
            contact = f"{row.contact.name} <{row.contact.email}>" if row.contact else ""
            yield (
                *(
                    company.name,
                    company.number,
                    row.onboarding.get_environment_display(),
                    row.onboarding.code,
                ),
                *(
                    format_moment(row.certificate.not_after),
                    str(row.days_left),
                    row.certificate.serial,
                    contact,
                ),
            )
