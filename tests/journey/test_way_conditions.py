"""Which ways of a step are there, which one is recommended, and why.

The pages that show them are tested in test_ways.py.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from onboarding.handover.models import Grant
from onboarding.journey.access import read_access
from onboarding.journey.checks import complaints
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.steps import get_definition
from onboarding.journey.way_conditions import Circumstances
from onboarding.people.models import User
from tests.handover.factories import make_dana, make_grant
from tests.journey.step_actions import bring_to, step_action
from tests.journey.way_cases import bring_to_way, connect_vault
from tests.people_fixtures import People, step


def case(onboarding: Onboarding, slug: str, user: User) -> Circumstances:
    record = step(onboarding, slug)
    return Circumstances(record, PageFiles(record.onboarding), read_access(user, record.onboarding))


def names(of: Circumstances) -> list[str]:
    return [way.name for way in of.list_ways()]


def recommended(onboarding: Onboarding, slug: str, user: User) -> tuple[str, str]:
    """The way, and why."""
    of = case(onboarding, slug, user)
    way = of.find_recommended()
    assert way is not None
    return way.name, of.explain(way)


def forbid_keys(settings: Any) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})


@pytest.fixture
def at_csr(people: People, onboarding: Onboarding) -> StepRecord:
    return bring_to(onboarding, people, step_action("csr"))


def test_without_special_facts_the_browser_makes_the_key(at_csr, people, onboarding) -> None:
    assert recommended(onboarding, "csr", people.alice) == (
        "browser",
        "There is nothing to install, and the key never leaves your company.",
    )


def test_where_a_vault_is_connected_it_makes_the_key(settings, at_csr, people, onboarding) -> None:
    assert "key-vault" not in names(case(onboarding, "csr", people.alice))
    connect_vault(settings, people)
    assert recommended(onboarding, "csr", people.alice) == (
        "key-vault",
        "The company’s vault is connected to this portal, and the key never leaves it.",
    )


def test_who_was_let_in_from_outside_makes_the_key_until_that_ends(
    settings, at_csr, people, onboarding
) -> None:
    connect_vault(settings, people)
    make_grant(onboarding, people.bob, make_dana(), "csr")
    assert recommended(onboarding, "csr", people.alice) == (
        "dcp",
        "Dana Test has access to this step from outside your company.",
    )
    Grant.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert recommended(onboarding, "csr", people.alice)[0] == "key-vault"


def test_who_was_let_in_is_not_told_to_ask_outside_nor_who_else_is(at_csr, people, onboarding) -> None:
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    seen = case(onboarding, "csr", dana)
    assert "dcp" not in names(seen)
    assert seen.let_in == []
    assert recommended(onboarding, "csr", dana)[0] == "browser"


def test_readers_and_ops_cannot_ask_outside(at_csr, people, onboarding) -> None:
    assert [
        user for user in (people.rhea, people.olga) if "dcp" in names(case(onboarding, "csr", user))
    ] == []
    assert "dcp" in names(case(onboarding, "csr", people.tess))


def test_where_operators_forbid_it_the_portal_makes_no_key(settings, at_csr, people, onboarding) -> None:
    assert "portal" in names(case(onboarding, "csr", people.alice))
    forbid_keys(settings)
    assert "portal" not in names(case(onboarding, "csr", people.alice))


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("browser", "The key was made in a browser, which still has it."),
        ("portal", "The portal made the key and keeps it."),
        ("key-vault", "The key is in the company’s vault."),
        ("openssl", "The key is on a computer of whoever made it, and OpenSSL reads it there."),
        ("key-vault-by-hand", "You made the key in Azure Key Vault."),
        ("other-tool", "You made the key with a tool other than OpenSSL."),
    ],
)
def test_the_way_of_the_csr_decides_the_way_of_the_pfx(settings, people, onboarding, way, reason) -> None:
    bring_to_way(settings, onboarding, people, "pfx", way)
    assert recommended(onboarding, "pfx", people.tess) == (way, reason)


@pytest.mark.parametrize(
    ("way", "there"),
    [
        ("browser", ["dcp", "browser", "openssl"]),
        ("portal", ["dcp", "openssl", "portal"]),
        ("openssl", ["dcp", "openssl", "key-vault-by-hand", "other-tool"]),
    ],
)
def test_only_ways_that_can_reach_the_key_build_the_pfx(settings, people, onboarding, way, there) -> None:
    bring_to_way(settings, onboarding, people, "pfx", way)
    assert names(case(onboarding, "pfx", people.tess)) == there


def test_a_vault_that_is_not_connected_any_more_is_used_by_hand(settings, people, onboarding) -> None:
    bring_to_way(settings, onboarding, people, "pfx", "key-vault")
    settings.PORTAL = settings.PORTAL.model_copy(update={"key_vaults": {}})
    assert recommended(onboarding, "pfx", people.tess)[0] == "key-vault-by-hand"


def test_who_made_the_key_outside_builds_the_pfx_too(settings, people, onboarding) -> None:
    bring_to_way(settings, onboarding, people, "pfx", "openssl")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "pfx")
    assert recommended(onboarding, "pfx", people.alice)[0] == "openssl"  # Tess made the key
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(moved_by=dana)
    assert recommended(onboarding, "pfx", people.alice) == (
        "dcp",
        "Dana Test made the key, and the PFX is built where the key is.",
    )


def test_a_key_of_before_this_was_noted_counts_as_made_with_openssl(settings, people, onboarding) -> None:
    bring_to_way(settings, onboarding, people, "pfx", "other-tool")
    csr = step(onboarding, "csr")
    facts = {name: value for name, value in csr.facts.items() if name != "tool"}
    StepRecord.objects.filter(pk=csr.pk).update(facts=facts)
    assert recommended(onboarding, "pfx", people.tess)[0] == "openssl"


@pytest.mark.parametrize("slug", ["csr", "pfx"])
def test_a_way_that_lacks_a_piece_stops_the_start(slug: str) -> None:
    row = get_definition(slug)
    assert list(complaints(row)) == []
    broken = replace(
        row.ways[0],
        condition="unknown",
        closed="",
        template="journey/ways/none.html",
        fields=("none",),
        recommended=None,
    )
    said = " ".join(complaints(replace(row, ways=(broken,))))
    for words in (
        "the condition unknown, which does not exist",
        "does not say why it is not there",
        "the template journey/ways/none.html, which does not exist",
        "the field none, which its form does not have",
        "none is recommended where no condition holds",
    ):
        assert words in said
