"""Sending many files: each through its step's own form and move, in a transaction and with a sentence of its own.

Nothing here moves a step by itself; that is journey/progress.py's, and what is right or wrong with a file is certs/'s.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import Http404
from django.views.decorators.debug import sensitive_variables

from certs.findings import InvalidArtifact
from onboarding.clients.bulk_steps import BulkStep
from onboarding.clients.matching import Assigned, Matches, describe_findings
from onboarding.journey import guards, progress
from onboarding.journey.access import get_step, read_access
from onboarding.journey.damage import UNREADABLE
from onboarding.journey.forms import step_form
from onboarding.people.decisions import RequestRefused, require
from onboarding.people.models import User

log = logging.getLogger(__name__)
GONE = "You have no access to this client any more. Nothing was changed."
FAILED = "The portal could not check it. Nothing was changed for this client; send this file again later."


@dataclass(frozen=True)
class Result:
    """What became of one file. `outcome`: accepted, refused or needless."""

    name: str
    client: str
    outcome: str
    sentence: str
    url: str = ""


def send_all(user: User, work: BulkStep, matches: Matches, keep: str = "") -> list[Result]:
    """Send every file that has its client, and say of each what became of it; what was refused before stands last."""
    sent = [_send(user, work, each, keep) for each in matches.assigned]
    refused = [
        Result(each.name, each.client, "needless" if each.is_needless else "refused", each.sentence)
        for each in matches.refused
    ]
    return [*_order(sent), *_order(refused)]


def _order(results: Iterable[Result]) -> list[Result]:
    """What was refused first: it wants doing."""
    return sorted(results, key=lambda each: (each.outcome == "accepted", each.outcome == "needless"))


@sensitive_variables()
def _send(user: User, work: BulkStep, file: Assigned, keep: str) -> Result:
    """One file, whatever happens to the others. The rights are read again, and once more under the move's lock."""
    title = file.target.title
    try:
        sentence = _submit(user, work, file, keep)
    except RequestRefused as refusal:
        sentence = refusal.sentence
    except InvalidArtifact as invalid:
        sentence = describe_findings(invalid)
    except Http404:
        sentence = GONE
    except (DatabaseError, *UNREADABLE) as error:
        log.error(
            "A file for %s could not be taken: %s", file.target.client.onboarding.pk, type(error).__name__
        )
        sentence = FAILED
    if sentence:
        return Result(file.name, title, "refused", sentence)
    return Result(file.name, title, "accepted", work.accepted)


@sensitive_variables()
def _submit(user: User, work: BulkStep, file: Assigned, keep: str) -> str:
    """What the step's page does with its form. Answers what is wrong with the file, or nothing once it is sent."""
    record = get_step(user, file.target.code, work.slug)
    require(guards.may_submit(read_access(user, record.onboarding), record))
    form_class: Any = step_form(record.definition)
    files = {work.field: SimpleUploadedFile(file.name, file.content)}
    form = form_class({"way": "own", "keep": keep}, files, record=record, user=user)
    if not form.is_valid():
        return " ".join(dict.fromkeys(str(each) for errors in form.errors.values() for each in errors))
    progress.submit(record, actor=user, effect=form.send)
    return ""
