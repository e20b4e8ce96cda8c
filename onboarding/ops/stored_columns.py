"""Columns that only PostgreSQL has, and no model: people/0007 and journey/0013 say what is in them, and keep it true.

On SQLite, where there are few rows, the same is asked of the tables that they are made from.
"""

from typing import Any

from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Field, Func, Q, Value
from django.db.models.expressions import Combinable


def is_stored() -> bool:
    """Whether this database has them."""
    return connection.vendor == "postgresql"


class _StoredColumn(Func):
    """A column of the table in which another one is."""

    arity = 1

    def __init__(self, beside: str, column: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(F(beside), output_field=output_field)
        self.column = column

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """Its name in SQL."""
        known: Any = self.source_expressions[0]
        return f"{compiler.quote_name_unless_alias(known.alias)}.{self.column}", ()


class _HasWord(Func):
    """Whether one of the words in a column begins so."""

    output_field = BooleanField()
    template, arity = "(%(expressions)s || ':*'))", 2
    arg_joiner = " @@ to_tsquery('simple'::regconfig, "


def has_word(word: str) -> Q:
    """Whether the company, whose name is in `name`, has a word that begins so, by itself or by its people.

    Where the order of a list is an index, this is asked of each row along it.
    """
    return Q(_HasWord(_StoredColumn("name", "words", BooleanField()), Value(word)))


def has_not_begun() -> Q:
    """Whether the company, whose name is in `name`, has no onboarding."""
    return ~Q(_StoredColumn("name", "has_begun", BooleanField()))


def added_at() -> Combinable:
    """When the company of an onboarding, whose code is in `code`, was added."""
    return _StoredColumn("code", "company_added_at", DateTimeField())
