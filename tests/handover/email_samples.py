"""One way to have each letter of handing over written, for tests/notifications/test_emails.py.

When they are written in earnest is tested in test_offers.py and test_grants.py.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from certs.models import SharedSecret
from certs.secret_sharing import What
from onboarding.handover import grants, offers, secret_sharing
from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import Onboarding
from tests.handover.factories import make_dana, make_grant, make_offer, open_steps
from tests.people_fixtures import People


def _offer(people: People, onboarding: Onboarding) -> Offer:
    open_steps(onboarding, "csr")
    return make_offer(onboarding, people.bob, people.tess)


def _accepted(people: People, onboarding: Onboarding) -> Offer:
    return offers.accept(_offer(people, onboarding), actor=people.tess)


def _expired(people: People, onboarding: Onboarding) -> None:
    offer = _offer(people, onboarding)
    Offer.objects.filter(pk=offer.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    offers.expire()


def _grant(people: People, onboarding: Onboarding) -> Grant:
    open_steps(onboarding, "csr")
    make_grant(onboarding, people.bob, make_dana())
    return Grant.objects.get()


def _extended(people: People, onboarding: Onboarding) -> None:
    with transaction.atomic():
        until = timezone.now() + timedelta(days=60)
        grants.extend(_grant(people, onboarding), actor=people.alice, until=until)


def _ended(people: People, onboarding: Onboarding) -> None:
    with transaction.atomic():
        offers.revoke(_grant(people, onboarding), actor=people.alice)


def _passed(people: People, onboarding: Onboarding) -> tuple[Offer, SharedSecret]:
    offer, until = _accepted(people, onboarding), timezone.now() + timedelta(days=7)
    row = secret_sharing.share(offer, What.PRIVATE_KEY, b"a key of the tests", until=until, actor=people.bob)
    return offer, row


def _opened(people: People, onboarding: Onboarding) -> None:
    offer, row = _passed(people, onboarding)
    secret_sharing.open_once(offer, row.pk, actor=people.tess)


def _not_opened(people: People, onboarding: Onboarding) -> None:
    _passed(people, onboarding)
    secret_sharing.destroy_past(timezone.now() + timedelta(days=8))


WRITE: dict[str, Callable[[People, Onboarding], Any]] = {
    "grant-ended": _ended,
    "grant-extended": _extended,
    "offer": _offer,
    "offer-accepted": _accepted,
    "offer-declined": lambda p, o: offers.decline(_offer(p, o), actor=p.tess, reason="No OpenSSL here"),
    "offer-expired": _expired,
    "offer-returned": lambda p, o: offers.return_(_accepted(p, o), actor=p.tess, reason="I am ill"),
    "secret-not-opened": _not_opened,
    "secret-opened": _opened,
    "secret-passed": _passed,
    "offer-withdrawn": lambda p, o: offers.withdraw(_offer(p, o), actor=p.bob, reason="Not needed"),
}
