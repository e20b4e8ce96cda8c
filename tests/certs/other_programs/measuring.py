"""Run a maker and put into cells what it made and what the portal's check says of it."""

from __future__ import annotations

from pathlib import Path

from certs.doctor.examiner import examine_or_raise
from certs.findings import Finding
from tests.certs.other_programs.programs import CERTIFICATE_PRINTERS, MAKERS, PFX_MAKERS, Maker
from tests.certs.other_programs.request_shape import describe

# What is true of every one: it is good, and the issuer of the tests is not the programme's.
UNSAID = ("csr-good", "pfx-good", "certificate-good", "certificate-issuer")


def measure_all(folder: Path) -> dict[str, tuple[str, ...]]:
    """By name: version and cells. What is not on this machine is left out."""
    found = {each.recipe.name: measure_request(each, _fresh(folder, each)) for each in MAKERS}
    found |= {f"PFX {each.recipe.name}": measure_pfx(each, _fresh(folder, each)) for each in PFX_MAKERS}
    printers = CERTIFICATE_PRINTERS
    found |= {
        f"Certificate {each.recipe.name}": measure_certificate(each, _fresh(folder, each))
        for each in printers
    }
    return {name: cells for name, cells in found.items() if cells}


def measure_request(maker: Maker, folder: Path) -> tuple[str, ...]:
    """Nothing if the program is missing. Raises AssertionError for a CSR that has no good word."""
    if not maker.find_version(folder):
        return ()
    return measure(maker, folder, maker.make_request(folder))


def measure(maker: Maker, folder: Path, made: bytes) -> tuple[str, ...]:
    """Of a CSR that is made already."""
    findings = examine_or_raise(made).findings
    assert "csr-good" in {each.code for each in findings}, findings
    return (maker.find_version(folder), *describe(made).cells, _said(findings))


def measure_pfx(maker: Maker, folder: Path) -> tuple[str, ...]:
    """As measure_request()."""
    version = maker.find_version(folder)
    if not version:
        return ()
    seen = examine_or_raise(maker.make_pfx(folder))
    assert seen.kind == "pfx"
    assert len(seen.artifacts) == 1, seen.findings
    return (version, _said(seen.findings))


def measure_certificate(maker: Maker, folder: Path) -> tuple[str, ...]:
    """As measure_request(), of a certificate with its issuer."""
    version = maker.find_version(folder)
    if not version:
        return ()
    seen = examine_or_raise(maker.print_certificate(folder))
    assert [each.kind for each in seen.artifacts] == ["certificate"], seen.findings
    return (version, _said(seen.findings))


def _said(findings: tuple[Finding, ...]) -> str:
    told = [each for each in findings if each.code not in UNSAID]
    return ", ".join(f"{each.severity} {each.code}".removeprefix("info ") for each in told) or "nothing"


def _fresh(folder: Path, maker: Maker) -> Path:
    made = folder / f"{len(list(folder.iterdir()))}-{maker.recipe.id}"
    made.mkdir()
    return made
