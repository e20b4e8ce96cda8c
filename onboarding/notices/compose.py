"""What an e-mail says at the moment it is sent: links are made now, and what was held back together becomes one.

When it is sent is decided in holding_back.py, how in send.py.
"""

from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from onboarding.notices.models import Message
from onboarding.notices.write import LINK, RESET_LINK
from onboarding.people import invitation_links
from onboarding.people.models import Company, User
from onboarding.people.reset_links import make_reset_link


class NotNeeded(Exception):
    """There is nobody to send it to any more, or nothing to tell."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail with its links in it: never stored, never logged."""

    to: str
    subject: str
    text: str
    html: str


def compose(message: Message) -> Letter:
    """The e-mail of a message and of all that was gathered into it. Raises NotNeeded."""
    if message.address:
        return _reset(message)
    rows = [message]
    if message.receiver:
        gathered = message.gathered.select_related("to", "invitation").order_by("pk")
        rows = _worth_telling([message, *gathered])
    letters = [_one(row) for row in rows]
    if not letters:
        raise NotNeeded
    return letters[0] if len(letters) == 1 else _joined(message, letters)


def _reset(message: Message) -> Letter:
    user = User.objects.filter(email=message.address, is_active=True).first()
    if user is None:
        raise NotNeeded
    text = message.text.replace(RESET_LINK, make_reset_link(user))
    return Letter(user.email, message.subject, text, "")


def _worth_telling(rows: list[Message]) -> list[Message]:
    """Without what was taken back meanwhile; an invitation is told of once, by its newest e-mail."""
    newest = {row.invitation_id: row.pk for row in rows}
    return [
        row
        for row in rows
        if row.invitation is None or (row.pk == newest[row.invitation_id] and _is_open(row))
    ]


def _is_open(row: Message) -> bool:
    invitation = row.invitation
    return invitation is not None and invitation.accepted_at is None and invitation.withdrawn_at is None


def _one(row: Message) -> Letter:
    letter = Letter(row.to.email if row.to else "", row.subject, row.text, row.html)
    if row.invitation is None:
        return letter
    link = invitation_links.make_link(row.invitation)
    text, html = row.text.replace(LINK, link), row.html.replace(LINK, link)
    return replace(letter, to=row.invitation.email, text=text, html=html)


def _joined(message: Message, letters: list[Letter]) -> Letter:
    company = Company.objects.filter(pk=message.company_id).first() if message.company_id else None
    parts = [{"title": each.subject, "text": _without_greeting(each.text)} for each in letters]
    bodies = [{"title": each.subject, "html": _inside(each.html)} for each in letters]
    values = {"company": company, "count": len(letters), "user": message.to}
    return Letter(
        to=letters[0].to,
        subject=" ".join(render_to_string("notices/gathered_subject.txt", values).split()),
        text=render_to_string("notices/gathered_body.txt", {**values, "parts": parts}),
        html=render_to_string("notices/gathered_body.html", {**values, "parts": bodies}),
    )


def _without_greeting(text: str) -> str:
    """templates/notices/body.txt greets in its first line."""
    return text.strip().partition("\n")[2].strip()


def _inside(html: str) -> str:
    """What stands between the greeting and the end of templates/notices/body.html."""
    return html.partition("<body>")[2].partition("</p>")[2].rpartition("</body>")[0].strip()
