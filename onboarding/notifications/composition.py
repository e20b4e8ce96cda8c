"""What an email says at the moment it is sent: links are made now, and what was held back together becomes one.

Its words are made in rendering.py; when it is sent is decided in sending_limits.py, how in sending.py.
"""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import LINK, RESET_LINK
from onboarding.notifications.rendering import store_words
from onboarding.notifications.signals import LateLink, link_needed

Linked = tuple[OutboxEmail, LateLink | None]


class NoLongerNeeded(Exception):
    """There is nobody to send it to any more, or nothing to tell."""


@dataclass(frozen=True, slots=True)
class ComposedEmail:
    """An email with its links in it: never stored, never logged."""

    to: str
    subject: str
    text: str
    html: str


def compose_email(email: OutboxEmail) -> ComposedEmail:
    """The email as it is sent, with all that was gathered into it; words that are made now are stored.

    Raises NoLongerNeeded.
    """
    emails = [email]
    if email.receiver:
        emails += email.gathered.select_related("to").order_by("pk")
    linked = [(each, _ask_for_link(each)) for each in emails]
    if email.receiver:
        linked = _drop_outdated(linked)
    linked = [(each, link) for each, link in linked if link or each.to]  # the others go to nobody any more
    if not linked:
        raise NoLongerNeeded
    for each, _ in linked:
        store_words(each)
    composed = [_compose_one(each, link) for each, link in linked]
    return composed[0] if len(composed) == 1 else _join_emails(email, composed)


def _ask_for_link(email: OutboxEmail) -> LateLink | None:
    """The link that the room answers with that the email comes from; None if it has none, or needs none."""
    if email.invitation_id is None and not email.address:
        return None
    answers: list[Any] = [answer for _, answer in link_needed.send(OutboxEmail, email=email)]
    return next((answer for answer in answers if answer is not None), None)


def _drop_outdated(linked: list[Linked]) -> list[Linked]:
    """Without what was taken back meanwhile; an invitation is told of once, by its newest email."""
    newest = {email.invitation_id: email.pk for email, _ in linked}
    return [
        (email, link)
        for email, link in linked
        if email.invitation_id is None
        or (email.pk == newest[email.invitation_id] and link is not None and link.is_current)
    ]


def _compose_one(email: OutboxEmail, link: LateLink | None) -> ComposedEmail:
    """The email with its link where the text leaves a place for it."""
    if link is None:
        assert email.to is not None
        return ComposedEmail(email.to.email, email.subject, email.text, email.html)
    place = RESET_LINK if email.invitation_id is None else LINK
    text, html = email.text.replace(place, link.link), email.html.replace(place, link.link)
    return ComposedEmail(link.to, email.subject, text, html)


def _join_emails(email: OutboxEmail, composed: list[ComposedEmail]) -> ComposedEmail:
    parts = [{"title": each.subject, "text": _strip_greeting(each.text)} for each in composed]
    bodies = [{"title": each.subject, "html": _strip_frame(each.html)} for each in composed]
    values = {"company_name": email.company_name, "count": len(composed), "user": email.to}
    return ComposedEmail(
        to=composed[0].to,
        subject=" ".join(render_to_string("notifications/gathered_subject.txt", values).split()),
        text=render_to_string("notifications/gathered_body.txt", {**values, "parts": parts}),
        html=render_to_string("notifications/gathered_body.html", {**values, "parts": bodies}),
    )


def _strip_greeting(text: str) -> str:
    """templates/notifications/body.txt greets in its first line."""
    return text.strip().partition("\n")[2].strip()


def _strip_frame(html: str) -> str:
    """What stands between the greeting and the end of templates/notifications/body.html."""
    return html.partition("<body>")[2].partition("</p>")[2].rpartition("</body>")[0].strip()
