"""Every break that SQL can try, and the rule that refuses it: what one row shows, and what several show at commit.

Who tries them is test_rows_that_must_not_exist.py.
"""

from django.db import connection

RECORD = "UPDATE journey_steprecord SET {} WHERE slug = 'register'"
ONBOARDING = "UPDATE journey_onboarding SET {}"
AT_ONCE: dict[str, tuple[str, str]] = {
    "a state that is none": (RECORD.format("state = 'asleep'"), "records_are_in_a_known_state"),
    "a step that is none": (RECORD.format("slug = 'coffee'"), "records_are_of_a_known_step"),
    "a witness who is nobody": (RECORD.format("witness = 'god'"), "records_have_a_known_witness"),
    "a problem without a code": (RECORD.format("state = 'problem'"), "a_problem_has_a_code"),
    "a code without a problem": (RECORD.format("problem_code = 'atlas-down'"), "a_problem_has_a_code"),
    "an assignee since never": (
        RECORD.format("assignee_id = (SELECT id FROM people_user LIMIT 1)"),
        "an_assigned_step_says_since_when",
    ),
    "held by nobody": (RECORD.format("assigned_at = now()"), "an_assigned_step_says_since_when"),
    "a status that is none": (
        ONBOARDING.format("status = 'lost', ended_at = now(), destroy_secrets_at = now()"),
        "onboardings_have_a_known_status",
    ),
    "an environment that is none": (
        ONBOARDING.format("environment = 'moon'"),
        "onboardings_are_in_a_known_environment",
    ),
    "a next_actor who is nobody": (
        ONBOARDING.format("next_actor = 'martians'"),
        "onboardings_have_a_known_next_actor",
    ),
    "at a step that is none": (
        ONBOARDING.format("current_step = 'coffee'"),
        "onboardings_stand_at_a_known_step",
    ),
    "in a state that is none": (
        ONBOARDING.format("current_state = 'asleep'"),
        "onboardings_stand_in_a_known_state",
    ),
    "active and nowhere": (ONBOARDING.format("current_step = ''"), "an_active_onboarding_stands_at_a_step"),
    "completed without an end": (
        ONBOARDING.format("status = 'completed', destroy_secrets_at = now()"),
        "an_onboarding_that_is_over_says_since_when",
    ),
    "over, and its secrets stay": (
        ONBOARDING.format("status = 'withdrawn', ended_at = now()"),
        "what_is_over_loses_its_secrets",
    ),
    "an end while it is active": (
        ONBOARDING.format("ended_at = now()"),
        "an_onboarding_that_is_over_says_since_when",
    ),
    "secrets destroyed before they were due": (
        ONBOARDING.format("secrets_destroyed_at = now()"),
        "secrets_are_destroyed_when_it_was_due",
    ),
    "a role that is none": (
        "UPDATE people_membership SET role = 'emperor' WHERE role = 'reader'",
        "members_have_a_known_role",
    ),
    "ops as a member": (
        "INSERT INTO people_membership (user_id, company_id, role, since) SELECT u.id, c.id, 'reader', now()"
        " FROM people_user u, people_company c WHERE u.is_ops AND c.slug = 'one'",
        "ops_are_no_members",
    ),
    "a member as ops": (
        "UPDATE people_user SET is_ops = true WHERE email = 'bob@one.example'",
        "ops_are_no_members",
    ),
    "secrets that are kept for ever": (
        "UPDATE people_company SET retention_days = 9999",
        "secrets_are_kept_for_a_year_at_most",
    ),
    "an invitation to a role that is none": (
        "UPDATE people_invitation SET role = 'emperor'",
        "invitations_are_to_a_known_role",
    ),
    "accepted by nobody": (
        "UPDATE people_invitation SET accepted_at = now()",
        "an_acceptance_says_when_and_by_whom",
    ),
    "accepted and withdrawn": (
        "UPDATE people_invitation SET accepted_at = now(), accepted_by_id = invited_by_id, withdrawn_at = now()",
        "an_invitation_ends_once",
    ),
    "agreed and still open": (
        "UPDATE team_primarychange SET agreed = true",
        "an_agreed_change_has_ended",
    ),
    "a review finished by nobody": (
        "UPDATE team_accessreview SET finished_at = now()",
        "a_finished_review_says_when_and_by_whom",
    ),
    "a system that is none": (
        "UPDATE team_accessreviewline SET system = 'moon'",
        "review_lines_are_of_a_known_system",
    ),
    "a decision of nobody": (
        "UPDATE team_accessreviewline SET decision = 'keep'",
        "what_is_decided_has_its_date",
    ),
    "an offer in a status that is none": (
        "UPDATE handover_offer SET status = 'lost', answered_at = now()",
        "offers_have_a_known_status",
    ),
    "an answer since never": (
        "UPDATE handover_offer SET status = 'accepted'",
        "an_offer_that_is_over_says_since_when",
    ),
    "revoked by somebody, never": (
        "UPDATE handover_grant SET revoked_by_id = given_by_id",
        "who_revoked_a_grant_says_since_when",
    ),
    "a delivery that is none": (
        "UPDATE notifications_outboxemail SET delivery = 'lost'",
        "outbox_emails_have_a_known_delivery",
    ),
    "sent at no time": (
        "UPDATE notifications_outboxemail SET delivery = 'sent'",
        "what_is_sent_has_its_date",
    ),
    "an order in a status that is none": (
        "UPDATE certs_signingintent SET status = 'lost'",
        "intents_have_a_known_status",
    ),
    "collected without a certificate": (
        "UPDATE certs_signingintent SET status = 'collected', serial = '01'",
        "collected_intents_have_a_certificate",
    ),
    "ordered without a serial": (
        "UPDATE certs_signingintent SET status = 'ordered'",
        "ordered_intents_have_a_serial",
    ),
    "a key of one's own that is held": (
        "UPDATE certs_signingrequest SET key_id = (SELECT id FROM certs_secret LIMIT 1)",
        "only_keys_made_here_are_stored",
    ),
    "an origin that is none": (
        "UPDATE certs_signingrequest SET origin = 'moon'",
        "requests_have_a_known_origin",
    ),
    "a certificate that ends before it begins": (
        "UPDATE certs_certificate SET not_after = not_before - interval '1 day'",
        "a_certificate_begins_before_it_ends",
    ),
    "a PFX of a kind that is none": (
        "UPDATE certs_bundle SET encryption = 'vanilla'",
        "bundles_have_a_known_encryption",
    ),
    "a source that is none": ("UPDATE certs_bundle SET source = 'moon'", "bundles_have_a_known_source"),
    "a password of a PFX that is not kept": (
        "UPDATE certs_bundle SET password_id = (SELECT id FROM certs_secret LIMIT 1)",
        "a_password_is_kept_with_its_bundle",
    ),
    "a secret for a purpose that is none": (
        "UPDATE certs_secret SET purpose = 'blackmail'",
        "secrets_have_a_known_purpose",
    ),
    "a secret that is destroyed and there": (
        "UPDATE certs_secret SET destroyed_at = now()",
        "a_secret_is_whole_or_destroyed",
    ),
    "a passed secret that is none": (
        "UPDATE certs_sharedsecret SET what = 'soul'",
        "shared_secrets_are_of_a_known_kind",
    ),
    "evidence of a kind that is none": (
        "UPDATE journey_evidence SET file_kind = 'exe'",
        "evidence_is_of_a_known_kind",
    ),
    "an event in a format that is none": (
        'INSERT INTO audit_event SELECT (jsonb_populate_record(e, \'{"id": 999999, "number": 999,'
        ' "format": 3}\')).* FROM audit_event e ORDER BY id LIMIT 1',
        "events_are_of_a_known_format",
    ),
    "a grant used twice": ("UPDATE certs_onetimegrant SET used_at = NULL", "a_grant_is_used_once"),
    "a grant used again later": (
        "UPDATE certs_onetimegrant SET used_at = used_at + interval '1 day'",
        "a_grant_is_used_once",
    ),
    "a grant of a kind that is none": (
        "UPDATE certs_onetimegrant SET kind = 'soul'",
        "one_time_grants_are_of_a_known_kind",
    ),
}
AT_COMMIT = {
    "a company without a primary": (
        "INSERT INTO people_company (id, slug, name, number, retention_days, created_at)"
        " VALUES (gen_random_uuid(), 'x', 'X', '', 7, now())",
        "a_company_has_one_primary",
    ),
    "a primary who is gone": (
        "DELETE FROM people_membership WHERE role = 'primary'",
        "a_company_has_one_primary",
    ),
    "a primary who is one no more": (
        "UPDATE people_membership SET role = 'admin' WHERE role = 'primary'",
        "a_company_has_one_primary",
    ),
    "eleven steps": (
        "DELETE FROM journey_steprecord WHERE slug = 'proof'",
        "an_onboarding_has_the_steps_of_the_table",
    ),
    "no step at all": (
        "INSERT INTO journey_onboarding (id, code, company_id, environment, status, started_at, current_step,"
        " current_state, next_actor) SELECT gen_random_uuid(), 'XXXX-XXXX', id, 'production', 'active', now(),"
        " 'register', 'open', 'company' FROM people_company WHERE slug = 'one'",
        "an_onboarding_has_the_steps_of_the_table",
    ),
}


def without_rules(table: str) -> None:
    """The rules of one table are gone until the test's transaction is rolled back."""
    connection.check_constraints()  # what is deferred is asked now: PostgreSQL alters no table that waits for it
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
