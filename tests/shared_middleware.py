"""One chain of middleware for all test clients of a process, as a web process has one for all its visitors.

Django's test client builds the chain anew for each client, and WhiteNoise then looks at every static file again. A
setting that changes ends the chain: what a middleware read from it at its beginning is read again.
"""

from typing import Any

from django.core.handlers.base import BaseHandler
from django.test.client import ClientHandler
from django.test.signals import setting_changed

_built: list[ClientHandler] = []  # none, or the handler whose chain serves all others


def _load_middleware(handler: ClientHandler, is_async: bool = False) -> None:
    """In place of ClientHandler.load_middleware, which is the base class's own."""
    if not _built:
        BaseHandler.load_middleware(handler, is_async)
        _built.append(handler)
    handler._middleware_chain = _built[0]._middleware_chain


def _forget(**_: Any) -> None:
    _built.clear()


ClientHandler.load_middleware = _load_middleware  # type: ignore[method-assign]
setting_changed.connect(_forget)
