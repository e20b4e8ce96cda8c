"""What the makers' lines make is good, and is what docs/makers.md says of it; a key that is there is left alone.

A few makers are run always, the others nightly and where they are installed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs import pfx
from certs.doctor.examiner import examine_or_raise
from certs.findings.openssl_commands import PLAIN, FileNames
from certs.programs.csr_makers import CSR_MAKERS, list_recipes
from tests.certs.conftest import program
from tests.certs.other_programs import document
from tests.certs.other_programs.measuring import (
    UNSAID,
    measure,
    measure_certificate,
    measure_pfx,
    measure_request,
)
from tests.certs.other_programs.programs import CERTIFICATE_PRINTERS, MAKERS, PFX_MAKERS, Maker
from tests.certs.x509_factories import codes, intermediate, issue, pem_of

pytestmark = pytest.mark.interop
SHOWN = {each.id for each in CSR_MAKERS}
NO_FILE = {"nss"}  # it keeps its key in a database
FIRST = ("certtool", "forge", "pkijs")  # NSS, OpenSSL and keytool have tests of their own
# Fewer than OpenSSL 3 or Java reads: what is warned of, and rightly.
WARNED = {
    "java-old": "warning pfx-rc2",
    "bouncy-castle": "warning pfx-rc2",
    "ansible": "warning pfx-plain",
    "gpgsm": "warning pfx-rc2",
    "go": "warning pfx-rc2",
}


def _named(makers: tuple[Maker, ...], *ids: str) -> list[Maker]:
    return [each for each in makers if each.recipe.id in ids]


def _others(makers: tuple[Maker, ...], *ids: str) -> list[Maker]:
    return [each for each in makers if each.recipe.id not in ids]


def _id(maker: Maker) -> str:
    return maker.recipe.id


def hold_against_page(name: str, cells: tuple[str, ...]) -> None:
    """What was measured is what the page says; its version is that of another machine."""
    if not cells:
        pytest.skip("not on this machine")
    wanted = document.read_cells()[name]
    if wanted[0] != document.NOT_RUN:
        assert cells[1:] == wanted[1 : len(cells)]


def make_and_compare(maker: Maker, folder: Path) -> None:
    hold_against_page(maker.recipe.name, measure_request(maker, folder))
    if maker.recipe.id in SHOWN - NO_FILE:
        key = load_pem_private_key((folder / PLAIN.key).read_bytes(), None)
        request = x509.load_pem_x509_csr((folder / PLAIN.csr).read_bytes())
        assert key.public_key() == request.public_key()
        assert (folder / PLAIN.key).stat().st_mode & 0o077 == 0 or maker.recipe.id == "dotnet"


@pytest.mark.parametrize("maker", _named(MAKERS, *FIRST), ids=_id)
def test_a_maker_makes_a_good_request(maker: Maker, tmp_path: Path) -> None:
    program("certtool", "gnutls-bin")
    make_and_compare(maker, tmp_path)


def test_nss_brings_the_certificate_to_its_key_and_writes_the_pfx(tmp_path: Path) -> None:
    program("certutil", "libnss3-tools")
    (maker,) = _named(MAKERS, "nss")
    request = x509.load_pem_x509_csr(maker.make_request(tmp_path))
    key = request.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    chain = pem_of(issue(key, intermediate())) + pem_of(intermediate().certificate)
    (tmp_path / PLAIN.cer).write_bytes(chain)
    hold_against_page(maker.recipe.name, measure(maker, tmp_path, (tmp_path / PLAIN.csr).read_bytes()))
    maker.finish(tmp_path)
    reading = pfx.read((tmp_path / PLAIN.pfx).read_bytes())
    assert reading.ok
    assert reading.chain_pem.encode() == pem_of(intermediate().certificate)


@pytest.mark.nightly
@pytest.mark.parametrize("maker", _others(MAKERS, "nss", *FIRST), ids=_id)
def test_every_other_maker_makes_a_good_request(maker: Maker, tmp_path: Path) -> None:
    make_and_compare(maker, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("maker", [each for each in MAKERS if each.recipe.id in SHOWN], ids=_id)
def test_a_key_that_is_there_is_left_alone(maker: Maker, tmp_path: Path) -> None:
    if not maker.find_version(tmp_path):
        pytest.skip("not on this machine")
    places = [tmp_path / each for each in (PLAIN.key, f"{PLAIN.stem}-nss", f"{PLAIN.stem}-pki")]
    places[0].write_text("a key of before")
    for folder in places[1:]:
        folder.mkdir()
        (folder / "kept").write_text("a key of before")
    with pytest.raises(AssertionError) as refused:
        maker.make_request(tmp_path)
    if maker.recipe.id != "ansible":  # it keeps a key that it can read, and this one is none
        assert "key-file-exists" in codes(examine_or_raise(str(refused.value).encode()).findings)
    assert places[0].read_text() == "a key of before"
    assert all((folder / "kept").exists() for folder in places[1:])


@pytest.mark.parametrize("maker", PFX_MAKERS[:1], ids=_id)
def test_a_writer_of_pfx_files_writes_a_good_one(maker: Maker, tmp_path: Path) -> None:
    hold_against_page(f"PFX {maker.recipe.name}", measure_pfx(maker, tmp_path))


@pytest.mark.nightly
@pytest.mark.parametrize("maker", PFX_MAKERS[1:], ids=_id)
def test_every_other_writer_of_pfx_files_writes_a_good_one(maker: Maker, tmp_path: Path) -> None:
    hold_against_page(f"PFX {maker.recipe.name}", measure_pfx(maker, tmp_path))


@pytest.mark.nightly
@pytest.mark.parametrize("maker", CERTIFICATE_PRINTERS, ids=_id)
def test_a_certificate_that_another_program_prints_is_good(maker: Maker, tmp_path: Path) -> None:
    hold_against_page(f"Certificate {maker.recipe.name}", measure_certificate(maker, tmp_path))


def test_the_page_is_current_and_says_of_every_good_file_no_more_than_remarks() -> None:
    cells = document.read_cells()
    assert document.PAGE.read_text(encoding="utf-8") == document.page(cells)
    for maker in MAKERS:
        assert "warning" not in cells[maker.recipe.name][-1]
        assert "error" not in cells[maker.recipe.name][-1]
    for maker in CERTIFICATE_PRINTERS:
        assert not {"warning", "error"} & set(cells[f"Certificate {maker.recipe.name}"][-1].split())
    for maker in PFX_MAKERS:
        said = cells[f"PFX {maker.recipe.name}"][1]
        assert "error" not in said
        assert said.count("warning") == (maker.recipe.id in WARNED)
        assert WARNED.get(maker.recipe.id, "") in said
        assert not set(UNSAID) & set(said.split(", "))


def test_each_onboarding_has_its_own_names_in_the_lines() -> None:
    for each in list_recipes(FileNames("apicert-7f3a-2")):
        text = each.lines + each.call + each.later
        assert "apicert-7f3a-2" in text
        assert not any(word in text for word in ("KEY_FILE", "CSR_FILE", "CER_FILE", "PFX_FILE", "STEM"))
        assert bool(each.file) == bool(each.call)
