"""The other two systems: a step that needs a role in Atlas or in the DIP is only half handed over without it (R32).

What was confirmed is kept with the offer. Atlas is asked and told by the account API where it is configured.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from atlas.account_types import NewUser, Role
from atlas.errors import AtlasError
from onboarding.audit.event_names import EventName
from onboarding.handover import events
from onboarding.handover.models import Offer
from onboarding.journey.models import StepRecord
from onboarding.journey.polling.client import NoAccount, find_account_id, get_account_api
from onboarding.people.decisions import StateConflict
from onboarding.people.models import ADMINS, User
from onboarding.team.models import ExternalRoleCheck

System = ExternalRoleCheck.System
INSTRUCTIONS = {
    System.DIP: "add them in the DIP as Certificate Admin",
    System.ATLAS: "add them in Atlas as Admin User",
}
PLACES = {
    System.DIP: "In the DIP: the company's page, Users, Add user, role Certificate Admin.",
    System.ATLAS: "In Atlas: profile icon at the top right, Account Settings, Users, Add an Atlas Admin User.",
}


@dataclass(frozen=True)
class ExternalRoleItem:
    """One line of the checklist."""

    system: str
    name: str
    todo: str
    where: str
    check: ExternalRoleCheck | None
    by_api: bool


def need_external_role(records: list[StepRecord]) -> bool:
    """Whether one of these steps is done in Atlas or in the DIP by a Certificate Admin."""
    return any(record.definition.who == ADMINS for record in records)


def list_external_roles(offer: Offer) -> list[ExternalRoleItem]:
    """What must be true in the other systems, and who has seen to it."""
    if not need_external_role(offer.records()):
        return []
    checks = {check.system: check for check in offer.external_role_checks.select_related("by")}
    return [_make_item(system, checks.get(system)) for system in System]


def _make_item(system: ExternalRoleCheck.System, check: ExternalRoleCheck | None) -> ExternalRoleItem:
    by_api = system == System.ATLAS and settings.PORTAL.account_api
    return ExternalRoleItem(
        system.value, system.label, INSTRUCTIONS[system], PLACES[system], check, by_api and check is None
    )


def _require_needed(offer: Offer) -> None:
    if not need_external_role(offer.records()):
        raise StateConflict("These steps need no role in another system.")


def confirm_role(offer: Offer, system: str, *, actor: User, by_api: bool = False) -> None:
    """Somebody says that it is done. A second time changes nothing."""
    _require_needed(offer)
    with transaction.atomic():
        _, made = ExternalRoleCheck.objects.get_or_create(
            offer=offer, system=system, defaults={"by": actor, "by_api": by_api}
        )
        if made:
            events.record_offer_event(
                offer, actor, EventName.EXTERNAL_ROLE_CONFIRMED, system=System(system).label
            )


def add_in_atlas(offer: Offer, *, actor: User) -> None:
    """Have the account API add the receiver as Admin User, unless Atlas knows them. Raises StateConflict.

    No transaction is open while Atlas is asked.
    """
    _require_needed(offer)  # nobody becomes an administrator of the account for a step that does not need it
    # Before somebody from outside has accepted, whether there is an account for them is not for telling.
    waits = offer.is_outside and offer.status != Offer.Status.ACCEPTED
    if offer.to_user is None or waits:
        raise StateConflict("They have not accepted yet. Wait until then, or add them in Atlas by hand.")
    try:
        _add_user(offer, offer.to_user, actor)
    except (AtlasError, NoAccount):
        raise StateConflict("Atlas did not take it. Add them in Atlas by hand, then say so here.") from None
    confirm_role(offer, System.ATLAS, actor=actor, by_api=True)


def _add_user(offer: Offer, user: User, actor: User) -> None:
    """The portal's token may do everything in every account: so it does what this person may do there, and no more."""
    account, api = find_account_id(offer.onboarding), get_account_api()
    if account is None:
        raise NoAccount
    users = {each.email.lower(): each for each in api.users(account)}
    own = users.get(actor.email.lower())
    if own is None or Role.ADMINISTRATOR not in own.roles:
        raise StateConflict(
            f"Atlas does not list {actor.email} as an Administrator of {offer.onboarding.company.name}’s account, so "
            "the portal adds nobody there in your place. Ask somebody who is one to press this button, or to add them "
            "in Atlas by hand; then say so here."
        )
    if user.email.lower() in users:
        return
    wanted = NewUser(user.name, user.email, (Role.ADMINISTRATOR,))
    api.add_user(account, wanted, idempotency_key=f"handover-{offer.pk}")
