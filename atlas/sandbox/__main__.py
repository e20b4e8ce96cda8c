"""The command line of the local Atlas: `python -m atlas.sandbox --dir DIR`. What it starts is in server.py."""

from __future__ import annotations

import argparse
import errno
import math
import signal
import sys
import threading
from pathlib import Path

from atlas.sandbox.server import Sandbox

DESCRIPTION = """\
A local Atlas for demonstration and tests: HVCA v2 with mutual TLS, an account API, and pages for people.

Three listeners share one state, kept in DIR, which survives a restart:
  --port          HVCA v2; a client certificate is demanded (https://localhost:PORT/v2)
  --account-port  the account API of docs/atlas-account-api.yaml, with a bearer token
  --pages-port    stand-in pages for people, plain HTTP

DIR gets root.pem (the root to trust), client.json, client.pem and client.key (a first credential for HVCA)
and account.json (address and token of the account API).
"""
EPILOG = """\
At speed 4320 a wait of 72 hours is over in a minute. A company named "Some Name [vetting-rejected]" gets that
scenario; others are vetting-late, quote-late, atlas-down and all-well. See docs/sandbox.md.
"""


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 0 after a clean stop, 2 if it cannot start."""
    options = _parser().parse_args(argv)
    first = options.port
    sandbox = Sandbox(
        options.dir,
        first,
        options.host,
        options.speed,
        _beside(first, options.account_port, 1),
        _beside(first, options.pages_port, 2),
        names=options.name,
        policy=options.policy.upper(),
        quota=options.quota,
    )
    return _run(sandbox)


def _beside(first: int, given: int | None, step: int) -> int:
    """The port asked for, or the one `step` after the first; 0 if the first is free to choose or there is none."""
    if given is not None:
        return given
    return first + step if 0 < first <= 65535 - step else 0


def _run(sandbox: Sandbox) -> int:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        sandbox.start()
    except OSError as error:
        print(_sentence(error), file=sys.stderr)
        return 2
    print(
        f"Local Atlas: HVCA {sandbox.url}, account API {sandbox.account_url}, pages {sandbox.pages_url},"
        f" files {sandbox.directory}",
        flush=True,
    )
    stopped.wait()
    sandbox.stop()
    return 0


def _sentence(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{error.filename} is already in use. Choose another with --port, --account-port or --pages-port."
        )
    return f"The local Atlas cannot start: {error.strerror or error} ({error.filename})."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m atlas.sandbox",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--dir", type=Path, required=True, metavar="DIR", help="folder for state, keys and files for clients")
    add("--port", type=_port, default=8443, help="port of HVCA (default 8443; 0 takes free ports for all)")
    add("--account-port", type=_port, help="port of the account API (default: the next one)")
    add("--pages-port", type=_port, help="port of the pages (default: the one after)")
    add("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    add(
        "--name", action="append", default=[], help="further name of this host in its certificate; repeatable"
    )
    add("--speed", type=_speed, default=1.0, help="how many times faster than Atlas (default 1)")
    add("--policy", choices=("pkcs10", "pkcs8"), default="pkcs10", help="key format of the validation policy")
    add("--quota", type=int, default=999_999, help="certificates per API key (default 999999)")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _speed(text: str) -> float:
    speed = float(text)
    if not (math.isfinite(speed) and speed > 0):
        raise argparse.ArgumentTypeError("a speed is a number above 0")
    return speed


if __name__ == "__main__":
    sys.exit(main())
