"""Finding companies by words: name, number, people, and by a code or a serial number.

On PostgreSQL the words are looked up in indexes of its own full text search, which needs no extension: each word must
begin one of a name's. On SQLite, where there are few rows, a word may stand anywhere. One word is looked up among those
that people/0007 keeps of each company, several in the texts themselves.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from certs.models import Certificate
from onboarding.journey.models import Onboarding
from onboarding.ops.stored_columns import has_word, is_stored
from onboarding.people.models import Company, Membership, User

M = TypeVar("M", bound=Model)
CODE_PART = re.compile(r"[A-Z0-9]{4}-?[A-Z0-9]{0,4}")
SERIAL = re.compile(r"[0-9A-F]{8,}")  # shorter ones are words


@dataclass(frozen=True)
class SearchWords:
    """What somebody searches for, in small letters; `code` is a pattern and `serial` a number, where it can be one."""

    words: list[str] = field(default_factory=list)
    code: str | None = None
    serial: str | None = None


NO_SEARCH = SearchWords()


def read_words(words: Sequence[str]) -> SearchWords:
    """What the words can mean."""
    together = "".join(words).upper()
    return SearchWords(
        list(words),
        f"{together[:4]}-{together[4:]}%" if CODE_PART.fullmatch(together) else None,
        together if SERIAL.fullmatch(together) else None,
    )


class HasWords(Func):
    """Whether two columns, written one after the other, have words that begin so; as the indexes of people/0004 say."""

    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition in SQL, with the values for it."""
        one, other, *sought = (compiler.compile(each) for each in self.source_expressions)
        text = f"regexp_replace(lower({one[0]} || ' ' || {other[0]}), '[^[:alnum:]]+', ' ', 'g')"
        query = " && ".join(f"to_tsquery('simple'::regconfig, {sql} || ':*')" for sql, _ in sought)
        params = (param for _, values in (one, other, *sought) for param in values)
        return f"(to_tsvector('simple'::regconfig, {text}) @@ ({query}))", tuple(params)


class HasPattern(Func):
    """Whether a column is like a pattern, which is given as it stands in the SQL."""

    output_field = BooleanField()
    template, arg_joiner, arity = r"(%(expressions)s ESCAPE '\')", " LIKE ", 2


def match_end(text: str) -> str:
    """The pattern of what ends so."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", text)


def is_meant(sought: SearchWords) -> Q:
    """Whether the company, whose id is in `company_id` and whose name in `name`, is meant, wherever the words stand.

    All of them stand in one place: in its own name and number, or in the name and address of one person.
    """
    by_number = _find_by_number(sought)
    if is_stored() and len(sought.words) == 1:
        found = has_word(sought.words[0])
        return found | Q(is_among("company_id", _unite(by_number))) if by_number else found
    people = User.objects.filter(_has("name", "email", sought.words)).order_by().values("pk")
    members = Membership.objects.filter(is_among("user_id", people))
    named = Company.objects.filter(_has("name", "number", sought.words))
    together = [named.order_by().values("pk"), members.order_by().values("company_id"), *by_number]
    return Q(is_among("company_id", _unite(together)))


def _unite(found: Sequence[QuerySet[Model, Any]]) -> QuerySet[Model, Any]:
    return found[0].union(*found[1:]) if len(found) > 1 else found[0]


class _IsAny(Func):
    """Whether a value is in an array."""

    output_field = BooleanField()
    template, arg_joiner, arity = "(%(expressions)s))", " = ANY(", 2


def is_among(column: str, found: QuerySet[M, Any]) -> Expression | Q:
    """Whether the id in a column is among those that are found. On PostgreSQL they are looked up once for the query.

    Of a subselect behind `in` its planner may make an inner loop, which looks the words up for each row: where it
    believed tables to be empty that were filled since it last counted them, a page of 200 companies took minutes.
    """
    if connection.vendor == "postgresql":
        return _IsAny(F(column), ArraySubquery(found))
    return Q(**{f"{column}__in": found})


def _find_by_number(sought: SearchWords) -> list[QuerySet[Model, Any]]:
    """Companies by the code of an onboarding, or by a certificate's serial number, where the words can be one."""
    found = list[QuerySet[Model, Any]]()
    if sought.code:
        coded = Onboarding.objects.filter(HasPattern(F("code"), Value(sought.code)))
        found.append(coded.order_by().values("company_id"))
    if sought.serial:
        issued = Certificate.objects.filter(serial=sought.serial).order_by().values("case_id")
        found.append(Onboarding.objects.filter(pk__in=issued).order_by().values("company_id"))
    return found


def _has(one: str, other: str, words: Sequence[str]) -> Expression | Q:
    if connection.vendor == "postgresql":
        return HasWords(F(one), F(other), *map(Value, words))
    found = Q()
    for word in words:  # LIKE, with the word as it was given
        found &= Q(
            *(GreaterThan(StrIndex(Lower(each), Value(word)), 0) for each in (one, other)), _connector=Q.OR
        )
    return found
