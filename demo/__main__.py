"""`python -m demo`: from an empty folder to a working portal on PORT (default 8000).

Settings are made here before Django reads them; the rest is in process.py and sample_cases.py. What is imported at the
top is Python's own, so that `--help` answers on a machine on which nothing is installed yet.
"""

import argparse
import os
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VARIABLES = """environment variables:
  PORT             where the portal answers (8000)
  DEMO_DIR         the folder that keeps everything (.demo); delete it to start again
  DEMO_SPEED       how many seconds pass in the stand-in for Atlas in one of yours (4320: 72 hours in a minute)
  SUPPORT_EMAIL    an address that the pages and the emails name, and that gets the questions to ops
"""


def read_arguments(argv: list[str]) -> argparse.Namespace:
    """What was asked for; ends the process with a sentence where that is unknown."""
    parser = argparse.ArgumentParser(
        prog="./run demo",
        description="The whole portal with its own local Atlas on this computer. Sign in at /demo/ with one click.",
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--no-account-api",
        action="store_true",
        help="the portal cannot look into Atlas by itself, as with the real one today: people say what they saw",
    )
    return parser.parse_args(argv)


def main(argv: list[str]) -> None:
    """Prepare the environment, then start everything. Exit status 2 when the port is taken."""
    chosen = read_arguments(argv)
    port = int(os.environ.get("PORT") or 8000)
    _demand_free(port)
    from demo.environment import prepare

    home = Path(os.environ.get("DEMO_DIR") or HERE / ".demo").absolute()
    account_api = not chosen.no_account_api and os.environ.get("DEMO_ACCOUNT_API") != "off"
    sandbox = prepare(home, port, account_api=account_api)
    from demo.process import run  # Django's settings are read at this import

    try:
        run(port, sandbox, home)
    finally:
        sandbox.stop()


def _demand_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.stderr.write(f"Port {port} is taken. Choose another: PORT={port + 1} ./run demo\n")
            raise SystemExit(2) from None


if __name__ == "__main__":
    main(sys.argv[1:])
