"""Event: one thing that happened, chained to the one before; ChainHead: where each chain ends.

Rows are only ever added, by chain.py; triggers in the database refuse everything else (migration 0002).
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from certs.constraints import one_of


class ChainHead(models.Model):
    """The end of one chain. Locked while a link is added, so that a chain cannot fork."""

    chain = models.CharField(max_length=64, unique=True, help_text="a company's id, or 'installation'")
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    mac = models.CharField(
        max_length=64,
        default="",
        db_default="",
        help_text="HMAC of the three above: only who has AUDIT_KEY can set a chain back",
    )

    def __str__(self) -> str:
        return f"{self.chain}, {self.length} events"


class Format(models.IntegerChoices):
    """How an event's digest is taken and what the event says. A row keeps the format in which it was written."""

    FIRST = 1, "Ten fields; not enough in it to replay roles and evidence"
    REPLAYED = 2, "The format number is covered too; `data` may hold `replay`"


class Event(models.Model):
    """One thing that happened: what, who, to which onboarding and step, when (UTC), and its link in the chain.

    `data` holds facts for people (dates, fingerprints, reasons), never a secret. Under `replay` it holds what the
    tables must say afterwards, in plain ids and digests only (chain.py).
    """

    chain = models.CharField(max_length=64)
    number = models.PositiveBigIntegerField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="null: the portal",
    )
    actor_label = models.CharField(max_length=180)
    onboarding_id = models.UUIDField(null=True, db_index=True)
    step = models.CharField(max_length=30, blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    format = models.PositiveSmallIntegerField(
        choices=Format.choices, default=Format.REPLAYED, db_default=Format.FIRST
    )

    class Meta:
        ordering = ["chain", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="one_event_per_link"),
            one_of("format", Format, "events_are_of_a_known_format"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="events_newest_first")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.name}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """What happened cannot be taken back. Raises TypeError."""
        raise TypeError("Events are never deleted.")
