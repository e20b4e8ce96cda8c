"""Clients that are not ours: curl with --cert, and plain requests. Issue, collect, revoke, and the life of a claim."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import JSON, wanted


@pytest.fixture
def sandbox(start: Any) -> Sandbox:
    """With a control port, as somebody in another language would use it."""
    found: Sandbox = start(speed=864_000, control_port=0)
    return found


class Curl:
    """curl, told where everything is by client.json alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = json.loads((folder / "client.json").read_text())
        self.token = ""

    def __call__(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, str], str]:
        """(status, headers by lower-case name, body)."""
        command = ["curl", "-sS", "-i", "-X", method, "--max-time", "10", "--noproxy", "*"]
        command += ["--cacert", str(self.folder / "root.pem")]
        command += ["--cert", self.client["cert_file"], "--key", self.client["key_file"]]
        if self.token:
            command += ["-H", f"Authorization: Bearer {self.token}"]
        if body is not None:
            command += [
                "-H",
                "Content-Type: application/json; charset=utf-8",
                "--data-binary",
                json.dumps(body),
            ]
        done = subprocess.run(
            [*command, self.client["url"] + path], capture_output=True, text=True, timeout=20, check=True
        )
        head, _, text = done.stdout.replace("\r\n", "\n").partition("\n\n")
        first, *lines = head.split("\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(first.split(" ")[1]), headers, text

    def polled(self, method: str, path: str, status: int) -> tuple[int, dict[str, str], str]:
        """Look again until it has this status."""
        for _ in range(50):
            answer = self(method, path)
            if answer[0] == status:
                return answer
            time.sleep(0.1)
        raise AssertionError(f"still {answer}")


@pytest.fixture
def curl(sandbox: Sandbox) -> Curl:
    """Signed in."""
    made = Curl(sandbox.directory)
    credentials = {name: made.client[name] for name in ("api_key", "api_secret")}
    status, headers, text = made("POST", "/login", credentials)
    assert (status, headers["content-type"]) == (200, JSON)
    made.token = json.loads(text)["access_token"]
    return made


@pytest.mark.interop
def test_curl_issues_collects_and_revokes(curl: Curl) -> None:
    assert json.loads(curl("GET", "/validationpolicy")[2])["public_key"]["key_format"] == "PKCS10"
    status, headers, text = curl("POST", "/certificates", wanted())
    assert (status, text) == (201, "")
    serial = headers["location"].rpartition("/")[2]
    found = json.loads(curl.polled("GET", f"/certificates/{serial}", 200)[2])
    assert found["status"] == "ISSUED"
    assert found["certificate"].startswith("-----BEGIN CERTIFICATE-----")
    assert len(json.loads(curl("GET", "/trustchain")[2])) == 2
    assert curl("PATCH", f"/certificates/{serial}", {"revocation_reason": "superseded"})[0] == 204
    assert json.loads(curl("GET", f"/certificates/{serial}")[2])["status"] == "REVOKED"


@pytest.mark.interop
def test_curl_takes_a_claim_through_its_life(sandbox: Sandbox, curl: Curl) -> None:
    status, headers, text = curl("POST", "/claims/domains/northwind.example")
    assert status == 201
    path = headers["location"].removeprefix("/v2")
    address = f"{sandbox.control_url}/dns/northwind.example"
    requests.put(address, json=[json.loads(text)["token"]], timeout=10)
    assert curl("POST", f"{path}/dns")[0] == 201
    curl.polled("POST", f"{path}/dns", 204)
    _, headers, text = curl("GET", "/claims/domains?status=VERIFIED")
    assert [claim["domain"] for claim in json.loads(text)] == ["northwind.example."]
    assert (headers["total-count"], "links" in headers) == ("1", True)
    assert curl("POST", f"{path}/reassert")[0] == 201
    assert curl("DELETE", path)[0] == 204


@pytest.mark.interop
def test_curl_without_a_client_certificate_gets_no_connection(sandbox: Sandbox) -> None:
    command = [
        "curl",
        "-sS",
        "--noproxy",
        "*",
        "--cacert",
        str(sandbox.root_path),
        f"{sandbox.url}/trustchain",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode != 0
    assert done.stdout == ""


@pytest.fixture
def plain(sandbox: Sandbox) -> requests.Session:
    """Signed in with plain requests."""
    client = json.loads((sandbox.directory / "client.json").read_text())
    made = requests.Session()
    made.trust_env = False
    made.verify = str(sandbox.root_path)
    made.cert = (client["cert_file"], client["key_file"])
    made.headers["Content-Type"] = JSON
    body = json.dumps({name: client[name] for name in ("api_key", "api_secret")})
    token = made.post(f"{client['url']}/login", data=body, timeout=10).json()["access_token"]
    made.headers["Authorization"] = f"Bearer {token}"
    return made


def test_plain_requests_issues_collects_and_revokes(sandbox: Sandbox, plain: requests.Session) -> None:
    made = plain.post(f"{sandbox.url}/certificates", data=json.dumps(wanted()), timeout=10)
    address = sandbox.url.removesuffix("/v2") + made.headers["Location"]
    for _ in range(50):
        found = plain.get(address, timeout=10)
        if found.status_code == 200:
            break
        time.sleep(0.1)
    assert found.json()["status"] == "ISSUED"
    assert plain.delete(address, timeout=10).status_code == 204
    assert plain.get(address, timeout=10).json()["status"] == "REVOKED"


def test_plain_requests_takes_a_claim_through_its_life(sandbox: Sandbox, plain: requests.Session) -> None:
    made = plain.post(f"{sandbox.url}/claims/domains/northwind.example", timeout=10)
    address = sandbox.url.removesuffix("/v2") + made.headers["Location"]
    page = {
        "url": "https://northwind.example/.well-known/pki-validation/gsdv.txt",
        "body": made.json()["token"],
    }
    requests.put(f"{sandbox.control_url}/web", json=page, timeout=10)
    body = json.dumps({"authorization_domain": "northwind.example", "scheme": "https"})
    for _ in range(50):
        if plain.post(f"{address}/http", data=body, timeout=10).status_code == 204:
            break
        time.sleep(0.1)
    assert plain.get(address, timeout=10).json()["status"] == "VERIFIED"
    assert plain.post(f"{address}/reassert", timeout=10).status_code == 201
    assert plain.delete(address, timeout=10).status_code == 204
    assert plain.get(address, timeout=10).status_code == 404
