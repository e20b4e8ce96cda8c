"""The other two systems: a step that needs a role in Atlas or in the DIP is only half handed over without it (R32).

Ticks are kept with the offer. Atlas is asked and told by the account API where it is configured.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from atlas.account_types import NewUser, Role
from atlas.errors import AtlasError
from onboarding.audit.names import EventName
from onboarding.handover import events
from onboarding.handover.models import Offer, SystemTick
from onboarding.journey.models import StepRecord
from onboarding.journey.polling.client import NoAccount, find_account_id, get_account_api
from onboarding.people.decisions import StateConflict
from onboarding.people.models import ADMINS, User

System = SystemTick.System
WANTED = {
    System.DIP: "add them in the DIP as Certificate Admin",
    System.ATLAS: "add them in Atlas as Admin User",
}
WHERE = {
    System.DIP: "In the DIP: the company's page, Users, Add user, role Certificate Admin.",
    System.ATLAS: "In Atlas: profile icon at the top right, Account Settings, Users, Add an Atlas Admin User.",
}


@dataclass(frozen=True)
class Check:
    """One line of the checklist."""

    system: str
    name: str
    todo: str
    where: str
    tick: SystemTick | None
    by_api: bool


def needed_for(records: list[StepRecord]) -> bool:
    """Whether one of these steps is done in Atlas or in the DIP by a Certificate Admin."""
    return any(record.definition.who == ADMINS for record in records)


def checklist(offer: Offer) -> list[Check]:
    """What must be true in the other systems, and who has seen to it."""
    if not needed_for(offer.records()):
        return []
    ticks = {tick.system: tick for tick in offer.ticks.select_related("by")}
    return [_check(system, ticks.get(system)) for system in System]


def _check(system: SystemTick.System, tick: SystemTick | None) -> Check:
    by_api = system == System.ATLAS and settings.PORTAL.account_api
    return Check(system.value, system.label, WANTED[system], WHERE[system], tick, by_api and tick is None)


def _demand_needed(offer: Offer) -> None:
    if not needed_for(offer.records()):
        raise StateConflict("These steps need no role in another system.")


def tick(offer: Offer, system: str, *, actor: User, by_api: bool = False) -> None:
    """Somebody says that it is done. A second time changes nothing."""
    _demand_needed(offer)
    with transaction.atomic():
        _, made = SystemTick.objects.get_or_create(
            offer=offer, system=system, defaults={"by": actor, "by_api": by_api}
        )
        if made:
            events.record_offer_event(offer, actor, EventName.SYSTEM_TICKED, system=System(system).label)


def add_in_atlas(offer: Offer, *, actor: User) -> None:
    """Have the account API add the receiver as Admin User, unless Atlas knows them. Raises StateConflict.

    No transaction is open while Atlas is asked.
    """
    _demand_needed(offer)  # nobody becomes an administrator of the account for a step that does not need it
    # Before somebody from outside has accepted, whether there is an account for them is not for telling.
    waits = offer.is_outside and offer.status != Offer.Status.ACCEPTED
    if offer.to_user is None or waits:
        raise StateConflict("They have not accepted yet. Wait until then, or add them in Atlas by hand.")
    try:
        _make_user(offer, offer.to_user)
    except (AtlasError, NoAccount):
        raise StateConflict("Atlas did not take it. Add them in Atlas by hand, then say so here.") from None
    tick(offer, System.ATLAS, actor=actor, by_api=True)


def _make_user(offer: Offer, user: User) -> None:
    account, api = find_account_id(offer.onboarding), get_account_api()
    if account is None:
        raise NoAccount
    if any(each.email.lower() == user.email for each in api.users(account)):
        return
    wanted = NewUser(user.name, user.email, (Role.ADMINISTRATOR,))
    api.add_user(account, wanted, idempotency_key=f"handover-{offer.pk}")
