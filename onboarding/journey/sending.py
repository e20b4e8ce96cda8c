"""The pollers that send a form to Atlas, once: intent first, then a search; sent only if nothing there matches.

Atlas keeps an Idempotency-Key for a day only, and a database put back to yesterday knows of no answer: so what Atlas
already has decides. Which steps these are is in steps/; the outcome is applied by progress.settle.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from atlas.account_types import (
    Account,
    Contact,
    IdentityProfile,
    IdentityProfileStatus,
    NewIdentityProfile,
    NewRegistration,
)
from atlas.errors import AtlasError, Rejected
from onboarding.journey import atlas_accounts
from onboarding.journey.models import Sending, StepRecord
from onboarding.journey.outcomes import Done, Failed, Outcome
from onboarding.journey.polling.client import NoAccount, find_account_id, get_account_api
from onboarding.journey.problems.codes import ProblemCode


@dataclass(frozen=True)
class Match:
    """Something in Atlas that is, or may be, what is to be sent. `differing` names what is not the same in both."""

    atlas_id: str
    words: str
    differing: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Everything that was typed is there."""
        return not self.differing

    def __str__(self) -> str:
        return f"{self.words}; not the same: {', '.join(self.differing)}" if self.differing else self.words


@dataclass(frozen=True)
class _Form:
    """What one step sends: its content, what of it Atlas has already, and how it is sent (answers Atlas's id)."""

    content: dict[str, Any]
    matches: Callable[[frozenset[str]], Iterable[Match]]
    send: Callable[[str], str]
    unclear: ProblemCode
    refused: ProblemCode


def send_registration(record: StepRecord) -> Outcome:
    """Send the form "Get Started with Atlas" (R8 to R14), unless Atlas has this registration."""
    answers, company, api = record.answers, record.onboarding.company, get_account_api()
    contact = Contact(answers["name"], answers["job_title"], answers["email"], answers["phone"])
    new = NewRegistration(company.name, contact, company.number or None)
    return _send_once(
        record,
        _Form(
            asdict(new),
            lambda earlier: _accounts_like(
                new, atlas_accounts.list_free(api.find_accounts(contact.email), company)
            ),
            lambda key: api.register(new, idempotency_key=key).account_id,
            ProblemCode.REGISTRATION_UNCLEAR,
            ProblemCode.REGISTRATION_REFUSED,
        ),
    )


def send_identity_profile(record: StepRecord) -> Outcome:
    """Send the identity profile, unless Atlas has it; it cannot be changed afterwards (R26)."""
    account = find_account_id(record.onboarding)
    if account is None:
        raise NoAccount
    api = get_account_api()
    new = NewIdentityProfile(**{name: record.answers[name] for name in NewIdentityProfile.__slots__})
    return _send_once(
        record,
        _Form(
            asdict(new),
            lambda earlier: _profiles_like(new, api.identity_profiles(account), earlier),
            lambda key: api.request_identity_profile(account, new, idempotency_key=key).identity_profile_id,
            ProblemCode.IDENTITY_UNCLEAR,
            ProblemCode.IDENTITY_REFUSED,
        ),
    )


def _send_once(record: StepRecord, form: _Form) -> Outcome:
    intent = _planned(record, form.content)
    if not intent.atlas_id:
        try:
            doubtful = _adopt_or_send(record, intent, form)
        except Rejected as error:
            return Failed(form.refused, error.description)
        if doubtful:
            Sending.objects.filter(pk=intent.pk).update(candidates=[match.atlas_id for match in doubtful])
            return Failed(form.unclear, " ".join(f"{match}." for match in doubtful))
    return Done(_prove(record, intent.atlas_id))


def _prove(record: StepRecord, atlas_id: str) -> dict[str, str]:
    """The step's fact that Atlas's id becomes."""
    irreversible = record.definition.irreversible
    assert irreversible is not None  # nothing else is sent once (checks.py)
    return {irreversible.fact: atlas_id}


def _adopt_or_send(record: StepRecord, intent: Sending, form: _Form) -> list[Match]:
    """Give the intent Atlas's id: of the one certain match, or of what is sent if there is none.

    Answers what is in doubt, and then sends nothing; two certain matches are in doubt too. Raises any AtlasError.
    """
    before = record.sendings.exclude(pk=intent.pk)
    earlier = frozenset(before.exclude(atlas_id="").values_list("atlas_id", flat=True))
    aside = {
        each for found in before.filter(again=True).values_list("candidates", flat=True) for each in found
    }
    matches = [match for match in form.matches(earlier) if match.atlas_id not in aside]
    certain = [match for match in matches if match.is_certain]
    # What an earlier submission became is known; another one beside it is what the person asked for.
    doubtful = [match for match in matches if match.is_certain or match.atlas_id not in earlier]
    if doubtful and len(certain) != 1:
        return doubtful
    intent.atlas_id = certain[0].atlas_id if certain else form.send(intent.idempotency_key)
    Sending.objects.filter(pk=intent.pk).update(atlas_id=intent.atlas_id)
    return []


def list_candidates(record: StepRecord) -> list[str]:
    """Atlas's ids of what may be the same as what is to be sent, as the last poll saw them."""
    intent = record.sendings.last()
    return list(intent.candidates) if intent is not None else []


def explain_foreign(record: StepRecord, atlas_id: str) -> str:
    """Why what somebody says is theirs cannot be taken for the company, in sentences; empty if it can.

    A person decides whether the contact is theirs. That the account is their company's shows its name and number.
    """
    if _prove(record, atlas_id).keys() != {"account_id"}:
        return ""  # identity profiles are listed of the company's own account
    company = record.onboarding.company
    try:
        account = get_account_api().account(atlas_id)
    except (AtlasError, NoAccount):
        return atlas_accounts.NO_ANSWER
    if atlas_accounts.find_own([account], company):
        return ""
    own = atlas_accounts.describe_own(company)
    return f"The portal cannot take {atlas_id} as the account of {company.name}. {own} Then choose it again."


def adopt(record: StepRecord, atlas_id: str) -> dict[str, str]:
    """A person says which one is theirs: the intent remembers it as if Atlas had answered. Answers the step's fact."""
    intent = record.sendings.last()
    if intent is not None:
        Sending.objects.filter(pk=intent.pk).update(atlas_id=atlas_id)
    return _prove(record, atlas_id)


def set_aside(record: StepRecord, reason: str) -> dict[str, Any]:
    """A person says that none of what the last poll found is what is to be sent.

    Answers what the trail tells of it: ids only. The reason is free text and stays in the row (`get_reasons`).
    """
    intent = record.sendings.last()
    if intent is None:
        return {}
    Sending.objects.filter(pk=intent.pk).update(again=True, reason=reason)
    return {"sending": intent.pk, "set_aside": list(intent.candidates)}


def get_reasons(sendings: Iterable[Any]) -> dict[int, str]:
    """Why forms were sent again, by the ids that events tell under `sending`."""
    return dict(Sending.objects.filter(pk__in=list(sendings)).values_list("pk", "reason"))


def _planned(record: StepRecord, content: dict[str, Any]) -> Sending:
    """The intent of this submission, written before Atlas is asked. Of two workers both get the same one."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    intent, _ = Sending.objects.get_or_create(
        record=record, submission=record.submission, defaults={"sha256": digest}
    )
    if (
        intent.sha256 != digest
    ):  # the company's name or number was fixed meanwhile: another request, another key
        Sending.objects.filter(pk=intent.pk).update(sha256=digest)
        intent.sha256 = digest
    return intent


def _accounts_like(new: NewRegistration, accounts: Iterable[Account]) -> Iterator[Match]:
    """Accounts of this company among those with the contact's address; those of its other companies are left out."""
    for each in accounts:
        pairs = {
            "company name": (new.company_name, each.company_name),
            "company number": (new.company_number or "", each.company_number or ""),
            "name": (new.contact.name, each.contact.name),
            "job title": (new.contact.job_title, each.contact.job_title),
            "telephone number": (_digits(new.contact.phone), _digits(each.contact.phone)),
        }
        differing = _differing(pairs)
        if not {"company name", "company number"} <= set(differing):
            yield Match(
                each.account_id,
                f"Account {each.account_id}, registered {each.registered_at:%Y-%m-%d}",
                differing,
            )


def _profiles_like(
    new: NewIdentityProfile, profiles: Iterable[IdentityProfile], earlier: frozenset[str]
) -> Iterator[Match]:
    """Profiles of this organisation that count: a rejected one only if it may be the answer that was lost."""
    for each in profiles:
        pairs = {
            field.name.replace("_", " "): (getattr(new, field.name), getattr(each.details, field.name))
            for field in fields(new)
        }
        pairs["phone"] = (_digits(new.phone), _digits(each.details.phone))
        differing = _differing(pairs)
        rejected = each.status == IdentityProfileStatus.REJECTED
        over = rejected and (differing or each.identity_profile_id in earlier)
        if not over and not {"organization", "company number"} <= set(differing):
            words = f"Identity profile {each.identity_profile_id}, sent {each.submitted_at:%Y-%m-%d}"
            yield Match(each.identity_profile_id, f"{words}, {each.status.value}", differing)


def _differing(pairs: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    """What is not the same, but for case and spaces."""
    return tuple(name for name, (one, other) in pairs.items() if _plain(one) != _plain(other))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _digits(phone: str) -> str:
    """Without the country's code or the nought before it, and however it is grouped."""
    return "".join(letter for letter in phone if letter.isdigit())[-9:]
