"""The rows of a batch of seeded companies, gathered in memory and written together.

What is in them is made in the files beside this one.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model

from certs.models import ApiCredential, Bundle, Certificate, Secret, SigningRequest
from certs.rows import copy_rows
from onboarding.audit.chain import compute_mac, link_events
from onboarding.audit.models import ChainHead, Event
from onboarding.handover.models import Grant
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Company, Invitation, Membership, User

# In this order: what a row refers to is written before it.
TABLES: tuple[type[Model], ...] = (
    *(User, Company, Membership, Invitation, Onboarding, StepRecord, Grant, Grant.steps.through),
    *(Secret, SigningRequest, Certificate, Bundle, ApiCredential, OutboxEmail, ChainHead, Event),
)


@dataclass
class Batch:
    """What is to be written, by model."""

    by_model: dict[type[Model], list[Any]] = field(default_factory=lambda: {model: [] for model in TABLES})

    def add(self, *rows: Model) -> None:
        """Add rows of any of TABLES."""
        for row in rows:
            self.by_model[type(row)].append(row)

    def add_chain(self, company: Company, events: list[Event]) -> None:
        """The whole chain of a company: its events in the order in which they happened, and its end."""
        head = ChainHead(chain=str(company.pk))
        link_events(head, sorted(events, key=lambda event: event.at))
        head.mac = compute_mac(head)
        self.add(head, *events)

    def count(self) -> dict[str, int]:
        """How many rows there are of each model."""
        return {model.__name__: len(rows) for model, rows in self.by_model.items()}

    def write(self) -> None:
        """All of them in one transaction, or none."""
        with transaction.atomic():
            for model in TABLES:
                copy_rows(self.by_model[model])
