"""Where an onboarding can stand: every step in every state, one after the other, for budgets that hold everywhere.

What is counted there is in the tests beside this file.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import BY_SLUG, State
from onboarding.people.models import User
from tests.browser.page_setup import PageSetup

GRANTED = ("csr", "pfx", "proof")  # the technical steps, to which somebody from outside can have access


def let_in(onboarding: Onboarding, user: User, *slugs: str) -> None:
    """An access to these steps for a month, given by who started the onboarding."""
    until = timezone.now() + timedelta(days=30)
    grant = Grant.objects.create(
        onboarding=onboarding, user=user, until=until, given_by=onboarding.started_by
    )
    grant.steps.set(StepRecord.objects.filter(onboarding=onboarding, slug__in=slugs))


def list_stations(setup: PageSetup) -> Iterator[str]:
    """Every step in every state that it can come to; yields its slug when it stands there."""
    yield from BY_SLUG
    for slug in BY_SLUG:
        yield slug
        while (record := setup.record(slug)).state == State.WAITING and record.definition.form:
            setup.perform(slug, waits=True)
            yield slug
        if slug in ("csr", "pfx"):
            setup.leave_to_the_worker(slug)
            yield slug
        setup.fail(slug)
        yield slug
        progress.reopen(setup.record(slug), actor=setup.actor(slug))
        setup.finish(slug)
        yield slug
