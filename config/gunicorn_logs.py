"""Gunicorn's loggers, without tokens: a line of the access log holds a cleaned path, no query and no referrer.

What a token is is said in log_redaction.py; gunicorn is told of this class in gunicorn.conf.py.
"""

from typing import Any

from gunicorn.glogging import Logger

from config.log_redaction import TokenFilter, path_without_tokens

# What may be written of a request: who, when, which method and protocol, the answer's status and size, how long.
HARMLESS = ("h", "l", "u", "t", "s", "m", "H", "b", "B", "a", "T", "D", "M", "L", "p")


class TokenFreeLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's logger; whatever access log format an operator chooses, it holds no token."""

    def setup(self, cfg: Any) -> None:
        """Clean the error log as well: it names addresses in its complaints."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(TokenFilter())

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> dict[str, Any]:
        """What a format may name. Headers and variables (`{...}i`, `{...}o`, `{...}e`) are left out: they read "-"."""
        every = super().atoms(resp, req, environ, request_time)
        path = path_without_tokens(str(environ.get("PATH_INFO", "")))
        line = f"{environ.get('REQUEST_METHOD')} {path} {environ.get('SERVER_PROTOCOL')}"
        return {**{name: every[name] for name in HARMLESS}, "U": path, "r": line, "q": "", "f": "-"}
