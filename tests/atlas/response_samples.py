"""Right answers of both APIs as plain data, and arbitrary wrong ones as Hypothesis strategies.
Not here: a server; the parsers are fed directly.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from atlas import account_types as account
from atlas import hvca_parsing as hvca
from atlas import types
from atlas.policy_types import ValidationPolicy
from atlas.responses import Response
from tests.atlas.authority import authority
from tests.atlas.policies import WHOLE_POLICY

PEM = authority("test root").pem.decode()
TIME = "2026-11-23T14:05:00Z"
SERIAL = f"{authority('test root').certificate.serial_number:032X}"
CONTACT = {"name": "Alice", "job_title": "CTO", "email": "alice@one.example", "phone": "+44 1632 960001"}
POLICY: dict[str, Any] = {
    "validity": {
        "secondsmin": 86400,
        "secondsmax": 17193600,
        "not_before_negative_skew": 600,
        "not_before_positive_skew": 601,
        "issuer_expiry": 0,
    },
    "subject_dn": {
        "common_name": {"presence": "REQUIRED", "format": "^.{1,64}$"},
        "organization": {"presence": "STATIC", "format": "Harbour Lantern Energy Ltd"},
        "organizational_unit": {"static": False, "list": [], "mincount": 0, "maxcount": 0},
        "extra_attributes": None,
    },
    "public_key": {"key_type": "RSA", "allowed_lengths": [2048, 4096], "key_format": "PKCS10"},
    "something_new": [1, 2, {"a": None}],
}
ACCOUNT: dict[str, Any] = {
    "account_id": "ABCDEFGHIJK",
    "company_name": "One Ltd",
    "company_number": None,
    "contact": CONTACT,
    "scenario": "all-well",
    "registered_at": TIME,
    "invitation": {"status": "SENT", "sent_at": TIME},
    "payment_method": {"status": "MISSING"},
    "quote": {"status": "PENDING", "amount": "0.00", "currency": "GBP"},
    "identity_request": {"status": "NOT_READY"},
}
OLD_ACCOUNT: dict[str, Any] = ACCOUNT | {
    "account_id": "KJIHGFEDCBA",
    "company_name": "Two Ltd",
    "company_number": "01234567",
    "scenario": "slow",
    "invitation": {"status": "ACCEPTED", "sent_at": TIME, "accepted_at": TIME},
    "payment_method": {"status": "SET", "set_at": TIME},
    "quote": {
        "status": "ACCEPTED",
        "ready_at": TIME,
        "accepted_at": TIME,
        "amount": "1250.50",
        "currency": "EUR",
    },
    "identity_request": {"status": "SUBMITTED", "ready_at": TIME},
}
PROFILE: dict[str, Any] = {
    "identity_profile_id": "IBCDEFGHIJK",
    "profile_name": "one",
    "organization": "One Ltd",
    "company_number": "01234567",
    "street_address": "1 High Street",
    "locality": "Falmouth",
    "postal_code": "TR11 1AA",
    "country": "GB",
    "phone": "+44 1632 960001",
    "contact_name": "Alice",
    "contact_job_title": "CTO",
    "contact_email": "alice@one.example",
    "status": "Queued for Vetting",
    "submitted_at": TIME,
    "status_since": TIME,
    "case_reference": "case 7",
}
REJECTED_PROFILE: dict[str, Any] = PROFILE | {
    "status": "Rejected",
    "status_since": "2026-11-24T14:05:00.250Z",
    "reason": "Not found in the register.",
}
CREDENTIAL: dict[str, Any] = {
    "api_credential_id": "CBCDEFGHIJK",
    "name": "dip",
    "api_key": "0123456789abcdef",
    "api_secret": "0123456789abcdef0123456789abcdef01234567",
    "created_at": TIME,
    "certificate_serials": [SERIAL],
}
ENTRY: dict[str, Any] = {
    "serial": SERIAL,
    "public_key_sha256": "a" * 64,
    "issued_at": None,
    "status": "PENDING",
    "api_credential_ids": ["CBCDEFGHIJK"],
}
ISSUED_ENTRY: dict[str, Any] = ENTRY | {"issued_at": TIME, "status": "ISSUED"}
MTLS: dict[str, Any] = {
    "serial": SERIAL,
    "status": "ISSUED",
    "certificate": PEM,
    "chain": [PEM, PEM],
    "not_after": TIME,
}
EMAIL: dict[str, Any] = {
    "kind": "INVITATION",
    "to": "a@b.example",
    "subject": "s",
    "text": "t\n",
    "sent_at": TIME,
}
USER: dict[str, Any] = {
    "user_id": "UBCDEFGHIJK",
    "name": "Bob",
    "email": "bob@one.example",
    "roles": ["Administrator"],
    "added_at": TIME,
}
STAT: dict[str, Any] = {"serial_number": SERIAL, "not_before": 1_763_906_700, "not_after": 1_766_498_700}
CLAIM: dict[str, Any] = {
    "id": "01" + "AB" * 15,
    "status": "PENDING",
    "domain": "one.example.",
    "created_at": 1_763_906_700,
    "expires_at": 0,
    "assert_by": 1_766_498_700,
    "log": [{"status": "INFO", "description": "claim submitted", "timestamp": 1_763_906_700}],
    "token": "01ab",
}
# As in HVCA API document 2.1: a verified claim has neither `assert_by` nor a token.
VERIFIED_CLAIM: dict[str, Any] = {
    "id": "01" + "CD" * 15,
    "status": "VERIFIED",
    "domain": "two.example.",
    "created_at": 1_763_906_700,
    "expires_at": 1_797_915_900,
    "log": [],
    "last_verified_at": 1_766_498_700,
    "last_verification_method": "DNS",
}
EMAILS: dict[str, Any] = {
    "constructed": ["admin@one.example"],
    "DNS": {"SOA": {"emails": ["dns@one.example"], "errors": ["no answer"]}, "TXT": {"emails": []}},
}

# The policy that uses every rule, with each true where it is usually false.
SWITCHED_POLICY: dict[str, Any] = copy.deepcopy(WHOLE_POLICY)
SWITCHED_POLICY["subject_dn"]["organizational_unit"]["static"] = True
SWITCHED_POLICY["subject_dn"]["extra_attributes"]["1.2.3.4.1"] |= {"static": True, "mincount": 1}
SWITCHED_POLICY["subject_da"]["extra_attributes"] = {"1.2.3.4.3": {"value_type": "NIL"}, "1.2.3.4.4": None}
SWITCHED_POLICY["custom_extensions"]["1.2.3.5.1"]["critical"] = True
for block in ("san", "extended_key_usages", "ms_extension_template"):
    SWITCHED_POLICY[block]["critical"] = True

Reader = Callable[[Response], object]


def record(kind: type[object]) -> Reader:
    return lambda answer: answer.parse(kind)


# Every reader with an answer that it takes.
READERS: dict[str, tuple[Reader, Any]] = {
    "token": (hvca.parse_token, {"access_token": "eyJ.a.b"}),
    "value": (hvca.parse_value, {"value": 999_881}),
    "trust chain": (hvca.parse_trust_chain, [PEM, PEM]),
    "certificate": (
        lambda answer: hvca.parse_certificate(answer, SERIAL),
        {"certificate": PEM, "status": "ISSUED", "updated_at": 1_763_906_700},
    ),
    "stats": (record(tuple[types.CertificateStat, ...]), [STAT]),
    "claim": (record(types.DomainClaim), CLAIM),
    "claims": (record(tuple[types.DomainClaim, ...]), [VERIFIED_CLAIM, CLAIM]),
    "submitted claim": (
        lambda answer: hvca.parse_submitted_claim(answer, CLAIM["id"]),
        {"token": "01ab", "assert_by": 1_763_906_700},
    ),
    "authorization domains": (hvca.parse_authorization_domains, ["one.example.", "example"]),
    "claim emails": (hvca.parse_claim_emails, EMAILS),
    "policy": (record(ValidationPolicy), POLICY),
    "whole policy": (record(ValidationPolicy), SWITCHED_POLICY),
    "registration": (record(account.Registration), {"account_id": "ABCDEFGHIJK"}),
    "rejected profile": (record(account.IdentityProfile), REJECTED_PROFILE),
    "account": (record(account.Account), ACCOUNT),
    "accounts": (record(tuple[account.Account, ...]), [ACCOUNT, OLD_ACCOUNT]),
    "emails": (record(tuple[account.Email, ...]), [EMAIL]),
    "requested profile": (record(account.RequestedIdentityProfile), PROFILE),
    "profile": (record(account.IdentityProfile), PROFILE),
    "generated credential": (record(account.GeneratedApiCredential), CREDENTIAL),
    "credentials": (record(tuple[account.ApiCredential, ...]), [CREDENTIAL]),
    "ordered": (record(account.OrderedMtlsCertificate), {"serial": SERIAL}),
    "entries": (record(tuple[account.MtlsCertificateEntry, ...]), [ENTRY, ISSUED_ENTRY]),
    "mtls certificate": (record(account.MtlsCertificate), MTLS),
    "user": (record(account.User), USER),
}


def as_response(body: bytes, status: int = 200, media_type: str = "application/json") -> Response:
    return Response(status, {"Content-Type": media_type}, body)


def valid_response(name: str) -> Response:
    return as_response(json.dumps(READERS[name][1]).encode())


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 2**63, 10**30, 253_402_300_800]),
    st.floats(),
    st.text(),
    st.sampled_from(
        [TIME, "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "ISSUED", "RSA", PEM, "\ud800", "\x00"]
    ),
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@st.composite
def corrupted(draw: st.DrawFn, name: str) -> bytes:
    """A right answer with one place in it changed, at any depth, to anything."""
    body = copy.deepcopy(READERS[name][1])
    place = body
    while isinstance(place, dict | list) and place:
        key = draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], dict | list) or draw(st.booleans()):
            place[key] = draw(trees)
            break
        place = place[key]
    return json.dumps(body).encode()
