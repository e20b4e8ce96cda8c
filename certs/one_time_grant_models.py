"""OneTimeGrant: that one person may be shown one secret, once.

What a secret is stands in models.py; grants are given and used in one_time_grants.py.
"""

import uuid
from typing import TypeAlias

from django.db import models

from certs import choices, clock
from certs.constraints import one_of


class OneTimeGrant(models.Model):
    """Permission for one person to be shown one secret, once, soon. Who may have one is the caller's to judge.

    `used_at` is written once and stays: a trigger of the database refuses any later change of it.
    """

    Kind: TypeAlias = choices.OneTimeGrantKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    record_id = models.UUIDField(db_index=True)
    person_id = models.CharField(max_length=64, help_text="whoever asked, as the caller names people")
    granted_at = models.DateTimeField(default=clock.now, editable=False)
    used_at = models.DateTimeField(null=True)
    sign_in = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text="the fresh sign-in that is good for this one grant, if it is for one",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "person_id", "sign_in"],
                condition=~models.Q(sign_in=""),
                name="one_grant_per_sign_in",
            ),
            one_of("kind", choices.OneTimeGrantKind, "one_time_grants_are_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"grant of {self.kind} {self.record_id}"
