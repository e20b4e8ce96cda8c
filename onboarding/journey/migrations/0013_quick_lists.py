"""What the list of companies reads at 100,000 of them without passing over most: indexes, and two columns.

`has_begun` of a company says whether it has an onboarding, `company_added_at` of an onboarding when its company was
added, so that one index has what the order goes by. Only PostgreSQL has them, and no model does (see people/0007).
Triggers here alone write them.
"""

from django.db import migrations, models
from django.db.models.functions import Coalesce

from certs.triggers import in_sql

BEGUN = """
    ALTER TABLE people_company ADD COLUMN has_begun boolean NOT NULL DEFAULT false;;
    UPDATE people_company company SET has_begun = true
        WHERE EXISTS (SELECT 1 FROM journey_onboarding WHERE company_id = company.id);;
    CREATE INDEX companies_to_begin_by_name ON people_company (lower(name) COLLATE "C", id) WHERE NOT has_begun;;
    CREATE INDEX companies_to_begin_by_age ON people_company (created_at, id) WHERE NOT has_begun;;
    CREATE FUNCTION companies_have_begun() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE people_company SET has_begun = true
            WHERE NOT has_begun AND id IN (SELECT company_id FROM changed);
        RETURN NULL;
    END $$;;
    CREATE TRIGGER companies_have_begun AFTER INSERT ON journey_onboarding
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION companies_have_begun();;
    CREATE FUNCTION companies_have_not_begun() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE people_company company SET has_begun = EXISTS (
            SELECT 1 FROM journey_onboarding WHERE company_id = company.id
        ) WHERE id IN (OLD.company_id, CASE TG_OP WHEN 'UPDATE' THEN NEW.company_id END);
        RETURN NULL;
    END $$;;
    CREATE TRIGGER companies_have_not_begun AFTER DELETE ON journey_onboarding
        FOR EACH ROW EXECUTE FUNCTION companies_have_not_begun();;
    CREATE TRIGGER companies_have_changed AFTER UPDATE OF company_id ON journey_onboarding
        FOR EACH ROW WHEN (OLD.company_id <> NEW.company_id) EXECUTE FUNCTION companies_have_not_begun()"""

ADDED = """
    ALTER TABLE journey_onboarding ADD COLUMN company_added_at timestamp with time zone;;
    UPDATE journey_onboarding SET company_added_at = company.created_at
        FROM people_company company WHERE company.id = company_id;;
    CREATE INDEX onboardings_by_age_of_company ON journey_onboarding
        (environment, company_added_at DESC, company_id, id);;
    CREATE FUNCTION ages_follow_onboardings() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.company_added_at := (SELECT created_at FROM people_company WHERE id = NEW.company_id);
        RETURN NEW;
    END $$;;
    CREATE TRIGGER ages_follow_onboardings BEFORE INSERT OR UPDATE OF company_id ON journey_onboarding
        FOR EACH ROW EXECUTE FUNCTION ages_follow_onboardings();;
    CREATE FUNCTION ages_follow_companies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE journey_onboarding SET company_added_at = NEW.created_at WHERE company_id = NEW.id;
        RETURN NULL;
    END $$;;
    CREATE TRIGGER ages_follow_companies AFTER UPDATE OF created_at ON people_company
        FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at) EXECUTE FUNCTION ages_follow_companies()"""

UNDO = """
    DROP TRIGGER companies_have_begun ON journey_onboarding;;
    DROP TRIGGER companies_have_not_begun ON journey_onboarding;;
    DROP TRIGGER companies_have_changed ON journey_onboarding;;
    DROP FUNCTION companies_have_begun();; DROP FUNCTION companies_have_not_begun();;
    ALTER TABLE people_company DROP COLUMN has_begun;;
    DROP TRIGGER ages_follow_onboardings ON journey_onboarding;;
    DROP TRIGGER ages_follow_companies ON people_company;;
    DROP FUNCTION ages_follow_onboardings();; DROP FUNCTION ages_follow_companies();;
    ALTER TABLE journey_onboarding DROP COLUMN company_added_at"""


class Migration(migrations.Migration):
    dependencies = [("journey", "0012_expired_secrets"), ("people", "0007_words_of_companies")]

    operations = [
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                Coalesce("ended_at", "since", "started_at"),
                models.F("company"),
                models.F("id"),
                condition=models.Q(status="active"),
                name="active_by_standing",
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                fields=["company"], condition=models.Q(status="withdrawn"), name="onboardings_withdrawn"
            ),
        ),
        migrations.AddIndex(
            model_name="steprecord",
            index=models.Index(
                fields=["problem_code", "onboarding"],
                condition=models.Q(("problem_code", ""), _negated=True),
                name="steps_by_problem",
            ),
        ),
        in_sql(postgresql=f"{BEGUN};;{ADDED}", undo_postgresql=UNDO),
    ]
