"""Emails about many things at once: stored in one statement, or not at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.journey import emails
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import gather_emails
from tests.people_fixtures import People, step


def test_what_is_gathered_is_stored_together(people: People, onboarding: Onboarding) -> None:
    OutboxEmail.objects.all().delete()
    with CaptureQueriesContext(connection) as seen, gather_emails():
        for slug in ("quote", "verification"):
            emails.queue_late(step(onboarding, slug))
        assert not OutboxEmail.objects.exists()
    assert OutboxEmail.objects.count() == 4  # Alice and Bob, twice
    assert sum(each["sql"].startswith("INSERT") for each in seen.captured_queries) == 1


def test_after_an_error_nothing_of_it_is_stored_and_the_next_email_is(
    people: People, onboarding: Onboarding
) -> None:
    OutboxEmail.objects.all().delete()

    def fail() -> None:
        with gather_emails():
            emails.queue_late(step(onboarding, "quote"))
            raise ValueError("no end")

    with pytest.raises(ValueError, match="no end"):
        fail()
    assert not OutboxEmail.objects.exists()
    emails.queue_late(step(onboarding, "verification"))
    assert OutboxEmail.objects.count() == 2
