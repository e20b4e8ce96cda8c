"""Writing down a note of a company, or a call to it. That it was written is on record; its text stays in its row."""

from typing import Any

from django.db import transaction

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.ops.models import CallResult, CompanyNote, NoteAudience
from onboarding.people.models import Company, User


def add_note(company: Company, text: str, audience: NoteAudience, *, actor: User) -> CompanyNote:
    """A note. Who may is asked before."""
    return _store(company, EventName.NOTE_ADDED, {}, text=text, audience=audience, by=actor)


def add_call(
    company: Company, rung: User | None, result: CallResult, text: str, *, actor: User
) -> CompanyNote:
    """A call; `rung` None: somebody who is not among the company's people. Only ops read the text."""
    data = {"rung": rung.name if rung else "somebody else", "result": str(result.label)}
    return _store(company, EventName.COMPANY_RUNG, data, text=text, result=result, rung=rung, by=actor)


def _store(company: Company, name: EventName, data: dict[str, str], **columns: Any) -> CompanyNote:
    with transaction.atomic():
        made: CompanyNote = CompanyNote.objects.create(company=company, **columns)
        record_event(name, company=company, actor=columns["by"], data=data)
    return made
