"""The options of `python -m atlas.sandbox` and how they are read. What they do is in server.py."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

from atlas.sandbox.faults import KINDS, SCENARIOS, InjectedFault, parse_fault
from atlas.sandbox.policy_file import read_policy
from atlas.sandbox.tls import TLS_FAULTS

DESCRIPTION = """\
A local Atlas for demonstration and tests: HVCA v2 with mutual TLS, an account API, and pages for people.

Its listeners share one state, kept in DIR, which survives a restart:
  --port          HVCA v2; a client certificate is demanded (https://localhost:PORT/v2)
  --account-port  the account API of docs/atlas-account-api.yaml, with a bearer token
  --pages-port    stand-in pages for people, and CRL, OCSP and issuer certificate; plain HTTP
  --control-port  faults, DNS, web pages, clock; plain HTTP on 127.0.0.1; off unless asked for

DIR gets root.pem (the root to trust), client.json, client.pem and client.key (a first credential for HVCA)
and account.json (address and token of the account API).

To point a client of HVCA here: its URL, API key and secret are in client.json, its client certificate and key are
client.pem and client.key, and it must trust root.pem.
  curl --cacert DIR/root.pem --cert DIR/client.pem --key DIR/client.key \\
       -H 'Content-Type: application/json;charset=utf-8' -d '{"api_key": "...", "api_secret": "..."}' \\
       https://localhost:8443/v2/login
"""
EPILOG = f"""\
At speed 4320 a wait of 72 hours is over in a minute. A company named "Some Name [vetting-rejected]" gets that
scenario; others are vetting-late, quote-late, atlas-down and all-well.

Faults: --fault-scenario NAME, or --fault '{{"kind": "status", "status": 429, "retry_after": 2, "times": 3}}',
or, while it runs, the same JSON with POST to http://127.0.0.1:CONTROL/faults.
  kinds: {", ".join(KINDS[:6])},
         {", ".join(KINDS[6:])}
  scenarios: {", ".join(list(SCENARIOS)[:8])},
             {", ".join(list(SCENARIOS)[8:])}

docs/sandbox.md has every option, every fault with the line that switches it on, and what is inference.
"""


def parser() -> argparse.ArgumentParser:
    """Reads the options; a wrong one ends the process with the usage and exit code 2."""
    made = argparse.ArgumentParser(
        "python -m atlas.sandbox",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _listening(made)
    _behaving(made)
    _failing(made)
    return made


def _listening(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--dir", type=Path, required=True, metavar="DIR", help="folder for state, keys and files for clients")
    add("--port", type=_port, default=8443, help="port of HVCA (default 8443; 0 takes free ports for all)")
    add("--account-port", type=_port, help="port of the account API (default: the next one)")
    add("--pages-port", type=_port, help="port of the pages (default: the one after)")
    add("--control-port", type=_port, help="port of the control API (default: none)")
    add("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    add(
        "--name", action="append", default=[], help="further name of this host in its certificate; repeatable"
    )


def _behaving(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--speed", type=_speed, default=1.0, help="how many times faster than Atlas (default 1)")
    add("--policy", choices=("pkcs10", "pkcs8"), default="pkcs10", help="key format of the validation policy")
    add("--policy-file", type=_policy, metavar="FILE", help="a validation policy of your own, JSON")
    add("--quota", type=int, default=999_999, help="certificates per API key (default 999999)")
    add("--rate-limit", type=_positive, metavar="N", help="calls per second and API key (default: no limit)")
    add("--root-issues", action="store_true", help="no issuing CA: a trust chain of one certificate")
    add("--require-claims", action="store_true", help="issue only for names under a verified domain claim")
    add(
        "--revoke-twice", choices=("success", "conflict"), default="success",
        help="answer to revoking once more: 204 (default) or 409",
    )  # fmt: skip


def _failing(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--fault", type=_fault, action="append", default=[], metavar="JSON", help="a fault; repeatable")
    add("--fault-scenario", choices=tuple(SCENARIOS), metavar="NAME", help="a set of faults, see below")
    add(
        "--tls-fault", choices=TLS_FAULTS, help="a server certificate that has expired or is for another host"
    )
    add("--clock-skew", type=_skew, default=0.0, metavar="SECONDS", help="how far its clock is ahead")


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


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a limit is a number from 1")
    return number


def _skew(text: str) -> float:
    skew = float(text)
    if not (math.isfinite(skew) and abs(skew) <= 10**9):
        raise argparse.ArgumentTypeError("a skew is a number of seconds")
    return skew


def _policy(text: str) -> dict[str, Any]:
    try:
        return read_policy(Path(text))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _fault(text: str) -> InjectedFault:
    try:
        return parse_fault(json.loads(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
