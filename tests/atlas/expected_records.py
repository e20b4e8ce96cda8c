"""What the right answers of response_samples say, as the records that a reader must make of them, written by hand.
Not here: the answers.
"""

from datetime import UTC, datetime
from decimal import Decimal

from atlas import account_types as account
from atlas import types
from atlas.policy_types import (
    AttributePolicy,
    ChoicePolicy,
    ExtendedKeyUsagesPolicy,
    ExtensionPolicy,
    Flag,
    KeyFormat,
    KeyType,
    ListPolicy,
    MsTemplatePolicy,
    NumberPolicy,
    PdsPolicy,
    Presence,
    QualifiedStatementsPolicy,
    SanPolicy,
    SemanticsPolicy,
    SignaturePolicy,
    StringPolicy,
    SubjectDaPolicy,
    SubjectDnPolicy,
    ValidationPolicy,
    ValidityPolicy,
    ValueType,
)
from tests.atlas.response_samples import PEM, POLICY, SERIAL, SWITCHED_POLICY

MOMENT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
MADE = datetime(2025, 11, 23, 14, 5, tzinfo=UTC)
LATER = datetime(2025, 12, 23, 14, 5, tzinfo=UTC)
EXPIRY = datetime(2026, 12, 22, 5, 5, tzinfo=UTC)
DETAILS = account.NewIdentityProfile(
    profile_name="one",
    organization="One Ltd",
    company_number="01234567",
    street_address="1 High Street",
    locality="Falmouth",
    postal_code="TR11 1AA",
    country="GB",
    phone="+44 1632 960001",
    contact_name="Alice",
    contact_job_title="CTO",
    contact_email="alice@one.example",
)
QUEUED = account.IdentityProfileStatus.QUEUED_FOR_VETTING
CONTACT = account.Contact("Alice", "CTO", "alice@one.example", "+44 1632 960001")
NEW_ACCOUNT = account.Account(
    account_id="ABCDEFGHIJK",
    company_name="One Ltd",
    contact=CONTACT,
    scenario="all-well",
    registered_at=MOMENT,
    invitation=account.Invitation(account.InvitationStatus.SENT, MOMENT, None),
    payment_method=account.PaymentMethod(account.PaymentMethodStatus.MISSING, None),
    quote=account.Quote(account.QuoteStatus.PENDING, Decimal("0.00"), "GBP", None, None),
    identity_request=account.IdentityRequest(account.IdentityRequestStatus.NOT_READY, None),
    company_number=None,
)
OLD_ACCOUNT = account.Account(
    account_id="KJIHGFEDCBA",
    company_name="Two Ltd",
    contact=CONTACT,
    scenario="slow",
    registered_at=MOMENT,
    invitation=account.Invitation(account.InvitationStatus.ACCEPTED, MOMENT, MOMENT),
    payment_method=account.PaymentMethod(account.PaymentMethodStatus.SET, MOMENT),
    quote=account.Quote(account.QuoteStatus.ACCEPTED, Decimal("1250.50"), "EUR", MOMENT, MOMENT),
    identity_request=account.IdentityRequest(account.IdentityRequestStatus.SUBMITTED, MOMENT),
    company_number="01234567",
)
PENDING_CLAIM = types.DomainClaim(
    id="01" + "AB" * 15,
    status=types.ClaimStatus.PENDING,
    domain="one.example",
    created_at=MADE,
    expires_at=None,
    assert_by=LATER,
    log=(types.ClaimLogEntry(types.LogStatus.INFO, "claim submitted", MADE),),
    token="01ab",
)
VERIFIED_CLAIM = types.DomainClaim(
    id="01" + "CD" * 15,
    status=types.ClaimStatus.VERIFIED,
    domain="two.example",
    created_at=MADE,
    expires_at=EXPIRY,
    assert_by=None,
    log=(),
    token=None,
    last_verified_at=LATER,
    last_verification_method="DNS",
)
SMALL_POLICY = ValidationPolicy(
    validity=ValidityPolicy(86_400, 17_193_600, 600, 601),
    key_type=KeyType.RSA,
    allowed_lengths=(2048, 4096),
    key_format=KeyFormat.PKCS10,
    subject_dn=SubjectDnPolicy(
        {
            "common_name": StringPolicy(Presence.REQUIRED, "^.{1,64}$"),
            "organization": StringPolicy(Presence.STATIC, "Harbour Lantern Energy Ltd"),
        },
        ListPolicy(False, (), 0, 0),
    ),
    raw=POLICY,
)


def optional(pattern: str) -> StringPolicy:
    return StringPolicy(Presence.OPTIONAL, pattern)


def some(least: int, most: int, *patterns: str) -> ListPolicy:
    return ListPolicy(False, patterns, least, most)


FORBIDDEN = StringPolicy(Presence.FORBIDDEN, "")
WHOLE_POLICY = ValidationPolicy(
    validity=ValidityPolicy(3600, 7_776_000, 3600, 3600, 86_401),
    key_type=KeyType.RSA,
    allowed_lengths=(2048,),
    key_format=KeyFormat.PKCS8,
    public_key_signature=Presence.REQUIRED,
    subject_dn=SubjectDnPolicy(
        {
            "common_name": StringPolicy(Presence.REQUIRED, "^[a-z0-9. -]{1,64}$"),
            "given_name": optional("^.{1,20}$"),
            "surname": optional("^.{1,20}$"),
            "country": StringPolicy(Presence.STATIC, "GB"),
            "state": FORBIDDEN,
            "locality": optional("^[A-Za-z ]{1,30}$"),
            "street_address": optional("^.{1,30}$"),
            "postal_code": optional("^[A-Z0-9 ]{2,10}$"),
            "organization": StringPolicy(Presence.STATIC, "Harbour Lantern Energy Ltd"),
            "organization_identifier": FORBIDDEN,
            "email": optional("^[a-z.]+@one[.]example$"),
            "serial_number": optional("^[0-9]{1,10}$"),
            "pseudonym": FORBIDDEN,
            "business_category": optional("^(Private|Government) Organization$"),
            "jurisdiction_of_incorporation_locality_name": FORBIDDEN,
            "jurisdiction_of_incorporation_state_or_province_name": FORBIDDEN,
            "jurisdiction_of_incorporation_country_name": optional("^[A-Z]{2}$"),
        },
        ListPolicy(True, ("^[A-Z]{1,8}$",), 0, 2),
        {
            "1.2.3.4.1": AttributePolicy(ValueType.UTF8STRING, True, "^[a-z]{1,9}$", 1, 1),
            "1.2.3.4.2": AttributePolicy(ValueType.INTEGER, False, "", 0, 2),
        },
    ),
    san=SanPolicy(
        {
            "dns_names": some(1, 3, ".one.example", "two.example"),
            "emails": some(0, 2, "@one.example"),
            "ip_addresses": some(0, 2, r"^192[.]0[.]2[.][0-9]{1,3}$", "^2001:db8::[0-9a-f]{1,4}$"),
            "uris": some(0, 1, "^https://one[.]example/[a-z]*$"),
        },
        {
            "1.3.6.1.4.1.311.20.2.3": AttributePolicy(
                ValueType.UTF8STRING, False, "^[a-z]+@one[.]example$", 0, 1
            )
        },
        True,
    ),
    key_usages={
        "digital_signature": Flag.STATIC_TRUE,
        "content_commitment": Flag.OPTIONAL,
        "key_encipherment": Flag.OPTIONAL,
        "data_encipherment": Flag.STATIC_FALSE,
    },
    extended_key_usages=ExtendedKeyUsagesPolicy(some(1, 2, r"^1\.3\.6\.1\.5\.5\.7\.3\.[12]$"), True),
    subject_da=SubjectDaPolicy(
        {"gender": optional("^[MF]$"), "place_of_birth": optional("^[A-Za-z ]{1,20}$")},
        {"country_of_citizenship": some(0, 2, "^[A-Z]{2}$"), "country_of_residence": some(0, 1, "^GB$")},
        Presence.OPTIONAL,
        {"1.2.3.4.3": AttributePolicy(ValueType.NIL)},
    ),
    qualified_statements=QualifiedStatementsPolicy(
        SemanticsPolicy(optional(r"^0[.]4[.]0[.]194121[.]1[.][12]$"), some(0, 1, "^https://one[.]example/$")),
        {"etsi_qc_compliance": Flag.OPTIONAL, "etsi_qc_sscd_compliance": Flag.STATIC_FALSE},
        optional(r"^0[.]4[.]0[.]1862[.]1[.]6[.][123]$"),
        NumberPolicy(Presence.OPTIONAL, 1, 30),
        PdsPolicy(Presence.OPTIONAL, {"EN": "^https://one[.]example/pds$"}),
    ),
    ms_extension_template=MsTemplatePolicy(
        optional(r"^1[.]3[.]6[.]1[.]4[.]1[.]311[.]21[.]8[.][0-9.]{1,40}$"),
        NumberPolicy(Presence.OPTIONAL, 0, 200),
        NumberPolicy(Presence.OPTIONAL, 0, 200),
        True,
    ),
    custom_extensions={
        "1.2.3.5.1": ExtensionPolicy(Presence.OPTIONAL, ValueType.UTF8STRING, True, "^[a-z]{1,9}$"),
        "1.2.3.5.2": ExtensionPolicy(Presence.OPTIONAL, ValueType.NIL),
        "1.2.3.5.3": ExtensionPolicy(Presence.OPTIONAL, ValueType.DER),
        "1.2.3.5.4": ExtensionPolicy(Presence.STATIC, ValueType.INTEGER, False, "7"),
        "1.2.3.5.5": ExtensionPolicy(Presence.FORBIDDEN, ValueType.IA5STRING),
    },
    signature=SignaturePolicy(
        ChoicePolicy(Presence.OPTIONAL, ("RSA",)), ChoicePolicy(Presence.OPTIONAL, ("SHA-256", "SHA-384"))
    ),
    raw=SWITCHED_POLICY,
)
EXPECTED: dict[str, object] = {
    "token": "eyJ.a.b",
    "value": 999_881,
    "trust chain": (PEM, PEM),
    "certificate": types.IssuedCertificate(SERIAL, PEM, types.CertificateStatus.ISSUED, MADE),
    "stats": (types.CertificateStat(SERIAL, MADE, LATER),),
    "claim": PENDING_CLAIM,
    "claims": (VERIFIED_CLAIM, PENDING_CLAIM),
    "submitted claim": types.SubmittedClaim("01" + "AB" * 15, "01ab", MADE),
    "authorization domains": ("one.example.", "example"),
    "claim emails": types.ClaimEmails(
        ("admin@one.example",), {"SOA": ("dns@one.example",), "TXT": ()}, {"SOA": ("no answer",)}
    ),
    "policy": SMALL_POLICY,
    "whole policy": WHOLE_POLICY,
    "registration": account.Registration("ABCDEFGHIJK"),
    "account": NEW_ACCOUNT,
    "accounts": (NEW_ACCOUNT, OLD_ACCOUNT),
    "emails": (account.Email(account.EmailKind.INVITATION, "a@b.example", "s", "t\n", MOMENT),),
    "requested profile": account.RequestedIdentityProfile("IBCDEFGHIJK", QUEUED),
    "profile": account.IdentityProfile("IBCDEFGHIJK", DETAILS, QUEUED, MOMENT, MOMENT, "case 7", None),
    "rejected profile": account.IdentityProfile(
        "IBCDEFGHIJK",
        DETAILS,
        account.IdentityProfileStatus.REJECTED,
        MOMENT,
        datetime(2026, 11, 24, 14, 5, 0, 250_000, tzinfo=UTC),
        "case 7",
        "Not found in the register.",
    ),
    "generated credential": account.GeneratedApiCredential(
        "CBCDEFGHIJK", "dip", "0123456789abcdef", "0123456789abcdef0123456789abcdef01234567"
    ),
    "credentials": (account.ApiCredential("CBCDEFGHIJK", "dip", "0123456789abcdef", MOMENT, (SERIAL,)),),
    "ordered": account.OrderedMtlsCertificate(SERIAL),
    "entries": (
        account.MtlsCertificateEntry(SERIAL, "a" * 64, account.MtlsStatus.PENDING, ("CBCDEFGHIJK",), None),
        account.MtlsCertificateEntry(SERIAL, "a" * 64, account.MtlsStatus.ISSUED, ("CBCDEFGHIJK",), MOMENT),
    ),
    "mtls certificate": account.MtlsCertificate(SERIAL, "ISSUED", PEM, (PEM, PEM), MOMENT),
    "user": account.User("UBCDEFGHIJK", "Bob", "bob@one.example", (account.Role.ADMINISTRATOR,), MOMENT),
}
