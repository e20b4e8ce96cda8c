"""The scripts for many clients: run for real where the shell is here, and by its quoting rules where it is not."""

import subprocess
from pathlib import Path

import pytest
from django.test import Client as Browser

from onboarding.clients.bulk_steps import CSRS, PFXS, BulkStep
from onboarding.clients.scripts import KINDS
from onboarding.clients.targets import list_targets
from onboarding.journey.models import Onboarding
from onboarding.people.models import Company, User
from tests.certs import shells
from tests.clients.factories import make_client, make_clients
from tests.handover.factories import make_dana
from tests.people_fixtures import client_of

EVIL = 'O\'Brien & Sons; touch pwned $(touch pwned) `touch pwned` "x" %PATH% ‘touch pwned’\n\ttouch pwned #'


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


def _script(browser: Browser, slug: str, shell: str, query: str = "") -> str:
    answer = browser.get(f"/clients/{slug}/script/{shell}/{query}")
    assert answer.status_code == 200, answer
    assert "attachment" in answer["Content-Disposition"]
    return answer.content.decode("utf-8-sig")


def _run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "script.sh").write_text(script)
    return subprocess.run(
        ["sh", "script.sh"], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


def _quick(script: str) -> str:
    """With small keys: how long a key takes to be made is not what is looked at."""
    assert "rsa:4096" in script
    return script.replace("rsa:4096", "rsa:2048")


def test_one_run_makes_every_key_and_csr_under_the_names_of_the_steps_pages(
    dana: User, tmp_path: Path
) -> None:
    cases = make_clients(3, dana)
    browser = client_of(dana)
    ran = _run(_quick(_script(browser, "csr", "sh")), tmp_path)
    assert (ran.returncode, ran.stderr.count("error")) == (0, 0), ran.stderr
    for case in cases:
        stem = f"apicert-{case.code.lower()}"
        assert f"{stem}.csr" in browser.get(f"/onboardings/{case.code}/csr/ways/openssl/").content.decode()
        assert (tmp_path / f"{stem}.key").stat().st_mode & 0o077 == 0
        shown = subprocess.run(
            ["openssl", "req", "-in", f"{stem}.csr", "-noout", "-subject", "-verify"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "onboarding_key" in shown.stdout


def test_a_second_run_replaces_nothing(dana: User, tmp_path: Path) -> None:
    (case,) = make_clients(1, dana)
    script = _quick(_script(client_of(dana), "csr", "sh"))
    _run(script, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert (
        f"apicert-{case.code.lower()}.key is there already. Nothing was changed."
        in _run(script, tmp_path).stdout
    )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_company_name_is_nothing_but_a_name(dana: User, tmp_path: Path) -> None:
    make_client(1, dana, EVIL[:160])
    ran = _run(_quick(_script(client_of(dana), "csr", "sh")), tmp_path)
    assert ran.returncode == 0
    assert not (tmp_path / "pwned").exists()
    assert "O'Brien & Sons; touch pwned $(touch pwned) `touch pwned`" in ran.stdout


def test_no_name_ends_a_text_of_powershell_and_none_stands_in_a_script_for_cmd(dana: User) -> None:
    make_client(1, dana, EVIL[:160])
    lines = KINDS["powershell"].build(CSRS, list_targets(dana, CSRS)).decode("utf-8-sig").splitlines()
    (named,) = [line for line in lines if "Brien" in line]
    assert named.startswith("'")
    assert named.endswith("'")
    inside = named[1:-1]
    for quote in "'‘’‚‛":
        assert inside.count(quote) == 2 * inside.count(quote * 2)
    assert "Brien" not in KINDS["cmd"].build(CSRS, list_targets(dana, CSRS)).decode()


@pytest.mark.parametrize("work", [CSRS, PFXS], ids=["csr", "pfx"])
@pytest.mark.parametrize("shell", ["powershell", "cmd"])
def test_the_other_shells_run_the_same_command(dana: User, work: BulkStep, shell: str) -> None:
    (case,) = make_clients(1, dana)
    case.steps.filter(slug=work.slug).update(state="open")
    lines = KINDS[shell].build(work, list_targets(dana, work)).decode("utf-8-sig").splitlines()
    (line,) = [line for line in lines if "openssl re" in line or "openssl pk" in line]
    call = line[line.index("openssl") :].rstrip(" })")
    word = shells._POWERSHELL_WORD if shell == "powershell" else shells._CMD_WORD
    words = shells.words(call, word)
    stem = f"apicert-{case.code.lower()}"
    wanted = {f"{stem}.key", f"{stem}.csr"} if work is CSRS else {f"{stem}.key", f"{stem}.cer", f"{stem}.pfx"}
    assert wanted < set(words)


def test_what_is_missing_for_a_pfx_is_named(dana: User, tmp_path: Path) -> None:
    first, second = make_clients(2, dana)
    for case in (first, second):
        case.steps.filter(slug="pfx").update(state="open")
    (tmp_path / f"apicert-{second.code.lower()}.key").write_text("k")
    ran = _run(_script(client_of(dana), "pfx", "sh"), tmp_path)
    assert ran.returncode == 1
    one, two = (f"apicert-{each.code.lower()}" for each in (first, second))
    assert f"{one}.key is not in this folder." in ran.stdout
    assert f"{two}.cer is not in this folder." in ran.stdout
    assert f"{one}.pfx is missing" in ran.stdout


def test_only_the_chosen_clients_whose_step_is_open_are_in_a_script(dana: User) -> None:
    first, second, third = make_clients(3, dana)
    third.steps.filter(slug="csr").update(state="done")
    browser = client_of(dana)
    script = _script(browser, "csr", "sh", f"?code={first.code}&code={third.code}&code=AAAA-AAAA")
    assert first.code.lower() in script
    assert second.code.lower() not in script
    assert third.code.lower() not in script
    page = browser.get(f"/clients/csr/?code={first.code}&code={third.code}&code=AAAA-AAAA").content.decode()
    assert "Create the CSR for 1 client" in page
    assert "“Create the CSR” was done" in page
    assert "1 of the chosen codes is none of your clients" in page


def test_a_script_for_nobody_or_for_an_unknown_shell_leads_back_or_is_not_there(dana: User) -> None:
    browser = client_of(dana)
    assert browser.get("/clients/csr/script/sh/")["Location"] == "/clients/csr/"
    assert browser.get("/clients/csr/script/fish/").status_code == 404


def test_the_code_of_a_stranger_and_one_that_does_not_exist_get_the_same_answer(
    dana: User, onboarding: Onboarding
) -> None:
    make_clients(1, dana)
    browser = client_of(dana)
    real = browser.get(f"/clients/csr/?code={onboarding.code}").content
    made_up = browser.get("/clients/csr/?code=AAAA-AAAA").content
    assert Company.objects.get(slug="one").name.encode() not in real
    assert _without_tokens(real) == _without_tokens(made_up)


def _without_tokens(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line and b"nonce" not in line]
