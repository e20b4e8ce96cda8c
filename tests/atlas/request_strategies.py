"""Certificate requests as Hypothesis strategies: right ones for the whole policy, and the same with faults in them.
Not here: who judges them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import strategies as st

from atlas.key_check import PrivateKey, proof_of_possession, public_key_pem
from atlas.policy_types import KeyFormat
from atlas.request_types import (
    CertificateRequest,
    KeyUsages,
    MsExtensionTemplate,
    QualifiedStatements,
    San,
    Semantics,
    Signature,
    SubjectDa,
    SubjectDn,
    TypedValue,
)

UPN = "1.3.6.1.4.1.311.20.2.3"
SERVER_AUTH, CLIENT_AUTH = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """The one key of this length in a test run."""
    return _rsa_key(bits)


@cache
def _rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def csr(key: PrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ignored")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


@cache
def other_key_pem() -> str:
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


@cache
def proof(key: PrivateKey) -> str:
    return proof_of_possession(key)


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values; the first one, which is what is not sent, about half the time."""
    return st.sampled_from(values) if len(values) < 2 else st.just(values[0]) | st.sampled_from(values[1:])


def some(most: int, *values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


subjects = st.builds(
    SubjectDn,
    common_name=st.sampled_from(["dip.one.example", "a", "one ltd", "x" * 64]),
    given_name=maybe("", "Alice", "Zoë"),
    surname=maybe("", "Archer"),
    locality=maybe("", "Falmouth"),
    street_address=maybe("", "1 High Street"),
    postal_code=maybe("", "TR11 1AA"),
    email=maybe("", "alice@one.example"),
    serial_number=maybe("", "7"),
    business_category=maybe("", "Private Organization"),
    jurisdiction_of_incorporation_country_name=maybe("", "GB"),
    organizational_unit=some(2, "IT", "OPS"),
    extra_attributes=some(
        2, TypedValue("1.2.3.4.1", "abc"), TypedValue("1.2.3.4.2", "-12"), TypedValue("1.2.3.4.2", "0")
    ),
)
names = st.builds(
    San,
    dns_names=st.sampled_from(
        [("dip.one.example",), ("a.one.example", "*.one.example"), ("two.example", "B.TWO.example")]
    ),
    emails=some(2, "alice@one.example", "bob@one.example"),
    ip_addresses=some(2, "192.0.2.1", "192.0.2.200", "2001:db8::1"),
    uris=some(1, "https://one.example/", "https://one.example/dip"),
    other_names=some(1, TypedValue(UPN, "alice@one.example")),
)
attributes = st.builds(
    SubjectDa,
    gender=maybe("", "F", "M"),
    date_of_birth=maybe(None, date(1980, 2, 29)),
    place_of_birth=maybe("", "Penryn"),
    country_of_citizenship=some(2, "GB", "FR"),
    country_of_residence=some(1, "GB"),
)
statements = st.builds(
    QualifiedStatements,
    semantics=st.builds(
        Semantics, identifier=maybe("", "0.4.0.194121.1.1"), name_authorities=some(1, "https://one.example/")
    ),
    etsi_qc_compliance=maybe(None, True, False),
    etsi_qc_type=maybe("", "0.4.0.1862.1.6.2"),
    etsi_qc_retention_period=maybe(None, 1, 30),
    etsi_qc_pds=maybe({}, {"EN": "https://one.example/pds"}),
)
extensions = st.sampled_from([{}, {"1.2.3.5.1": "abc"}, {"1.2.3.5.2": "NIL"}, {"1.2.3.5.3": "0c026162"}])


@st.composite
def right_requests(draw: st.DrawFn, key_format: KeyFormat) -> CertificateRequest:
    """A request that the whole policy allows, with a few seconds to spare."""
    key = rsa_key()
    start = datetime.now(UTC) + timedelta(seconds=draw(st.integers(-3500, 3500)))
    length = draw(st.none() | st.integers(3600, 7_776_000))
    pkcs8 = key_format == KeyFormat.PKCS8
    return CertificateRequest(
        public_key=public_key_pem(key) if pkcs8 else csr(key),
        not_before=start,
        not_after=None if length is None else start + timedelta(seconds=length),
        subject_dn=draw(subjects),
        san=draw(names),
        key_usages=KeyUsages(
            key_encipherment=draw(maybe(None, True, False)), content_commitment=draw(maybe(None, True))
        ),
        extended_key_usages=draw(
            st.sampled_from([(SERVER_AUTH,), (CLIENT_AUTH,), (SERVER_AUTH, CLIENT_AUTH)])
        ),
        subject_da=draw(attributes),
        qualified_statements=draw(statements),
        ms_extension_template=draw(maybe(None, MsExtensionTemplate("1.3.6.1.4.1.311.21.8.1.2", 1, 0))),
        custom_extensions=draw(extensions),
        signature=draw(
            st.builds(Signature, algorithm=maybe("", "RSA"), hash_algorithm=maybe("", "SHA-256", "SHA-384"))
        ),
        public_key_signature=proof(key) if pkcs8 else None,
    )


Spoiler = Callable[[CertificateRequest], CertificateRequest]


def within(part: str, **change: Any) -> Spoiler:
    return lambda request: replace(request, **{part: replace(getattr(request, part), **change)})


def whole(**change: Any) -> Spoiler:
    return lambda request: replace(request, **change)


def later(**change: Any) -> Spoiler:
    """Times that are moved from where they were."""
    return lambda request: replace(
        request,
        **{name: (getattr(request, name) or request.not_before) + delta for name, delta in change.items()},
    )


# What a policy refuses, kind by kind; some are harmless, so that both judges may also agree on yes.
SPOILERS: tuple[Spoiler, ...] = (
    later(not_before=timedelta(hours=3)),
    later(not_before=timedelta(hours=-3)),
    later(not_after=timedelta(days=4000)),
    lambda request: replace(request, not_after=request.not_before + timedelta(seconds=3599)),
    within("subject_dn", common_name=""),
    within("subject_dn", common_name="UPPER"),
    within("subject_dn", common_name="x" * 65),
    within("subject_dn", country="GB"),
    within("subject_dn", organization="Other Ltd"),
    within("subject_dn", state="Cornwall"),
    within("subject_dn", pseudonym="a"),
    within("subject_dn", surname="tab\there"),
    within("subject_dn", email="alice@one.example\n"),
    within("subject_dn", email="alice@two.example"),
    within("subject_dn", serial_number="x"),
    within("subject_dn", organizational_unit=("A", "B", "C")),
    within("subject_dn", organizational_unit=("it",)),
    within("subject_dn", extra_attributes=(TypedValue("1.2.9", "a"),)),
    within("subject_dn", extra_attributes=(TypedValue("1.2.3.4.2", "twelve"),)),
    within("subject_dn", extra_attributes=(TypedValue("1.2.3.4.1", "ABC"),)),
    within("subject_dn", extra_attributes=(TypedValue("1.2.3.4.1", "a"), TypedValue("1.2.3.4.1", "b"))),
    within("san", dns_names=()),
    within("san", dns_names=("a.one.example",) * 4),
    within("san", dns_names=("nodot",)),
    within("san", dns_names=("three.example",)),
    within("san", dns_names=("-.one.example",)),
    within("san", dns_names=("ſ.one.example",)),
    within("san", emails=("alice@two.example",)),
    within("san", emails=("a b@one.example",)),
    within("san", ip_addresses=("10.0.0.1",)),
    within("san", ip_addresses=("192.0.2.999",)),
    within("san", uris=("http://one.example/",)),
    within("san", uris=("https://one.example/a", "https://one.example/b")),
    within("san", other_names=(TypedValue("1.2.3.4", "a"),)),
    within("san", other_names=(TypedValue(UPN, "Alice"),)),
    within("key_usages", digital_signature=True),
    within("key_usages", data_encipherment=False),
    within("key_usages", crl_sign=True),
    whole(extended_key_usages=()),
    whole(extended_key_usages=(SERVER_AUTH, SERVER_AUTH)),
    whole(extended_key_usages=("1.3.6.1.5.5.7.3.9",)),
    whole(extended_key_usages=(SERVER_AUTH, CLIENT_AUTH, "1.3.6.1.5.5.7.3.1")),
    within("subject_da", gender="X"),
    within("subject_da", country_of_residence=("FR",)),
    within("subject_da", country_of_citizenship=("GB", "FR", "DE")),
    within("subject_da", extra_attributes=(TypedValue("1.2.9", "a"),)),
    within("qualified_statements", semantics=Semantics("1.2.3")),
    within("qualified_statements", semantics=Semantics("", ("https://two.example/",))),
    within("qualified_statements", etsi_qc_sscd_compliance=True),
    within("qualified_statements", etsi_qc_type="1.2.3"),
    within("qualified_statements", etsi_qc_retention_period=31),
    within("qualified_statements", etsi_qc_pds={"FR": "https://one.example/pds"}),
    within("qualified_statements", etsi_qc_pds={"EN": "https://two.example/"}),
    whole(ms_extension_template=MsExtensionTemplate("1.2.3")),
    whole(ms_extension_template=MsExtensionTemplate("1.3.6.1.4.1.311.21.8.1", 201)),
    whole(custom_extensions={"1.2.3.5.9": "a"}),
    whole(custom_extensions={"1.2.3.5.1": "ABC"}),
    whole(custom_extensions={"1.2.3.5.2": "something"}),
    whole(custom_extensions={"1.2.3.5.3": "0c0261"}),
    whole(custom_extensions={"1.2.3.5.4": "7"}),
    whole(custom_extensions={"1.2.3.5.5": "a"}),
    whole(signature=Signature("ECDSA")),
    whole(signature=Signature(hash_algorithm="SHA-512")),
    whole(public_key=""),
    whole(public_key="hello"),
    lambda request: replace(request, public_key=public_key_pem(ec_key())),
    lambda request: replace(
        request, public_key=public_key_pem(rsa_key(1024)), public_key_signature=proof(rsa_key(1024))
    ),
    lambda request: replace(request, public_key=csr(ec_key())),
    lambda request: replace(request, public_key=csr(rsa_key(1024))),
    lambda request: replace(request, public_key=other_key_pem()),
    lambda request: replace(request, public_key=csr(rsa_key()).replace("MII", "MIJ", 1)),
    lambda request: replace(request, public_key=csr(rsa_key())),
    whole(public_key_signature=None),
    whole(public_key_signature="AAAA"),
    whole(public_key_signature="not base64"),
    lambda request: replace(request, public_key_signature=proof(rsa_key())),
)


@st.composite
def any_requests(draw: st.DrawFn, key_format: KeyFormat) -> CertificateRequest:
    """A right request with none, one or two of the spoilers at work on it."""
    request = draw(right_requests(key_format))
    for spoil in draw(st.lists(st.sampled_from(SPOILERS), max_size=2)):
        request = spoil(request)
    return request
