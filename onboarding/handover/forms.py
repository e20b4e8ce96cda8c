"""Forms of handing over: what to whom until when; a reason; a new date for an access.

Who may receive what is asked in rules.py.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from certs import clock
from onboarding.handover import rules
from onboarding.handover.offers import Plan
from onboarding.journey.access import Access, list_steps
from onboarding.journey.forms.plain import ReasonForm
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import State
from onboarding.people.access import find_member, list_members
from onboarding.people.models import Membership, User
from onboarding.ui.fields import DatePartsField, LowercaseEmailField
from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets
from onboarding.ui.widgets import Checkboxes, Radios

OUTSIDE = "outside"
LONGEST_ACCESS = timedelta(days=180)
LONGEST_OFFER = timedelta(days=60)


def tomorrow() -> date:
    """The first day on which something can end."""
    return clock.today() + timedelta(days=1)


def end_of(day: date) -> datetime:
    """The last minute of a day in the installation's time zone."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


class HandOverForm(ForgetfulForm):
    """Steps, receiver, reason, note, and until when."""

    steps = forms.MultipleChoiceField(
        label="What do you hand over?",
        widget=Checkboxes,
        error_messages={"required": "Choose at least one step."},
    )
    to = forms.ChoiceField(
        label="To whom?", widget=Radios, error_messages={"required": "Choose who is to get it."}
    )
    email = LowercaseEmailField(
        label="Email address of the person outside the company",
        required=False,
        max_length=254,
        help_text="A technician of your DCP or of another company. Write to a person, not to a shared mailbox.",
    )
    access_until = DatePartsField(
        label="Until when may they see and do these steps?",
        what="the last day of access",
        required=False,
        not_before=tomorrow,
        not_after=lambda: clock.today() + LONGEST_ACCESS,
    )
    reason = forms.CharField(
        label="Why do you hand it over?",
        max_length=500,
        validators=[refuse_secrets],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="They read it, and so do the others in your company. Never type a password or a secret.",
        error_messages={"required": "Give a reason; the receiver decides by it."},
    )
    note = forms.CharField(
        label="What should they know?",
        required=False,
        max_length=2000,
        validators=[refuse_secrets],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example where you stopped, and whom to ask. Never type a password or a secret.",
    )
    expires_on = DatePartsField(
        label="Until when can they answer?",
        what="the last day to answer",
        not_before=tomorrow,
        not_after=lambda: clock.today() + LONGEST_OFFER,
    )

    def __init__(self, *args: Any, record: StepRecord, access: Access, **kwargs: Any) -> None:
        today = clock.today()
        kwargs["initial"] = {
            "steps": [record.slug],
            "expires_on": today + timedelta(days=7),
            "access_until": today + timedelta(days=30),
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.record = record
        every = list_steps(record.onboarding)
        self.offerable = {each.slug: each for each in every if rules.may_offer(access, each)}
        self.offerable.setdefault(record.slug, record)
        self.members = {str(m.user_id): m.user for m in receivers(record, access.user)}
        fields: dict[str, Any] = dict(self.fields)
        fields["steps"].choices = [(slug, each.definition.title) for slug, each in self.offerable.items()]
        fields["steps"].widget.hints = {slug: _hint(each) for slug, each in self.offerable.items()}
        fields["to"].choices, fields["to"].widget.hints = _choices(record, access, every)
        fields["to"].widget.reveals = {OUTSIDE: ("email", "access_until")}

    def clean(self) -> dict[str, Any]:
        """Somebody outside needs an address and a date; every step must be one for the receiver."""
        data = super().clean() or self.cleaned_data
        if data.get("to") == OUTSIDE:
            self._need("email", "Enter the email address of the person outside the company.")
            self._need("access_until", "Enter the last day of access.")
            self._no_member(data.get("email") or "")
            self._long_enough(data.get("access_until"), data.get("expires_on"))
        for slug in data.get("steps", ()):
            self._fits(slug, data.get("to"))
        return data

    def _need(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _long_enough(self, access: date | None, answer: date | None) -> None:
        if access and answer and access < answer:
            self.add_error("access_until", "Their access must last at least until the last day to answer.")

    def _no_member(self, email: str) -> None:
        company = self.record.onboarding.company
        member = find_member(company, email)
        if member is not None:
            self.add_error(
                "email", f"{member.user} belongs to {company.name}. Choose them in the list above."
            )

    def _fits(self, slug: str, to: str | None) -> None:
        record, member = self.offerable[slug], self.members.get(to or "")
        if to == OUTSIDE:
            decision = rules.may_receive_outside(record)
        elif member is not None:
            decision = rules.may_receive(member, record, outside=False)
        else:
            return
        if not decision:
            self.add_error("steps", decision.sentence)

    @property
    def is_outside(self) -> bool:
        """Whether the receiver is no member."""
        return bool(self.cleaned_data.get("to") == OUTSIDE)

    def records(self) -> list[StepRecord]:
        """The steps that were chosen."""
        return [self.offerable[slug] for slug in self.offerable if slug in self.cleaned_data["steps"]]

    def receiver(self) -> str:
        """Who is to get it, as words."""
        return self.cleaned_data["email"] if self.is_outside else str(self.members[self.cleaned_data["to"]])

    def plan(self) -> Plan:
        """What offers.offer() takes."""
        data = self.cleaned_data
        return Plan(
            onboarding=self.record.onboarding,
            slugs=tuple(data["steps"]),
            reason=data["reason"],
            note=data["note"],
            expires_at=end_of(data["expires_on"]),
            to=None if self.is_outside else self.members[data["to"]],
            email=data["email"] if self.is_outside else "",
            access_until=end_of(data["access_until"]) if self.is_outside else None,
        )


def receivers(record: StepRecord, user: User) -> list[Membership]:
    """The members who may do this step, except who hands it over."""
    found = list_members(record.onboarding.company)
    return [m for m in found if m.user_id != user.pk and m.user.is_active and m.role in record.definition.who]


def _hint(record: StepRecord) -> str:
    if record.state == State.LOCKED:
        return "Cannot start yet; it is assigned to whoever accepts."
    return "You hold it." if record.assignee_id else "It is not assigned to anybody."


def _choices(
    record: StepRecord, access: Access, every: list[StepRecord]
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    members = receivers(record, access.user)
    choices = [(str(m.user_id), str(m.user)) for m in members]
    hints = {str(m.user_id): f"{m.get_role_display()}. {_holds(m.user_id, every)}" for m in members}
    if access.is_admin and rules.may_receive_outside(record):
        choices.append((OUTSIDE, "Somebody outside the company"))
        hints[OUTSIDE] = "They see these steps and nothing else, until a day that you name."
    return choices, hints


def _holds(user_id: object, every: list[StepRecord]) -> str:
    held = [f"“{r.definition.title}”" for r in every if r.assignee_id == user_id and r.state != State.DONE]
    return f"Holds {', '.join(held)} already." if held else "Holds no step now."


class AnswerForm(ReasonForm):
    """Why an offer is declined, or a step returned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "The other side reads it. Never type a password or a secret."
        self.fields["reason"].error_messages["required"] = "Give a reason; the other side will read it."


class WithdrawForm(AnswerForm):
    """A withdrawal may go without a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class ExtendForm(forms.Form):
    """A new last day for an access."""

    until = DatePartsField(
        label="New last day of access",
        what="the last day of access",
        not_before=tomorrow,
        not_after=lambda: clock.today() + LONGEST_ACCESS,
    )
