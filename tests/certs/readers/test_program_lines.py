"""The lines that the help shows for each program, run as they stand with the file that it recommends.

Where a program connects, the server must let it in, for which the issuer must be sent. Programs that are not on every
machine are in test_other_program_lines.py; those in NOT_RUN are on none: their rows say who says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs import pfx
from certs.pfx_encryption import PfxEncryption
from certs.programs import ProgramFile, find_program
from tests.certs.readers.conftest import TRUST
from tests.certs.readers.mutual_tls import Server
from tests.certs.test_pfx_interop import node
from tests.certs.x509_factories import intermediate, leaf, rsa_key

pytestmark = pytest.mark.interop
PASSWORD = "horse-1"  # of files that are made for a test
JAVA = """import java.io.*; import java.net.URL; import java.security.*; import javax.net.ssl.*;
public class Client {{ public static void main(String[] words) throws Exception {{
{lines}
HttpsURLConnection visit = (HttpsURLConnection) new URL("{url}").openConnection();
{use}
System.out.println(visit.getResponseCode()); }} }}"""
USE = """SSLContext context = SSLContext.getInstance("TLS");
context.init(keys.getKeyManagers(), null, null); visit.setSSLSocketFactory(context.getSocketFactory());"""
SSL = """
import socket
host, port = "https://api.example/"[8:-1].split(":")
with context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host) as opened:
    opened.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    assert opened.recv(100)"""
# What is put behind Python's lines.
PYTHON = {
    "python-requests": "\nassert answer.ok",
    "python-httpx": "\nassert answer.is_success",
    "python-ssl": SSL,
    "python-cryptography": "\nassert key and certificate and len(issuers) == 1",
}
VISITS = ("python-requests", "python-httpx", "python-ssl", "node", "curl", "curl-gnutls", "wget")
OPENS = ("python-cryptography", "openssl", "keytool", "nss", "gnutls")
IN_JAVA = ("java", "java-null", "java-properties")
# Their programs, or what they speak to, are not to be had here. Others are in test_other_program_lines.py.
NOT_RUN = ("curl-schannel", "windows", "windows-2016", "azure-app-service", "azure-key-vault", "macos")


def write_file(folder: Path, takes: ProgramFile) -> None:
    chain = [intermediate().certificate]
    if takes is ProgramFile.PEM:
        data = pfx.export_pem(rsa_key(), leaf(), chain)
    else:
        kind = PfxEncryption(takes.value)
        data = pfx.build(rsa_key(), leaf(), chain, kind, PASSWORD if kind.has_password else None)
    (folder / takes.file_name).write_bytes(data)


def run(folder: Path, server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    """Each of the programs is told in its own way to trust the server."""
    trusted = str(server.trusted)
    (folder / "wgetrc").write_text(f"ca_certificate = {trusted}\n")
    trust = f"-Djavax.net.ssl.trustStore={server.trusted.with_name('trust.p12')}"
    environment = {
        **os.environ,
        **dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), trusted),
        "WGETRC": str(folder / "wgetrc"),
        "JAVA_TOOL_OPTIONS": f"{trust} -Djavax.net.ssl.trustStorePassword={TRUST}",
        "no_proxy": "localhost",
        "NO_PROXY": "localhost",
    }
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def lines_of(name: str, server: Server, folder: Path) -> str:
    found = find_program(name)
    assert found is not None
    write_file(folder, found.takes)
    return found.lines.replace("https://api.example/", server.url).replace("FOLDER", str(folder))


def words_for(name: str, lines: str, server: Server) -> list[str]:
    if name in PYTHON:
        return [sys.executable, "-c", lines + PYTHON[name].replace("https://api.example/", server.url)]
    # With a PFX that holds issuers Node 20 passes over NODE_EXTRA_CA_CERTS; with this option it reads SSL_CERT_FILE.
    return [node(), "--use-openssl-ca", "-e", lines] if name == "node" else ["bash", "-c", lines]


@pytest.mark.parametrize("name", VISITS)
def test_the_lines_of_a_program_let_it_in(name: str, server: Server, tmp_path: Path) -> None:
    server.visitors.clear()
    done = run(tmp_path, server, *words_for(name, lines_of(name, server, tmp_path), server))
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.visitors == [leaf().public_bytes(Encoding.DER)], done.stderr


@pytest.mark.parametrize("name", OPENS)
def test_the_lines_of_a_program_open_the_file(name: str, server: Server, tmp_path: Path) -> None:
    lines = lines_of(name, server, tmp_path)
    if name == "nss":
        run(tmp_path, server, "certutil", "-N", "-d", f"sql:{tmp_path}", "--empty-password")
    done = run(tmp_path, server, *words_for(name, lines, server))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", IN_JAVA)
def test_the_lines_for_java_let_it_in(name: str, server: Server, tmp_path: Path) -> None:
    server.visitors.clear()
    lines = lines_of(name, server, tmp_path)
    done = visit_in_java(name, lines, server, tmp_path)
    assert done.stdout.split() == ["200"], done.stderr
    assert server.visitors == [leaf().public_bytes(Encoding.DER)]


@pytest.mark.nightly
def test_the_file_for_the_dip_sends_nothing_from_java_by_system_properties(
    server: Server, tmp_path: Path
) -> None:
    lines = lines_of("java-properties", server, tmp_path)
    write_file(tmp_path, ProgramFile.PASSWORDLESS)
    server.visitors.clear()
    assert visit_in_java("java-properties", lines, server, tmp_path).returncode == 1
    assert server.visitors == []


def visit_in_java(name: str, lines: str, server: Server, folder: Path) -> subprocess.CompletedProcess[str]:
    by_properties = name == "java-properties"
    code = JAVA.format(lines="" if by_properties else lines, url=server.url, use="" if by_properties else USE)
    (folder / "Client.java").write_text(code)
    call = lines.replace("-jar client.jar", "Client.java") if by_properties else "java Client.java"
    return run(folder, server, "bash", "-c", call)


@pytest.mark.parametrize("file", [each for each in ProgramFile if each.commands])
def test_the_command_makes_each_file_of_the_one_for_the_dip(file: ProgramFile, tmp_path: Path) -> None:
    write_file(tmp_path, ProgramFile.PASSWORDLESS)
    (command,) = [each for each in file.commands if each.shell == "bash"]
    locked = file not in (ProgramFile.PEM, ProgramFile.CERTIFICATES_IN_CLEAR)
    call = command.text.replace("apicert-new.pfx", f"apicert-new.pfx -passout pass:{PASSWORD}", locked)
    subprocess.run(["bash", "-c", call], cwd=tmp_path, check=True, capture_output=True)
    if file is ProgramFile.PEM:
        assert (tmp_path / "apicert.pem").read_text().count("BEGIN ") == 3
        return
    made = pfx.read((tmp_path / "apicert-new.pfx").read_bytes(), PASSWORD if locked else "")
    assert made.encryption == file.value
    assert made.chain_pem.count("BEGIN") == 1
