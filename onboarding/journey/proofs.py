"""What an event keeps of evidence so that the check can tell when it was changed or replaced: digests, no words.

The check itself is in replay/.
"""

from typing import Any

from onboarding.audit.chain import keyed_digest
from onboarding.journey.models import Evidence


def compute_evidence_digests(evidence: Evidence) -> dict[str, Any]:
    """Its id, the SHA-256 of its file (64 hexadecimal digits; empty without one) and a digest of everything else.

    The second one is keyed: a note may be a few words, and a bare hash of those could be guessed.
    """
    words = [str(evidence.by_id), evidence.seen_on.timestamp(), evidence.note, evidence.file_name]
    return {"id": evidence.pk, "file_sha256": evidence.file_sha256, "note_hmac": keyed_digest(words)}


def describe_evidence(evidence: Evidence) -> dict[str, Any]:
    """What the event of a piece of evidence says."""
    replay = {"evidence": compute_evidence_digests(evidence)}
    return {"replay": replay, "seen_on": evidence.seen_on.isoformat(), "file": evidence.file_name}
