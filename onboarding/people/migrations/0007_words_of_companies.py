"""The words by which a company is found, its people's too, in one column: a search for one word reads one index.

Only PostgreSQL has the column, and no model does: only a search asks for it, and every page that reads a company would
fetch it along. What writes it is here alone: triggers of the three tables whose texts are in it. Those of people lock
the companies first and read the texts in a statement after that, so that of two changes at once the later sees both.
"""

from django.db import migrations

from certs.triggers import in_sql

WRITE = """
    CREATE FUNCTION make_company_words(texts text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT strip(to_tsvector('simple'::regconfig, regexp_replace(lower(texts), '[^[:alnum:]]+', ' ', 'g')))
    $$;;
    CREATE FUNCTION read_company_people(company uuid) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT coalesce(string_agg(of.name || ' ' || of.email, ' '), '') FROM people_membership member
        JOIN people_user of ON of.id = member.user_id WHERE member.company_id = company
    $$;;
    CREATE FUNCTION write_company_words(companies uuid[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        PERFORM 1 FROM people_company WHERE id = ANY (companies) ORDER BY id FOR NO KEY UPDATE;
        UPDATE people_company SET words = make_company_words(name || ' ' || number || ' ' || read_company_people(id))
            WHERE id = ANY (companies);
    END $$"""

FILL = """
    UPDATE people_company of SET words = make_company_words(of.name || ' ' || of.number || ' ' || people.texts)
    FROM (SELECT company.id, coalesce(string_agg(u.name || ' ' || u.email, ' '), '') AS texts
          FROM people_company company LEFT JOIN people_membership member ON member.company_id = company.id
          LEFT JOIN people_user u ON u.id = member.user_id GROUP BY company.id) people
    WHERE people.id = of.id"""

OF_COMPANIES = """
    CREATE FUNCTION words_follow_companies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.words := make_company_words(NEW.name || ' ' || NEW.number || ' ' || read_company_people(NEW.id));
        RETURN NEW;
    END $$;;
    CREATE TRIGGER words_follow_new_companies BEFORE INSERT ON people_company
        FOR EACH ROW EXECUTE FUNCTION words_follow_companies();;
    CREATE TRIGGER words_follow_companies BEFORE UPDATE OF name, number ON people_company
        FOR EACH ROW WHEN ((OLD.name, OLD.number) IS DISTINCT FROM (NEW.name, NEW.number))
        EXECUTE FUNCTION words_follow_companies()"""

OF_MEMBERS = """
    CREATE FUNCTION words_follow_members() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM write_company_words(ARRAY (SELECT DISTINCT company_id FROM changed));
        RETURN NULL;
    END $$;;
    CREATE TRIGGER words_follow_new_members AFTER INSERT ON people_membership
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION words_follow_members();;
    CREATE TRIGGER words_follow_former_members AFTER DELETE ON people_membership
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION words_follow_members();;
    CREATE FUNCTION words_follow_moved_members() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM write_company_words(ARRAY[OLD.company_id, NEW.company_id]);
        RETURN NULL;
    END $$;;
    CREATE TRIGGER words_follow_moved_members AFTER UPDATE OF company_id, user_id ON people_membership
        FOR EACH ROW WHEN ((OLD.company_id, OLD.user_id) IS DISTINCT FROM (NEW.company_id, NEW.user_id))
        EXECUTE FUNCTION words_follow_moved_members()"""

OF_PEOPLE = """
    CREATE FUNCTION words_follow_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM write_company_words(ARRAY (SELECT company_id FROM people_membership WHERE user_id = NEW.id));
        RETURN NULL;
    END $$;;
    CREATE TRIGGER words_follow_people AFTER UPDATE OF name, email ON people_user
        FOR EACH ROW WHEN ((OLD.name, OLD.email) IS DISTINCT FROM (NEW.name, NEW.email))
        EXECUTE FUNCTION words_follow_people()"""

UNDO = """
    DROP TRIGGER words_follow_people ON people_user;;
    DROP TRIGGER words_follow_new_members ON people_membership;;
    DROP TRIGGER words_follow_former_members ON people_membership;;
    DROP TRIGGER words_follow_moved_members ON people_membership;;
    DROP TRIGGER words_follow_new_companies ON people_company;;
    DROP TRIGGER words_follow_companies ON people_company;;
    DROP FUNCTION words_follow_people();; DROP FUNCTION words_follow_members();;
    DROP FUNCTION words_follow_moved_members();; DROP FUNCTION words_follow_companies();;
    DROP FUNCTION write_company_words(uuid[]);; DROP FUNCTION read_company_people(uuid);;
    DROP FUNCTION make_company_words(text);;
    ALTER TABLE people_company DROP COLUMN words"""


class Migration(migrations.Migration):
    dependencies = [("people", "0006_no_holds")]

    operations = [
        in_sql(
            postgresql=f"""
                ALTER TABLE people_company ADD COLUMN words tsvector;;{WRITE};;{FILL};;
                CREATE INDEX companies_by_word ON people_company USING gin (words);;
                {OF_COMPANIES};;{OF_MEMBERS};;{OF_PEOPLE}""",
            undo_postgresql=UNDO,
        )
    ]
