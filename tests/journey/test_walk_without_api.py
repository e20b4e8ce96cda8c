"""The whole journey where the portal knows no account API: people confirm with evidence and paste what Atlas gave.

The key is the company's own, so the private key never reaches the portal. The other way is in test_walk_with_api.py.
"""

from io import StringIO
from pathlib import Path

import pytest
from cryptography import x509
from django.core.management import call_command
from django.utils import timezone

from atlas.sandbox.server import Sandbox
from certs.models import Bundle, Secret, SigningRequest
from certs.pfx_encryption import PfxEncryption, build
from onboarding.journey import progress, projection
from onboarding.journey.deadlines import reminders
from onboarding.journey.models import Evidence, Onboarding
from onboarding.journey.page_files import PageFiles
from onboarding.journey.polling import tasks
from onboarding.journey.step_commands import list_commands
from onboarding.notifications.models import OutboxEmail
from tests.certs import x509_factories
from tests.journey.atlas_user import AtlasUser, atlas_user, run_as_shown
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import csr, day, organisation, registration, upload
from tests.journey.walk import Walk
from tests.people_fixtures import People, record_roles, shows_errors, step
from tests.workers import claim_rows, eager_workers

__all__ = ["eager_workers"]


@pytest.fixture
def walk(people: People, without_api: Sandbox, eager_workers: None) -> Walk:
    """Alice starts the onboarding; nobody told the portal of an account API."""
    record_roles(people)
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    return Walk(people, onboarding, "without@one.example")


def _up_to_the_vetting(walk: Walk, atlas: AtlasUser) -> None:
    """Everything that ends with the verification email; each wait ends with what a person saw."""
    atlas.register(walk.people.one.name, walk.email)
    walk.fill("alice", "register", {**registration(walk.email), **day("submitted_on")})
    seen = {**day("confirmation_on"), **day("invitation_on"), "note": "both were in the spam folder"}
    mail = upload("invitation.eml", b"From: GlobalSign")
    walk.fill("alice", "invitation", {**seen, "evidence_file": mail}, confirm=True)
    walk.fill("alice", "invitation", {**day("accepted_on"), "accepted_by": "Alice Test"})
    atlas.accept_the_quote()
    walk.fill("alice", "payment-method", day("set_on"))
    walk.fill("alice", "quote", day("seen"), confirm=True)
    walk.fill("alice", "quote", {"amount": "0", "quotation": "on", "msa": "on", **day("accepted_on")})
    walk.fill("alice", "identity-profile", day("seen"), confirm=True)
    walk.fill("alice", "identity-profile", {**organisation(walk.email), **day("submitted_on")})
    atlas.request_the_profile(walk.email)
    walk.fill("bob", "verification", {**day("verified_on"), "atlas_status": "active"}, confirm=True)


def _up_to_the_certificate(walk: Walk, atlas: AtlasUser) -> tuple[str, str, bytes]:
    """Own key and CSR, the CSV of Atlas, the certificate from its page. Returns key, secret and PFX."""
    walk.fill("tess", "csr", {"way": "own", "csr_file": upload("apicert.csr", csr())})
    api_key, secret, csv = atlas.credentials()
    walk.fill("bob", "api-credentials", {"name": "dip", "way": "csv", "csv": upload("c.csv", csv)})
    pasted = atlas.certificate(csr()).decode()
    walk.fill("bob", "certificate", {"certificate_text": pasted}, confirm=True)
    leaf, *chain = x509.load_pem_x509_certificates(pasted.encode())
    return api_key, secret, build(x509_factories.rsa_key(), leaf, chain[:1], PfxEncryption.PASSWORDLESS, None)


def _finish(walk: Walk) -> None:
    walk.fill("bob", "dip-upload", {**day("uploaded_on"), "copies": ["csv", "pfx"]})
    walk.onboarding.refresh_from_db()
    assert walk.onboarding.status == Onboarding.Status.COMPLETED
    assert projection.list_differences() == []
    call_command("audit_check", stdout=StringIO())


def test_by_hand_with_a_pfx_that_the_portal_keeps_and_proves(walk: Walk, without_api: Sandbox) -> None:
    atlas = atlas_user(without_api)
    _up_to_the_vetting(walk, atlas)
    _, _, pfx = _up_to_the_certificate(walk, atlas)
    walk.fill("tess", "pfx", {"way": "own", "pfx": upload("apicert.pfx", pfx), "keep": "keep"})
    walk.until("proof", "done")
    proof = step(walk.onboarding, "proof")
    assert (proof.witness, proof.facts["proved_by"]) == ("portal", "this portal")
    assert proof.facts["policy"].startswith("RSA 2048, 3072, 4096 bits")
    _finish(walk)
    assert SigningRequest.objects.get().key is None  # the private key was never here by itself
    evidence = Evidence.objects.filter(record__onboarding=walk.onboarding)
    assert evidence.count() == 5
    mail = evidence.get(file_name="invitation.eml")
    sent = walk.browser("rhea").get(f"/onboardings/{walk.onboarding.code}/evidence/{mail.pk}/")
    assert (sent.content, sent["Content-Type"]) == (b"From: GlobalSign", "application/octet-stream")
    assert {r.witness for r in walk.onboarding.steps.all()} == {"person", "portal"}


def test_by_hand_with_a_pfx_that_stays_with_the_company(
    walk: Walk, without_api: Sandbox, tmp_path: Path
) -> None:
    """The command that the page shows is run as it is, and what it printed is pasted."""
    walk.email = "stays@one.example"
    atlas = atlas_user(without_api)
    _up_to_the_vetting(walk, atlas)
    api_key, secret, pfx = _up_to_the_certificate(walk, atlas)
    walk.fill("tess", "pfx", {"way": "own", "pfx": upload("apicert.pfx", pfx), "keep": "forget"})
    assert Bundle.objects.get().secret is None
    tasks.poll_due_steps()
    waiting = step(walk.onboarding, "proof")
    assert waiting.state == "waiting"
    assert "your company keeps its own PFX" in waiting.last_poll_result
    assert "your company keeps its own PFX" in sentences_of(walk.see("tess", walk.page("proof")))
    command = next(
        c.text for c in list_commands(waiting, PageFiles(walk.onboarding))["prove"] if c.shell == "bash"
    )
    (tmp_path / f"apicert-{walk.onboarding.code.lower()}.pfx").write_bytes(pfx)
    wrong = run_as_shown(command, tmp_path, f"{api_key}\n{'0' * 40}\n")
    refused = walk.try_to("tess", f"{walk.page('proof')}confirm/", {"answer": wrong})
    assert shows_errors(refused)
    assert "There is a problem" in sentences_of(refused)
    printed = run_as_shown(command, tmp_path, f"{api_key}\n{secret}\n")
    assert secret not in printed
    walk.fill("tess", "proof", {"answer": printed}, confirm=True)
    proof = step(walk.onboarding, "proof")
    assert (proof.witness, proof.facts["proved_by"]) == ("person", "the company's own computer")
    _finish(walk)
    kept = {s.purpose for s in Secret.objects.filter(destroyed_at=None)}
    assert kept == {"api-key", "api-secret", "evidence-file"}


def test_the_portal_asks_nobody_while_people_confirm(walk: Walk, without_api: Sandbox) -> None:
    _up_to_the_vetting(walk, atlas_user(without_api))
    assert claim_rows() == []
    waits = walk.onboarding.steps.filter(state="waiting", next_check_at__isnull=False)
    assert not waits.exists()
    walk.fill("tess", "csr", {"way": "portal"})
    assert claim_rows() == [step(walk.onboarding, "csr").pk]  # its own work it does by itself


def test_a_wait_that_is_late_is_told_once_to_the_admins(walk: Walk) -> None:
    walk.fill("alice", "register", {**registration(walk.email), **day("submitted_on")})
    record = step(walk.onboarding, "invitation")
    record.due_at = timezone.now()
    record.next_reminder_at = record.due_at
    record.save(update_fields=["due_at", "next_reminder_at"])
    assert (reminders.remind_of_due_steps(), reminders.remind_of_due_steps()) == (1, 0)
    told = OutboxEmail.objects.filter(key__startswith="late:").values_list("to__name", flat=True)
    assert sorted(told) == ["Alice Test", "Bob Test"]
    assert "This is later than it should be" in sentences_of(walk.see("alice", walk.page("invitation")))
