"""How gunicorn serves the portal, however it is started in this folder: preloaded, and its logs hold no tokens.

How many workers there are, when they are renewed and where they listen is said on the command line (Dockerfile).
"""

import gc
from typing import Any

accesslog = "-"
logger_class = "config.gunicorn_logs.TokenFreeLogger"
# The master loads the portal once and forks: a renewed worker serves at once, in place of two seconds of imports, and
# workers share what they never write to. Python's and OpenSSL's random numbers begin anew in each fork.
preload_app = True


def when_ready(server: Any) -> None:
    """Before the first worker: what each would load at its first requests, while somebody waits."""
    from config.preload import load_pages

    load_pages()


def pre_fork(server: Any, worker: Any) -> None:
    """Leave no connection to a worker: two processes on one line would read each other's answers.

    Loading the portal has asked the database (config/wsgi.py). certs/clock.py and certs/pfx_reader_client.py see to
    what they hold themselves; nothing starts a thread before the fork.
    """
    from django.core.cache import caches
    from django.db import connections

    connections.close_all()
    caches.close_all()
    # The collector writes to what it looks at, and what a worker writes to it has for itself (config/celery.py).
    gc.collect()
    gc.freeze()
