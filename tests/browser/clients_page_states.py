"""The pages for who works for several companies, in every state. Charlie of company two was let in to company one.

The other scenes are in page_states.py.
"""

from collections.abc import Callable, Iterator

from playwright.sync_api import FilePayload, Page

from tests.browser.page_setup import PageSetup, PageState
from tests.clients.factories import let_in
from tests.journey import step_actions


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _send(button: str, *files: FilePayload) -> Callable[[Page], None]:
    def do(tab: Page) -> None:
        if files:
            tab.locator("input[type=file]").set_input_files(list(files))
        tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    return do


def clients(setup: PageSetup) -> Iterator[PageState]:
    """From no client at all to one whose steps are done."""
    yield PageState("clients, none", "alice", "/clients/")
    yield PageState("clients, no CSR to do", "charlie", "/clients/csr/")
    yield PageState("clients, no PFX to do", "charlie", "/clients/pfx/")
    setup.start()
    setup.bring_to("csr")
    let_in(setup.onboarding, setup.people.charlie)
    yield PageState("clients", "charlie", "/clients/")
    yield PageState("clients, none fits", "charlie", "/clients/?q=zebra")
    yield PageState("clients, what is no choice", "charlie", "/clients/?state=zebra&sort=1")
    yield from _csr(setup)
    setup.finish("csr")
    yield PageState("clients, waiting", "charlie", "/clients/")
    setup.finish("certificate")
    yield PageState("clients, PFX", "charlie", "/clients/pfx/")
    wrong = _send("Check and send the PFX files", _file("a.pfx", b"none"))
    yield PageState("clients, PFX, wrong", "charlie", "/clients/pfx/", 422, wrong)
    setup.finish("pfx")
    setup.finish("proof")
    yield PageState("clients, done", "charlie", "/clients/")


def _csr(setup: PageSetup) -> Iterator[PageState]:
    code, button = setup.onboarding.code, "Check and send the CSRs"
    yield PageState("clients, CSR", "charlie", "/clients/csr/")
    yield PageState("clients, CSR, unknown", "charlie", f"/clients/csr/?code={code}&code=AAAA-AAAA")
    yield PageState("clients, CSR, no file", "charlie", "/clients/csr/", 422, _send(button))
    files = [_file("x" * 100 + ".csr", step_actions.csr()), _file(f"apicert-{code.lower()}.csr", b"none")]
    yield PageState("clients, CSR, to assign", "charlie", "/clients/csr/", press=_send(button, *files))
