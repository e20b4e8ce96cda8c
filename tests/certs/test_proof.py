"""The proof: does the bundle open Atlas? By a worker, or by a person with our command and a pasted answer."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from atlas.errors import Unreachable
from atlas.sandbox.server import Sandbox
from certs import credentials, pfx, proof, signing, vault
from certs.credentials import read_pasted
from certs.findings import Command, InvalidArtifact
from certs.findings.openssl_commands import FileNames
from certs.models import ApiCredential, Bundle, SigningRequest
from certs.vault import VaultError
from tests.certs.atlas_customer import Customer, until
from tests.certs.conftest import program
from tests.certs.shells import run, words
from tests.certs.x509_factories import codes, ec_key, key_pem

NAMES = FileNames("apicert-7f3a")


@pytest.fixture(autouse=True)
def curl() -> str:
    """The command for people is a promise about curl and openssl."""
    return program("openssl", "openssl") and program("curl", "curl")


@dataclass
class Ready:
    """A case that holds everything, and the files that a person would have."""

    bundle: Bundle
    credential: ApiCredential
    folder: Path
    key: str
    secret: str

    @property
    def typed(self) -> str:
        return f"{self.key}\n{self.secret}\n"


@pytest.fixture
def ready(request_with_key: SigningRequest, at_atlas: Customer, tmp_path: Path) -> Ready:
    made = at_atlas.credential
    intent = signing.plan(request_with_key, at_atlas.account_id, [made.api_credential_id])
    until(lambda: signing.advance(at_atlas.api, intent.pk) is not None)
    intent.refresh_from_db()
    assert intent.certificate is not None
    bundle = pfx.make(request_with_key.company_id, request_with_key.case_id, intent.certificate)
    pair = read_pasted(made.api_key, made.api_secret)
    credential = credentials.store(request_with_key.company_id, request_with_key.case_id, pair, made.name)
    opened = pfx.identity(bundle)
    (tmp_path / NAMES.pfx).write_bytes(pfx.download_once(pfx.grant_download(bundle, 7).pk, 7).data)
    (tmp_path / NAMES.cer).write_bytes(opened.certificate_pem)
    (tmp_path / NAMES.key).write_bytes(opened.private_key_pem)
    return Ready(bundle, credential, tmp_path, made.api_key, made.api_secret)


def wrong_credential(ready: Ready, key: str, secret: str) -> ApiCredential:
    pair = read_pasted(key, secret)
    return credentials.store(ready.bundle.company_id, ready.bundle.case_id, pair, "wrong")


def test_a_good_bundle_signs_in_and_shows_what_it_may(ready: Ready, atlas: Sandbox) -> None:
    proven = proof.prove(ready.bundle, ready.credential, atlas.url, atlas.root_path)
    certificate = ready.bundle.certificate
    assert (proven.certificate_sha256, proven.serial) == (certificate.sha256, certificate.serial)
    assert proven.public_key_sha256 == certificate.signing_request.public_key_sha256
    assert proven.policy.key_type == "RSA"
    assert 4096 in proven.policy.allowed_lengths
    assert proven.policy.seconds_max > 0
    assert proven.quota is not None
    assert proven.findings == ()


def test_a_wrong_secret_is_refused(ready: Ready, atlas: Sandbox) -> None:
    wrong = wrong_credential(ready, ready.key, "0" * 40)
    with pytest.raises(InvalidArtifact) as caught:
        proof.prove(ready.bundle, wrong, atlas.url, atlas.root_path)
    assert caught.value.codes == ("proof-refused",)


def test_a_credential_that_the_certificate_is_not_linked_to_is_refused(
    ready: Ready, atlas: Sandbox, at_atlas: Customer
) -> None:
    other = at_atlas.another_credential()
    wrong = wrong_credential(ready, other.api_key, other.api_secret)
    with pytest.raises(InvalidArtifact, match="linked to this API credential") as caught:
        proof.prove(ready.bundle, wrong, atlas.url, atlas.root_path)
    assert caught.value.codes == ("proof-refused",)


def test_an_atlas_that_is_away_is_no_verdict(ready: Ready, atlas: Sandbox) -> None:
    with pytest.raises(Unreachable):
        proof.prove(ready.bundle, ready.credential, "https://localhost:1/v2", atlas.root_path)


def test_what_was_destroyed_proves_nothing(ready: Ready, atlas: Sandbox) -> None:
    vault.destroy(ready.credential.secret)
    with pytest.raises(VaultError):
        proof.prove(ready.bundle, ready.credential, atlas.url, atlas.root_path)


def shown(atlas: Sandbox, shell: str, *, with_key_file: bool = False) -> Command:
    commands = proof.local_command(atlas.url, NAMES, atlas.root_path, with_key_file=with_key_file)
    (one,) = [command for command in commands if command.shell == shell]
    return one


@pytest.mark.parametrize("with_key_file", [False, True])
@pytest.mark.parametrize("shell", ["bash", "git-bash"])
def test_the_command_gives_an_answer_that_proves_it(
    ready: Ready, atlas: Sandbox, shell: str, with_key_file: bool
) -> None:
    answer = run(shown(atlas, shell, with_key_file=with_key_file), ready.folder, ready.typed)
    for hidden in (ready.secret, "access_token", "Bearer"):
        assert hidden not in answer
    proven = proof.read_answer(answer, ready.bundle.certificate.sha256)
    assert proven.certificate_sha256 == ready.bundle.certificate.sha256
    assert proven.policy == proof.prove(ready.bundle, ready.credential, atlas.url, atlas.root_path).policy


def test_with_a_wrong_secret_the_command_shows_atlas_refusal(ready: Ready, atlas: Sandbox) -> None:
    answer = run(shown(atlas, "bash"), ready.folder, f"{ready.key}\n{'0' * 40}\n")
    with pytest.raises(InvalidArtifact) as caught:
        proof.read_answer(answer, ready.bundle.certificate.sha256)
    assert caught.value.codes == ("proof-refused",)


def test_without_the_file_the_command_says_so(ready: Ready, atlas: Sandbox) -> None:
    (ready.folder / NAMES.pfx).unlink()
    answer = run(shown(atlas, "bash"), ready.folder, ready.typed)
    with pytest.raises(InvalidArtifact) as caught:
        proof.read_answer(answer)
    assert caught.value.codes == ("proof-file",)


def test_where_nobody_listens_the_command_says_so(ready: Ready, atlas: Sandbox) -> None:
    commands = proof.local_command("https://localhost:1/v2", NAMES, atlas.root_path)
    answer = run(commands[0], ready.folder, ready.typed)
    with pytest.raises(InvalidArtifact, match="8443") as caught:
        proof.read_answer(answer)
    assert caught.value.codes == ("proof-no-connection",)


def test_where_the_root_is_unknown_the_command_says_so(ready: Ready, atlas: Sandbox) -> None:
    answer = run(proof.local_command(atlas.url, NAMES)[0], ready.folder, ready.typed)
    with pytest.raises(InvalidArtifact) as caught:
        proof.read_answer(answer)
    assert caught.value.codes == ("proof-server-trust",)


def test_neither_key_nor_secret_stands_on_a_command_line(ready: Ready, atlas: Sandbox) -> None:
    """What each started program is given, as the system sees it."""
    traced = Command("bash", f"set -x\n{shown(atlas, 'bash').text}")
    lines = [line for line in run(traced, ready.folder, ready.typed).splitlines() if re.match(r"\++ ", line)]
    programs = [line for line in lines if re.match(r"\++ (curl|openssl|sed) ", line)]
    assert len(programs) >= 4
    for line in programs:
        assert ready.secret not in line
        assert ready.key not in line
        assert "Bearer" not in line


def test_powershells_calls_of_curl_do_the_same(ready: Ready, atlas: Sandbox) -> None:
    """No PowerShell here: its two calls are split by its quoting rules and run with what its pipe would give them."""
    text = shown(atlas, "powershell").text
    calls = [words(call) for call in re.findall(r"\| curl\.exe (.*)", text)]
    assert len(calls) == 2
    body = json.dumps({"api_key": ready.key, "api_secret": ready.secret}) + "\r\n"
    token = json.loads(_curl(calls[0], ready.folder, body))["access_token"]
    policy = _curl(calls[1], ready.folder, f"Authorization: Bearer {token}\r\n")
    proven = proof.read_answer(
        f"sha256 Fingerprint={_dashed(ready)}\n{policy}", ready.bundle.certificate.sha256
    )
    assert proven.certificate_sha256 == ready.bundle.certificate.sha256


def _curl(options: list[str], folder: Path, piped: str) -> str:
    call = ["curl", *options]
    return subprocess.run(call, cwd=folder, input=piped, capture_output=True, text=True, check=True).stdout


def _dashed(ready: Ready) -> str:
    """As .NET's BitConverter writes bytes."""
    return bytes.fromhex(ready.bundle.certificate.sha256).hex("-").upper()


def test_powershell_asks_for_the_secret_unseen_and_calls_the_real_curl(atlas: Sandbox) -> None:
    text = shown(atlas, "powershell").text
    assert "-AsSecureString" in text
    assert not re.search(r"\bcurl (?!\.)", text)
    assert text.startswith("& {")


@pytest.mark.parametrize(
    "url", ["http://x/v2", "https://x/v2; rm -rf ~", "https://x/$(id)", "https://x/v2\n", ""]
)
def test_an_address_that_a_shell_could_misread_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        proof.local_command(url)


def test_a_root_with_spaces_is_quoted_for_each_shell() -> None:
    commands = proof.local_command("https://localhost:8443/v2", NAMES, Path("/my files/it's.pem"))
    assert """'/my files/it'"'"'s.pem'""" in commands[0].text
    assert "'/my files/it''s.pem'" in commands[2].text


POLICY = {
    "validity": {
        "secondsmin": 86400,
        "secondsmax": 17193600,
        "not_before_negative_skew": 600,
        "not_before_positive_skew": 600,
    },
    "subject_dn": {"organization": {"presence": "STATIC", "format": "Harbour Lantern Energy Ltd"}},
    "public_key": {"key_type": "RSA", "allowed_lengths": [2048, 4096], "key_format": "PKCS10"},
}
TEXT = json.dumps(POLICY)
PRINT = "ab" * 32


def refused(text: str, fingerprint: str = "") -> tuple[str, ...]:
    with pytest.raises(InvalidArtifact) as caught:
        proof.read_answer(text, fingerprint)
    return caught.value.codes


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        json.dumps(POLICY, indent=2),
        f"API key: API secret (not shown): \n{TEXT}\n$ ",
        f"% cd {{folder}}\n{{not json}}\n{TEXT}",
        f'{{"other": 1}} {TEXT}',
    ],
)
def test_the_policy_is_found_among_prompts(text: str) -> None:
    proven = proof.read_answer(text)
    assert proven.policy == proof.Policy("RSA", (2048, 4096), 17193600, "Harbour Lantern Energy Ltd")
    assert (proven.certificate_sha256, proven.quota) == ("", None)


def test_the_command_pasted_along_does_not_disturb() -> None:
    for command in proof.local_command("https://localhost:8443/v2"):
        assert proof.read_answer(f"{command.text}\n{TEXT}").policy.key_type == "RSA"
        assert refused(command.text) == ("proof-not-a-policy",) or command.shell == "powershell"


@pytest.mark.parametrize("written", [PRINT, PRINT.upper(), ":".join(["AB"] * 32), "-".join(["ab"] * 32)])
@pytest.mark.parametrize("words_before", ["sha256 Fingerprint=", "SHA256 Fingerprint="])
def test_the_fingerprint_is_read_however_it_is_written(written: str, words_before: str) -> None:
    assert proof.read_answer(f"{words_before}{written}\n{TEXT}", PRINT).certificate_sha256 == PRINT


def test_another_certificate_is_noticed() -> None:
    assert refused(f"sha256 Fingerprint={'cd' * 32}\n{TEXT}", PRINT) == ("proof-other-certificate",)


def test_a_policy_without_4096_bits_is_a_warning() -> None:
    small = POLICY | {"public_key": {"key_type": "RSA", "allowed_lengths": [2048], "key_format": "PKCS10"}}
    assert codes(proof.read_answer(json.dumps(small)).findings) == ["proof-key-size"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nothing-given"),
        ("it works!", "proof-nothing"),
        ('{"hello": 1}', "proof-not-a-policy"),
        (TEXT[:-3], "proof-not-a-policy"),
        ('{"description": "Unauthorized"}', "proof-refused"),
        ('{"description": "Invalid login request"}', "proof-rejected"),
        ('{"access_token": "eyJhbGciOiJkaXIifQ..abcdefgh"}', "proof-token"),
        (f"Authorization: Bearer {'a' * 40}", "proof-token"),
        (f"{TEXT} {'0a' * 20}", "proof-secret"),
        (key_pem(ec_key()).decode(), "private-key-pasted"),
        ("curl: (6) Could not resolve host: emea.api.hvca.globalsign.com", "proof-no-name"),
        ("curl: (28) Failed to connect to host port 8443 after 75002 ms", "proof-no-connection"),
        ("curl: (60) SSL certificate problem: unable to get local issuer certificate", "proof-server-trust"),
        ("curl: (56) OpenSSL SSL_read: tlsv13 alert certificate required, errno 0", "proof-handshake"),
        ("curl: (35) schannel: next InitializeSecurityContext failed", "proof-nothing"),
        ("curl: (35) schannel: SEC_E_ILLEGAL_MESSAGE (0x80090326) - a fatal alert", "proof-handshake"),
        ('curl: (58) SSL: Incorrect password for the certificate "./cert.pfx"', "proof-file"),
        ("x" * (1024 * 1024 + 1), "too-large"),
    ],
)
def test_everything_else_is_named(text: str, code: str) -> None:
    assert refused(text) == (code,)
