"""The stand-in pages: a whole journey by hand, what they refuse, and what every page owes to its reader."""

import pytest
import requests
from cryptography import x509

from atlas.sandbox.html import BANNER
from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import CONTACT, PROFILE, Account, Company, csr_of, rsa_key, until
from tests.atlas.sandbox.page_client import Visitor

PASSWORD = "correct horse"


@pytest.fixture
def alice(fast: Sandbox, request: pytest.FixtureRequest) -> Visitor:
    """Alice, who has registered a company with an email address of her own."""
    visitor = Visitor(fast).open("/register")
    visitor.press("register", _registration(f"{request.node.name[-40:]}@northwind.example"))
    assert visitor.title == "Thank you for registering"
    return visitor


def _registration(email: str) -> dict[str, object]:
    return {
        **CONTACT,
        "email": "".join(c for c in email if c.isalnum() or c in "@."),
        "company_name": "Northwind & Sons",
    }


def _email(request: pytest.FixtureRequest) -> str:
    return str(_registration(f"{request.node.name[-40:]}@northwind.example")["email"])


def _status(visitor: Visitor, tile: str, home: str) -> str:
    return visitor.open(home).text(f"tile-{tile}-status")


def _wait(visitor: Visitor, home: str, tile: str, status: str) -> None:
    until(lambda: _status(visitor, tile, home), lambda seen: seen == status)


def test_a_person_walks_the_whole_way(alice: Visitor, request: pytest.FixtureRequest) -> None:
    email = _email(request)
    home = alice.sign_in(email).path
    assert alice.title == "Dashboard"
    assert "Northwind & Sons" in alice.text("company")
    _wait(alice, home, "invitation", "To do")
    assert alice.open(home + "invitation").press("accept-invitation", {"password": PASSWORD}).path == home
    assert _status(alice, "invitation", home) == "Done"
    assert _status(alice, "payment-method", home) == "To do"
    alice.open(home + "payment-method").press("set-payment-method")
    _wait(alice, home, "quote", "To do")
    assert alice.open(home + "quote").press("accept-quote", {"quotation": "yes"}).answer.status_code == 422
    assert "Master Services Agreement" in alice.text("errors")
    alice.press("accept-quote", {"quotation": "yes", "msa": "yes"})
    _wait(alice, home, "identity-profiles", "To do")
    alice.open(home + "identity-profiles").press("submit-identity-profile", dict(PROFILE))
    _wait(alice, home, "identity-profiles", "Done")
    _secret_and_certificate(alice, home)
    alice.open(home + "emails")
    kinds = [item.get_text() for item in alice.page.select("#emails dd")]
    assert {"CONFIRMATION", "INVITATION", "QUOTATION_READY", "VERIFICATION"} <= set(kinds)


def _secret_and_certificate(alice: Visitor, home: str) -> None:
    alice.open(home + "api-credentials").press("generate-credentials", {"name": "onboarding_1"})
    assert alice.title == "Your API Credentials"
    key, secret = alice.text("api-key"), alice.text("api-secret")
    shown = alice.answer
    alice.press("download-csv")
    assert alice.answer.text == f"API Key,API Secret\r\n{key},{secret}\r\n"
    assert alice.answer.headers["Content-Disposition"] == 'attachment; filename="api-credentials.csv"'
    assert alice._take(shown).press("download-csv").answer.status_code == 410
    assert secret not in alice.open(home + "api-credentials").answer.text
    alice.open(home + "mtls-certificates")
    (box,) = alice.page.select("#api_credential_ids input")
    alice.press("generate-certificate", {"csr": csr_of(rsa_key()), "api_credential_ids": box["value"]})
    here = alice.path
    until(lambda: alice.open(here), lambda visitor: visitor.has("certificate"))
    pem = alice.element("certificate").get_text().lstrip("\n")
    certificate = x509.load_pem_x509_certificate(pem.encode())
    assert certificate.public_key() == rsa_key().public_key()
    file = alice.open(str(alice.element("download-certificate")["href"])).answer
    assert file.headers["Content-Disposition"].endswith('filename="onboarding.cer"')
    assert file.text == pem
    chain = alice.open(f"{here}/chain.pem").answer.text
    assert chain.count("BEGIN CERTIFICATE") == 2


def test_the_password_that_was_set_is_demanded_from_then_on(fast: Sandbox) -> None:
    contact = CONTACT | {"email": "locked@northwind.example"}
    Company(Account(fast), contact=contact).invited()
    visitor = Visitor(fast).sign_in("locked@northwind.example")
    assert (visitor.answer.status_code, visitor.title) == (401, "Sign in")
    assert visitor.sign_in("locked@northwind.example", PASSWORD).title == "Dashboard"
    visitor.press("sign-out")
    assert visitor.title == "Sign in"
    assert visitor.open("/accounts/").title == "Sign in"


def test_a_person_with_several_accounts_picks_one(fast: Sandbox) -> None:
    contact = CONTACT | {"email": "several@northwind.example"}
    ids = [Company(Account(fast), name, contact=contact).id for name in ("One", "Two")]
    visitor = Visitor(fast).sign_in("several@northwind.example")
    assert visitor.title == "Choose an account"
    assert [visitor.has(f"account-{account_id}") for account_id in ids] == [True, True]


def test_nobody_opens_the_account_of_another_company(alice: Visitor, company: Company, request) -> None:
    assert alice.open(f"/accounts/{company.id}/").title == "Sign in"
    assert alice.element("sign-in") is not None
    alice.sign_in(_email(request))
    assert alice.open(f"/accounts/{company.id}/quote").answer.status_code == 404


def test_after_signing_in_a_person_is_where_they_wanted_to_be(alice: Visitor, request) -> None:
    home = alice.sign_in(_email(request)).path
    alice.press("sign-out")
    alice.open(home + "emails")
    assert alice.press("sign-in", {"email": _email(request)}).title == "Email history"
    alice.press("sign-out").open("/?next=//elsewhere.example/")
    assert alice.press("sign-in", {"email": _email(request)}).title == "Dashboard"


def test_a_form_from_another_origin_is_refused(alice: Visitor, request) -> None:
    home = alice.sign_in(_email(request)).path
    for origin in ("http://elsewhere.example", "http://localhost:1", "null"):
        answer = alice.session.post(
            alice.base + home + "payment-method",
            data={"kind": "INVOICE"},
            headers={"Origin": origin},
            timeout=10,
        )
        assert answer.status_code == 403, origin
    cookie = next(iter(alice.session.cookies))
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Strict"


def test_a_refused_registration_keeps_what_was_typed_and_names_each_field(fast: Sandbox) -> None:
    visitor = Visitor(fast).open("/register")
    visitor.press("register", {"company_name": '"><script>alert(1)</script>', "email": "nonsense"})
    assert visitor.answer.status_code == 422
    assert visitor.element("company_name")["value"] == '"><script>alert(1)</script>'
    assert visitor.page.find("script") is None
    links = [link["href"] for link in visitor.element("errors").find_all("a")]
    assert links == ["#name", "#job_title", "#email", "#phone"]
    assert all(visitor.element(str(link)[1:])["aria-invalid"] == "true" for link in links)


def test_the_wrong_choices_of_the_field_are_refused_in_words(fast: Sandbox) -> None:
    contact = CONTACT | {"email": "choices@northwind.example"}
    company = Company(Account(fast), contact=contact)
    made = company.credential(company.verified())
    visitor = Visitor(fast).sign_in(contact["email"], PASSWORD)
    home = visitor.path
    visitor.open(home + "api-credentials").press(
        "generate-credentials", {"delivery": "encrypted-file", "name": "x"}
    )
    assert "choose View and Copy" in visitor.text("errors")
    visitor.press("generate-credentials", {"delivery": "view-and-copy", "name": "Capital Letters"})
    assert "Familiar name" in visitor.text("errors")
    visitor.open(home + "mtls-certificates").press("generate-certificate", {"route": "partners"})
    assert "Directly via the API" in visitor.text("errors")
    visitor.press("generate-certificate", {"route": "api"})
    assert "choose at least one" in visitor.text("errors")
    sent = {"csr": "-----BEGIN PRIVATE KEY-----", "api_credential_ids": made["api_credential_id"]}
    visitor.press("generate-certificate", sent)
    assert "is a private key" in visitor.text("errors")


def test_users_are_added_and_removed_by_hand(alice: Visitor, fast: Sandbox, request) -> None:
    home = alice.sign_in(_email(request)).path
    _wait(alice, home, "invitation", "To do")
    alice.open(home + "invitation").press("accept-invitation", {"password": PASSWORD})
    bob = _email(request).replace("@", ".bob@")
    alice.open(home + "users").press("add-user", {"name": "Bob", "email": bob, "roles": "Manage Credentials"})
    assert bob in alice.text("users")
    assert Visitor(fast).sign_in(bob).path == home
    button = next(b["id"] for b in alice.page.select("#users button") if "Bob" in b.get_text())
    assert bob not in alice.press(str(button)).text("users")
    (last,) = alice.page.select("#users button")
    assert alice.press(str(last["id"])).answer.status_code == 409


def test_each_page_before_its_time_says_so(slow: Sandbox) -> None:
    contact = CONTACT | {"email": "early@northwind.example"}
    Company(Account(slow), contact=contact)
    visitor = Visitor(slow).sign_in(contact["email"])
    home = visitor.path
    assert [visitor.text(f"tile-{tile}-status") for tile in ("invitation", "quote", "api-credentials")] == [
        "Not ready yet"
    ] * 3
    answer = visitor.open(home + "invitation").press("accept-invitation", {"password": PASSWORD})
    assert answer.answer.status_code == 409
    assert "has not been sent yet" in visitor.text("errors")
    for page in ("identity-profiles", "api-credentials", "mtls-certificates"):
        assert visitor.open(home + page).has("not-yet")


def test_every_page_is_marked_as_a_stand_in_and_has_no_inline_code(fast: Sandbox) -> None:
    contact = CONTACT | {"email": "pages@northwind.example"}
    company = Company(Account(fast), contact=contact)
    company.credential(company.verified())
    visitor = Visitor(fast).sign_in(contact["email"], PASSWORD)
    home = visitor.path
    tiles = [str(link["href"]) for link in visitor.page.select(".tile a")]
    assert len(tiles) == 8
    for path in [home, *tiles, "/register", "/registered", "/nothing"]:
        visitor.open(path)
        assert visitor.text("banner") == BANNER
        assert visitor.page.select("[style], style, script, [onclick]") == []
        assert visitor.page.html is not None
        assert visitor.page.html["lang"] == "en-GB"
        ids = [str(item["id"]) for item in visitor.page.select("[id]")]
        assert len(ids) == len(set(ids)), path
        _labelled(visitor)
        assert "default-src 'none'" in visitor.answer.headers["Content-Security-Policy"]
        assert visitor.answer.headers["Cache-Control"] == "no-store"


def _labelled(visitor: Visitor) -> None:
    """Every field that a person fills has a label."""
    for field in visitor.page.select("input:not([type=hidden]), textarea"):
        assert visitor.page.select(f'label[for="{field["id"]}"]'), field["id"]


def test_the_style_is_served_as_a_file(fast: Sandbox) -> None:
    answer = requests.get(f"{fast.pages_url}/sandbox.css", timeout=10)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "focus-visible" in answer.text
