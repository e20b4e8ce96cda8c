"""Every act that ops can do, done by one ops account with an attacker's intent: none lets anybody in to a company.

The list of acts is not made by hand alone: whatever the table of tests/leaks does not refuse to ops must stand here.
"""

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.management import get_commands

from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import Onboarding
from onboarding.people.models import Company, Invitation, Membership, User
from tests.attacks.attacker import MALLORY, delivered
from tests.attacks.ops_acts import ACTS, Attack
from tests.leaks.expected_access import rows
from tests.people_fixtures import People, fresh_client_of

REFUSED = {"404", "405", "403", "in"}

COMMANDS = {
    "add_ops": "makes an ops account, which alone lets nobody in; on record",
    "agree_to_emergency": "the second person where ops is one; the waiting time runs; on record",
    "audit_check": "reads",
    "check_projection": "reads",
    "check_schedule": "reads",
    "convert_database": "copies every row as it is; the operator's, who owns the database",
    "close_account": "takes away; opening again gives back what was there; on record",
    "doctor": "reads a file",
    "end_sessions": "takes away: everybody must sign in again",
    "grant_runtime_role": "makes the role as which the portal connects; needs the owner of the tables",
    "journey_diagram": "prints",
    "remove_second_factor": "the password is still needed, and a new factor before any secret; on record",
    "roles": "prints",
    "seed": "makes companies and people of its own; in production none of them can sign in",
    "vault": "renews keys; prints no secret",
}


def who_gets_in() -> dict[str, Any]:
    """Everything by which somebody is, or becomes, a person to whom company one's secrets open."""
    one = Company.objects.get(slug="one")
    people = get_user_model().objects.filter(memberships__company=one).order_by("pk")
    return {
        "roles": sorted(Membership.objects.filter(company=one).values_list("user__email", "role")),
        "links": sorted(
            Invitation.objects.filter(company=one, withdrawn_at=None).values_list("email", "role")
        ),
        "grants": Grant.objects.filter(onboarding__company=one).count(),
        "offers": Offer.objects.filter(company=one).count(),
        "accounts": list(people.values_list("email", "password", "is_active", "is_ops")),
        "factors": sorted(Authenticator.objects.values_list("user__email", "type")),
        "holders": sorted(one.onboardings.values_list("steps__slug", "steps__assignee__email")),
        "to the attacker": delivered(MALLORY),
    }


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.do])
def test_one_ops_account_lets_nobody_in_by(people: People, onboarding: Onboarding, name: str) -> None:
    before = who_gets_in()
    act = ACTS[name].do
    assert act is not None
    act(Attack(fresh_client_of(people.olga), people, onboarding))
    after = who_gets_in()
    after["to the attacker"] = [text for text in after["to the attacker"] if "One Energy" in text]
    assert after == before
    assert not User.objects.filter(email=MALLORY, memberships__company=people.one).exists()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_address_is_open_to_ops_that_is_not_on_the_list(method: str) -> None:
    open_to_ops = {name for name, words in rows(method).items() if words[-1] not in REFUSED}
    assert open_to_ops - set(ACTS) == set()


def test_no_command_is_missing_from_the_list() -> None:
    here = Path(django_settings.BASE_DIR)
    ours = {name for name, app in get_commands().items() if (here / str(app).replace(".", "/")).is_dir()}
    assert ours == set(COMMANDS)
