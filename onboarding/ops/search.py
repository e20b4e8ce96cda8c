"""Finding companies by words: name, number, people, and by a code or a serial number.

On PostgreSQL the words are looked up in indexes of its own full text search, which needs no extension: each word must
begin one of a name's. On SQLite, where there are few rows, a word may stand anywhere.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, Model, Q, QuerySet, Value

from certs.models import Certificate
from onboarding.journey.models import Onboarding
from onboarding.people.models import Company, Membership, User

M = TypeVar("M", bound=Model)
CODE_PART = re.compile(r"[A-Z0-9]{4}-?[A-Z0-9]{0,4}")
MEMBERS = 3  # that are looked at for each company that is wanted
SERIAL = re.compile(r"[0-9A-F]{8,}")  # shorter ones are words


class HasWords(Func):
    """Whether two columns, written one after the other, have words that begin so; as the indexes of people/0004 say."""

    output_field = BooleanField()
    arity = 3

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition in SQL, with the values for it."""
        one, other, query = (compiler.compile(each) for each in self.source_expressions)
        words = f"regexp_replace(lower({one[0]} || ' ' || {other[0]}), '[^[:alnum:]]+', ' ', 'g')"
        sql = f"to_tsvector('simple'::regconfig, {words}) @@ to_tsquery('simple'::regconfig, {query[0]})"
        return f"({sql})", (*one[1], *other[1], *query[1])


def is_meant(company: str, words: Sequence[str]) -> Expression | Q:
    """Whether the company whose id is in a column is meant, in whatever room the words stand."""
    people = User.objects.filter(_has("name", "email", words)).order_by().values("pk")
    members = Membership.objects.filter(_is_among("user_id", people))
    found: list[QuerySet[Model, Any]] = [
        Company.objects.filter(_has("name", "number", words)).order_by().values("pk"),
        members.order_by().values("company_id"),
        *_find_by_number(words),
    ]
    return _is_among(company, found[0].union(*found[1:]))


def are_many_meant(words: Sequence[str], most: int) -> bool:
    """Whether more companies than `most`, none of them archived, have the words by themselves or by their people.

    Quick where it is so: it looks no further. Elsewhere it may answer False for slightly more.
    """
    named = Company.objects.filter(_has("name", "number", words), archived_at=None).order_by()
    if named[: most + 1].count() > most:
        return True
    people = User.objects.filter(_has("name", "email", words)).order_by().values("pk")[: MEMBERS * most]
    members = Membership.objects.filter(_is_among("user_id", people), company__archived_at=None)
    return len(set(members.order_by().values_list("company_id", flat=True))) > most


class _IsAny(Func):
    """Whether a value is in an array."""

    output_field = BooleanField()
    template, arg_joiner, arity = "(%(expressions)s))", " = ANY(", 2


def _is_among(column: str, found: QuerySet[M, Any]) -> Expression | Q:
    """Whether the id in a column is among those that are found. On PostgreSQL they are looked up once for the query.

    Of a subselect behind `in` its planner may make an inner loop, which looks the words up for each row: where it
    believed tables to be empty that were filled since it last counted them, a page of 200 companies took minutes.
    """
    if connection.vendor == "postgresql":
        return _IsAny(F(column), ArraySubquery(found))
    return Q(**{f"{column}__in": found})


def _find_by_number(words: Sequence[str]) -> list[QuerySet[Model, Any]]:
    """Companies by the code of an onboarding, or by a certificate's serial number, where the words can be one."""
    together, found = "".join(words).upper(), list[QuerySet[Model, Any]]()
    if CODE_PART.fullmatch(together):
        code = f"{together[:4]}-{together[4:]}"
        found.append(Onboarding.objects.filter(code__startswith=code).order_by().values("company_id"))
    if SERIAL.fullmatch(together):
        issued = Certificate.objects.filter(serial=together).order_by().values("case_id")
        found.append(Onboarding.objects.filter(pk__in=issued).order_by().values("company_id"))
    return found


def _has(one: str, other: str, words: Sequence[str]) -> Expression | Q:
    if connection.vendor == "postgresql":
        query = Value(" & ".join(f"{word}:*" for word in words))
        return HasWords(F(one), F(other), query)
    found = Q()
    for word in words:
        found &= Q(**{f"{one}__icontains": word}) | Q(**{f"{other}__icontains": word})
    return found
