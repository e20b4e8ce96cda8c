"""Taking keys out of what is logged: tokens in the addresses of links, query strings, referrers.

What uses it: Django's handler (logs.py), gunicorn's loggers (gunicorn_logs.py). A new link with a token belongs here.
"""

import logging
import re
from itertools import pairwise

# Names under /invitations/ that are pages and no tokens: see onboarding/people/invitation_urls.py.
PAGES = r"(?:accept|join|new-link|use)(?:[/?\s\"'<>]|$)"
END = r"[^/?#\s\"'<>\\]+"  # up to where an address ends, or its next part begins
TOKENS = re.compile(
    rf"(?i)((?:/|%2F)invitations(?:/|%2F)+)(?!{PAGES}){END}"
    rf"|((?:/|%2F)(?:password(?:/|%2F)+reset|welcome)(?:/|%2F)+key(?:/|%2F)+)(?!done(?:[/?\s\"'<>]|$)){END}"
    rf"|((?:/|%2F)confirm-email(?:/|%2F)+){END}"
)
# What an OpenID Connect provider hands over in a query is a key, too (RFC 6749, section 4.1.2).
QUERIES = re.compile(r"(?i)([?&](?:code|state|id_token|token|key)=)[^&#\s\"'<>]+")
LONG = 40  # characters; no part of an address is as long unless it is a key, or a company's name
HIDDEN = "[hidden]"


def without_tokens(text: str) -> str:
    """The same text; whatever stands where a link has its token is replaced."""
    text = TOKENS.sub(lambda found: f"{found[1] or found[2] or found[3]}{HIDDEN}", text)
    return QUERIES.sub(rf"\1{HIDDEN}", text)


def path_without_tokens(path: str) -> str:
    """A path fit for a log: no query, no token, and no part so long that it may be one."""
    parts = without_tokens(path.split("?")[0].split("#")[0]).split("/")
    fit = [
        HIDDEN if len(part) >= LONG and before != "companies" else part
        for before, part in pairwise(["", *parts])
    ]
    return "/".join(fit)


class TokenFilter(logging.Filter):
    """For a handler: cleans each record's message and traceback; lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Write the message out, so that what was in its arguments is cleaned as well."""
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001  whoever logs wrongly gets a line that says so, and no exception
            text = f"a line of {record.name} that cannot be put together ({record.pathname}:{record.lineno})"
        record.msg, record.args = without_tokens(text), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_tokens(record.exc_text)
        if record.stack_info:
            record.stack_info = without_tokens(record.stack_info)
        return True
