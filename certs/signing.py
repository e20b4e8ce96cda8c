"""The mTLS certificate: intent first, then the order, then collecting it; never two certificates for one intent.

When to look again is the caller's. No database transaction is open while Atlas is asked.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from atlas.account import AccountApi
from atlas.account_types import MtlsCertificate
from atlas.errors import AtlasError, NotReady, RateLimited, Refused, Rejected, Unreachable
from certs import certificate as certificates
from certs import clock
from certs.due import due
from certs.findings import InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.models import Certificate, SigningIntent, SigningRequest

PURPOSE = SigningIntent.Purpose.MTLS.value
# Longer than a task may run, so that a claim outlives its worker only after a crash.
LEASE = timedelta(minutes=3)
Status = SigningIntent.Status


def count_of(case: UUID) -> int:
    """How many CSRs a case has had, the present one included."""
    return SigningRequest.objects.filter(case_id=case).count()


def plan(
    request: SigningRequest, account_id: str, api_credential_ids: Sequence[str], submission: str = ""
) -> SigningIntent:
    """Write down that we want one certificate for the key of `request`, bound to these credentials.

    If that is written already, answers that intent: the open one, or the one that this `submission` has collected (it
    names what the certificate is for, and is the same for every look; empty: only an open intent is found). Raises
    InvalidArtifact `csr-key-in-signing` if the open one is another case's.
    """
    wanted = (account_id, sorted(api_credential_ids))
    with transaction.atomic():
        _lock(request.pk)
        collected = SigningIntent.objects.filter(
            signing_request=request, status=Status.COLLECTED, submission=submission
        ).exclude(submission="")
        for intent in collected:
            if (intent.account_id, intent.api_credential_ids) == wanted:
                return intent
        intent = _open_or_new(request, *wanted, submission)
    if intent.case_id != request.case_id:
        raise InvalidArtifact([finding(FindingCode.CSR_KEY_IN_SIGNING)])
    if (intent.account_id, intent.api_credential_ids) != wanted:
        close_open(request.case_id, "asked for again, with another credential")
        return plan(request, account_id, api_credential_ids, submission)
    return intent


def _lock(request_id: UUID) -> None:
    """Planning for a key and keeping its certificate never overlap: who plans sees an intent open or collected.

    Without it a plan between the two statements of _keep() would find neither, and order a second certificate.
    """
    SigningRequest.objects.select_for_update().get(pk=request_id)


def _open_or_new(
    request: SigningRequest, account_id: str, credentials: list[str], submission: str
) -> SigningIntent:
    try:
        with transaction.atomic():
            return SigningIntent.objects.create(
                company_id=request.company_id,
                case_id=request.case_id,
                purpose=PURPOSE,
                public_key_sha256=request.public_key_sha256,
                signing_request=request,
                account_id=account_id,
                api_credential_ids=credentials,
                submission=submission,
            )
    except IntegrityError:
        return SigningIntent.objects.filter(
            purpose=PURPOSE, public_key_sha256=request.public_key_sha256, status__in=SigningIntent.OPEN
        ).get()


def close_open(case_id: UUID, detail: str) -> int:
    """Close a case's open intents: what they ordered is not wanted any more. Answers how many there were.

    A certificate that Atlas issues all the same is found by its key, should the same one be wanted again.
    """
    mine = SigningIntent.objects.filter(case_id=case_id, status__in=SigningIntent.OPEN)
    return mine.update(status=Status.REFUSED, detail=detail)


def status_of(intent_id: UUID) -> Status:
    """How an intent stands now."""
    return Status(SigningIntent.objects.values_list("status", flat=True).get(pk=intent_id))


def order(api: AccountApi, intent_id: UUID) -> SigningIntent:
    """Make sure that Atlas has the order, and answer the intent with its status.

    Looks first whether Atlas lists a certificate for the key; only if not is it ordered. An intent that is ordered
    or closed, or that another worker is busy with, is answered as it is. Raises any AtlasError: after Rejected and
    Refused the intent is closed (REFUSED); after a lost answer it is UNKNOWN, and the next call looks first.
    """
    intent = _claim(intent_id)
    if intent is None:
        return SigningIntent.objects.get(pk=intent_id)
    try:
        serial = _listed(api, intent)  # before anything is sent: an earlier answer may be lost
    except AtlasError:
        _settle(intent)
        raise
    if serial is None:
        serial = _send(api, intent)
    _settle(intent, status=Status.ORDERED, serial=serial)
    return intent


def reconcile(api: AccountApi, intent_id: UUID) -> SigningIntent:
    """Only look: if Atlas lists a certificate for the key, the intent becomes ORDERED. Nothing is ever sent.

    Raises any AtlasError, and then changes nothing.
    """
    intent = _claim(intent_id)
    if intent is None:
        return SigningIntent.objects.get(pk=intent_id)
    try:
        serial = _listed(api, intent)
    except AtlasError:
        _settle(intent)
        raise
    _settle(intent, **({"status": Status.ORDERED, "serial": serial} if serial else {}))
    return intent


def collect(api: AccountApi, intent_id: UUID) -> Certificate | None:
    """The certificate, once it is there; None while it is being signed or not ordered yet.

    Checked against the CSR and stored in the same transaction that closes the intent. Raises InvalidArtifact if it is
    not for our key or cannot be used (the intent is then closed), or any AtlasError.
    """
    intent = SigningIntent.objects.select_related("signing_request", "certificate").get(pk=intent_id)
    if intent.status != Status.ORDERED:
        return intent.certificate
    try:
        issued = api.mtls_certificate(intent.account_id, intent.serial)
    except NotReady:
        return None
    try:
        return _keep(intent, issued)
    except InvalidArtifact as invalid:
        _close(intent, ", ".join(invalid.codes))
        raise


def advance(api: AccountApi, intent_id: UUID) -> Certificate | None:
    """order(), then collect(): one step on, wherever it stands. None: look again later. Raises as they do."""
    order(api, intent_id)
    return collect(api, intent_id)


def _claim(intent_id: UUID) -> SigningIntent | None:
    """The intent, ours until LEASE is over; None if it needs no order or somebody else has it."""
    now = clock.now()
    mine = SigningIntent.objects.filter(pk=intent_id, status__in=(Status.PLANNED, Status.UNKNOWN))
    free = mine.filter(Q(claimed_until=None) | due("claimed_until", now, LEASE))
    if not free.update(claimed_until=now + LEASE):
        return None
    return SigningIntent.objects.select_related("signing_request").get(pk=intent_id)


def _settle(intent: SigningIntent, **changes: str) -> None:
    """Write and give the claim back, unless it has run out and somebody else has it."""
    ours = SigningIntent.objects.filter(pk=intent.pk, claimed_until=intent.claimed_until)
    if ours.update(claimed_until=None, **changes):
        for name, value in {"claimed_until": None, **changes}.items():
            setattr(intent, name, value)


def _listed(api: AccountApi, intent: SigningIntent) -> str | None:
    """The serial of the certificate that Atlas has for this key and these credentials, the oldest of them."""
    wanted = set(intent.api_credential_ids)
    for entry in api.mtls_certificates(intent.account_id):
        if entry.public_key_sha256 == intent.public_key_sha256 and wanted <= set(entry.api_credential_ids):
            return entry.serial
    return None


def _send(api: AccountApi, intent: SigningIntent) -> str:
    """Order it. UNKNOWN is written before: whatever kills us after this line, the next worker looks first."""
    SigningIntent.objects.filter(pk=intent.pk).update(status=Status.UNKNOWN)
    intent.status = Status.UNKNOWN
    csr, credentials = intent.signing_request.csr_pem, tuple(intent.api_credential_ids)
    try:
        return api.order_mtls_certificate(intent.account_id, csr, credentials, _order_key(intent)).serial
    except (Refused, Rejected) as refused:
        _settle(intent, status=Status.REFUSED, detail=str(refused)[:300])
        raise
    except AtlasError as error:
        _settle(
            intent,
            status=Status.PLANNED if _was_not_taken(error) else Status.UNKNOWN,
            detail=str(error)[:300],
        )
        raise


def _order_key(intent: SigningIntent) -> str:
    """The order's Idempotency-Key: one for all intents of a submission, also in a database put back to before."""
    if not intent.submission:
        return str(intent.pk)
    credentials = hashlib.sha256("\n".join(intent.api_credential_ids).encode()).hexdigest()[:16]
    return f"{intent.signing_request_id}-{credentials}-{intent.submission}"


def _was_not_taken(error: AtlasError) -> bool:
    return isinstance(error, RateLimited) or (isinstance(error, Unreachable) and not error.outcome_unknown)


def _keep(intent: SigningIntent, issued: MtlsCertificate) -> Certificate:
    pem, request = issued.certificate.encode(), intent.signing_request
    with transaction.atomic():
        _lock(request.pk)
        kept = certificates.accept(intent.company_id, intent.case_id, pem, request, issued.chain)
        SigningIntent.objects.filter(pk=intent.pk, status=Status.ORDERED).update(
            status=Status.COLLECTED, certificate=kept
        )
    return kept


def _close(intent: SigningIntent, detail: str) -> None:
    SigningIntent.objects.filter(pk=intent.pk, status=Status.ORDERED).update(
        status=Status.REFUSED, detail=detail[:300]
    )
