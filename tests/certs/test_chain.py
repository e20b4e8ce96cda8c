"""Chains: put in order whatever the order, every link verified, the root left out."""

from __future__ import annotations

import inspect
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from certs.chain import order_chain
from tests.certs.x509_factories import (
    Authority,
    codes,
    common,
    ec_key,
    intermediate,
    issue,
    leaf,
    root,
    rsa_key,
)

LEAF, ISSUER, ROOT = leaf(bits=2048), intermediate().certificate, root().certificate
STRANGER = root("Somebody Else").certificate


@pytest.mark.parametrize("pool", list(itertools.permutations([ISSUER, ROOT, STRANGER, LEAF])))
def test_any_order_with_strangers_gives_the_same_chain(pool: tuple[object, ...]) -> None:
    chain = order_chain(LEAF, pool)  # type: ignore[arg-type]
    assert (chain.issuers, chain.root, chain.findings) == ((ISSUER,), ROOT, ())


def test_without_the_root_the_chain_is_as_far_as_it_goes() -> None:
    chain = order_chain(LEAF, [ISSUER])
    assert (chain.issuers, chain.root) == ((ISSUER,), None)
    assert codes(chain.findings) == ["chain-incomplete"]
    assert "Test Root" in chain.findings[0].seen


def test_alone_it_is_incomplete_and_the_issuer_is_named() -> None:
    chain = order_chain(LEAF, [])
    assert codes(chain.findings) == ["chain-incomplete"]
    assert "CN=Test Issuing CA" in chain.findings[0].seen


def test_issued_by_the_root_itself_it_needs_no_issuers() -> None:
    own = issue(ec_key("direct").public_key(), root())
    chain = order_chain(own, [ROOT])
    assert (chain.issuers, chain.root, chain.findings) == ((), ROOT, ())


def test_an_issuer_with_the_right_name_and_another_key_breaks_it() -> None:
    impostor = issue(
        ec_key("impostor").public_key(), root(), name=common("Test Issuing CA"), is_authority=True
    )
    assert codes(order_chain(LEAF, [impostor, ROOT]).findings) == ["chain-broken"]


def test_of_two_issuers_with_one_name_the_one_that_signed_is_taken() -> None:
    impostor = issue(
        ec_key("impostor").public_key(), root(), name=common("Test Issuing CA"), is_authority=True
    )
    assert order_chain(LEAF, [impostor, ISSUER, ROOT]).issuers == (ISSUER,)


def test_one_that_is_only_known_breaks_nothing() -> None:
    impostor = issue(
        ec_key("impostor").public_key(), root(), name=common("Test Issuing CA"), is_authority=True
    )
    alone = order_chain(LEAF, [], known=[impostor])
    assert (alone.issuers, codes(alone.findings)) == ((), ["chain-incomplete"])
    assert order_chain(LEAF, [impostor], known=[ISSUER, ROOT]).issuers == (ISSUER,)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_that_signed_the_one_that_does_not_forbid_the_path_is_taken(turned: bool) -> None:
    key = ec_key("renewed")
    by = {"name": common("Renewed CA"), "is_authority": True}
    ended = issue(key.public_key(), root(), lasts=timedelta(days=9), **by)  # type: ignore[arg-type]
    renewed = issue(key.public_key(), root(), lasts=timedelta(days=900), **by)  # type: ignore[arg-type]
    below = issue(rsa_key(bits=2048).public_key(), Authority(key, renewed))
    pool = [renewed, ended] if turned else [ended, renewed]
    chain = order_chain(below, [*pool, ROOT], datetime.now(UTC) + timedelta(days=10))
    assert (chain.issuers, chain.findings) == ((renewed,), ())


def test_an_issuer_that_is_no_authority_breaks_it() -> None:
    plain = issue(ec_key("plain").public_key(), root(), name=common("Plain"))
    below = issue(ec_key("below").public_key(), Authority(ec_key("plain"), plain))
    assert codes(order_chain(below, [plain, ROOT]).findings) == ["chain-broken"]


def test_an_issuer_that_had_expired_before_breaks_it() -> None:
    old = issue(
        ec_key("old").public_key(),
        root(),
        name=common("Old CA"),
        begins=datetime.now(UTC) - timedelta(days=100),
        lasts=timedelta(days=10),
        is_authority=True,
    )
    below = issue(ec_key("below").public_key(), Authority(ec_key("old"), old))
    assert codes(order_chain(below, [old, ROOT]).findings) == ["chain-broken"]


def test_a_circle_ends() -> None:
    one, two = ec_key("circle one"), ec_key("circle two")
    by_two = Authority(
        two, issue(two.public_key(), None, name=common("Two"), signed_with=two, is_authority=True)
    )
    first = issue(one.public_key(), by_two, name=common("One"), is_authority=True)
    second = issue(two.public_key(), Authority(one, first), name=common("Two"), is_authority=True)
    below = issue(ec_key("below").public_key(), Authority(one, first))
    chain = order_chain(below, [first, second])
    assert (chain.issuers, codes(chain.findings)) == ((first, second), ["chain-incomplete"])


def test_a_very_long_chain_is_not_followed_for_ever() -> None:
    links = [root("Deep")]
    for depth in range(12):
        key = ec_key(f"deep {depth}")
        issued = issue(key.public_key(), links[-1], name=common(f"Deep {depth}"), is_authority=True)
        links.append(Authority(key, issued))
    below = issue(ec_key("below").public_key(), links[-1])
    assert codes(order_chain(below, [link.certificate for link in links]).findings) == ["chain-broken"]


def authority(name: str, by: Authority, *extensions: tuple[x509.ExtensionType, bool]) -> Authority:
    """An issuing CA with just these extensions besides those that every one has."""
    key, now = ec_key(name), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(common(name))
        .issuer_name(by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(by.certificate.not_valid_before_utc)
        .not_valid_after(now + timedelta(days=3650))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Authority(key, builder.sign(by.key, hashes.SHA256()))


def usage(**may: bool) -> x509.KeyUsage:
    """Of the nine usages those that `may` names."""
    names = list(inspect.signature(x509.KeyUsage).parameters)
    return x509.KeyUsage(**{name: may.get(name, False) for name in names})


CA = (x509.BasicConstraints(True, None), True)
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")
FORBIDDEN = {
    "usage": (CA, (usage(crl_sign=True), True)),
    "critical": (CA, (UNKNOWN, True)),
    "names": (
        CA,
        (x509.NameConstraints([x509.DirectoryName(common("Others"))], None), True),
    ),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_path_that_an_issuer_forbids_is_refused(name: str) -> None:
    issuer = authority(f"Forbids {name}", root(), *FORBIDDEN[name])
    below = issue(rsa_key(bits=2048).public_key(), issuer)
    for pool in ([issuer.certificate], [issuer.certificate, ROOT]):
        assert "chain-refused" in codes(order_chain(below, pool).findings)


def test_what_an_issuer_allows_is_taken() -> None:
    extensions = (CA, (usage(key_cert_sign=True), True), (UNKNOWN, False))
    issuer = authority("Allows", root(), *extensions)
    below = issue(rsa_key(bits=2048).public_key(), issuer)
    assert order_chain(below, [issuer.certificate, ROOT]).findings == ()


def test_an_authority_too_deep_for_the_path_length_is_refused() -> None:
    upper = authority("No authority below", root(), (x509.BasicConstraints(True, 0), True))
    lower = authority("Below all the same", upper, CA)
    below = issue(rsa_key(bits=2048).public_key(), lower)
    assert codes(order_chain(below, [lower.certificate, upper.certificate, ROOT]).findings) == [
        "chain-refused"
    ]
    direct = issue(rsa_key(bits=2048).public_key(), upper)
    assert order_chain(direct, [upper.certificate, ROOT]).findings == ()


def test_an_issuer_that_has_ended_since_is_refused_at_that_time() -> None:
    key, now = ec_key("ends soon"), datetime.now(UTC)
    ends = issue(
        key.public_key(), root(), name=common("Ends soon"), lasts=timedelta(days=9), is_authority=True
    )
    below = issue(rsa_key(bits=2048).public_key(), Authority(key, ends))
    assert order_chain(below, [ends, ROOT], now).findings == ()
    later = order_chain(below, [ends, ROOT], now + timedelta(days=10))
    assert codes(later.findings) == ["chain-refused"]
