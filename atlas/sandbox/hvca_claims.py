"""Claims as HVCA clients meet them: their routes, bodies and answers. IP addresses are known from one client only."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Row

from werkzeug.wrappers import Response

from atlas.sandbox import claim_checks, claims, credentials
from atlas.sandbox.app_state import AppState
from atlas.sandbox.claims import Kind
from atlas.sandbox.paging import answer_page, page_of
from atlas.sandbox.problems import Refusal, bad_request, invalid
from atlas.sandbox.routing import Call, Route, answer_empty, answer_json


class ClaimRows:
    """The rows below /claims of one kind."""

    def __init__(self, state: AppState, prefix: str, kind: Kind) -> None:
        self.state = state
        self.kind = kind
        self.prefix = prefix
        self.path = f"/claims/{kind}"

    def routes(self) -> list[Route]:
        """One row per call."""
        one = self.path + "/{claim_id}"
        common = [
            Route("GET", self.path, self.list),
            Route("POST", one, self.submit, optional_body=True),
            Route("GET", one, self.get),
            Route("DELETE", one, self.delete),
            Route("POST", f"{one}/reassert", self.reassert, optional_body=True),
            Route("POST", f"{one}/http", self.http, body=True),
        ]
        if self.kind == "ipaddresses":
            return common
        return [
            *common,
            Route("GET", f"{one}/dns", self.authorization_domains),
            Route("POST", f"{one}/dns", self.dns, optional_body=True),
            Route("GET", f"{one}/email", self.mailboxes),
            Route("POST", f"{one}/email", self.email, body=True),
        ]

    def _account(self, call: Call) -> str:
        """Claims belong to the account, whichever of its keys is used."""
        with self.state.store.transaction() as db:
            credential = credentials.by_key(db, call.caller)
        assert credential is not None  # the server has admitted it
        return str(credential["account_id"])

    def _settled(self, call: Call) -> Row:
        return claim_checks.settled(self.state, self._account(call), self.kind, call.args["claim_id"])

    def _token(self, row: Row) -> Response:
        response = answer_json({"token": row["token"], "assert_by": row["assert_by"]}, 201)
        response.headers["Location"] = f"{self.prefix}{self.path}/{row['claim_id']}"
        return response

    def list(self, call: Call) -> Response:
        """Newest first; `status` is PENDING, VERIFIED or absent."""
        page, account = page_of(call.request.args), self._account(call)
        claim_checks.settle_all(self.state, account, self.kind)
        found, total = claims.listed(self.state, account, self.kind, call.request.args.get("status"), page)
        return answer_page(call, self.prefix, [*found], total, page)

    def submit(self, call: Call) -> Response:
        """201 with a path-only Location, a token and the last day to use it."""
        return self._token(claims.submit(self.state, self._account(call), self.kind, call.args["claim_id"]))

    def get(self, call: Call) -> Response:
        """The claim with its log."""
        row = self._settled(call)
        with self.state.store.transaction() as db:
            return answer_json(claims.shown(db, row, self.state.clock.now()))

    def delete(self, call: Call) -> Response:
        """Forget the claim."""
        claims.delete(self.state, self._account(call), self.kind, call.args["claim_id"])
        return answer_empty()

    def reassert(self, call: Call) -> Response:
        """A new token; 202 while a check is on its way."""
        row = self._settled(call)
        if row["check_due"] is not None:
            return _in_progress()
        return self._token(claims.reassert(self.state, row["account_id"], self.kind, row["claim_id"]))

    def authorization_domains(self, call: Call) -> Response:
        """The names at which control may be shown."""
        return answer_json(claim_checks.authorization_domains(self._settled(call)["name"]))

    def dns(self, call: Call) -> Response:
        """A TXT record at an authorization domain."""
        row = self._settled(call)
        sent = _members(call.body or {}, "authorization_domain")
        return self._checked(row, "DNS", self._domain(row, sent.get("authorization_domain")))

    def http(self, call: Call) -> Response:
        """A page at an authorization domain, or at the claimed IP address."""
        row = self._settled(call)
        name = "authorization_domain" if self.kind == "domains" else "authorization_ip_address"
        sent = _members(call.body, name, "scheme")
        scheme = sent.get("scheme")
        if scheme not in ("http", "https"):
            raise invalid("scheme", "is required" if scheme is None else "invalid value")
        host = self._domain(row, sent.get(name)) if self.kind == "domains" else _host(row, sent.get(name))
        return self._checked(row, "HTTP", f"{scheme}://{host}{claim_checks.WELL_KNOWN}")

    def _domain(self, row: Row, sent: object) -> str:
        """An authorization domain; the claimed name if none is sent. An empty text is refused."""
        if sent is None:
            return str(row["name"])
        name = sent.lower().removesuffix(".") if isinstance(sent, str) else ""
        if name not in claim_checks.authorization_domains(row["name"]):
            raise invalid("authorization_domain")
        return name

    def _checked(self, row: Row, method: str, target: str) -> Response:
        return _ANSWERS[
            claim_checks.check(self.state, row["account_id"], self.kind, row["claim_id"], method, target)
        ]()

    def mailboxes(self, call: Call) -> Response:
        """Where a link may be sent. Addresses from DNS no longer count (CA/Browser Forum, July 2025)."""
        name = self._settled(call)["name"]
        document = {"constructed": claim_checks.mailboxes(name), "DNS": {"SOA": {"emails": []}}}
        return answer_json(document)

    def email(self, call: Call) -> Response:
        """Send a link."""
        row = self._settled(call)
        address = _members(call.body, "email_address").get("email_address")
        if address is None:
            raise invalid("email_address", "is required")
        if not isinstance(address, str) or address.lower() not in claim_checks.mailboxes(row["name"]):
            raise invalid("email_address")
        return _ANSWERS[
            claim_checks.send_mail(self.state, row["account_id"], row["claim_id"], address.lower())
        ]()


def _host(row: Row, sent: object) -> str:
    """The claimed address, as it stands in a URL."""
    if sent not in (None, row["name"]):
        raise invalid("authorization_ip_address")
    return f"[{row['name']}]" if ":" in row["name"] else str(row["name"])


def _members(body: object, *names: str) -> dict[str, object]:
    if not isinstance(body, dict) or not set(body) <= set(names):
        raise bad_request()
    return body


def _in_progress() -> Response:
    return answer_json({"description": "Operation in progress"}, 202)


_ANSWERS: dict[claim_checks.Outcome, Callable[[], Response]] = {
    "scheduled": lambda: answer_empty(201),
    "pending": _in_progress,
    "verified": answer_empty,
}


def require_covered(state: AppState, account_id: str, hosts: list[str]) -> None:
    """Raises Refusal 400 unless a verified claim covers each name."""
    missing = claims.uncovered(state, account_id, hosts)
    if missing:
        raise Refusal(
            400,
            "san: failed dns/email domain name verification",
            kinds={"unverified_domain": ", ".join(missing)[:500]},
        )
