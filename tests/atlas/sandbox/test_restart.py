"""A restart changes nothing: neither what was done, nor when what is to come will come."""

import json
from pathlib import Path

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import PROFILE, Account, Company, Hvca, rsa_key, until, wanted


def _seen(company: Company) -> list[object]:
    paths = ["", "/emails", "/identity-profiles", "/api-credentials", "/mtls-certificates", "/users"]
    return [company.get(path) for path in paths]


def _again(company: Company, sandbox: Sandbox) -> Company:
    """The same company at a sandbox that was started again."""
    found = object.__new__(Company)
    found.api, found.id = Account(sandbox), company.id
    return found


def test_everything_done_is_still_there_after_a_restart(start) -> None:
    sandbox = start(speed=864_000)
    company = Company(Account(sandbox))
    made = company.credential(company.verified())
    company.certificate([made["api_credential_id"]], rsa_key())
    until(lambda: company.get("/emails"), lambda mails: len(mails) == 4)
    before = _seen(company)
    sandbox.stop()
    assert _seen(_again(company, start(speed=864_000))) == before


def test_what_was_planned_keeps_its_time_even_at_another_speed(start) -> None:
    sandbox = start(speed=864_000)
    company = Company(Account(sandbox))
    identifier = company.verified()
    sandbox.stop()
    later = _again(company, start(speed=1.0))
    assert later.profile(identifier)["status"] == "Active"


def test_a_wait_goes_on_across_a_restart(start) -> None:
    sandbox = start(speed=43_200)
    company = Company(Account(sandbox)).ready()
    identifier = company.submit()
    assert company.profile(identifier)["status"] == "Queued for Vetting"
    sandbox.stop()
    later = _again(company, start(speed=43_200))
    until(lambda: later.profile(identifier), lambda profile: profile["status"] == "Active")


def test_credentials_tokens_and_certificates_survive_a_restart(start) -> None:
    sandbox = start(speed=864_000)
    client = Hvca(sandbox)
    client.login()
    path = client.call("POST", "/certificates", wanted()).headers["Location"].removeprefix("/v2")
    root, token = sandbox.root_path.read_bytes(), sandbox.account_token
    files = {name: (sandbox.directory / name).read_bytes() for name in ("client.pem", "client.key")}
    sandbox.stop()
    again = start(speed=864_000)
    assert (again.root_path.read_bytes(), again.account_token) == (root, token)
    assert {name: (again.directory / name).read_bytes() for name in files} == files
    later = Hvca(again)
    later.session.headers["Authorization"] = client.session.headers["Authorization"]
    assert later.call("GET", path).status_code == 200
    assert later.credential["api_key"] == client.credential["api_key"]


def test_the_files_say_where_the_sandbox_is_now(start) -> None:
    for _ in range(2):
        sandbox = start()
        client = json.loads((sandbox.directory / "client.json").read_text())
        account = json.loads((sandbox.directory / "account.json").read_text())
        assert (client["url"], account["url"]) == (sandbox.url, sandbox.account_url)
        assert account["pages_url"] == sandbox.pages_url
        assert Path(account["root_file"]) == sandbox.root_path
        sandbox.stop()


def test_lost_client_files_are_made_anew(start) -> None:
    sandbox = start()
    sandbox.stop()
    (sandbox.directory / "client.json").write_text("{broken")
    assert Hvca(start()).login().ok


def test_an_answer_is_repeated_after_a_restart(start) -> None:
    sandbox = start(speed=864_000)
    company = Company(Account(sandbox)).ready()
    headers = {"Idempotency-Key": "profile-1"}
    first = company.call("POST", "/identity-profiles", PROFILE, headers=headers)
    sandbox.stop()
    later = _again(company, start(speed=864_000))
    assert later.call("POST", "/identity-profiles", PROFILE, headers=headers).text == first.text
    assert len(later.get("/identity-profiles")) == 1
