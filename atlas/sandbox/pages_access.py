"""Stand-in pages for access: API credentials, mTLS certificates, users, and the emails that were sent."""

from __future__ import annotations

import secrets
from typing import Any

from werkzeug.wrappers import Response

from atlas.sandbox import credentials, identity, mail, mtls, users
from atlas.sandbox.html import (
    Choice,
    Form,
    Html,
    choices,
    facts,
    form_of,
    h,
    hidden,
    join,
    link,
    para,
    problems,
    read_only,
    text_area,
    text_field,
)
from atlas.sandbox.page_request import PageRequest, redirect, texts
from atlas.sandbox.problems import Refusal, invalid, not_found

CSV_SECONDS = 3600.0
VIEW, ENCRYPTED = "view-and-copy", "encrypted-file"
DIRECT, PARTNERS = "api", "partners"


def keys(page_request: PageRequest, form: Form, status: int) -> Response:
    """The API credentials so far, and the form for another."""
    labels = {
        "name": "Familiar name",
        "identity_profile_id": "Identity",
        "service": "Service",
        "delivery": "Delivery",
    }
    found = credentials.of_account(page_request.state, page_request.account_id)
    rows = join(
        facts({"Name": row["name"], "API Key": row["api_key"], "Created": row["created_at"]}) for row in found
    )
    active = [
        row
        for row in identity.of_account(page_request.state, page_request.account_id)
        if row["status"] == identity.ACTIVE
    ]
    body = [problems(form, labels), rows]
    body.append(
        _key_form(page_request, form, active)
        if active
        else para("You need an active identity profile first.", "not-yet")
    )
    return page_request.page("Generate API Credentials", join(body), status)


def _key_form(page_request: PageRequest, form: Form, active: list[dict[str, Any]]) -> Html:
    profiles = [
        Choice(row["identity_profile_id"], f"{row['profile_name']} (Active)", checked=True) for row in active
    ]
    return form_of(
        f"{page_request.home}api-credentials",
        "generate-credentials",
        "Generate API Credentials",
        choices(
            "radio",
            "delivery",
            "Delivery",
            [Choice(VIEW, "View and Copy", checked=True), Choice(ENCRYPTED, "Encrypted File")],
        ),
        choices(
            "radio", "service", "Service", [Choice(credentials.SERVICE, credentials.SERVICE, checked=True)]
        ),
        choices("radio", "identity_profile_id", "Identity", profiles),
        text_field(form, "name", "Familiar name", hint="Lower-case letters, digits and underscores."),
    )


def generate(page_request: PageRequest) -> Response:
    """Make a credential and show its secret, here and never again."""
    if page_request.form.get("delivery") != VIEW:
        raise invalid("delivery", "choose View and Copy; the stand-in makes no encrypted files")
    sent = texts(page_request.form, "name", "identity_profile_id", "service")
    made = credentials.generate(page_request.state, page_request.account_id, sent)
    token = secrets.token_urlsafe(32)
    csv = f"API Key,API Secret\r\n{made['api_key']},{made['api_secret']}\r\n"
    page_request.state.store_sealed(_csv_secret(page_request, token), csv, CSV_SECONDS)
    body = join(
        [
            para("Copy the secret or download the CSV now. It is not shown again.", "shown-once"),
            h('<dl><dt>API Key</dt><dd id="api-key">{key}</dd>', key=made["api_key"]),
            h('<dt>API Secret</dt><dd id="api-secret">{secret}</dd></dl>', secret=made["api_secret"]),
            form_of(
                f"{page_request.home}api-credentials/csv",
                "download-csv",
                "Download CSV",
                hidden("token", token),
            ),
        ]
    )
    return page_request.page("Your API Credentials", body)


def _csv_secret(page_request: PageRequest, token: str) -> str:
    return f"csv\n{page_request.account_id}\n{token}"


def download_csv(page_request: PageRequest) -> Response:
    """The CSV, once."""
    token = page_request.form.get("token", "").encode("ascii", "replace").decode()
    stored = page_request.state.read_sealed(_csv_secret(page_request, token), take=True)
    if stored is None:
        raise Refusal(410, "This file can be downloaded once only. Generate another credential.")
    return _download(stored[0], "api-credentials.csv", "text/csv")


def _download(text: str, name: str, media_type: str) -> Response:
    response = Response(text, 200, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def certificates(page_request: PageRequest, form: Form, status: int) -> Response:
    """The mTLS certificates so far, and the form for another."""
    labels = {"csr": "CSR", "api_credential_ids": "API credentials", "route": "Route"}
    items = join(
        _entry(page_request, row) for row in mtls.of_account(page_request.state, page_request.account_id)
    )
    found = credentials.of_account(page_request.state, page_request.account_id)
    body = [
        problems(form, labels),
        h('<ul id="certificates">{items}</ul>', items=items) if items else Html(""),
    ]
    body.append(
        _certificate_form(page_request, form, found)
        if found
        else para("You need API credentials first.", "not-yet")
    )
    return page_request.page("Generate mTLS Certificates", join(body), status)


def _entry(page_request: PageRequest, row: dict[str, Any]) -> Html:
    return h(
        '<li><a id="certificate-{serial}" href="{home}mtls-certificates/{serial}">{serial}</a> {status}</li>',
        home=page_request.home,
        serial=row["serial"],
        status="Issued" if row["status"] == "ISSUED" else "Being signed",
    )


def _certificate_form(page_request: PageRequest, form: Form, found: list[dict[str, Any]]) -> Html:
    return form_of(
        f"{page_request.home}mtls-certificates",
        "generate-certificate",
        "Continue",
        choices(
            "radio",
            "route",
            "How will you use it?",
            [
                Choice(DIRECT, "Directly via the API", checked=True),
                Choice(PARTNERS, "Via technology partners"),
            ],
        ),
        choices(
            "checkbox",
            "api_credential_ids",
            "API credentials",
            [Choice(row["api_credential_id"], row["name"]) for row in found],
        ),
        text_area(form, "csr", "CSR", hint="Paste all of it, with its BEGIN and END lines."),
    )


def order(page_request: PageRequest) -> Response:
    """POST of the page."""
    if page_request.form.get("route") != DIRECT:
        raise invalid("route", "choose Directly via the API; technology partners need no mTLS certificate")
    chosen = page_request.form.getlist("api_credential_ids")
    if not chosen:
        raise invalid("api_credential_ids", "choose at least one")
    body = {"csr": page_request.form.get("csr", ""), "api_credential_ids": chosen}
    return redirect(
        f"{page_request.home}mtls-certificates/{mtls.order(page_request.state, page_request.account_id, body)}"
    )


def certificate(page_request: PageRequest) -> Response:
    """One certificate to copy or download, or the news that it is being signed."""
    serial = mtls.normal_serial(page_request.call.args["serial"])
    here = f"{page_request.home}mtls-certificates/{serial}"
    found = mtls.get(page_request.state, page_request.account_id, serial)
    if found is None:
        return page_request.page(
            "mTLS certificate", para("Being signed. Reload this page in a moment.", "being-signed")
        )
    body = join(
        [
            para("Success. This is your certificate.", "success"),
            facts({"Serial number": serial, "Valid until": found["not_after"]}),
            read_only("certificate", "Certificate (PEM)", found["certificate"], 20),
            link(f"{here}/certificate.cer", "Download the certificate (.cer)", "download-certificate"),
            link(f"{here}/chain.pem", "Download the issuing CA and root (.pem)", "download-chain"),
        ]
    )
    return page_request.page("mTLS certificate", body)


def certificate_file(page_request: PageRequest) -> Response:
    """The certificate as a file."""
    return _download(_issued(page_request)["certificate"], "onboarding.cer", "application/x-pem-file")


def chain_file(page_request: PageRequest) -> Response:
    """The CA certificates as a file."""
    return _download(
        "".join(_issued(page_request)["chain"]), "globalsign-stand-in-chain.pem", "application/x-pem-file"
    )


def _issued(page_request: PageRequest) -> dict[str, Any]:
    found = mtls.get(page_request.state, page_request.account_id, page_request.call.args["serial"])
    if found is None:
        raise not_found()
    return found


def people(page_request: PageRequest, form: Form, status: int) -> Response:
    """The users, and the form for another."""
    labels = {"name": "Name", "email": "Email address", "roles": "Roles"}
    items = join(
        _user(page_request, row) for row in users.of_account(page_request.state, page_request.account_id)
    )
    roles = [Choice(role, role, checked=role == users.ADMINISTRATOR) for role in users.ROLES]
    body = [
        problems(form, labels),
        h('<ul id="users">{items}</ul>', items=items) if items else para("There are no users yet."),
        h("<h2>Add an Atlas Admin User</h2>"),
        form_of(
            f"{page_request.home}users",
            "add-user",
            "Add user",
            text_field(form, "name", "Name"),
            text_field(form, "email", "Email address", kind="email"),
            choices("checkbox", "roles", "Roles", roles),
        ),
    ]
    return page_request.page("Users", join(body), status)


def _user(page_request: PageRequest, row: dict[str, Any]) -> Html:
    user_id = row["user_id"]
    button = form_of(
        f"{page_request.home}users/{user_id}/remove", f"remove-{user_id}", f"Remove {row['name']}"
    )
    return h(
        "<li>{name}, {email}: {roles} {button}</li>",
        name=row["name"],
        email=row["email"],
        roles=", ".join(row["roles"]),
        button=button,
    )


def add_user(page_request: PageRequest) -> Response:
    """POST of the page."""
    body = {**texts(page_request.form, "name", "email"), "roles": page_request.form.getlist("roles")}
    users.add(page_request.state, page_request.row(), body)
    return redirect(f"{page_request.home}users")


def remove_user(page_request: PageRequest) -> Response:
    """POST of the button beside a user."""
    users.remove(page_request.state, page_request.account_id, page_request.call.args["user_id"])
    return redirect(f"{page_request.home}users")


def emails(page_request: PageRequest) -> Response:
    """What was sent, oldest first."""
    items = join(_email(row) for row in mail.sent(page_request.state, page_request.account_id))
    body = (
        h('<div id="emails">{items}</div>', items=items)
        if items
        else para("Nothing has been sent yet.", "nothing")
    )
    return page_request.page("Email history", body)


def _email(row: dict[str, Any]) -> Html:
    return h(
        '<article class="email"><h2>{subject}</h2>{facts}<pre>{text}</pre></article>',
        subject=row["subject"],
        facts=facts({"Kind": row["kind"], "To": row["to"], "Sent": row["sent_at"]}),
        text=row["text"],
    )
