"""Every forgery of the audit trail that we could think of, and of what the tables say of it, by SQL past the triggers.

FOUND are found by `audit_check`, FOUND_BY_OPENING by `vault verify`; NOT_FOUND by neither, each with its reason.
"""

from certs.evidence import files
from certs.models import EvidenceFile
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from tests.attacks import audit_tampering
from tests.attacks.audit_tampering import Forge, Past, cut, event_without_trace, put_back, renumber, sql


def _data_edited(past: Past) -> None:
    sql('UPDATE audit_event SET data = \'{"reason": "-"}\' WHERE chain = %s AND number = 9', past.chain)


def _time_edited(past: Past) -> None:
    sql("UPDATE audit_event SET at = at - interval '1 day' WHERE chain = %s AND number = 9", past.chain)


def _middle_deleted(past: Past) -> None:
    sql("DELETE FROM audit_event WHERE chain = %s AND number = 9", past.chain)


def _middle_deleted_and_renumbered(past: Past) -> None:
    last = past.last()
    _middle_deleted(past)
    renumber(past, [(number, number - 1) for number in range(10, last + 1)])
    audit_tampering.set_head_back(past)


def _tail_cut(past: Past) -> None:
    cut(past, past.last() - 1)


def _tail_cut_and_head_set_back(past: Past) -> None:
    _tail_cut(past)
    audit_tampering.set_head_back(past)


def _tail_without_trace_cut_and_head_set_back(past: Past) -> None:
    event_without_trace(past)
    _tail_cut_and_head_set_back(past)


def _inserted_and_renumbered(past: Past) -> None:
    renumber(past, [(number, number + 1) for number in range(past.last(), 8, -1)])
    sql(
        "INSERT INTO audit_event SELECT (jsonb_populate_record(e, jsonb_build_object('id', 999999, 'number', 9))).* "
        "FROM audit_event e WHERE chain = %s AND number = 8",
        past.chain,
    )
    audit_tampering.set_head_back(past)


def _reordered(past: Past) -> None:
    renumber(past, [(8, 9999), (9, 8), (9999, 9)])


def _swapped_between_companies(past: Past) -> None:
    other = str(past.two.company_id)
    sql("UPDATE audit_event SET chain = 'x' WHERE chain = %s AND number = 2", past.chain)
    sql("UPDATE audit_event SET chain = %s WHERE chain = %s AND number = 2", past.chain, other)
    sql("UPDATE audit_event SET chain = %s WHERE chain = 'x'", other)


def _chains_swapped(past: Past) -> None:
    other = str(past.two.company_id)
    for table in ("audit_event", "audit_chainhead"):
        sql(f"UPDATE {table} SET chain = 'x' WHERE chain = %s", past.chain)
        sql(f"UPDATE {table} SET chain = %s WHERE chain = %s", past.chain, other)
        sql(f"UPDATE {table} SET chain = %s WHERE chain = 'x'", other)


def _company_rolled_back_head_too(past: Past) -> None:
    put_back("audit_event", "chain = %s", past.chain)
    put_back("audit_chainhead", "chain = %s", past.chain)


def _old_step_row_put_back(past: Past) -> None:
    put_back("journey_steprecord", "onboarding_id = %s AND slug = 'payment-method'", past.one.pk)


def _step_row_of_the_same_state_put_back(past: Past) -> None:
    """A row that was moved and moved back stands as before; only the count of its moves gives it away."""
    sql(
        "UPDATE journey_steprecord SET version = version - 1 WHERE onboarding_id = %s AND slug = 'quote'",
        past.one.pk,
    )


def _actor_label(past: Past) -> None:
    sql("UPDATE audit_event SET actor_label = 'Mallory' WHERE chain = %s AND number = 9", past.chain)


def _head_digest(past: Past) -> None:
    sql("UPDATE audit_chainhead SET digest = repeat('0', 64) WHERE chain = %s", past.chain)


def _head_deleted(past: Past) -> None:
    sql("DELETE FROM audit_chainhead WHERE chain = %s", past.chain)


def _chain_deleted_head_too(past: Past) -> None:
    cut(past, 0)
    _head_deleted(past)


def _installations_chain_deleted(past: Past) -> None:
    for table in ("audit_event", "audit_chainhead"):
        sql(f"DELETE FROM {table} WHERE chain = 'installation'")


def every_chain_deleted(past: Past) -> None:
    for table in ("audit_event", "audit_chainhead"):
        sql(f"DELETE FROM {table}")


def _facts(past: Past) -> None:
    sql(
        "UPDATE journey_steprecord SET facts = jsonb_set(facts, '{identity_profile_id}', '\"IP-2\"') "
        "WHERE onboarding_id = %s AND slug = 'identity-profile'",
        past.one.pk,
    )


def change_role(past: Past) -> None:
    sql("UPDATE people_membership SET role = 'admin' WHERE user_id = %s", past.people.rhea.pk)


def _role_given_to_a_stranger(past: Past) -> None:
    sql(
        "INSERT INTO people_membership (user_id, company_id, role, since) VALUES (%s, %s, 'admin', now())",
        past.people.charlie.pk, past.people.one.pk,
    )  # fmt: skip


def _made_ops(past: Past) -> None:
    sql("UPDATE people_user SET is_ops = true WHERE id = %s", past.people.rhea.pk)


def _role_put_back(past: Past) -> None:
    put_back("people_membership", "user_id = %s", past.people.rhea.pk)


def _evidence_deleted(past: Past) -> None:
    sql("DELETE FROM journey_evidence WHERE file_name = 'tile.png'")


def _evidence_fingerprint_changed(past: Past) -> None:
    sql("UPDATE journey_evidence SET file_sha256 = repeat('0', 64) WHERE file_name = 'tile.png'")


def _evidence_taken_from_its_file(past: Past) -> None:
    sql("UPDATE journey_evidence SET stored_file_id = NULL, file_sha256 = '' WHERE file_name = 'tile.png'")


def _another(past: Past) -> EvidenceFile:
    """What a forger without VAULT_KEYS can have sealed: a file of their own, brought to a company of their own."""
    return files.store(company_id=past.two.company_id, case_id=past.two.pk, content=b"another picture")


def _evidence_file_replaced(past: Past) -> None:
    sql("UPDATE journey_evidence SET stored_file_id = %s WHERE file_name = 'tile.png'", _another(past).pk)


def _evidence_file_replaced_and_its_fingerprint(past: Past) -> None:
    _evidence_file_replaced(past)
    digest = files.fingerprint(b"another picture")
    sql("UPDATE journey_evidence SET file_sha256 = %s WHERE file_name = 'tile.png'", digest)


def _secret_of_the_file_replaced(past: Past) -> None:
    other, tile = _another(past), EvidenceFile.objects.get(evidence__file_name="tile.png")
    sql("DELETE FROM certs_evidencefile WHERE id = %s", other.pk)
    sql("UPDATE certs_evidencefile SET secret_id = %s WHERE id = %s", other.secret_id, tile.pk)


def _sealed_bytes_of_the_file_replaced(past: Past) -> None:
    other, tile = _another(past), EvidenceFile.objects.get(evidence__file_name="tile.png")
    columns = "(wrapped_key, ciphertext) = (SELECT wrapped_key, ciphertext FROM certs_secret WHERE id = %s)"
    sql(f"UPDATE certs_secret SET {columns} WHERE id = %s", other.secret_id, tile.secret_id)


def _evidence_note_changed(past: Past) -> None:
    sql("UPDATE journey_evidence SET note = 'The tile is grey' WHERE file_name = 'tile.png'")


def _evidence_slipped_in(past: Past) -> None:
    sql(
        "INSERT INTO journey_evidence SELECT (jsonb_populate_record(e, "
        '\'{"id": 999999, "stored_file_id": null, "file_sha256": ""}\')).* '
        "FROM journey_evidence e WHERE file_name = 'tile.png'"
    )


def _onboarding_completed(past: Past) -> None:
    sql(
        "UPDATE journey_onboarding SET status = 'completed', ended_at = now(), destroy_secrets_at = now() "
        "WHERE id = %s",
        past.one.pk,
    )


def _problem_hidden(past: Past) -> None:
    sql(
        "UPDATE journey_steprecord SET witness = 'atlas' WHERE onboarding_id = %s AND slug = 'quote'",
        past.one.pk,
    )


FOUND: dict[str, Forge] = {
    "data edited": _data_edited,
    "time edited": _time_edited,
    "middle deleted": _middle_deleted,
    "middle deleted and renumbered, head too": _middle_deleted_and_renumbered,
    "tail cut": _tail_cut,
    "tail cut, head set back": _tail_cut_and_head_set_back,
    "tail that left no trace cut, head set back": _tail_without_trace_cut_and_head_set_back,
    "inserted, renumbered": _inserted_and_renumbered,
    "reordered": _reordered,
    "one event swapped between companies": _swapped_between_companies,
    "whole chains swapped": _chains_swapped,
    "company rolled back, head too": _company_rolled_back_head_too,
    "old step row put back": _old_step_row_put_back,
    "step row of the same state put back": _step_row_of_the_same_state_put_back,
    "actor label": _actor_label,
    "head digest": _head_digest,
    "chain deleted with its head": _chain_deleted_head_too,
    "the installation's chain deleted": _installations_chain_deleted,
    "head only deleted": _head_deleted,
    "every chain deleted": every_chain_deleted,
    "facts": _facts,
    "witness": _problem_hidden,
    "status of an onboarding": _onboarding_completed,
    "role": change_role,
    "role given to somebody of another company": _role_given_to_a_stranger,
    "somebody made ops": _made_ops,
    "old role put back": _role_put_back,
    "evidence deleted": _evidence_deleted,
    "evidence's file replaced, its fingerprint too": _evidence_file_replaced_and_its_fingerprint,
    "evidence's fingerprint changed": _evidence_fingerprint_changed,
    "evidence taken from its file": _evidence_taken_from_its_file,
    "evidence's note changed": _evidence_note_changed,
    "evidence slipped in": _evidence_slipped_in,
}

# The events hold a file's fingerprint; whether what lies sealed has it, only who opens it can tell.
FOUND_BY_OPENING: dict[str, Forge] = {
    "evidence's file replaced": _evidence_file_replaced,
    "the secret of evidence's file replaced": _secret_of_the_file_replaced,
    "the sealed bytes of evidence's file replaced": _sealed_bytes_of_the_file_replaced,
}


def _person_renamed(past: Past) -> None:
    sql("UPDATE people_user SET name = 'Mallory' WHERE id = %s", past.people.alice.pk)


def _forged_with_the_key(past: Past) -> None:
    record_event(
        EventName.SECRET_SHOWN, company=past.people.one, actor=past.people.alice, data={"what": "nothing"}
    )


def _rolled_back_with_the_tables(past: Past) -> None:
    """Yesterday's backup of everything that is compared, for one company."""
    _company_rolled_back_head_too(past)
    sql("DELETE FROM journey_sentanswers")
    sql("DELETE FROM journey_evidence WHERE id NOT IN (SELECT id FROM older_journey_evidence)")
    put_back("people_membership", "company_id = %s", past.people.one.pk)
    sql("DELETE FROM journey_evidence")
    put_back("journey_steprecord", "onboarding_id = %s", past.one.pk)
    sql("INSERT INTO journey_evidence SELECT * FROM older_journey_evidence")
    sql("INSERT INTO journey_sentanswers SELECT * FROM older_journey_sentanswers")


def _tail_without_trace_cut_and_an_older_head_put_back(past: Past) -> None:
    """Who kept a copy of the chain's end as the portal had set it."""
    sql("DELETE FROM older_audit_chainhead")
    sql("INSERT INTO older_audit_chainhead SELECT * FROM audit_chainhead")
    event_without_trace(past)
    _tail_cut(past)
    put_back("audit_chainhead", "chain = %s", past.chain)


# Each with the reason. The last three need a witness outside the database: an anchor of all chains' ends.
NOT_FOUND: dict[str, Forge] = {
    "person renamed in users: a name may change, and the events keep the one of their time": _person_renamed,
    "forged with AUDIT_KEY: whoever has the key is the portal": _forged_with_the_key,
    "company rolled back with all its tables: nothing inside contradicts it": _rolled_back_with_the_tables,
    "tail that left no trace cut, with an older copy of the head": (
        _tail_without_trace_cut_and_an_older_head_put_back
    ),
}
