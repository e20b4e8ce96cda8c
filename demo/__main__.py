"""`python -m demo`: from an empty folder to a working portal on PORT (default 8000).

Settings are made here before Django reads them; the rest is in process.py and sample_cases.py.
"""

import os
import socket
import sys
from pathlib import Path

from demo.environment import prepare

HERE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Prepare the environment, then start everything. Exit status 2 when the port is taken."""
    port = int(os.environ.get("PORT") or 8000)
    _demand_free(port)
    home = Path(os.environ.get("DEMO_DIR") or HERE / ".demo")
    sandbox = prepare(home, port)
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
    main()
