"""Runs pytest and commands in forks of one process that has imported the large packages: for copies of the checkout.

Started with `-P` in the folder of the copy, so that every module of ours is the copy's. One line of JSON in (the
arguments), one number out (the exit status); what was printed goes into a file. Whose copy it is, says contributing.py.
"""

import importlib
import json
import os
import runpy
import sys
import traceback
from pathlib import Path

LARGE = (
    "django.forms",
    "django.core.management",
    "django.test",
    "celery",
    "cryptography.hazmat.primitives.serialization.pkcs12",
    "pydantic_settings",
    "psycopg",
    "redis",
    "requests",
    "werkzeug",
    "bs4",
    "pytest",
    "hypothesis",
    "schemathesis.pytest.plugin",
    "pytest_playwright.pytest_playwright",
    "pytest_django.plugin",
    "xdist.plugin",
)


def run(arguments: list[str], output: Path) -> int:
    """`-m module ...` and `manage.py ...` run as they do in a shell; everything else goes to pytest."""
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    if arguments[0] not in ("-m", "manage.py"):
        return _run_pytest(arguments, output.with_suffix(".json"))
    sys.path.insert(0, str(Path.cwd()))
    sys.argv = arguments[1:] if arguments[0] == "-m" else arguments
    try:
        if arguments[0] == "-m":
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _run_pytest(tests: list[str], outcomes: Path) -> int:
    """Which tests failed goes into `outcomes`."""
    import pytest

    class Failures:
        found: set[str] = set()

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                self.found.add(report.nodeid)

    failures = Failures()
    arguments = ["-q", "-n0", "-p", "no:cacheprovider", "--reuse-db", *tests]
    status = int(pytest.main(arguments, plugins=[failures]))
    outcomes.write_text(json.dumps(sorted(failures.found)), encoding="utf-8")
    return status


def main(output: Path) -> None:
    """Answer until nobody asks any more."""
    for name in LARGE:
        importlib.import_module(name)
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            status = 70
            try:
                status = run(json.loads(line), output)
            except Exception:  # noqa: BLE001  whatever it is, it goes into the file
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
