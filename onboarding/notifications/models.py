"""OutboxEmail: an email that waits in the outbox, is sent at least once, and shows how its delivery stands.

Rows are written by outbox.py in the transaction of the move, held back by sending_limits.py, rendered by rendering.py,
and sent by tasks.py.
"""

from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs.constraints import exactly_when, one_of


class EmailDelivery(models.TextChoices):
    """How far an email is."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    HELD = "held", "Held back"
    DROPPED = "dropped", "Not needed any more"


# The subject of an email whose words are not made yet. No email can leave with it: a worker of a version that knows no
# facts fails at it and tries again later, in place of sending an empty email.
UNRENDERED = "\n"
UNDELIVERED = (EmailDelivery.QUEUED, EmailDelivery.SENDING, EmailDelivery.FAILED, EmailDelivery.HELD)


class EmailHeldBackBy(models.TextChoices):
    """Which limit keeps an email back (sending_limits.py)."""

    PERSON = "person", "20 emails were sent by the same person within an hour"
    PAUSE = "pause", "this address has got another email less than 5 minutes before"
    DAY = "day", "this address has got as many emails as it may get within a day"


class OutboxEmail(models.Model):
    """One email to one person, or to an address that is invited.

    `key` makes it unique: the same occasion never writes twice. What it says is in `facts` until it is sent first, and
    then in `subject`, `text` and `html` (rendering.py); an email that was worded already has no `kind`. Emails that
    somebody of a company causes to people outside are counted (`receiver`, `company_id`, `sender_id`); `leaves_at` is
    when a counted one leaves.
    """

    Delivery: TypeAlias = EmailDelivery
    HeldBackBy: TypeAlias = EmailHeldBackBy

    key = models.CharField(max_length=200, unique=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="outbox_emails"
    )
    invitation_id = models.UUIDField(
        null=True,
        db_index=True,
        help_text="goes to the address that is invited; its link is put in when it is sent, and never stored",
    )
    address = models.EmailField(
        max_length=254,
        blank=True,
        default="",
        db_default="",  # containers of the version before write rows without it during an upgrade
        help_text="goes to whoever has an account at this address when it is sent; to nobody if there is none",
    )
    onboarding_id = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="the folder of its templates"
    )
    facts = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="what it tells (fact_encoding.py), until its words are made",
    )
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    html = models.TextField(blank=True, default="", db_default="")
    delivery = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    unfinished_tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="attempts in a row that ended with their worker"
    )
    next_try_at = models.DateTimeField(null=True, db_index=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    receiver = models.EmailField(
        max_length=254, blank=True, default="", db_default="", help_text="counted: the address it goes to"
    )
    company_id = models.UUIDField(null=True, help_text="counted: the company of whoever caused it")
    company_name = models.CharField(
        max_length=160, blank=True, default="", db_default="", help_text="counted: its name, for the email"
    )
    sender_id = models.UUIDField(null=True, help_text="counted: the person who caused it")
    leaves_at = models.DateTimeField(null=True)
    held_back_by = models.CharField(
        max_length=6, choices=HeldBackBy.choices, blank=True, default="", db_default=""
    )
    gathered_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="gathered")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__isnull=False, invitation_id=None, address="")
                | Q(to=None, invitation_id__isnull=False, address="")
                | Q(to=None, invitation_id=None) & ~Q(address=""),
                name="an_outbox_email_has_one_receiver",
            ),
            one_of("delivery", EmailDelivery, "outbox_emails_have_a_known_delivery"),
            one_of(
                "held_back_by", EmailHeldBackBy, "outbox_emails_are_held_back_by_a_known_limit", blank=True
            ),
            exactly_when(
                Q(delivery=EmailDelivery.SENT),
                Q(sent_at__isnull=False),
                "what_is_sent_has_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(delivery=EmailDelivery.HELD) | Q(next_try_at=None),
                name="what_is_held_back_is_not_tried",
            ),
        ]
        indexes = [
            models.Index(  # few rows, whatever was sent in all the years
                fields=["delivery", "created_at"],
                condition=Q(delivery__in=UNDELIVERED),
                name="outbox_emails_undelivered",
            ),
            models.Index(
                fields=["delivery"], condition=Q(delivery=EmailDelivery.HELD), name="outbox_emails_held_back"
            ),
            models.Index(
                fields=["receiver", "company_id", "leaves_at"],
                condition=Q(leaves_at__isnull=False),
                name="outbox_emails_per_receiver",
            ),
            models.Index(
                fields=["sender_id", "company_id", "leaves_at"],
                condition=Q(leaves_at__isnull=False),
                name="outbox_emails_per_sender",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject if self.is_rendered else self.kind} ({self.get_delivery_display()})"

    @property
    def is_rendered(self) -> bool:
        """Whether its words are made, and stored."""
        return self.subject != UNRENDERED
