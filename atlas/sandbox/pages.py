"""The stand-in Atlas for people: the table of its pages, signing in, registering.

The tiles have modules of their own.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from atlas.sandbox import fields, pages_access, pages_journey, pages_public, registration, sessions
from atlas.sandbox.app_state import AppState
from atlas.sandbox.html import Form, Html, form_of, h, hidden, join, link, page, para, problems, text_field
from atlas.sandbox.page_request import (
    Handler,
    PageRequest,
    errors_of,
    first_values,
    on_get,
    on_post,
    redirect,
    texts,
)
from atlas.sandbox.problems import Refusal, decorate, not_found
from atlas.sandbox.routing import Call, Route, Table
from atlas.sandbox.routing import Handler as CallHandler

log = logging.getLogger("atlas.sandbox")
STYLE = Path(__file__).with_name("static") / "sandbox.css"
REGISTER_LABELS = {
    "company_name": "Company name",
    "company_number": "Company number (optional)",
    "name": "Name",
    "job_title": "Job title",
    "email": "Email address",
    "phone": "Direct telephone",
}
SIGN_IN_LABELS = {"email": "Email address", "password": "Password"}
_SAFE_NEXT = re.compile(r"/accounts/[A-Za-z0-9/_-]*")


class PagesServer:
    """Plain forms, no script. Everything below /accounts/ needs a session."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.table = Table("", [*self._open_routes(), *self._account_routes()])

    def _open_routes(self) -> list[Route]:
        return [
            Route("GET", "/", self.front, public=True),
            Route("POST", "/sign-in", self.sign_in, public=True),
            Route("POST", "/sign-out", self.sign_out, public=True),
            Route("GET", "/register", lambda call: _register_page(Form(), 200), public=True),
            Route("POST", "/register", self.register, public=True),
            Route("GET", "/registered", _registered, public=True),
            Route("GET", "/sandbox.css", _style, public=True),
            Route("GET", "/accounts", self.accounts),
            *pages_public.routes(self.state),
        ]

    def _account_routes(self) -> list[Route]:
        journey, access = pages_journey, pages_access
        get = [
            ("", journey.dashboard),
            ("/invitation", on_get(journey.invitation)),
            ("/payment-method", on_get(journey.payment)),
            ("/quote", on_get(journey.quote)),
            ("/identity-profiles", on_get(journey.profiles)),
            ("/api-credentials", on_get(access.keys)),
            ("/mtls-certificates", on_get(access.certificates)),
            ("/mtls-certificates/{serial}", access.certificate),
            ("/mtls-certificates/{serial}/certificate.cer", access.certificate_file),
            ("/mtls-certificates/{serial}/chain.pem", access.chain_file),
            ("/users", on_get(access.people)),
            ("/emails", access.emails),
        ]
        post = [
            ("/invitation", on_post(journey.accept_invitation, journey.invitation)),
            ("/payment-method", on_post(journey.set_payment, journey.payment)),
            ("/quote", on_post(journey.accept_quote, journey.quote)),
            ("/identity-profiles", on_post(journey.submit_profile, journey.profiles)),
            ("/api-credentials", on_post(access.generate, access.keys)),
            ("/api-credentials/csv", access.download_csv),
            ("/mtls-certificates", on_post(access.order, access.certificates)),
            ("/users", on_post(access.add_user, access.people)),
            ("/users/{user_id}/remove", on_post(access.remove_user, access.people)),
        ]
        one = "/accounts/{account_id}"
        return [
            *(Route("GET", one + path, self._require_session(handler)) for path, handler in get),
            *(Route("POST", one + path, self._require_session(handler)) for path, handler in post),
        ]

    def answer(self, request: Request, peer_serial: int | None) -> Response:
        """The page for any request at all."""
        try:
            response = self._answer(request)
        except Refusal as refusal:
            response = self.refuse(refusal)
        except HTTPException as error:
            response = self.refuse(Refusal(error.code or 400, error.name))
        except Exception:
            fault = Refusal(500, "Internal Server Error")
            log.exception("incident %s", fault.incident)
            response = self.refuse(fault)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _answer(self, request: Request) -> Response:
        route, args = self.table.match(request)
        if request.method == "POST" and sessions.is_foreign(request):
            raise Refusal(403, "This form came from another site.")
        return route.handler(Call(request, args))

    def refuse(self, refusal: Refusal) -> Response:
        """A page that says what is wrong."""
        response = page(
            refusal.description, link("/", "Go to the front page", "front"), status=refusal.status
        )
        decorate(response, refusal)
        return response

    def _require_session(self, handler: Handler) -> CallHandler:
        """The handler for somebody who is signed in and may open the account; others see 404, or sign in first."""

        def handle(call: Call) -> Response:
            session = sessions.current(self.state, call.request)
            if session is None:
                return redirect(
                    f"/?next={call.request.path}" if _SAFE_NEXT.fullmatch(call.request.path) else "/"
                )
            account_id = call.args["account_id"]
            if account_id not in session.account_ids:
                raise not_found()
            return handler(PageRequest(self.state, call, account_id, session.email))

        return handle

    def front(self, call: Call) -> Response:
        """Sign in, or on to the accounts."""
        if sessions.current(self.state, call.request) is not None:
            return redirect("/accounts/")
        return _sign_in_page(Form(first_values(call.request.args)), 200)

    def sign_in(self, call: Call) -> Response:
        """POST of the front page."""
        typed = texts(call.request.form, "email", "password", "next")
        try:
            email = fields.EMAIL(typed["email"])
        except fields.Wrong:
            return _sign_in_page(Form(typed, {"email": "enter an email address"}), 422)
        token = sessions.sign_in(self.state, email, typed["password"])
        if token is None:
            return _sign_in_page(
                Form(typed, {"": "There is no account for this email address and password."}), 401
            )
        response = redirect(typed["next"] if _SAFE_NEXT.fullmatch(typed["next"]) else "/accounts/")
        sessions.remember(response, token)
        return response

    def sign_out(self, call: Call) -> Response:
        """POST of the button in the header."""
        sessions.sign_out(self.state, call.request)
        response = redirect("/")
        response.delete_cookie(sessions.COOKIE)
        return response

    def accounts(self, call: Call) -> Response:
        """Pick an account; a person with one goes there at once."""
        session = sessions.current(self.state, call.request)
        if session is None:
            return redirect("/")
        if len(session.account_ids) == 1:
            return redirect(f"/accounts/{session.account_ids[0]}/")
        found = [registration.get(self.state, account_id) for account_id in session.account_ids]
        items = join(
            h(
                '<li><a id="account-{id}" href="/accounts/{id}/">{name}</a></li>',
                id=account["account_id"],
                name=account["company_name"],
            )
            for account in found
        )
        return page("Choose an account", h('<ul id="accounts">{items}</ul>', items=items), session.email)

    def register(self, call: Call) -> Response:
        """POST of the registration form."""
        typed = texts(call.request.form, *REGISTER_LABELS)
        contact = {name: typed[name] for name in registration.CONTACT}
        company = {name: typed[name] for name in ("company_name", "company_number")}
        try:
            registration.register(self.state, {**company, "contact": contact})
        except Refusal as refusal:
            return _register_page(Form(typed, errors_of(refusal)), refusal.status)
        return redirect("/registered")


def _sign_in_page(form: Form, status: int) -> Response:
    body = join(
        [
            problems(form, SIGN_IN_LABELS),
            form_of(
                "/sign-in",
                "sign-in",
                "Sign in",
                text_field(form, "email", SIGN_IN_LABELS["email"], kind="email"),
                text_field(
                    form,
                    "password",
                    SIGN_IN_LABELS["password"],
                    kind="password",
                    hint="Leave it empty until you have accepted the invitation.",
                ),
                hidden("next", form.values.get("next", "")),
            ),
            link("/register", "Get Started with Atlas", "register-link"),
        ]
    )
    return page("Sign in", body, status=status)


def _register_page(form: Form, status: int) -> Response:
    kinds = {"email": "email", "phone": "tel"}
    inputs = [
        text_field(form, name, label, kind=kinds.get(name, "text")) for name, label in REGISTER_LABELS.items()
    ]
    body: Html = join([problems(form, REGISTER_LABELS), form_of("/register", "register", "Submit", *inputs)])
    return page("Get Started with Atlas", body, status=status)


def _registered(call: Call) -> Response:
    body = join(
        [
            para("You will get two emails within 30 minutes: a confirmation and an invitation.", "thanks"),
            link("/", "Sign in to see them under Email history", "front"),
        ]
    )
    return page("Thank you for registering", body)


def _style(call: Call) -> Response:
    response = Response(STYLE.read_bytes(), mimetype="text/css")
    response.headers["Cache-Control"] = "max-age=300"
    return response


_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
