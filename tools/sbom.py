"""The list of what the portal is made of, as CycloneDX 1.6 in JSON: name, version, purl, hashes of the lock, licence.

It names no registry's address and no moment (unless SOURCE_DATE_EPOCH says one), so the same lock gives the same file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License, LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tools.console import ROOT, JobFailed
from tools.locked_packages import LockedPackage

FOLDER = ROOT / "sbom"
_LONGEST = 60  # characters: what is longer in the field of a licence is its text, not its name


def write(name: str, kind: str, listed: Iterable[LockedPackage]) -> Path:
    """Write sbom/NAME.cdx.json. Raises Stop when the result does not keep to CycloneDX's own schema."""
    text = build_document(kind, listed)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise JobFailed(f"The list of packages does not keep to CycloneDX 1.6: {fault}")
    FOLDER.mkdir(exist_ok=True)
    target = FOLDER / f"{name}.cdx.json"
    target.write_text(text + "\n")
    return target


def build_document(kind: str, listed: Iterable[LockedPackage]) -> str:
    """The document itself; `kind` is the purl's type, pypi or npm."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    root = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref="the-portal",
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    bom = Bom(components=[_component(kind, each) for each in listed])
    bom.metadata.component = root
    bom.register_dependency(root, list(bom.components))
    moment = os.environ.get("SOURCE_DATE_EPOCH")
    bom.metadata.timestamp = datetime.fromtimestamp(int(moment), UTC) if moment else None  # type: ignore[assignment]
    bom.serial_number = None  # type: ignore[assignment]  # optional in CycloneDX, and random otherwise
    return str(JsonV1Dot6(bom).output_as_string(indent=2))


def _component(kind: str, each: LockedPackage) -> Component:
    space, _, name = each.name.rpartition("/")
    purl = PackageURL(kind, space or None, name, each.version)
    licence = each.licence or (_licence(each.name) if kind == "pypi" else "")
    return Component(
        name=name,
        group=space or None,
        version=each.version,
        type=ComponentType.LIBRARY,
        bom_ref=purl.to_string(),
        purl=purl,
        scope=ComponentScope.EXCLUDED if each.built else ComponentScope.REQUIRED,
        hashes=[HashType(alg=HashAlgorithm(kind_of), content=value) for kind_of, value in each.hashes],
        licenses=[_make(licence)] if licence else [],
    )


def _make(licence: str) -> License:
    return LicenseFactory().make_from_string(licence, license_acknowledgement=LicenseAcknowledgement.DECLARED)


def _licence(name: str) -> str:
    """What the installed package declares: an expression (PEP 639), a short name, or its classifiers; or nothing."""
    try:
        told: PackageMetadata = metadata(name)
    except PackageNotFoundError:
        return ""
    fields = told.json
    named = str(fields.get("license_expression") or fields.get("license") or "")
    if 0 < len(named) <= _LONGEST and "\n" not in named:
        return re.sub(r"\s+", " ", named)
    classifiers = told.get_all("Classifier") or []
    return ", ".join(each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::"))
