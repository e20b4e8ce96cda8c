"""Pages that need no sign-in: what the CA publishes, the mailbox of claimed domains, and the link in such an email."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from werkzeug.wrappers import Response

from atlas.sandbox import claim_checks, publication
from atlas.sandbox.app_state import AppState
from atlas.sandbox.html import Html, form_of, h, join, link, page, para
from atlas.sandbox.routing import Call, Route


def routes(state: AppState) -> list[Route]:
    """One row per page."""

    def download(make: str, media_type: str) -> Response:
        data = publication.issuer(state) if make == "issuer" else publication.revocation_list(state)
        return _binary(data, media_type)

    return [
        Route(
            "GET", publication.ISSUER, lambda call: download("issuer", "application/pkix-cert"), public=True
        ),
        Route("GET", publication.CRL, lambda call: download("crl", "application/pkix-crl"), public=True),
        Route("POST", publication.OCSP, lambda call: _ocsp(state, call.request.get_data()), public=True),
        Route(
            "GET",
            publication.OCSP + "/{path:request}",
            lambda call: _ocsp(state, _in_path(call)),
            public=True,
        ),
        Route("GET", "/mailbox", lambda call: _mailbox(state), public=True),
        Route("GET", "/claims/{secret}", lambda call: _ask(state, call), public=True),
        Route("POST", "/claims/{secret}", lambda call: _approve(state, call), public=True),
    ]


def _binary(data: bytes, media_type: str) -> Response:
    response = Response(data)
    response.headers["Content-Type"] = media_type
    return response


def _ocsp(state: AppState, request: bytes) -> Response:
    return _binary(publication.ocsp_answer(state, request), "application/ocsp-response")


def _in_path(call: Call) -> bytes:
    """The request of a GET, in base64 (RFC 6960 appendix A.1)."""
    text = call.request.path.partition(publication.OCSP + "/")[2]
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _mailbox(state: AppState) -> Response:
    """The emails about claimed domains, whoever they went to: nobody's real mailbox is involved."""
    items = join(
        h(
            '<li>{sent} to {to}: <a href="{link}">confirm {domain}</a></li>',
            sent=datetime.fromtimestamp(mail["sent_at"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
            to=mail["to"],
            link=mail["link"],
            domain=mail["domain"],
        )
        for mail in claim_checks.sent_mail(state)
    )
    body = (
        h('<ul id="mailbox">{items}</ul>', items=items) if items else para("No email has been sent.", "empty")
    )
    return page("Emails about claimed domains", Html(body + link("/", "Go to the front page", "front")))


def _ask(state: AppState, call: Call) -> Response:
    """A button, not the visit itself, counts as a yes: mail scanners follow links."""
    domain = claim_checks.asked_by_mail(state, call.args["secret"])["name"]
    return page(
        f"Is {domain} yours?",
        form_of(f"/claims/{call.args['secret']}", "approve", "Yes, I approve the claim"),
    )


def _approve(state: AppState, call: Call) -> Response:
    claim_checks.approve(state, call.args["secret"])
    return page("Thank you", para("The domain counts as verified now.", "approved"))
