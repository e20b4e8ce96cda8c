"""OpenedLink: a link with a token that was used, and so never works again.

When it is used, and by whom it is held then, is in one_time_links.py.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock


class OpenedLink(models.Model):
    """The one use of a link: of a password reset (user) or of an invitation (invitation).

    The session of the browser in which it was used keeps the row's id. Of the token only a hash is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True, help_text="hash of the link's token")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="opened_links"
    )
    invitation = models.ForeignKey(
        "people.Invitation", null=True, on_delete=models.CASCADE, related_name="opened_links"
    )
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, help_text="from then on its browser may do nothing with it")
    new_link_at = models.DateTimeField(null=True, help_text="when a new link was asked for in its place")

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(invitation=None), name="an_opened_link_is_of_one_kind"
            )
        ]

    def __str__(self) -> str:
        return f"A link opened on {self.opened_at:%Y-%m-%d}"
