"""A table of routes, and how a JSON request finds its row and gets its answer. What a row does is in the servers."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from atlas.sandbox.problems import Refusal, bad_request, not_found, problem

log = logging.getLogger("atlas.sandbox")


@dataclass
class Call:
    """One request on its way through a server."""

    request: Request
    args: Mapping[str, str] = field(default_factory=dict)
    peer_serial: int | None = None
    body: Any = None
    caller: str = ""


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """One row: a method, a path with {names}, and what answers it."""

    method: str
    path: str
    handler: Handler
    body: bool = False
    optional_body: bool = False
    public: bool = False
    idempotent: bool = False


class Table:
    """The routes of a server under one prefix. A trailing slash changes nothing, and nothing is redirected."""

    def __init__(self, prefix: str, routes: Sequence[Route]) -> None:
        self.prefix = prefix
        self.routes = list(routes)
        rules = [
            Rule(_rule(prefix + route.path), methods=[route.method], endpoint=number)
            for number, route in enumerate(self.routes)
        ]
        self._map = Map(rules, redirect_defaults=False, merge_slashes=False)

    def match(self, request: Request) -> tuple[Route, dict[str, str]]:
        """The row of a request and the values of its names. Raises Refusal 404 or 405."""
        adapter = self._map.bind("localhost")
        try:
            number, args = adapter.match(request.path.rstrip("/") or "/", method=request.method)
        except MethodNotAllowed as error:
            refusal = Refusal(405, "Method Not Allowed")
            refusal.allow = ", ".join(sorted(error.valid_methods or ()))
            raise refusal from None
        except NotFound:
            raise not_found() from None
        return self.routes[number], dict(args)


def _rule(path: str) -> str:
    return path.replace("{", "<").replace("}", ">")


class JsonServer:
    """What both API servers share: find the row, admit the caller, read the body, answer, and never show a trace."""

    names_errors = True
    needs_charset = False

    def __init__(self, table: Table) -> None:
        self.table = table

    def answer(self, request: Request, peer_serial: int | None) -> Response:
        """The answer to any request at all."""
        try:
            route, args = self.table.match(request)
            call = Call(request, args, peer_serial)
            if not route.public:
                self.admit(call)
            if route.body or (route.optional_body and request.content_length):
                call.body = read_json(request, needs_charset=self.needs_charset)
            return self.perform(route, call)
        except Refusal as refusal:
            return self.refuse(refusal)
        except Exception:
            fault = Refusal(500, "Internal Server Error")
            log.exception("incident %s", fault.incident)
            return self.refuse(fault)

    def admit(self, call: Call) -> None:
        """Raises Refusal 401 unless the caller may call."""
        raise NotImplementedError

    def perform(self, route: Route, call: Call) -> Response:
        """Hand the call to its row."""
        return route.handler(call)

    def refuse(self, refusal: Refusal) -> Response:
        """A problem document."""
        return problem(refusal, with_errors=self.names_errors)


def read_json(request: Request, *, needs_charset: bool) -> Any:
    """The JSON body. Raises Refusal 400, 411, 415 as the HVCA API document 2.1 names them."""
    if not request.content_length:
        raise Refusal(411, "Content-Length required")
    charset = request.mimetype_params.get("charset", "" if needs_charset else "utf-8")
    if request.mimetype != "application/json" or charset.lower() != "utf-8":
        raise Refusal(415, "Bad Content-Type")
    try:
        return json.loads(request.get_data().decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise bad_request() from None


def _no_constant(name: str) -> float:
    """NaN and Infinity are not JSON, though Python reads them."""
    raise ValueError(name)


def answer_json(document: object, status: int = 200) -> Response:
    """A JSON answer with the media type that HVCA uses."""
    response = Response(json.dumps(document), status)
    response.headers["Content-Type"] = "application/json;charset=utf-8"
    return response


def answer_empty(status: int = 204, location: str | None = None) -> Response:
    """An answer without a body."""
    response = Response(b"", status)
    del response.headers["Content-Type"]
    if location:
        response.headers["Location"] = location
    return response


def bearer_token(request: Request) -> str | None:
    """The token of an `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
