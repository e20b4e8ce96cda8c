"""Pages of a long list that are found by the last row of the page before, not by counting rows: as fast at the end.

The mark of that row is signed for one list, so that an address that was changed, or that belongs to another list, is
told apart and refused in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

LONGEST = 4000  # characters of a mark: a company's longest name is in one, each of its letters in 12 of JSON
Row = TypeVar("Row", bound=Model)


class UnknownMark(Exception):
    """The address does not continue this list."""


def write_mark(name: str, values: Sequence[str]) -> str:
    """The values by which a row stands in the list of this name, signed; without a date, so that an address stays."""
    return signing.Signer(salt=f"keyset:{name}").sign_object(list(values))


def read_mark(name: str, mark: str) -> list[str]:
    """The same values. Raises UnknownMark for what is not ours, or of another list."""
    try:
        values: list[str] = signing.Signer(salt=f"keyset:{name}").unsign_object(mark[: LONGEST + 1])
    except signing.BadSignature as error:
        raise UnknownMark from error
    return values


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Some rows, and the mark after which the list goes on; empty at its end."""

    rows: Sequence[Row]
    mark: str


@dataclass(frozen=True)
class Keyset:
    """The order of one list: a moment, then the primary key; `name` tells its marks from those of other lists."""

    name: str
    moment: str
    newest_first: bool = False

    def cut(self, rows: QuerySet[Row], after: str, size: int) -> KeysetPage[Row]:
        """The rows that follow the mark `after`; the first ones where it is empty. Raises UnknownMark."""
        found = list(self._after(self._ordered(rows), self._read(after))[: size + 1])
        return KeysetPage(found[:size], self._mark(found[size - 1]) if len(found) > size else "")

    def iterate(self, rows: QuerySet[Row], size: int) -> Iterator[list[Row]]:
        """All rows, so many at a time: no query and no transaction lasts as long as the list is."""
        ordered, last = self._ordered(rows), None
        while found := list(self._after(ordered, last)[:size]):
            yield found
            last = (getattr(found[-1], self.moment), found[-1].pk)

    def _ordered(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        sign = "-" if self.newest_first else ""
        return rows.order_by(f"{sign}{self.moment}", f"{sign}pk")

    def _after(self, rows: QuerySet[Row], last: tuple[datetime, Any] | None) -> QuerySet[Row]:
        if last is None:
            return rows
        moment, pk = last
        than = "lt" if self.newest_first else "gt"
        # The first condition is one range of the index; the second leaves out what was shown of the same moment.
        within = Q(**{f"{self.moment}__{than}e": moment})
        return rows.filter(within, Q(**{f"{self.moment}__{than}": moment}) | Q(**{f"pk__{than}": pk}))

    def _mark(self, row: Row) -> str:
        moment: datetime = getattr(row, self.moment)
        return write_mark(self.name, [moment.isoformat(), str(row.pk)])

    def _read(self, mark: str) -> tuple[datetime, Any] | None:
        if not mark:
            return None
        try:
            moment, pk = read_mark(self.name, mark)
            return datetime.fromisoformat(moment), pk
        except (TypeError, ValueError) as error:  # ours, of a version with other marks
            raise UnknownMark from error
