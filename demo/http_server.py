"""The demo's web server: waitress, told to keep what people upload out of temporary files.

What it serves is in config/wsgi.py.
"""

from typing import Any

from waitress import create_server

ADDRESS = "127.0.0.1"  # the loopback address: nobody else reaches the demonstration
THREADS = 8
LARGEST_BODY = 16 * 1024 * 1024  # bytes; more than the portal takes, so that it says itself what is too large


def web_server(application: Any, port: int) -> Any:
    """A server on the loopback address; `run()` serves until it is stopped.

    Waitress writes a body of more than half a megabyte into a file unless it is told otherwise, and it may hold a key.
    """
    return create_server(
        application,
        host=ADDRESS,
        port=port,
        threads=THREADS,
        ident="portal",
        max_request_body_size=LARGEST_BODY,
        inbuf_overflow=LARGEST_BODY + 1,
        outbuf_overflow=LARGEST_BODY + 1,
        # Nobody believes them here, and loopback.py must see that somebody passed a request on.
        clear_untrusted_proxy_headers=False,
    )
