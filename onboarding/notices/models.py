"""Message: an e-mail that waits in the outbox, is sent at least once, and shows how its delivery stands.

Rows are written by write.py in the transaction of the move, and sent by tasks.py.
"""

from typing import TypeAlias

from django.conf import settings
from django.db import models

from certs.constraints import exactly_when, one_of


class MessageDelivery(models.TextChoices):
    """How far an e-mail is."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"


class Message(models.Model):
    """One e-mail to one person, or to an address that is invited.

    `key` makes it unique: the same occasion never writes twice.
    """

    Delivery: TypeAlias = MessageDelivery

    key = models.CharField(max_length=200, unique=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="messages"
    )
    invitation = models.ForeignKey(
        "people.Invitation",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="goes to the address that is invited; its link is put in when it is sent, and never stored",
    )
    onboarding_id = models.UUIDField(null=True, db_index=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    delivery = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    unfinished_tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="attempts in a row that ended with their worker"
    )
    next_try_at = models.DateTimeField(null=True, db_index=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to=None) ^ models.Q(invitation=None), name="a_message_has_one_receiver"
            ),
            one_of("delivery", MessageDelivery, "messages_have_a_known_delivery"),
            exactly_when(
                models.Q(delivery=MessageDelivery.SENT),
                models.Q(sent_at__isnull=False),
                "what_is_sent_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_delivery_display()})"
