"""What static files carry beside their content: the worker that holds an open key may reach nothing at all.

The policy of pages is in settings.py.
"""

from wsgiref.headers import Headers


def static_headers(headers: Headers, path: str, url: str) -> None:
    """A worker is under the policy of its own file: no request may leave it, and no other script may come in."""
    if "key-worker." in url.rsplit("/", 1)[-1]:
        headers["Content-Security-Policy"] = "default-src 'none'"
