"""The database's own list of the steps, by which a trigger demands one record of each step in every onboarding.

A migration that adds a step to the table (steps/) changes the constraints first, then runs store_steps() with the steps
of its own time, written out, and add_records() with the new one. What becomes of the new records is in added_steps.py.
TRIGGERS and UNDO are what the first migration runs: they never change, and a later one brings new text of its own.
"""

from collections.abc import Callable, Iterable
from typing import Any

from certs.triggers import refuse

RULE = "an_onboarding_has_the_steps_of_the_table"


def store_steps(slugs: Iterable[str]) -> Callable[[Any, Any], None]:
    """For RunPython: the list becomes these steps. PostgreSQL only; elsewhere there is none."""
    listed = ", ".join(f"'{slug}'" for slug in sorted(slugs))

    def store(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                "CREATE OR REPLACE FUNCTION journey_steps_of_the_table() RETURNS text[] LANGUAGE sql IMMUTABLE AS "
                f"$$ SELECT ARRAY[{listed}] $$"
            )

    return store


def add_records(slug: str) -> Callable[[Any, Any], None]:
    """For RunPython: every onboarding that has no record of this step gets one, locked."""

    def add(apps: Any, schema_editor: Any) -> None:
        write_missing_records(apps, schema_editor.connection.alias, [slug])

    return add


def write_missing_records(apps: Any, database: str, slugs: Iterable[str]) -> None:
    """A locked record of each of these steps for every onboarding without one; `apps` are a migration's or today's."""
    onboardings = apps.get_model("journey", "Onboarding")._default_manager.using(database)
    record = apps.get_model("journey", "StepRecord")
    for slug in slugs:
        lacking = onboardings.exclude(steps__slug=slug).values_list("pk", flat=True)
        records = [record(onboarding_id=pk, slug=slug) for pk in lacking]
        record._default_manager.using(database).bulk_create(records, batch_size=1000)


TRIGGERS = f"""
    CREATE FUNCTION journey_demand_steps(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM journey_onboarding WHERE id = wanted)
            AND ARRAY(SELECT slug::text FROM journey_steprecord WHERE onboarding_id = wanted ORDER BY slug COLLATE "C")
                IS DISTINCT FROM journey_steps_of_the_table()
        THEN {refuse(RULE, "an onboarding has one record of each step of the table")};
        END IF;
    END $$;;
    CREATE FUNCTION {RULE}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'journey_onboarding' THEN PERFORM journey_demand_steps(NEW.id);
        ELSE
            IF TG_OP <> 'DELETE' THEN PERFORM journey_demand_steps(NEW.onboarding_id); END IF;
            IF TG_OP <> 'INSERT' THEN PERFORM journey_demand_steps(OLD.onboarding_id); END IF;
        END IF;
        RETURN NULL;
    END $$;;
    CREATE CONSTRAINT TRIGGER {RULE} AFTER INSERT ON journey_onboarding
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {RULE}();;
    CREATE CONSTRAINT TRIGGER {RULE} AFTER INSERT OR DELETE ON journey_steprecord
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {RULE}();;
    CREATE CONSTRAINT TRIGGER {RULE}_moved AFTER UPDATE ON journey_steprecord
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (OLD.onboarding_id IS DISTINCT FROM NEW.onboarding_id OR OLD.slug IS DISTINCT FROM NEW.slug)
        EXECUTE FUNCTION {RULE}()"""  # noqa: S608  names of ours

UNDO = f"""
    DROP TRIGGER {RULE}_moved ON journey_steprecord;;
    DROP TRIGGER {RULE} ON journey_steprecord;; DROP TRIGGER {RULE} ON journey_onboarding;;
    DROP FUNCTION {RULE}();; DROP FUNCTION journey_demand_steps(uuid);; DROP FUNCTION journey_steps_of_the_table()"""
