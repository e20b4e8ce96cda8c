"""Rules of rows as constraints of the database, made from the enums, so that a model and its list cannot differ.

Each makes one CheckConstraint; which rules a model has stands in the model. What a constraint cannot say is in triggers
of the migrations. Rows that are there already are looked at by refuse_broken_rows(). That a moment comes before another
is no rule: a clock that ran ahead and was set right writes an end before its beginning, and that end must be taken.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import CheckConstraint, Q

MAX_NAMED = 20  # rows that a refused migration names, of each rule


class BrokenRows(Exception):
    """Rows of this database break a rule that is about to be demanded; the sentences name them."""


def one_of(field: str, values: Iterable[str], name: str, *, blank: bool = False) -> CheckConstraint:
    """The column holds one of these words (an enum's), or nothing where `blank`."""
    words = [str(getattr(value, "value", value)) for value in values]
    return CheckConstraint(condition=Q(**{f"{field}__in": [*words, *([""] if blank else [])]}), name=name)


def both_or_neither(one: str, other: str, name: str) -> CheckConstraint:
    """Two columns are filled together, such as when and by whom."""
    filled = Q(**{f"{one}__isnull": False, f"{other}__isnull": False})
    return CheckConstraint(condition=filled | Q(**{one: None, other: None}), name=name)


def demands(when: Q, then: Q, name: str) -> CheckConstraint:
    """Rows for which `when` holds must fulfil `then`; neither may ask about a column that is null."""
    return CheckConstraint(condition=~when | then, name=name)


def exactly_when(one: Q, other: Q, name: str) -> CheckConstraint:
    """Both hold, or neither does; neither may compare a column that is null."""
    return CheckConstraint(condition=(one & other) | (~one & ~other), name=name)


def refuse_broken_rows(models: Iterable[Any], schema_editor: Any) -> None:
    """Look for rows of these models that break a check constraint, before the constraints are demanded of them.

    Raises BrokenRows, which names the rules and the rows: without it the database says only that some row does.
    """
    sentences = [
        sentence
        for model in models
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
        for sentence in _broken(model, constraint, schema_editor)
    ]
    if sentences:
        raise BrokenRows(
            " ".join(["Nothing was changed.", *sentences, "Fix these rows, then migrate again."])
        )


def _broken(model: Any, constraint: CheckConstraint, schema_editor: Any) -> list[str]:
    ask: Any = constraint._get_check_sql  # type: ignore[attr-defined]  # the condition as the database will ask it
    condition = ask(model, schema_editor)
    table, key = (schema_editor.quote_name(name) for name in (model._meta.db_table, model._meta.pk.column))
    sql = f"SELECT {key} FROM {table} WHERE NOT ({condition}) ORDER BY {key} LIMIT {MAX_NAMED}"  # noqa: S608  names and conditions of ours
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql)
        keys = ", ".join(str(row[0]) for row in cursor.fetchall())
    rule = constraint.name.replace("_", " ")
    return [f"Rows of {model._meta.db_table} break the rule “{rule}”: {keys}."] if keys else []
