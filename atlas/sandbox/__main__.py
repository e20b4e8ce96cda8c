"""The command line of the local Atlas: `python -m atlas.sandbox --dir DIR`. Its options are in command.py."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
import threading

from atlas.sandbox.command import parser
from atlas.sandbox.server import Sandbox


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 0 after a clean stop, 2 if it cannot start."""
    options = parser().parse_args(argv)
    sandbox = _sandbox(options)
    sandbox.faults.add(*options.fault)
    if options.fault_scenario:
        sandbox.faults.scenario(options.fault_scenario)
    return _run(sandbox)


def _sandbox(options: argparse.Namespace) -> Sandbox:
    first = options.port
    return Sandbox(
        options.dir,
        first,
        options.host,
        options.speed,
        _beside(first, options.account_port, 1),
        _beside(first, options.pages_port, 2),
        names=options.name,
        policy=options.policy.upper(),
        quota=options.quota,
        validation_policy=options.policy_file,
        revoke_twice=options.revoke_twice,
        require_claims=options.require_claims,
        rate_limit=options.rate_limit,
        control_port=options.control_port,
        tls_fault=options.tls_fault,
        clock_skew=options.clock_skew,
        root_issues=options.root_issues,
    )


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
    control = f", control {sandbox.control_url}" if sandbox.control_url else ""
    print(
        f"Local Atlas: HVCA {sandbox.url}, account API {sandbox.account_url}, pages {sandbox.pages_url}{control},"
        f" files {sandbox.directory}",
        flush=True,
    )
    stopped.wait()
    sandbox.stop()
    return 0


def _sentence(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{error.filename} is already in use."
            " Choose another with --port, --account-port, --pages-port or --control-port."
        )
    return f"The local Atlas cannot start: {error.strerror or error} ({error.filename})."


if __name__ == "__main__":
    sys.exit(main())
