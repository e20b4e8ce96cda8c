"""Who is trusted, how the client certificate is shown, and that its key never stands on a disk.
Not here: what travels inside the connection; see test_transport.
"""

import datetime
import os
import ssl
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from atlas.errors import Refused, Unreachable
from atlas.tls import client_context, load_from_encrypted_file
from atlas.transport import Transport
from atlas.types import ClientIdentity
from tests.atlas.authority import authority, key_pem
from tests.atlas.broken_peer import BrokenPeer, reply
from tests.atlas.clients import failure_of
from tests.atlas.folder_watch import new_files, removed_files, written_files

YESTERDAY = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)


@pytest.fixture
def strangers_root(tmp_path: Path) -> Path:
    file = tmp_path / "strangers-root.pem"
    file.write_bytes(authority("a stranger").pem)
    return file


@pytest.fixture
def identity() -> ClientIdentity:
    return authority("client root").issue("a client")


def test_a_server_for_another_host_name_is_not_trusted(root: Path) -> None:
    server = authority("test root").issue("elsewhere.example")
    failure = failure_of(BrokenPeer(server=server), root)
    assert isinstance(failure, Unreachable)
    assert "another host name" in str(failure)
    assert not failure.outcome_unknown


def test_a_server_for_a_host_name_is_not_trusted_under_its_address(root: Path) -> None:
    assert "another host name" in str(failure_of(BrokenPeer(host="127.0.0.1"), root))


def test_an_expired_server_certificate_is_not_trusted(root: Path) -> None:
    server = authority("test root").issue("localhost", not_after=YESTERDAY)
    assert "has expired" in str(failure_of(BrokenPeer(server=server), root))


def test_a_server_of_another_root_is_not_trusted(root: Path) -> None:
    peer = BrokenPeer(server=authority("a stranger").issue("localhost"))
    failure = failure_of(peer, root)
    assert "does not chain" in str(failure)
    assert peer.requests == []


def test_with_a_root_given_it_alone_is_trusted_even_after_calls(root: Path) -> None:
    with BrokenPeer() as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things")
        adapter = transport._adapter
        pool = adapter.poolmanager.connection_from_url(peer.url, {"ssl_context": adapter._context})
        assert pool.num_requests == 1
        assert len(pool.conn_kw["ssl_context"].get_ca_certs()) == 1


def test_without_a_root_the_systems_own_are_trusted_and_no_others() -> None:
    assert "does not chain" in str(failure_of(BrokenPeer(), None))


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
@pytest.mark.parametrize("given", [True, False])
def test_the_environment_cannot_make_us_trust_a_stranger(
    root: Path, strangers_root: Path, monkeypatch: pytest.MonkeyPatch, name: str, given: bool
) -> None:
    monkeypatch.setenv(name, str(strangers_root))
    peer = BrokenPeer(server=authority("a stranger").issue("localhost"))
    assert isinstance(failure_of(peer, root if given else None), Unreachable)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REQUESTS_CA_BUNDLE", "/nowhere"),
        ("CURL_CA_BUNDLE", "/nowhere"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("https_proxy", "http://127.0.0.1:9"),
        ("ALL_PROXY", "http://127.0.0.1:9"),
    ],
)
def test_the_environment_cannot_lead_us_elsewhere(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with BrokenPeer(reply(body=b'["ours"]')) as peer, Transport(peer.url, root=root) as transport:
        assert transport.call("GET", "/things").parse(list[str]) == ["ours"]
    assert [request.split(b"\r\n")[0] for request in peer.requests] == [b"GET /v2/things HTTP/1.1"]


def test_no_password_is_taken_from_a_netrc_file(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    with BrokenPeer() as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things")
    assert b"authorization" not in peer.requests[0].lower()


def test_session_keys_are_not_written_where_the_environment_says(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(key_log))
    with BrokenPeer() as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things")
    assert not key_log.exists()


def test_the_client_certificate_is_shown(root: Path, identity: ClientIdentity) -> None:
    peer = BrokenPeer(client_root=authority("client root").pem)
    with peer, Transport(peer.url, identity, root) as transport:
        transport.call("GET", "/things")
    assert peer.shown == [ssl.PEM_cert_to_DER_cert(identity.certificate_pem.decode())]


def test_a_server_that_wants_a_client_certificate_and_gets_none_refuses(root: Path) -> None:
    failure = failure_of(BrokenPeer(client_root=authority("client root").pem), root)
    assert isinstance(failure, Refused)
    assert failure.status is None


def test_a_server_refuses_a_client_certificate_of_another_root(root: Path) -> None:
    peer = BrokenPeer(client_root=authority("client root").pem)
    assert isinstance(failure_of(peer, root, identity=authority("a stranger").issue("a client")), Refused)


def test_a_server_refuses_an_expired_client_certificate(root: Path) -> None:
    peer = BrokenPeer(client_root=authority("client root").pem)
    assert isinstance(
        failure_of(peer, root, identity=authority("client root").issue("old", YESTERDAY)), Refused
    )


def spoiled(identity: ClientIdentity) -> Iterator[ClientIdentity]:
    key = load_pem_private_key(identity.private_key_pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificate = identity.certificate_pem
    yield ClientIdentity(certificate, key_pem(ec.generate_private_key(ec.SECP256R1())))
    yield ClientIdentity(certificate, key_pem(key, password=b"something"))
    yield ClientIdentity(certificate, b"")
    yield ClientIdentity(b"", identity.private_key_pem)
    yield ClientIdentity(b"\x00\xff", b"\x00\xff")
    yield ClientIdentity(certificate[:200], identity.private_key_pem)


def test_a_key_and_certificate_that_do_not_fit_are_refused_at_once(identity: ClientIdentity) -> None:
    for corrupted in spoiled(identity):
        with pytest.raises(Refused) as caught:
            client_context(corrupted)
        assert caught.value.status is None
        with pytest.raises(Refused):
            load_from_encrypted_file(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), corrupted)


def test_a_root_file_without_a_certificate_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_bytes(b"nothing")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(ValueError, match=name):
            client_context(root=tmp_path / name)


def test_an_identity_does_not_show_its_key(identity: ClientIdentity) -> None:
    assert "PRIVATE" not in repr(identity)


def test_no_file_comes_into_being_anywhere_while_a_connection_is_made(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: ClientIdentity
) -> None:
    own = tmp_path / "tmp"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    monkeypatch.chdir(tmp_path)
    with (
        BrokenPeer(client_root=authority("client root").pem) as peer,
        new_files(own, tmp_path) as made,
        written_files() as written,
        Transport(peer.url, identity, root) as transport,
    ):
        transport.call("GET", "/things")
        links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert (made, written) == ([], [])
    assert not any("client-identity" in link for link in links)


def test_where_there_is_no_memory_file_only_an_encrypted_key_touches_the_disk_and_for_a_moment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: ClientIdentity
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delattr(os, "memfd_create")
    with new_files(tmp_path) as names, removed_files() as removed:
        client_context(identity)
    assert len(names) == len(removed) == 1
    mode, content = removed[0]
    assert mode == stat.S_IRUSR | stat.S_IWUSR
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in content
    assert b"BEGIN PRIVATE KEY" not in content
    assert not list(tmp_path.glob("client-identity-*"))


def test_the_encrypted_file_is_gone_even_if_it_could_not_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: ClientIdentity
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Refused):
        load_from_encrypted_file(
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ClientIdentity(b"", identity.private_key_pem)
        )
    assert not list(tmp_path.glob("client-identity-*"))


def test_an_identity_is_shown_where_there_is_no_memory_file(
    root: Path, monkeypatch: pytest.MonkeyPatch, identity: ClientIdentity
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    peer = BrokenPeer(client_root=authority("client root").pem)
    with peer, Transport(peer.url, identity, root) as transport:
        transport.call("GET", "/things")
    assert peer.shown == [ssl.PEM_cert_to_DER_cert(identity.certificate_pem.decode())]
