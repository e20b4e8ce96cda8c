"""Words that columns of this room hold and its queries ask for."""

from django.db import models


class OfferStatus(models.TextChoices):
    """How an offer stands."""

    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    RETURNED = "returned", "Returned"
    EXPIRED = "expired", "Expired"
