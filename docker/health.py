"""Health of one container, for HEALTHCHECK: `python docker/health.py web|worker|beat|atlas`; exit code 0 is healthy.

Whether the portal as a whole is well is not decided here but by /readyz.
"""

import os
import socket
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit


def web() -> bool:
    """This process answers (the database and Redis have checks of their own)."""
    name = urlsplit(os.environ["BASE_URL"]).netloc  # other host names are refused
    question = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": name})
    with urllib.request.urlopen(question, timeout=4) as answer:  # noqa: S310  # our own address
        return bool(answer.status == 200)


def worker() -> bool:
    """This container's own worker answers a ping through the broker."""
    ping = ["celery", "-A", "config", "inspect", "ping", "-t", "5", "-d", f"celery@{socket.gethostname()}"]
    return subprocess.run(ping, stdout=subprocess.DEVNULL, check=False).returncode == 0


def beat() -> bool:
    """The schedule has asked in the last minute: a process that lives and asks nothing is not healthy."""
    check = [sys.executable, "manage.py", "check_schedule"]
    return subprocess.run(check, stdout=subprocess.DEVNULL, check=False).returncode == 0


def atlas() -> bool:
    """All three listeners of the local Atlas accept connections."""
    for port in (8443, 8444, 8445):
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    return True


if __name__ == "__main__":
    try:
        healthy = {"web": web, "worker": worker, "beat": beat, "atlas": atlas}[sys.argv[1]]()
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"not healthy: {error}")
    sys.exit(0 if healthy else 1)
