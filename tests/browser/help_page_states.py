"""The help as strangers and people of each role read it.

The other scenes are in page_states.py.
"""

from collections.abc import Iterator

from onboarding.help.urls import GUIDES
from onboarding.people.role_guides import RoleGuide
from tests.browser.page_setup import PageSetup, PageState


def help_pages(setup: PageSetup) -> Iterator[PageState]:
    """Guides and the catalogue, as strangers and as people read them."""
    guides = (*GUIDES, "openssl-and-key-vault", "which-program")
    for path in (
        "",
        "?q=password",
        "?q=key&all",
        "?q=passwrod",
        "?q=zebra+renew",
        "which-program/?program=azure-key-vault",
        "which-program/?program=java-properties",
        "which-program/?program=no-such",
        *(f"{guide}/" for guide in guides),
    ):
        yield PageState(f"help {path}", "", f"/help/{path}")
    yield PageState("help, signed in", "tess", "/help/")
    readers = ("alice", "bob", "tess", "charlie", "rhea", "olga")
    for who, each in zip(readers, RoleGuide, strict=True):
        yield PageState(f"help {each}, {who}", who, f"/help/{each}/")
    codes = (
        "vetting-late",
        "certificate-mismatch",
        "key-exposed",
        "atlas-down",
        "openssl-legacy",
        "vault-name",
    )
    for code in codes:
        yield PageState(f"help {code}", "alice", f"/help/{code}/")
