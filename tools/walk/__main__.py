"""`python -m tools.walk` (`./run walk`): take one or several companies through a running portal. Exit status 0 or 1.

What happens on the way is in journey.py.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.walk import bundle, people, report
from tools.walk.browser import Browser, WalkFailed
from tools.walk.demo_process import FOLDER, Demo, find_running
from tools.walk.journey import Places, Walk
from tools.walk.people import Company, Person
from tools.walk.result import Result


def options(argv: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="./run walk", description="Walk companies through a running portal."
    )
    add = parser.add_argument
    add(
        "--portal",
        metavar="URL",
        help="a running portal; without it the demonstration that runs, or one that is started for the walk",
    )
    add("--atlas", metavar="URL", help="the stand-in Atlas pages of that portal")
    add("--mail", metavar="DIR", type=Path, help="the folder into which that portal drops its emails")
    add("--ops", metavar="EMAIL", default="ops@dip.example", help="who adds the companies")
    add("--ops-password", metavar="TEXT", default="demonstration only")
    add("--companies", metavar="N", type=int, default=1, help="how many walk at once")
    add(
        "--name", default="Walkabout Energy", help="what the companies are called, before a mark of their own"
    )
    add("--own-key", action="store_true", help="make key, CSR and PFX with the page's openssl commands")
    add("--no-account-api", action="store_true", help="start a demonstration that cannot look into Atlas")
    add("--fresh", action="store_true", help="start a demonstration, although one runs")
    add("--out", metavar="FILE", type=Path, help="where the PFX goes (default: .demo/walk-<company>.pfx)")
    add("--json", metavar="FILE", type=Path, help="write the timings there")
    add("--patience", metavar="SECONDS", type=float, default=600.0, help="how long one wait may last")
    chosen = parser.parse_args(argv)
    if chosen.portal and not (chosen.atlas and chosen.mail):
        parser.error("with --portal, say also --atlas and --mail")
    if chosen.portal and chosen.no_account_api:
        parser.error("--no-account-api is for the demonstration that is started here, not for --portal")
    if chosen.companies < 1:
        parser.error("--companies must be 1 or more")
    return chosen


@contextlib.contextmanager
def places(chosen: argparse.Namespace, log: report.Log) -> Iterator[Places]:
    """The portal that was named, the demonstration that runs, or one of our own for as long as it is needed."""
    if chosen.portal:
        yield Places(chosen.portal, chosen.atlas, chosen.mail, chosen.patience)
        return
    running = None if chosen.fresh else find_running()
    if running and running.account_api != chosen.no_account_api:
        log.line(f"The demonstration that runs at {running.portal} is used")
        yield Places(running.portal, running.atlas, running.mail, chosen.patience)
        return
    with Demo(account_api=not chosen.no_account_api) as demo:
        log.line(f"A demonstration answers at {demo.portal}")
        yield Places(demo.portal, demo.atlas, demo.mail, chosen.patience, demo.last_output)


def add_companies(chosen: argparse.Namespace, where: Places, log: report.Log) -> list[Company]:
    """What ops do: one after the other."""
    browser, companies = Browser(where.portal), [people.invent(chosen.name) for _ in range(chosen.companies)]
    people.sign_in(browser, Person("Ops", chosen.ops, chosen.ops_password))
    for company in companies:
        begun = time.monotonic()
        people.add_company(browser, company)
        log.step(company.name, "Added by ops", time.monotonic() - begun)
    return companies


def output(chosen: argparse.Namespace, company: Company, number: int) -> Path:
    """Where a company's PFX goes; a number tells several apart."""
    if not chosen.out:
        FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FOLDER / f"walk-{company.slug}.pfx"
    out: Path = chosen.out
    return out if chosen.companies == 1 else out.with_stem(f"{out.stem}-{number}")


def keep(result: Result, path: Path) -> None:
    """Write the PFX of a walk that came to its end."""
    if result.bundle and not result.trouble:
        bundle.write(path, result.bundle.data)
        result.file = str(path)


def together(walks: Sequence[Walk]) -> list[Result]:
    """Each in a thread that does not outlive Ctrl-C."""
    threads = [threading.Thread(target=one.go, daemon=True) for one in walks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one.result for one in walks]


def walk(chosen: argparse.Namespace) -> Sequence[Result]:
    """All companies at once, each in a thread; prints as it goes. WalkFailed if it cannot even begin."""
    log = report.Log()
    with places(chosen, log) as where:
        begun = time.monotonic()
        companies = add_companies(chosen, where, log)
        walks = [Walk(where, company, log, own_key=chosen.own_key) for company in companies]
        results = together(walks)
        seconds = round(time.monotonic() - begun, 3)
        if any(result.trouble for result in results):
            log.line(where.last_output())
    for number, (company, result) in enumerate(zip(companies, results, strict=True), 1):
        keep(result, output(chosen, company, number))
    if chosen.json:
        about = {"own_key": chosen.own_key, "account_api": not chosen.no_account_api, "seconds": seconds}
        report.write_json(chosen.json, results, [each for one in walks for each in one.answers], **about)
    return results


def main(argv: list[str]) -> int:
    """Walk, print the ending. 0 if every company has its bundle, else 1."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the demonstration is stopped too
    try:
        results = walk(options(argv))
    except WalkFailed as failure:
        print(f"The walk could not begin: {failure}", flush=True)
        return 1
    print(f"\n{report.summary(results)}")
    return 1 if any(result.trouble for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
