"""Asks published advisories about locked packages, through pip-audit and npm, and believes no silence.

A source is trusted only after it has reported a known bad version that was planted in a copy of the lock: behind many
mirrors these programs find nothing, say that all is well, and end with 0.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import assets, packages
from tools.locked_packages import LockedPackage, node_packages

# Versions with published advisories, of different years, so that a list that stopped being kept is noticed too.
BAD_PYTHON = (
    LockedPackage("django", "5.2"),
    LockedPackage("urllib3", "2.2.1"),
    LockedPackage("requests", "2.19.1"),
)
BAD_NODE = (LockedPackage("lodash", "4.17.15"), LockedPackage("node-forge", "1.3.1"))


@dataclass
class AdvisoryReport:
    """What a source knows: advisories by package, packages that it could not look up, and why it is not trusted."""

    source: str
    known: dict[LockedPackage, list[str]] = field(default_factory=dict)
    unchecked: list[LockedPackage] = field(default_factory=list)
    blind: str = ""


def ask_python(wanted: list[LockedPackage], osv: str = "") -> AdvisoryReport:
    """Ask about Python packages: PyPI, or the OSV service at the address `osv`."""
    answer = AdvisoryReport("Python")
    planted = [each for each in wanted if each.name not in {bad.name for bad in BAD_PYTHON}]
    known, unseen, said = _pip_audit([*planted, *BAD_PYTHON], osv)
    if missed := [bad for bad in BAD_PYTHON if not known.get(bad)]:
        answer.blind = _blind(missed, said)
        answer.unchecked = list(wanted)
        return answer
    rest = [each for each in wanted if each not in planted]
    known_rest, unseen_rest, _ = _pip_audit(rest, osv)
    found = known | known_rest
    answer.known = {each: found[each] for each in wanted if found.get(each)}
    answer.unchecked = [each for each in wanted if each in unseen + unseen_rest or each not in found]
    return answer


def _pip_audit(
    wanted: list[LockedPackage], osv: str
) -> tuple[dict[LockedPackage, list[str]], list[LockedPackage], str]:
    """(advisories by package that was looked up, packages that were not, what it said)."""
    known: dict[LockedPackage, list[str]] = {}
    said = ""
    for sheet in _sheets(wanted):
        report, complaint = _one_pip_audit(sheet, osv)
        said = complaint or said
        for each in report.get("dependencies", []):
            if "skip_reason" in each:
                said = each["skip_reason"]
            else:
                found = [_python_advisory(one) for one in each["vulns"]]
                known[LockedPackage(each["name"].lower(), each["version"])] = found
    return known, [each for each in wanted if each not in known], said


def _sheets(wanted: list[LockedPackage]) -> list[list[LockedPackage]]:
    """Lists in which no name is twice, as pip-audit wants them."""
    sheets: list[dict[str, LockedPackage]] = []
    for each in wanted:
        free = next((sheet for sheet in sheets if each.name not in sheet), None)
        if free is None:
            sheets.append(free := {})
        free[each.name] = each
    return [list(sheet.values()) for sheet in sheets]


def _one_pip_audit(sheet: list[LockedPackage], osv: str) -> tuple[dict[str, Any], str]:
    with tempfile.TemporaryDirectory() as folder:  # its cache is of this run only
        listed = Path(folder, "locked.txt")
        listed.write_text("".join(f"{each.name}=={each.version}\n" for each in sheet))
        command = [
            packages.ENVIRONMENT / "bin" / "pip-audit",
            "--requirement",
            listed,
            "--no-deps",
            "--disable-pip",
        ]
        command += ["--format", "json", "--desc", "off", "--progress-spinner", "off", "--cache-dir", folder]
        command += ["--vulnerability-service", "osv", "--osv-url", osv] if osv else []
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    return _json(done)


def _python_advisory(found: dict[str, Any]) -> str:
    fixed = ", ".join(found["fix_versions"])
    return f"{found['id']}, fixed in {fixed}" if fixed else f"{found['id']}, not fixed yet"


def ask_node(lock: dict[str, Any], registry: str = "") -> AdvisoryReport:
    """Ask about npm packages: the registry of npm's own settings, or the one at the address `registry`."""
    answer = AdvisoryReport("npm")
    wanted = node_packages(lock)
    bad, said = _npm_audit(_planted(lock), registry)
    names = set(bad.get("vulnerabilities", {}))
    if missed := [each for each in BAD_NODE if each.name not in names]:
        answer.blind, answer.unchecked = _blind(missed, said), wanted
        return answer
    report, said = _npm_audit(lock, registry)
    looked = report.get("metadata", {}).get("dependencies", {}).get("total", 0)
    if looked < len(wanted):
        answer.blind = f"it looked at {looked} of {len(wanted)} packages. {said}".strip()
        answer.unchecked = wanted
        return answer
    found = report["vulnerabilities"]
    answer.known = {each: _node_advisories(found[each.name]) for each in wanted if each.name in found}
    return answer


def _planted(lock: dict[str, Any]) -> dict[str, Any]:
    """A copy of the lock with the known bad versions in it."""
    copy: dict[str, Any] = json.loads(json.dumps(lock))
    for bad in BAD_NODE:
        copy["packages"][""].setdefault("dependencies", {})[bad.name] = bad.version
        copy["packages"][f"node_modules/{bad.name}"] = {"version": bad.version}
    return copy


def _npm_audit(lock: dict[str, Any], registry: str) -> tuple[dict[str, Any], str]:
    with tempfile.TemporaryDirectory() as folder:
        root = lock["packages"][""]
        Path(folder, "package-lock.json").write_text(json.dumps(lock))
        Path(folder, "package.json").write_text(json.dumps({"version": "0", "private": True, **root}))
        command = [*assets.npm(), "audit", "--json", "--package-lock-only"]
        command += ["--registry", registry] if registry else []
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return _json(done)


def _node_advisories(found: dict[str, Any]) -> list[str]:
    titles = [each for each in found["via"] if isinstance(each, dict)]
    return [f"{each['title']} ({each['severity']}, {each['range']})" for each in titles] or [
        f"through {', '.join(each for each in found['via'] if isinstance(each, str))}"
    ]


def _json(done: subprocess.CompletedProcess[str]) -> tuple[dict[str, Any], str]:
    """(what a program reported, what it complained of)."""
    complaint = (done.stderr.strip().splitlines() or [""])[-1]
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {}, complaint or f"it ended with {done.returncode} and said nothing"
    return report, str(report.get("message", ""))


def _blind(missed: list[LockedPackage], said: str) -> str:
    names = ", ".join(str(each) for each in missed)
    return f"{names}, planted in a copy of the lock, was not reported" + (f" ({said})" if said else "")
