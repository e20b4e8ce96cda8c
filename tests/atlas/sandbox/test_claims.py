"""Claims of domains and IP addresses: their whole life, by DNS, web page and email."""

import time
from typing import Any

import pytest
import requests

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Hvca, refused, until, wanted

DAY = 86_400


@pytest.fixture
def sandbox(start) -> Sandbox:
    """A hurried one for this test."""
    found: Sandbox = start(speed=864_000)
    return found


@pytest.fixture
def client(sandbox: Sandbox) -> Hvca:
    """Signed in to it."""
    made = Hvca(sandbox)
    made.login()
    return made


def _submit(client: Hvca, name: str = "northwind.example", kind: str = "domains") -> tuple[str, Any]:
    """(path of the claim, answer)."""
    answer = client.call("POST", f"/claims/{kind}/{name}")
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix("/v2"), answer.json()


def _verify(client: Hvca, path: str, method: str = "dns", body: object = None) -> requests.Response:
    """Assert until it is verified, as clients in the field do."""
    assert client.call("POST", f"{path}/{method}", body).status_code == 201
    return until(lambda: client.call("POST", f"{path}/{method}", body), lambda seen: seen.status_code == 204)


def test_a_claim_is_submitted_with_a_token_and_thirty_days(client: Hvca) -> None:
    before = int(time.time())
    path, made = _submit(client, "Northwind.Example.")
    identifier = path.removeprefix("/claims/domains/")
    assert (len(identifier), identifier[:2], identifier.upper()) == (32, "01", identifier)
    claim = client.call("GET", path).json()
    assert (claim["status"], claim["domain"], claim["log"]) == ("PENDING", "northwind.example.", [])
    assert (claim["id"], claim["expires_at"]) == (identifier, 0)
    assert claim["token"] == made["token"]
    assert claim["assert_by"] == made["assert_by"] == claim["created_at"] + 30 * DAY
    assert claim["created_at"] >= before


@pytest.mark.parametrize(
    ("name", "status", "description"),
    [
        ("localhost", 422, "domain name needs at least one dot"),
        ("*.northwind.example", 422, "domain: invalid value"),
        ("north wind.example", 422, "domain: invalid value"),
        ("é.example", 422, "domain: invalid value"),
        ("a" * 64 + ".example", 422, "domain: invalid value"),
    ],
)
def test_a_name_that_cannot_be_claimed_is_refused(
    client: Hvca, name: str, status: int, description: str
) -> None:
    refused(client.call("POST", f"/claims/domains/{name}"), status, description)


def test_a_name_is_claimed_once(client: Hvca) -> None:
    _submit(client)
    answer = client.call("POST", "/claims/domains/NORTHWIND.example.")
    refused(answer, 409, 'Claim for domain "northwind.example." already exists')


@pytest.mark.parametrize("kind", ["gsb", "blacklist"])
def test_a_blocked_name_says_which_list_it_is_on(client: Hvca, kind: str) -> None:
    answer = client.call("POST", f"/claims/domains/{kind}.northwind.example")
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {kind}


def test_a_txt_value_verifies_the_claim_and_every_try_is_logged(sandbox: Sandbox, client: Hvca) -> None:
    path, made = _submit(client)
    assert client.call("POST", f"{path}/dns").status_code == 201
    until(lambda: client.call("GET", path).json()["log"], bool)
    sandbox.dns["northwind.example"] = ["v=spf1 -all", made["token"]]
    _verify(client, path)
    claim = client.call("GET", path).json()
    assert claim["status"] == "VERIFIED"
    log = [(entry["status"], entry["description"]) for entry in claim["log"]]
    assert log == [("ERROR", "error verifying domain claim"), ("SUCCESS", "domain claim verified")]
    assert claim["expires_at"] == pytest.approx(time.time() + 200 * DAY, abs=60)
    assert claim["last_verification_method"] == "DNS"
    assert "token" not in claim


def test_a_parent_may_show_control_and_a_stranger_may_not(sandbox: Sandbox, client: Hvca) -> None:
    path, made = _submit(client, "a.b.northwind.example")
    names = ["a.b.northwind.example", "b.northwind.example", "northwind.example"]
    assert client.call("GET", f"{path}/dns").json() == names
    for wrong in ("", "example", "charlie.example", 7):
        answer = client.call("POST", f"{path}/dns", {"authorization_domain": wrong})
        refused(answer, 422, "authorization_domain: invalid value")
    sandbox.dns["northwind.example"] = [made["token"]]
    _verify(client, path, "dns", {"authorization_domain": "Northwind.example."})


def test_a_check_that_is_on_its_way_is_202(start) -> None:
    client = Hvca(start())
    client.login()
    path, _ = _submit(client)
    assert client.call("POST", f"{path}/dns").status_code == 201
    for call in ("dns", "reassert"):
        answer = client.call("POST", f"{path}/{call}")
        assert (answer.status_code, answer.json()) == (202, {"description": "Operation in progress"})


def test_a_web_page_verifies_the_claim(sandbox: Sandbox, client: Hvca) -> None:
    path, made = _submit(client)
    refused(client.call("POST", f"{path}/http", {}), 422, "scheme: is required")
    refused(client.call("POST", f"{path}/http", {"scheme": "ftp"}), 422, "scheme: invalid value")
    sandbox.web["http://northwind.example/.well-known/pki-validation/gsdv.txt"] = made["token"] + "\n"
    _verify(client, path, "http", {"authorization_domain": "northwind.example", "scheme": "http"})
    assert client.call("GET", path).json()["last_verification_method"] == "HTTP"


def test_the_link_in_an_email_verifies_the_claim_and_only_by_its_button(
    sandbox: Sandbox, client: Hvca
) -> None:
    path, _ = _submit(client)
    found = client.call("GET", f"{path}/email").json()
    assert found["constructed"][0] == "admin@northwind.example"
    assert (len(found["constructed"]), found["DNS"]["SOA"]["emails"]) == (5, [])
    refused(
        client.call("POST", f"{path}/email", {"email_address": "eve@x.example"}),
        422,
        "email_address: invalid value",
    )
    assert client.call("POST", f"{path}/email", {"email_address": found["constructed"][1]}).status_code == 201
    (mail,) = sandbox.claim_mail()
    assert (mail["to"], mail["domain"]) == ("administrator@northwind.example", "northwind.example.")
    assert mail["link"] in requests.get(f"{sandbox.pages_url}/mailbox", timeout=10).text
    assert "northwind.example" in requests.get(mail["link"], timeout=10).text
    assert client.call("GET", path).json()["status"] == "PENDING"
    assert requests.post(mail["link"], timeout=10).status_code == 200
    assert client.call("GET", path).json()["status"] == "VERIFIED"
    assert client.call("POST", f"{path}/email", {"email_address": found["constructed"][1]}).status_code == 204


def test_reasserting_gives_a_new_token_and_a_renewal_moves_the_end(sandbox: Sandbox, client: Hvca) -> None:
    path, made = _submit(client)
    client.call("POST", f"{path}/email", {"email_address": "admin@northwind.example"})
    again = client.call("POST", f"{path}/reassert")
    assert (again.status_code, again.headers["Location"]) == (201, "/v2" + path)
    assert again.json()["token"] != made["token"]
    assert requests.post(sandbox.claim_mail()[0]["link"], timeout=10).status_code == 404
    sandbox.dns["northwind.example"] = [again.json()["token"]]
    _verify(client, path)
    first = client.call("GET", path).json()["expires_at"]
    sandbox.dns["northwind.example"] = [client.call("POST", f"{path}/reassert").json()["token"]]
    assert client.call("GET", path).json()["status"] == "VERIFIED"
    _verify(client, path)
    assert client.call("GET", path).json()["expires_at"] > first


def test_after_thirty_days_a_claim_must_be_reasserted(sandbox: Sandbox, client: Hvca) -> None:
    path, _ = _submit(client)
    sandbox.clock_skew = 30 * DAY + 5
    client.login()
    for method, body in (
        ("dns", None),
        ("http", {"scheme": "https"}),
        ("email", {"email_address": "admin@northwind.example"}),
    ):
        refused(client.call("POST", f"{path}/{method}", body), 424, "Claim expired. Reassert first")
    assert client.call("POST", f"{path}/reassert").status_code == 201
    assert client.call("POST", f"{path}/dns").status_code == 201


def test_a_verified_claim_ends_after_its_time(sandbox: Sandbox, client: Hvca) -> None:
    path, made = _submit(client)
    sandbox.dns["northwind.example"] = [made["token"]]
    _verify(client, path)
    sandbox.clock_skew = 200 * DAY + 60
    client.login()
    assert client.call("GET", path).json()["status"] == "PENDING"
    refused(client.call("POST", f"{path}/dns"), 424, "Claim expired. Reassert first")


def test_claims_are_listed_newest_first_by_state_and_in_pages(sandbox: Sandbox, client: Hvca) -> None:
    made = {name: _submit(client, name) for name in ("a.example", "b.example", "c.example")}
    sandbox.dns["b.example"] = [made["b.example"][1]["token"]]
    _verify(client, made["b.example"][0])

    def names(**query: object) -> list[str]:
        answer = client.call("GET", "/claims/domains", params=query)
        assert {"Links", "Total-Count"} <= set(answer.headers)
        return [claim["domain"] for claim in answer.json()]

    assert names() == ["c.example.", "b.example.", "a.example."]
    assert names(status="VERIFIED") == ["b.example."]
    assert names(status="PENDING") == ["c.example.", "a.example."]
    assert names(page=2, per_page=2) == ["a.example."]
    refused(client.call("GET", "/claims/domains", params={"status": "x"}), 422, "status: invalid value")


def test_a_deleted_claim_is_gone_and_may_be_made_again(client: Hvca) -> None:
    path, _ = _submit(client)
    assert client.call("DELETE", path).status_code == 204
    refused(client.call("GET", path), 404, "Not Found")
    _submit(client)


def test_claim_ids_are_judged_by_their_length(client: Hvca) -> None:
    for call in (("GET", ""), ("DELETE", ""), ("POST", "/dns"), ("POST", "/reassert"), ("GET", "/email")):
        refused(client.call(call[0], f"/claims/domains/01AB{call[1]}"), 422, "invalid ID length")
        refused(client.call(call[0], f"/claims/domains/{'01' * 16}{call[1]}"), 404, "Not Found")


def test_the_claims_of_another_company_are_out_of_sight(sandbox: Sandbox, client: Hvca) -> None:
    from tests.atlas.sandbox.api_client import Account, Company, pem_of_key, rsa_key

    path, _ = _submit(client)
    company = Company(Account(sandbox))
    credential = company.credential(company.verified())
    found = company.certificate([credential["api_credential_id"]], rsa_key())
    files = (sandbox.directory / "other.pem", sandbox.directory / "other.key")
    files[0].write_text(found["certificate"])
    files[1].write_bytes(pem_of_key(rsa_key()))
    other = Hvca(sandbox, credential, files)
    other.login()
    refused(other.call("GET", path), 404, "Not Found")
    assert other.call("GET", "/claims/domains").json() == []
    _submit(other)


@pytest.mark.parametrize(("address", "host"), [("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "[2001:db8::7]")])
def test_an_ip_address_is_claimed_with_a_web_page(
    sandbox: Sandbox, client: Hvca, address: str, host: str
) -> None:
    path, made = _submit(client, address, "ipaddresses")
    refused(
        client.call("POST", f"/claims/ipaddresses/{address}"),
        409,
        f'Claim for IP address "{address}" already exists',
    )
    refused(client.call("POST", "/claims/ipaddresses/x"), 422, "ip_address: invalid value")
    sandbox.web[f"http://{host}/.well-known/pki-validation/gsdv.txt"] = made["token"]
    _verify(client, path, "http", {"authorization_ip_address": address, "scheme": "http"})
    (claim,) = client.call("GET", "/claims/ipaddresses").json()
    assert (claim["ip_address"], claim["status"]) == (address, "VERIFIED")
    assert client.call("POST", f"{path}/reassert").status_code == 201
    assert client.call("DELETE", path).status_code == 204


def test_names_need_a_verified_claim_if_that_was_chosen(start) -> None:
    sandbox = start(speed=864_000, require_claims=True)
    client = Hvca(sandbox)
    client.login()
    dry = {"headers": {"mode": "domain-validation"}}
    for more in ({}, dry):
        answer = client.call("POST", "/certificates", wanted(), **more)
        assert answer.status_code == 400
        assert answer.json() == {
            "description": "san: failed dns/email domain name verification",
            "errors": {"unverified_domain": "dip.northwind.example"},
        }
    path, made = _submit(client)
    sandbox.dns["northwind.example"] = [made["token"]]
    _verify(client, path)
    for name in ("dip.northwind.example", "northwind.example", "*.northwind.example"):
        assert client.call("POST", "/certificates", wanted(san={"dns_names": [name]})).status_code == 201
    assert client.call("POST", "/certificates", wanted(), **dry).status_code == 204
    assert (
        client.call("POST", "/certificates", wanted(san={"dns_names": ["xnorthwind.example"]})).status_code
        == 400
    )
