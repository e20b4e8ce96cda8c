"""`./run audit`: write the list of packages, then compare the locks with published advisories.

Exit status 0: every package was looked up, and nothing is known against any. 1: something is. 2: not every package was
looked up, so nothing is proved.
"""

from __future__ import annotations

import argparse
import sys

from tools import advisories, locked_packages, sbom
from tools.advisories import AdvisoryReport
from tools.console import ROOT, JobFailed, print_status


def main(args: list[str]) -> int:
    """Do both; the list is written whatever the advisories say."""
    options = _options(args)
    lock = locked_packages.node_lock()
    for path in (
        sbom.write("python", "pypi", locked_packages.python_packages("requirements.txt")),
        sbom.write("npm", "npm", locked_packages.node_packages(lock)),
    ):
        print(f"Written: {path.relative_to(ROOT)}")
    wanted = locked_packages.all_python_packages()
    answers = [
        (len(wanted), advisories.ask_python(wanted, options.osv)),
        (len(locked_packages.node_packages(lock)), advisories.ask_node(lock, options.npm_registry)),
    ]
    return max(_print_report(count, answer) for count, answer in answers)


def _options(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run audit", description=__doc__)
    parser.add_argument(
        "--osv", default="", help="address of an OSV query service, instead of PyPI's own advisories"
    )
    parser.add_argument(
        "--npm-registry", default="", help="address of an npm registry, instead of npm's own setting"
    )
    return parser.parse_args(args)


def _print_report(count: int, answer: AdvisoryReport) -> int:
    """Print what came of one source; its part of the exit code."""
    if answer.blind:
        print(
            f"{answer.source}: NOT CHECKED. Advisories cannot be seen from here: {answer.blind}. Nothing is proved "
            f"about {count} packages. Run this where the source can be reached, or name another one (--help)."
        )
        return 2
    for each, known in answer.known.items():
        for advisory in known:
            print(f"{answer.source}: {each}: {advisory}")
    for each in answer.unchecked:
        print(f"{answer.source}: {each}: NOT CHECKED, nobody could look it up")
    said = f"{count} packages; advisories against {len(answer.known)}; not checked {len(answer.unchecked)}"
    print(f"{answer.source}: {said}.")
    return 2 if answer.unchecked else 1 if answer.known else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except JobFailed as failure:
        print_status(str(failure).rstrip())
        sys.exit(2)
