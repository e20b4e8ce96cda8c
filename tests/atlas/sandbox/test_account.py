"""The account API, call by call: what it does, and when it refuses."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import (
    CONTACT,
    PROFILE,
    Account,
    Company,
    csr_of,
    rsa_key,
    session,
    until,
)


def test_a_registration_waits_for_its_invitation(slow: Sandbox) -> None:
    company = Company(Account(slow), company_number="01234567")
    account = company.get()
    assert account["company_number"] == "01234567"
    assert account["contact"] == CONTACT
    assert account["scenario"] == "all-well"
    assert account["invitation"] == {"status": "PENDING"}
    assert account["payment_method"] == {"status": "MISSING"}
    assert account["quote"] == {"status": "PENDING", "amount": "0.00", "currency": "GBP"}
    assert account["identity_request"] == {"status": "NOT_READY"}
    assert company.get("/emails") == []


def test_the_whole_way_sends_its_emails_in_order(company: Company) -> None:
    company.verified()
    mails = until(lambda: company.get("/emails"), lambda found: len(found) == 4)
    assert {mail["kind"] for mail in mails[:2]} == {"CONFIRMATION", "INVITATION"}
    assert [mail["kind"] for mail in mails[2:]] == ["QUOTATION_READY", "VERIFICATION"]
    assert {mail["to"] for mail in mails} == {CONTACT["email"]}


@pytest.mark.parametrize("field", ["company_name", "contact"])
def test_a_registration_names_the_field_that_is_missing(api: Account, field: str) -> None:
    body = {"company_name": "Northwind", "contact": CONTACT}
    del body[field]
    answer = api.call("POST", "/registrations", body)
    assert answer.status_code == 422
    assert answer.json()["description"] == f"{field}: is required"


def test_a_registration_names_every_wrong_field(api: Account) -> None:
    contact = {"name": " ", "job_title": "x" * 201, "email": "no address", "phone": "call me", "age": 7}
    answer = api.call(
        "POST", "/registrations", {"company_name": "a\x00b", "contact": contact, "scenario": "doom"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "company_name": "invalid value",
        "contact.name": "is required",
        "contact.job_title": "invalid value",
        "contact.email": "invalid value",
        "contact.phone": "invalid value",
        "contact.age": "is unknown",
        "scenario": "invalid value",
    }


def test_accounts_are_found_by_the_email_of_their_contact(api: Account) -> None:
    contact = CONTACT | {"email": "Grace@Fabrikam.example"}
    first, second = (Company(api, name, contact=contact) for name in ("Fabrikam One", "Fabrikam Two"))
    found = api.get("/accounts", params={"email": "grace@fabrikam.EXAMPLE"})
    assert [account["account_id"] for account in found] == [first.id, second.id]
    assert api.get("/accounts", params={"email": "nobody@fabrikam.example"}) == []
    assert api.call("GET", "/accounts").status_code == 422


def test_each_move_is_refused_before_its_time(slow: Sandbox) -> None:
    company = Company(Account(slow))
    moves: list[tuple[str, object]] = [
        ("/invitation/accept", {"password": "correct horse"}),
        ("/payment-method", {"kind": "INVOICE"}),
        ("/quote/accept", {"quotation": True, "msa": True}),
        ("/identity-profiles", PROFILE),
        ("/users", {"name": "Bob", "email": "bob@northwind.example", "roles": ["Administrator"]}),
    ]
    for path, body in moves:
        answer = company.call("POST", path, body)
        assert answer.status_code == 409, path
        assert answer.json()["description"].endswith(".")


def test_each_move_is_refused_the_second_time(company: Company) -> None:
    company.ready()
    for path, body in [
        ("/invitation/accept", {"password": "correct horse"}),
        ("/payment-method", {"kind": "INVOICE"}),
        ("/quote/accept", {"quotation": True, "msa": True}),
    ]:
        assert company.call("POST", path, body).status_code == 409, path


def test_the_quote_needs_both_ticks(company: Company) -> None:
    company.quoted()
    answer = company.call("POST", "/quote/accept", {"quotation": True, "msa": False})
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"msa": "must be true"}
    assert company.get()["quote"]["status"] == "READY"


def test_of_two_who_accept_the_same_quote_exactly_one_wins(api: Account, fast: Sandbox) -> None:
    for _ in range(5):
        company = Company(api).quoted()
        barrier = threading.Barrier(2)

        def accept(number: int, barrier: threading.Barrier = barrier, company: Company = company) -> int:
            own = Account(fast)
            barrier.wait()
            body = {"quotation": True, "msa": True}
            path = "/accounts/{account_id}/quote/accept"
            return own.call("POST", path, body, account_id=company.id).status_code

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(accept, range(2))) == [204, 409]


def test_an_identity_profile_needs_every_field(company: Company) -> None:
    company.ready()
    answer = company.call("POST", "/identity-profiles", {})
    assert answer.status_code == 422
    assert answer.json()["errors"] == dict.fromkeys(PROFILE, "is required")


def test_an_identity_profile_is_shown_as_it_was_sent(company: Company) -> None:
    identifier = company.verified()
    profile = company.profile(identifier)
    assert {name: profile[name] for name in PROFILE} == PROFILE
    assert company.get("/identity-profiles") == [profile]
    assert company.get()["identity_request"]["status"] == "SUBMITTED"


def test_a_credential_shows_its_secret_once(company: Company) -> None:
    made = company.credential(company.verified())
    (listed,) = company.get("/api-credentials")
    assert listed["api_key"] == made["api_key"]
    assert "api_secret" not in listed
    state = company.api.sandbox.directory / "state.sqlite3"
    assert made["api_secret"].encode() not in state.read_bytes()
    assert made["api_secret"].encode() not in state.with_name("state.sqlite3-wal").read_bytes()


def test_a_credential_needs_an_active_profile_and_a_new_name(company: Company, slow: Sandbox) -> None:
    identifier = company.verified()
    company.credential(identifier, "main")
    body = {"name": "main", "identity_profile_id": identifier, "service": "Internet SSL"}
    assert company.call("POST", "/api-credentials", body).status_code == 409
    wrong = company.call("POST", "/api-credentials", body | {"name": "Two Words"})
    assert wrong.json()["errors"] == {"name": "invalid value"}
    stranger = Company(company.api).call("POST", "/api-credentials", body)
    assert stranger.json()["errors"] == {"identity_profile_id": "invalid value"}


def test_a_credential_is_refused_while_the_profile_is_being_vetted(api: Account) -> None:
    company = Company(api, scenario="vetting-rejected").ready()
    identifier = company.submit()
    body = {"name": "early", "identity_profile_id": identifier, "service": "Internet SSL"}
    answer = company.call("POST", "/api-credentials", body)
    assert answer.status_code == 409
    assert "not Active" in answer.json()["description"]


def test_users_are_added_listed_and_removed(company: Company) -> None:
    company.invited()
    body = {
        "name": "Bob",
        "email": f"bob@{company.id}.example",
        "roles": ["Manage Credentials", "Administrator"],
    }
    bob = company.must("POST", "/users", body).json()
    assert bob["roles"] == ["Administrator", "Manage Credentials"]
    assert [user["email"] for user in company.get("/users")] == [CONTACT["email"], body["email"]]
    assert company.get("/users/{user_id}", user_id=bob["user_id"]) == bob
    assert company.call("POST", "/users", body).status_code == 409
    until(lambda: company.get("/emails"), lambda mails: mails[-1]["kind"] == "NEW_USER")
    path = "/users/{user_id}"
    assert company.call("DELETE", path, user_id=bob["user_id"]).status_code == 204
    assert company.call("GET", path, user_id=bob["user_id"]).status_code == 404
    last = company.get("/users")[0]["user_id"]
    assert company.call("DELETE", path, user_id=last).status_code == 409


def test_a_create_with_the_same_key_and_body_creates_once(api: Account) -> None:
    contact = CONTACT | {"email": "once@northwind.example"}
    body = {"company_name": "Once", "contact": contact}
    first, second = (
        api.call("POST", "/registrations", body, headers={"Idempotency-Key": "key-1"}) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len(api.get("/accounts", params={"email": contact["email"]})) == 1
    changed = body | {"company_name": "Twice"}
    third = api.call("POST", "/registrations", changed, headers={"Idempotency-Key": "key-1"})
    assert third.status_code == 422
    assert api.call("POST", "/registrations", body, headers={"Idempotency-Key": "ä b"}).status_code == 422


def test_a_lost_secret_comes_again_with_the_same_key_and_is_not_readable_at_rest(company: Company) -> None:
    body = {"name": "again", "identity_profile_id": company.verified(), "service": "Internet SSL"}
    first, second = (
        company.call("POST", "/api-credentials", body, headers={"Idempotency-Key": "k" * 32})
        for _ in range(2)
    )
    assert first.json() == second.json()
    for file in company.api.sandbox.directory.glob("state.sqlite3*"):
        assert first.json()["api_secret"].encode() not in file.read_bytes()


def test_the_same_key_orders_one_certificate_even_from_two_threads(company: Company) -> None:
    made = company.credential(company.verified())
    body = {"csr": csr_of(rsa_key()), "api_credential_ids": [made["api_credential_id"]]}

    def order(_: int) -> str:
        own = Account(company.api.sandbox)
        path = "/accounts/{account_id}/mtls-certificates"
        headers = {"Idempotency-Key": "order-1"}
        return own.call("POST", path, body, account_id=company.id, headers=headers).text

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(order, range(4)))) == 1
    assert len(company.get("/mtls-certificates")) == 1


@pytest.mark.parametrize("token", [None, "Bearer", "Bearer wrong", "Basic d3Jvbmc="])
def test_a_caller_without_the_token_gets_401(fast: Sandbox, token: str | None) -> None:
    headers = {"Authorization": token} if token else {}
    answer = session(fast).get(f"{fast.account_url}/accounts/A", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json;charset=utf-8"
    assert answer.json() == {"description": "Unauthorized"}


def test_what_is_not_there_is_404(company: Company) -> None:
    assert company.api.call("GET", "/accounts/{account_id}", account_id="ANOTTHERE00").status_code == 404
    assert (
        company.call("GET", "/identity-profiles/{identity_profile_id}", identity_profile_id="I").status_code
        == 404
    )
    assert company.call("GET", "/mtls-certificates/{serial}", serial="01AB").status_code == 404
    assert company.call("GET", "/mtls-certificates/{serial}", serial="no").status_code == 422


def test_a_body_must_be_json_of_a_bounded_length(fast: Sandbox, api: Account) -> None:
    def post(data: bytes | None, content_type: str = "application/json") -> requests.Response:
        headers = {"Content-Type": content_type}
        return api.session.post(f"{fast.account_url}/registrations", data=data, headers=headers, timeout=10)

    assert post(b"{").status_code == 400
    assert post(b"[]").status_code == 400
    assert post(b"{}", "text/plain").status_code == 415
    assert post(b"{}", "application/json; charset=latin-1").status_code == 415
    assert post(b"").status_code == 411
    assert post(b" " * 70_000).status_code == 413
    assert post(b" " * 900_000).json() == {"description": "Request body too large"}
