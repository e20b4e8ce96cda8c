"""Each role has a guide that says what is true, leads to the right pages, and is found where the role begins."""

import re
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from onboarding.help.role_rights import OFTEN_EXPECTED, PHRASES, describe_rights
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import STEPS
from onboarding.people.models import Membership, Role
from onboarding.people.permissions import BY_KEY, PERMISSIONS, Grantee
from onboarding.people.role_guides import RoleGuide
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.house.checkout import ROOT
from tests.people_fixtures import People, client_of

GUIDES = pytest.mark.parametrize("guide", RoleGuide)
OWN = {
    "alice": RoleGuide.PRIMARY,
    "bob": RoleGuide.ADMIN,
    "tess": RoleGuide.TECHNICIAN,
    "rhea": RoleGuide.READER,
    "olga": RoleGuide.OPS,
}


def _main(client: Client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = BeautifulSoup(answer.content, "html.parser").main
    assert found is not None
    return found


def _words(part: BeautifulSoup) -> str:
    return " ".join(part.get_text(" ").split())


@GUIDES
def test_every_guide_answers_the_five_questions(client: Client, guide: RoleGuide) -> None:
    page = _main(client, f"/help/{guide}/")
    assert [each.get_text() for each in page.select("h1")] == [guide.heading]
    assert [each.get_text() for each in page.select("h2[id]")] == [
        "What your part is",
        "What comes to you first",
        "What you do here",
        "What you can and cannot do",
        "Whom to ask",
    ]
    assert len(page.select("h3[id]")) > 2


def test_every_permission_has_one_phrase() -> None:
    phrases = [key for group in PHRASES.values() for key in group]
    assert sorted(phrases) == sorted(BY_KEY)


@GUIDES
def test_a_guide_promises_what_the_permissions_give_and_denies_only_what_they_do_not(
    client: Client, guide: RoleGuide
) -> None:
    has = {each.key for each in PERMISSIONS if guide.grantee in each.who}
    assert has.isdisjoint(OFTEN_EXPECTED[guide])
    words, rights = _words(_main(client, f"/help/{guide}/")), describe_rights(guide)
    told = {phrase for _, can in rights.can for phrase in can}
    phrases = {key: phrase for group in PHRASES.values() for key, phrase in group.items()}
    implied = {"see-technical-step"} if "see-company" in has else set()
    assert told == {phrases[key] for key in has - implied}
    assert [phrase for phrase in (*told, *rights.cannot) if phrase not in words] == []


@GUIDES
def test_a_guide_lists_the_steps_that_its_readers_do(client: Client, guide: RoleGuide) -> None:
    role = {Grantee.OUTSIDE: Role.TECHNICIAN}.get(guide.grantee) or next(
        (each for each in Role if each.label == guide.grantee), None
    )
    page = _main(client, f"/help/{guide}/")
    listed = [each.get_text() for each in page.select("li")]
    assert [row.title for row in STEPS if (role in row.who) != (row.title in listed)] == []


@GUIDES
def test_what_a_guide_quotes_from_a_page_stands_on_one(guide: RoleGuide) -> None:
    """A button or a link whose words change changes them in the guides, too."""
    text = Path(ROOT / f"templates/help/roles/{guide}.html").read_text()
    pages = "\n".join(
        unescape(path.read_text())
        for path in (ROOT / "templates").rglob("*.html")
        if "help/roles" not in path.as_posix()
    )
    quoted = re.findall(r"“([^”]+)”", text)
    assert [words for words in quoted if words not in pages] == []


def test_the_links_of_a_guide_lead_to_the_readers_own_company(people: People, client: Client) -> None:
    own = {
        str(each.get("href")) for each in _main(client_of(people.bob), "/help/certificate-admin/").select("a")
    }
    assert {"/companies/one/team/", "/companies/one/absence/", "/companies/one/review/"} <= own
    assert "/companies/" not in str(_main(client, "/help/certificate-admin/"))
    Membership.objects.create(user=people.bob, company=people.two, role=Role.READER)
    assert "/companies/" not in str(_main(client_of(people.bob), "/help/certificate-admin/"))


@GUIDES
@pytest.mark.parametrize("who", [*OWN, ""])
def test_every_link_of_a_guide_opens_for_its_readers(people: People, guide: RoleGuide, who: str) -> None:
    """For whom the guide is written. Others may read it, and find that a page is not theirs."""
    if who and OWN[who] != guide:
        return
    browser = client_of(getattr(people, who)) if who else Client()
    for each in _main(browser, f"/help/{guide}/").select("a[href^='/']"):
        assert browser.get(str(each["href"]).partition("#")[0]).status_code in (200, 302), each["href"]


@pytest.mark.parametrize(("who", "guide"), OWN.items())
def test_a_person_sees_the_own_guide_first(people: People, who: str, guide: RoleGuide) -> None:
    first = _main(client_of(getattr(people, who)), "/help/").select("a")[0]
    assert (first["href"], first.get_text()) == (f"/help/{guide}/", guide.heading)


def test_who_works_for_many_sees_that_guide_too(people: People, onboarding: Onboarding) -> None:
    Membership.objects.create(user=people.tess, company=people.two, role=Role.ADMIN)
    several = [str(each["href"]) for each in _main(client_of(people.tess), "/help/").select("a")[:3]]
    assert several == ["/help/certificate-admin/", "/help/technician/", "/help/dcp/"]
    open_steps(onboarding, "csr")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    outside = [str(each["href"]) for each in _main(client_of(dana), "/help/").select("a")[:2]]
    assert outside == ["/help/technician/", "/help/dcp/"]


def test_a_stranger_is_offered_every_guide_and_none_as_the_own(client: Client) -> None:
    page = _main(client, "/help/")
    assert "Your guide" not in _words(page)
    assert {f"/help/{each}/" for each in RoleGuide} <= {str(each.get("href")) for each in page.select("a")}


@pytest.mark.parametrize(
    ("who", "address", "guide"),
    [
        ("bob", "/?stay", RoleGuide.ADMIN),
        ("alice", "/?stay", RoleGuide.PRIMARY),
        ("rhea", "/companies/one/team/", RoleGuide.READER),
        ("tess", "/companies/one/team/", RoleGuide.TECHNICIAN),
        ("olga", "/companies/one/team/", RoleGuide.OPS),
        ("olga", "/ops/", RoleGuide.OPS),
        ("tess", "/clients/", RoleGuide.DCP),
    ],
)
def test_the_page_on_which_a_role_begins_leads_to_its_guide(
    people: People, who: str, address: str, guide: RoleGuide
) -> None:
    link = _main(client_of(getattr(people, who)), address).find("a", href=f"/help/{guide}/")
    assert link is not None
    assert link.get_text() == guide.heading
