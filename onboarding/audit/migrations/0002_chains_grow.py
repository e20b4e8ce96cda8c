"""A chain may grow by several events at a time: a move adds all of its events at once."""

from django.db import migrations

POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_refuse_setting_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.chain <> OLD.chain OR NEW.length <= OLD.length THEN
        RAISE EXCEPTION 'A chain of events only grows.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
POSTGRESQL_BACK = """
CREATE OR REPLACE FUNCTION audit_refuse_setting_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.chain <> OLD.chain OR NEW.length <> OLD.length + 1 THEN
        RAISE EXCEPTION 'A chain of events only grows, by one event at a time.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
SQLITE = """CREATE TRIGGER chains_only_grow BEFORE UPDATE ON audit_chainhead
    WHEN NEW.chain <> OLD.chain OR NEW.length <= OLD.length
    BEGIN SELECT RAISE(ABORT, 'A chain of events only grows.'); END"""
SQLITE_BACK = """CREATE TRIGGER chains_only_grow BEFORE UPDATE ON audit_chainhead
    WHEN NEW.chain <> OLD.chain OR NEW.length <> OLD.length + 1
    BEGIN SELECT RAISE(ABORT, 'A chain of events only grows, by one event at a time.'); END"""


def _replace(postgresql, sqlite):
    def replace(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            statements = [postgresql]
        else:
            statements = ["DROP TRIGGER IF EXISTS chains_only_grow", sqlite]
        for statement in statements:
            schema_editor.execute(statement, params=None)

    return replace


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(_replace(POSTGRESQL, SQLITE), _replace(POSTGRESQL_BACK, SQLITE_BACK)),
    ]
