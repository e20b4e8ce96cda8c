"""What an e-mail says at the moment it is sent: links are made now, and what was held back together becomes one.

When it is sent is decided in sending_limits.py, how in sending.py.
"""

from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import LINK, RESET_LINK
from onboarding.people import invitation_links
from onboarding.people.models import Company, User
from onboarding.people.reset_links import make_reset_link


class NoLongerNeeded(Exception):
    """There is nobody to send it to any more, or nothing to tell."""


@dataclass(frozen=True, slots=True)
class ComposedEmail:
    """An e-mail with its links in it: never stored, never logged."""

    to: str
    subject: str
    text: str
    html: str


def compose_email(email: OutboxEmail) -> ComposedEmail:
    """The e-mail as it is sent, with all that was gathered into it. Raises NoLongerNeeded."""
    if email.address:
        return _compose_reset(email)
    rows = [email]
    if email.receiver:
        gathered = email.gathered.select_related("to", "invitation").order_by("pk")
        rows = _drop_outdated([email, *gathered])
    composed = [_compose_one(email) for email in rows]
    if not composed:
        raise NoLongerNeeded
    return composed[0] if len(composed) == 1 else _join_emails(email, composed)


def _compose_reset(email: OutboxEmail) -> ComposedEmail:
    user = User.objects.filter(email=email.address, is_active=True).first()
    if user is None:
        raise NoLongerNeeded
    text = email.text.replace(RESET_LINK, make_reset_link(user))
    return ComposedEmail(user.email, email.subject, text, "")


def _drop_outdated(rows: list[OutboxEmail]) -> list[OutboxEmail]:
    """Without what was taken back meanwhile; an invitation is told of once, by its newest e-mail."""
    newest = {email.invitation_id: email.pk for email in rows}
    return [
        email
        for email in rows
        if email.invitation is None or (email.pk == newest[email.invitation_id] and _is_open(email))
    ]


def _is_open(email: OutboxEmail) -> bool:
    invitation = email.invitation
    return invitation is not None and invitation.accepted_at is None and invitation.withdrawn_at is None


def _compose_one(email: OutboxEmail) -> ComposedEmail:
    composed = ComposedEmail(email.to.email if email.to else "", email.subject, email.text, email.html)
    if email.invitation is None:
        return composed
    link = invitation_links.make_link(email.invitation)
    text, html = email.text.replace(LINK, link), email.html.replace(LINK, link)
    return replace(composed, to=email.invitation.email, text=text, html=html)


def _join_emails(email: OutboxEmail, composed: list[ComposedEmail]) -> ComposedEmail:
    company = Company.objects.filter(pk=email.company_id).first() if email.company_id else None
    parts = [{"title": each.subject, "text": _strip_greeting(each.text)} for each in composed]
    bodies = [{"title": each.subject, "html": _strip_frame(each.html)} for each in composed]
    values = {"company": company, "count": len(composed), "user": email.to}
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
