"""What the attacks share: a mailbox of the attacker's, joining by an invitation, asking for every secret there is.

Everything goes through pages and emails, as an attacker would do it.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client

from onboarding.journey.models import Onboarding
from onboarding.notifications import sending
from onboarding.people.models import User
from tests.attacks.links import use
from tests.people_fixtures import PASSWORD, fresh_client_of, make_user

MALLORY = "mallory@private.example"
TEAM, EMERGENCY = "/companies/one/team/", "/companies/one/emergency/"


def delivered(address: str) -> list[str]:
    """Subject and text of every email to this address, the newest last; the outbox is sent first."""
    for pk in sending.find_due_emails():
        sending.send_email(pk)
    return [f"{each.subject}\n{each.body}" for each in mail.outbox if address in each.to]


def join(address: str = MALLORY) -> Client | None:
    """Open the link in the newest invitation and join with a new account; None when no link came."""
    links = [word for text in delivered(address) for word in text.split() if "/invitations/" in word]
    if not links:
        return None
    browser, _ = use(urlsplit(links[-1]).path)
    both = {"name": "Mallory", "password1": PASSWORD, "password2": PASSWORD}
    browser.post("/invitations/join/", both)
    return (
        fresh_client_of(User.objects.get(email=address))
        if User.objects.filter(email=address).exists()
        else None
    )


def taken_by(browser: Client, onboarding: Onboarding) -> list[str]:
    """Which secrets leave to this browser."""
    base = f"/onboardings/{onboarding.code}/"
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "API key and secret": ("show-credentials/", {}),
        "PFX": ("download/", {"format": "passwordless"}),
        "PEM": ("download/", {"format": "pem"}),
        "PFX with a password": ("download/", {"format": "aes256-password"}),
    }
    return [
        what for what, (path, data) in asked.items() if browser.post(f"{base}{path}", data).status_code == 200
    ]


def ask(browser: Client, address: str = MALLORY) -> Any:
    """Ops ask for an emergency invitation."""
    return browser.post(f"{EMERGENCY}ask/", {"email": address, "reason": "Both admins have left"})


def second_of_ops() -> User:
    """Another person of ops."""
    return make_user("oscar@dip.example", "Oscar Test", is_ops=True)
