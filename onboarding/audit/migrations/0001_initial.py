"""The tables of audit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(help_text="a company's id, or 'installation'", max_length=64, unique=True)),
                ('length', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(default='', max_length=64)),
                ('mac', models.CharField(db_default='', default='', help_text='HMAC of the three above: only who has AUDIT_KEY can set a chain back', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=64)),
                ('number', models.PositiveBigIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('actor_label', models.CharField(max_length=180)),
                ('onboarding_id', models.UUIDField(db_index=True, null=True)),
                ('step', models.CharField(blank=True, max_length=30)),
                ('data', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('format', models.PositiveSmallIntegerField(choices=[(1, 'Ten fields; not enough in it to replay roles and evidence'), (2, 'The format number is covered too; `data` may hold `replay`')], db_default=1, default=2)),
                ('actor', models.ForeignKey(help_text='null: the portal', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['chain', 'number'],
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='one_event_per_link'), models.CheckConstraint(condition=models.Q(('format__in', ['1', '2'])), name='events_are_of_a_known_format')],
            },
        ),
    ]


# What makemigrations does not write: rules that no constraint can say, as triggers of the database.
# Events are only added and chains only grow, for the owner of the tables too.
POSTGRESQL = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events are only ever added: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION audit_refuse_setting_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.chain <> OLD.chain OR NEW.length <> OLD.length + 1 THEN
        RAISE EXCEPTION 'A chain of events only grows, by one event at a time.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER chains_are_not_removed BEFORE DELETE OR TRUNCATE ON audit_chainhead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER chains_only_grow BEFORE UPDATE ON audit_chainhead
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_setting_back();
"""
POSTGRESQL_BACK = """
DROP TRIGGER IF EXISTS events_are_only_added ON audit_event;
DROP TRIGGER IF EXISTS chains_are_not_removed ON audit_chainhead;
DROP TRIGGER IF EXISTS chains_only_grow ON audit_chainhead;
DROP FUNCTION IF EXISTS audit_refuse_change();
DROP FUNCTION IF EXISTS audit_refuse_setting_back();
"""
# SQLite drops a table's triggers when a later migration rebuilds the table: such a migration makes them again.
SQLITE = (
    """CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'Events are only ever added: UPDATE is refused.'); END""",
    """CREATE TRIGGER events_are_not_removed BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'Events are only ever added: DELETE is refused.'); END""",
    """CREATE TRIGGER chains_are_not_removed BEFORE DELETE ON audit_chainhead
    BEGIN SELECT RAISE(ABORT, 'Events are only ever added: DELETE of a chain is refused.'); END""",
    """CREATE TRIGGER chains_only_grow BEFORE UPDATE ON audit_chainhead
    WHEN NEW.chain <> OLD.chain OR NEW.length <> OLD.length + 1
    BEGIN SELECT RAISE(ABORT, 'A chain of events only grows, by one event at a time.'); END""",
)
SQLITE_NAMES = (
    "events_are_not_changed",
    "events_are_not_removed",
    "chains_are_not_removed",
    "chains_only_grow",
)


def make_triggers(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (POSTGRESQL,) if postgresql else SQLITE:
        schema_editor.execute(statement, params=None)


def drop_triggers(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    statements = (POSTGRESQL_BACK,) if postgresql else [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE_NAMES]
    for statement in statements:
        schema_editor.execute(statement, params=None)


Migration.operations += [migrations.RunPython(make_triggers, drop_triggers)]
