"""Cases in which each way of a step is there, for the tests of pages and of browsers.

What is typed in a step is in step_actions.py.
"""

from dataclasses import replace
from typing import Any

from certs import csr
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import STEPS
from tests.certs import x509_factories
from tests.journey import step_actions
from tests.people_fixtures import People

VAULT = "https://north.vault.example"
EVERY_WAY = [(row.slug, way.name) for row in STEPS for way in row.ways]
MADE_BY = {
    "dcp": "openssl"
}  # the way of the CSR before this way of the PFX, where it is not that of the same name


def connect_vault(settings: Any, people: People) -> None:
    """Operators have connected company one's vault; nobody asks it here."""
    settings.PORTAL = settings.PORTAL.model_copy(update={"key_vaults": {people.one.slug: VAULT}})


def bring_to_way(settings: Any, onboarding: Onboarding, people: People, slug: str, name: str) -> str:
    """The step is open and this way is there. The address of the step."""
    connect_vault(settings, people)
    action = step_actions.step_action(slug)
    before = step_actions.STEP_ACTIONS[: step_actions.STEP_ACTIONS.index(action)]
    if "csr" in {each.slug for each in before}:
        make_key(onboarding, people, MADE_BY.get(name, name))
    step_actions.bring_to(onboarding, people, action)
    return action.path(onboarding)


def make_key(onboarding: Onboarding, people: People, way: str) -> None:
    """The CSR is sent in this way."""
    action = step_actions.step_action("csr")
    step_actions.bring_to(onboarding, people, action)
    typed: dict[str, Any] = {"way": "own", "tool": way, "csr_text": step_actions.csr().decode()}
    if way == "browser":
        typed = {"way": way, "browser_csr": typed["csr_text"]}
    if way == "portal":
        csr.make(people.one.pk, onboarding.pk, x509_factories.rsa_key())
    step_actions.perform(onboarding, people, replace(action, data=lambda: typed))
    if way == "key-vault":
        record = StepRecord.objects.get(onboarding=onboarding, slug="csr")
        StepRecord.objects.filter(pk=record.pk).update(
            facts={**record.facts, "key_vault_name": "onboarding-key-1"}
        )
