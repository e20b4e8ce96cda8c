"""A vault that refuses: each refusal is told under its own name, in words that fit, with a way out.

How the client tells refusals apart is in test_refusals.py.
"""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from certs import clock
from onboarding.journey.polling import azure_key_vault
from onboarding.journey.problems import PROBLEMS, ProblemCode
from tests.certs import x509_factories
from tests.certs.azure_key_vault.fake_key_vault import OFFICER
from tests.certs.azure_key_vault.worker_actions import work
from tests.people_fixtures import step
from tests.time_travel import travel


def words(page) -> str:
    """What a person reads, in one line."""
    return re.sub(r"\s+", " ", BeautifulSoup(page.content, "html.parser").get_text())


def heading(page) -> str:
    """The problem that the page says there is."""
    titles = {each.title for each in PROBLEMS.values()}
    shown = [each.get_text(strip=True) for each in BeautifulSoup(page.content, "html.parser").find_all("h2")]
    (title,) = titles.intersection(shown)
    return title


def refused_at(connected, tess, path: str, onboarding, slug: str):
    """The step after one look, at which the vault lacks a right."""
    tess.post(path, {"way": azure_key_vault.WAY})
    return work(onboarding, slug)


def test_a_vault_that_does_not_merge_is_told_as_that(connected, onboarding, tess, at_pfx) -> None:
    connected.entries[step(onboarding, "csr").facts["key_vault_name"]].policy["issuer"] = {
        "name": "GlobalSign"
    }
    record = refused_at(connected, tess, at_pfx, onboarding, "pfx")
    assert record.problem_code == "key-vault-merge-failed"
    assert heading(tess.get(at_pfx)) == "Azure Key Vault does not merge the certificate"


def test_a_vault_that_merged_and_does_not_give_the_pfx_is_told_as_that(
    connected, onboarding, tess, at_pfx
) -> None:
    connected.rights["token-of-the-portal"] = OFFICER - {"secrets/get"}
    record = refused_at(connected, tess, at_pfx, onboarding, "pfx")
    assert (record.problem_code, record.definition.slug) == ("key-vault-export-failed", "pfx")
    assert heading(tess.get(at_pfx)) == PROBLEMS[ProblemCode.KEY_VAULT_EXPORT_FAILED].title
    connected.rights["token-of-the-portal"] = OFFICER
    tess.post(f"{at_pfx}reopen/", {"version": record.version})
    assert refused_at(connected, tess, at_pfx, onboarding, "pfx").state == "done"
    assert len([path for _, path in connected.asked if path.endswith("/merge")]) == 1


def test_a_key_that_must_not_leave_the_vault_is_said_before_anything_is_kept(
    connected, onboarding, tess, at_pfx
) -> None:
    """F21."""
    (entry,) = connected.entries.values()
    entry.policy["key_props"]["exportable"] = False
    record = refused_at(connected, tess, at_pfx, onboarding, "pfx")
    assert record.problem_code == "key-vault-export-failed"
    assert "no private key" in record.problem_detail
    assert "exportable" in words(tess.get(at_pfx))


def test_a_refused_request_can_be_tried_again_under_another_name(connected, onboarding, tess, at_csr) -> None:
    connected.rights["token-of-the-portal"] = OFFICER - {"certificates/create"}
    record = refused_at(connected, tess, at_csr, onboarding, "csr")
    (first,) = re.findall(r"onboarding-key-[0-9a-z-]+", record.problem_detail)
    connected.rights["token-of-the-portal"] = OFFICER
    assert "Try this step again" in words(tess.get(at_csr))
    assert tess.post(f"{at_csr}reopen/", {"version": record.version}).status_code == 302
    with travel(clock.now() + timedelta(minutes=1)):
        assert refused_at(connected, tess, at_csr, onboarding, "csr").state == "done"
    assert list(connected.entries) != [first]


def test_after_a_refused_request_another_way_is_open(connected, onboarding, people, tess, at_csr) -> None:
    connected.rights.clear()
    record = refused_at(connected, tess, at_csr, onboarding, "csr")
    tess.post(f"{at_csr}reopen/", {"version": record.version})
    assert 'name="way" value="key-vault"' in tess.get(at_csr).content.decode()  # the same way once more
    others = tess.get(f"{at_csr}ways/").content.decode()
    assert all(f'/ways/{way}/"' in others for way in ("portal", "openssl", "browser", azure_key_vault.WAY))
    tess.post(at_csr, {"way": "own", "csr_text": x509_factories.csr_pem().decode()})
    assert step(onboarding, "csr").state == "done"


def test_a_request_that_may_be_left_in_the_vault_is_named_for_its_owner(
    connected, onboarding, tess, at_csr
) -> None:
    """F13: the vault made it, and the portal does not take its CSR."""
    answer = connected.answer

    def weak(method, address, body):
        if method == "POST":
            body["policy"]["key_props"]["key_size"] = 2048
        return answer(method, address, body)

    connected.answer = weak
    record = refused_at(connected, tess, at_csr, onboarding, "csr")
    (left,) = connected.entries
    assert left in record.problem_detail
    assert left in words(tess.get(at_csr))
    connected.answer = answer
    connected.answer("DELETE", f"/certificates/{left}/pending", {})


@pytest.mark.parametrize("code", [code for code in PROBLEMS if code.startswith("key-vault-")])
def test_advice_about_names_says_that_it_is_for_work_by_hand_or_that_the_portal_chooses(code: str) -> None:
    """Where a vault is connected, nobody but the portal names the certificate."""
    about_names = [advice for advice in PROBLEMS[ProblemCode(code)].what_to_do if " name" in advice.lower()]
    fits = ("If you work by hand", "If this portal asks", "A request that this portal asked for")
    assert [advice for advice in about_names if not advice.startswith(fits)] == []


@pytest.mark.parametrize(("slug", "waits"), [("csr", "at_csr"), ("pfx", "at_pfx")])
def test_a_page_that_waits_for_the_vault_does_not_say_that_the_portal_makes_it(
    connected, onboarding, tess, slug: str, waits: str, request
) -> None:
    path = request.getfixturevalue(waits)
    tess.post(path, {"way": azure_key_vault.WAY})
    page = words(tess.get(path))
    assert "Waiting for" in page
    assert "the portal to make the key" not in page
    assert "the portal to build the PFX" not in page


def test_the_guidance_says_what_the_portal_does_with_a_connected_vault(
    connected, onboarding, tess, at_csr, settings
) -> None:
    told = "asks your company’s connected vault for a key"
    way = f"{at_csr}ways/{azure_key_vault.WAY}/"
    assert told in words(tess.get(way))
    settings.PORTAL = settings.PORTAL.model_copy(update={"key_vaults": {}})
    refused = tess.get(way)
    assert refused.status_code == 409
    assert told not in words(refused)
    assert "No key vault of the company is connected to this portal." in words(refused)
    assert "You make the key in the Azure portal. This portal gets the CSR only." in words(refused)
