"""Event: one thing that happened, chained to the one before; ChainHead: where each chain ends.

Rows are only ever added, by record.py.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class ChainHead(models.Model):
    """The end of one chain. Locked while a link is added, so that a chain cannot fork."""

    chain = models.CharField(max_length=64, unique=True, help_text="a company's id, or 'installation'")
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.chain}, {self.length} events"


class Event(models.Model):
    """One thing that happened: what, who, to which onboarding and step, when (UTC), and its link in the chain.

    `data` holds facts for people (dates, fingerprints, reasons), never a secret.
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

    class Meta:
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_event_per_link")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.name}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """What happened cannot be taken back. Raises TypeError."""
        raise TypeError("Events are never deleted.")
