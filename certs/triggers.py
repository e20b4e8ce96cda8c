"""Rules that a constraint cannot say, as triggers of the database: operations for migrations.

A trigger raises the error of a check constraint, under the rule's name, so that Django makes an IntegrityError of it.
Migrations that were released run what stands here: its SQL never changes, and a later rule gets a function of its own.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython

REFUSE = "RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{name}', MESSAGE = '{sentence}'"


def refuse(name: str, sentence: str) -> str:
    """The PL/pgSQL statement that refuses a row, with a sentence for whoever reads the log."""
    return REFUSE.format(name=name, sentence=sentence.replace("'", "''"))


def in_sql(
    *, postgresql: str, sqlite: str = "", undo_postgresql: str = "", undo_sqlite: str = ""
) -> RunPython:
    """Statements for the database that is there, and those that take them back; other databases have neither."""
    return RunPython(
        _running({"postgresql": postgresql, "sqlite": sqlite}),
        _running({"postgresql": undo_postgresql, "sqlite": undo_sqlite}),
    )


def _running(statements: dict[str, str]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        text = statements.get(schema_editor.connection.vendor, "")
        for statement in text.split(";;"):  # a function's body has semicolons of its own
            if statement.strip():
                schema_editor.execute(statement)

    return run


def written_once(table: str, column: str, name: str) -> RunPython:
    """What stands in this column is never changed or emptied: what was used, opened or destroyed stays so."""
    sentence = f"{column} of {table} is written once"
    return in_sql(
        postgresql=f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column} THEN
                    {refuse(name, sentence)};
                END IF;
                RETURN NEW;
            END $$;;
            CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table}
                FOR EACH ROW EXECUTE FUNCTION {name}()""",
        sqlite=f"""
            CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table}
                WHEN OLD.{column} IS NOT NULL AND NEW.{column} IS NOT OLD.{column}
                BEGIN SELECT RAISE(ABORT, '{name}'); END""",
        undo_postgresql=f"DROP TRIGGER {name} ON {table};; DROP FUNCTION {name}()",
        undo_sqlite=f"DROP TRIGGER {name}",
    )
