"""Stand-in pages from the dashboard to the identity profile. The moves themselves live beside the account API."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from atlas.sandbox import credentials, identity, mail, mtls, registration, users
from atlas.sandbox.html import (
    Choice,
    Form,
    Html,
    choices,
    facts,
    form_of,
    h,
    join,
    page,
    para,
    problems,
    text_field,
)
from atlas.sandbox.page_request import PageRequest, texts

WAIT, OPEN, DONE = "Not ready yet", "To do", "Done"
PROFILE_LABELS = {
    "profile_name": "Profile name",
    "organization": "Registered name of the organisation",
    "company_number": "Company number",
    "street_address": "Registered street address",
    "locality": "Town or city",
    "postal_code": "Postcode",
    "country": "Country (two letters)",
    "phone": "Telephone",
    "contact_name": "Contact's name",
    "contact_job_title": "Contact's job title",
    "contact_email": "Contact's email address",
}
_TILE = """<li class="tile {colour}" id="tile-{slug}"><a href="{home}{slug}">{title}</a>
<span class="status" id="tile-{slug}-status">{status}</span></li>"""


def dashboard(page_request: PageRequest) -> Response:
    """The To Do tiles; each says its status in words."""
    account = page_request.account()
    tiles = join(_tile(page_request.home, *row) for row in _tiles(page_request, account))
    body = h(
        '<p id="company">{company} <span class="hint">{account_id}</span></p>'
        '<h2>To Do</h2><ul class="tiles">{tiles}</ul>',
        company=account["company_name"],
        account_id=account["account_id"],
        tiles=tiles,
    )
    return page("Dashboard", body, page_request.email)


def _tile(home: str, slug: str, title: str, status: str) -> Html:
    colour = {OPEN: "yellow", DONE: "green"}.get(status, "grey")
    return h(_TILE, home=home, slug=slug, title=title, status=status, colour=colour)


def _tiles(page_request: PageRequest, account: dict[str, Any]) -> list[tuple[str, str, str]]:
    state, account_id = page_request.state, page_request.account_id
    profiles = identity.of_account(state, account_id)
    keys = credentials.of_account(state, account_id)
    certificates = mtls.of_account(state, account_id)
    active = any(profile["status"] == identity.ACTIVE for profile in profiles)
    accepted = account["invitation"]["status"] == "ACCEPTED"
    quote = {"READY": OPEN, "ACCEPTED": DONE}.get(account["quote"]["status"], WAIT)
    mails = len(mail.sent(state, account_id))
    people = len(users.of_account(state, account_id))
    return [
        ("invitation", "Accept invitation", _status(account["invitation"]["status"] == "SENT", accepted)),
        (
            "payment-method",
            "Set payment method",
            _status(accepted, account["payment_method"]["status"] == "SET"),
        ),
        ("quote", "View and Accept Quote", quote),
        ("identity-profiles", "Request Identity Profile", _identity_status(account, profiles)),
        ("api-credentials", "Generate API Credentials", _status(active, bool(keys))),
        ("mtls-certificates", "Generate mTLS Certificates", _status(bool(keys), bool(certificates))),
        ("users", "Users", f"{people} so far"),
        ("emails", "Email history", f"{mails} sent"),
    ]


def _status(ready: bool, done: bool) -> str:
    return DONE if done else OPEN if ready else WAIT


def _identity_status(account: dict[str, Any], profiles: list[dict[str, Any]]) -> str:
    if profiles:
        return DONE if profiles[-1]["status"] == identity.ACTIVE else str(profiles[-1]["status"])
    return OPEN if account["identity_request"]["status"] == "READY" else WAIT


def invitation(page_request: PageRequest, form: Form, status: int) -> Response:
    """Accept the invitation and set a password."""
    state = page_request.account()["invitation"]
    body = join(
        [
            problems(form, {"password": "Password"}),
            facts({"Invitation": state["status"]} | _moments(state)),
            form_of(
                f"{page_request.home}invitation",
                "accept-invitation",
                "Accept invitation",
                text_field(form, "password", "New password", kind="password", hint="At least 8 characters."),
            ),
        ]
    )
    return page_request.page("Accept invitation", body, status)


def accept_invitation(page_request: PageRequest) -> None:
    """POST of the page."""
    registration.accept_invitation(
        page_request.state, page_request.account_id, texts(page_request.form, "password")
    )


def _moments(state: dict[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_at").capitalize(): state[name] for name in state if name.endswith("_at")}


def payment(page_request: PageRequest, form: Form, status: int) -> Response:
    """How the company would pay; nothing is charged."""
    state = page_request.account()["payment_method"]
    body = join(
        [
            problems(form, {"kind": "Payment method"}),
            facts({"Payment method": state["status"]} | _moments(state)),
            para("You will not be charged: the quotation is over GBP 0.00."),
            form_of(
                f"{page_request.home}payment-method",
                "set-payment-method",
                "Use this payment method",
                choices("radio", "kind", "Payment method", [Choice("INVOICE", "Invoice", checked=True)]),
            ),
        ]
    )
    return page_request.page("Set payment method", body, status)


def set_payment(page_request: PageRequest) -> None:
    """POST of the page."""
    registration.set_payment_method(
        page_request.state, page_request.account_id, texts(page_request.form, "kind")
    )


def quote(page_request: PageRequest, form: Form, status: int) -> Response:
    """The quotation, and the two boxes to tick."""
    state = page_request.account()["quote"]
    labels = {"quotation": "Quotation", "msa": "Master Services Agreement"}
    rows = {"Quote": state["status"], "Amount": f"{state['currency']} {state['amount']}"} | _moments(state)
    body = join(
        [
            problems(form, labels),
            facts(rows),
            form_of(
                f"{page_request.home}quote",
                "accept-quote",
                "Use this payment method",
                choices("checkbox", "quotation", "Quotation", [Choice("yes", "I accept the quotation")]),
                choices(
                    "checkbox", "msa", "Agreement", [Choice("yes", "I accept the Master Services Agreement")]
                ),
            ),
        ]
    )
    return page_request.page("View and Accept Quote", body, status)


def accept_quote(page_request: PageRequest) -> None:
    """POST of the page."""
    ticked = {name: page_request.form.get(name) == "yes" for name in ("quotation", "msa")}
    registration.accept_quote(page_request.state, page_request.account_id, ticked)


def profiles(page_request: PageRequest, form: Form, status: int) -> Response:
    """The identity profiles so far, and the form for another."""
    body = join(
        [
            problems(form, PROFILE_LABELS),
            *(
                _profile(profile)
                for profile in identity.of_account(page_request.state, page_request.account_id)
            ),
            _profile_form(page_request, form),
        ]
    )
    return page_request.page("Request Identity Profile", body, status)


def _profile(profile: dict[str, Any]) -> Html:
    rows = {
        "Profile": profile["profile_name"],
        "Status": profile["status"],
        "Since": profile["status_since"],
        "Case": profile["case_reference"],
    }
    if "reason" in profile:
        rows["Reason"] = profile["reason"]
    return h(
        '<section class="profile" id="{id}">{facts}</section>',
        id=profile["identity_profile_id"],
        facts=facts(rows),
    )


def _profile_form(page_request: PageRequest, form: Form) -> Html:
    if page_request.account()["identity_request"]["status"] == "NOT_READY":
        return para(
            "You cannot request an identity profile yet. Accept the quote, then wait up to 30 minutes.",
            "not-yet",
        )
    filled = form if form.values else Form(_suggested(page_request), form.errors)
    return join(
        [
            para(
                "Check every field: a profile cannot be changed once it is sent. A correction is another profile."
            ),
            form_of(
                f"{page_request.home}identity-profiles",
                "submit-identity-profile",
                "Submit identity profile",
                *(text_field(filled, name, label) for name, label in PROFILE_LABELS.items()),
            ),
        ]
    )


def _suggested(page_request: PageRequest) -> dict[str, str]:
    account = page_request.account()
    contact = account["contact"]
    return {
        "profile_name": account["company_name"],
        "organization": account["company_name"],
        "company_number": account["company_number"] or "",
        "country": "GB",
        "phone": contact["phone"],
        "contact_name": contact["name"],
        "contact_job_title": contact["job_title"],
        "contact_email": contact["email"],
    }


def submit_profile(page_request: PageRequest) -> None:
    """POST of the page."""
    identity.request(page_request.state, page_request.row(), texts(page_request.form, *PROFILE_LABELS))
