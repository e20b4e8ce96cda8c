"""Tags that ask higher rooms for their part of a page of the journey.

Which places there are is in journey/slots.py.
"""

from typing import Any

from django import template
from django.dispatch import Signal
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from onboarding.journey import slots
from onboarding.journey.access import Access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Company, User

register = template.Library()


@register.simple_tag
def step_sidebar(record: StepRecord, access: Access) -> SafeString:
    """What other rooms show in the sidebar of a step, such as an offer to hand it over."""
    return _ask(slots.step_sidebar, StepRecord, record=record, access=access)


@register.simple_tag
def journey_links(onboarding: Onboarding, access: Access) -> SafeString:
    """Links that other rooms add to the journey's page."""
    return _ask(slots.journey_links, Onboarding, onboarding=onboarding, access=access)


@register.simple_tag
def start_notes(company: Company, user: User) -> SafeString:
    """What other rooms have to say before an onboarding of this company starts."""
    return _ask(slots.start_notes, Company, company=company, user=user)


@register.simple_tag
def step_note(record: StepRecord, access: Access) -> SafeString | str:
    """What other rooms say of one step, such as its open offer; nothing if there is nothing to say."""
    return slots.collect_step_notes([record], access).get(record.pk, "")


def _ask(slot: Signal, sender: type, **about: Any) -> SafeString:
    """The answers one after the other; an answer that is not marked as safe is escaped."""
    return format_html_join("", "{}", ((answer,) for _, answer in slot.send(sender, **about)))
