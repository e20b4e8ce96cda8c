"""User, Company, Membership, Invitation: the people and the companies they act for.

Rights are derived from these rows on every request (access.py); no session keeps a right.
"""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from certs import clock
from certs.constraints import both_or_neither, demands, one_of
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.link_models import OpenedLink
from onboarding.people.telephone import LENGTH as TELEPHONE_LENGTH
from onboarding.ui.validators import UNITED_KINGDOM

__all__ = [
    "ADMINS",
    "TECHNICAL",
    "Company",
    "EmergencyInvitation",
    "Invitation",
    "Membership",
    "OpenedLink",
    "Role",
    "User",
    "UserManager",
    "usual_retention",
]


class Role(models.TextChoices):
    """A person's role in one company, in the words of the DIP (R1, R32, R55)."""

    PRIMARY = "primary", "Primary Certificate Admin"
    ADMIN = "admin", "Certificate Admin"
    TECHNICIAN = "technician", "Technician"
    READER = "reader", "Reader"


ADMINS = frozenset({Role.PRIMARY, Role.ADMIN})
TECHNICAL = ADMINS | {Role.TECHNICIAN}


class UserManager(BaseUserManager["User"]):
    """Makes users; an email address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Store a user with a hashed password (unusable if None)."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by email address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. Signs in by email; `is_ops` is the one role of the installation itself.

    The numbers are typed by the person (telephone.py), and shown to those who may see a case of theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address", max_length=254, unique=True)
    name = models.CharField(max_length=150)
    telephone = models.CharField(max_length=TELEPHONE_LENGTH, blank=True, default="", db_default="")
    direct_line = models.CharField(max_length=TELEPHONE_LENGTH, blank=True, default="", db_default="")
    is_ops = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="emails_are_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Addresses are kept in lower case, so that one mailbox is one person."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


MOST_RETENTION_DAYS = 365  # the most that RETENTION_DAYS (config/env.py) may give all companies


def usual_retention() -> int:
    """Days that secrets outlive the upload to the DIP, unless the company has its own period."""
    return int(settings.PORTAL.retention_days)


class CompanyQuerySet(models.QuerySet["Company"]):
    """Companies."""

    def visible_to(self, user: User) -> Self:
        """The companies a person belongs to; ops see all."""
        if user.is_ops:
            return self
        return self.filter(memberships__user=user)


class Company(models.Model):
    """A company that joins the DIP.

    `on_hold_since` (UTC): since when its deadlines rest, null if they do not; journey/deadlines/holds.py writes it.
    `archived_at` (UTC): since when it is out of the lists, null if it is in them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField("registered name", max_length=160)
    number = models.CharField("company number", max_length=20, blank=True)
    country = models.CharField(
        max_length=2, default=UNITED_KINGDOM, db_default=UNITED_KINGDOM, help_text="where it is registered"
    )
    retention_days = models.PositiveSmallIntegerField(
        default=usual_retention,
        help_text="days that key, API secret and PFX are kept after the upload to the DIP",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    on_hold_since = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="companies"
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "companies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retention_days__range=(0, MOST_RETENTION_DAYS)),
                name="secrets_are_kept_for_a_year_at_most",
            )
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="companies_by_age"),
            models.Index(
                fields=["archived_at"],
                condition=models.Q(archived_at__isnull=False),
                name="archived_companies",
            ),
            models.Index(
                fields=["on_hold_since"],
                condition=models.Q(on_hold_since__isnull=False),
                name="companies_on_hold",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's one role in one company. Exactly one Primary Certificate Admin per company (R1).

    On PostgreSQL triggers demand it at commit, so that a change of the primary passes, and refuse ops as members.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    since = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company"], name="one_role_per_person_and_company"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(role="primary"), name="one_primary_per_company"
            ),
            one_of("role", Role, "members_have_a_known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.get_role_display()} of {self.company}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def of(self, company: Company) -> Self:
        """Those of one company that was already fetched for a person."""
        return self.filter(company=company).select_related("invited_by", "accepted_by")

    def unanswered(self) -> Self:
        """Neither accepted nor withdrawn; some may be past their time."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """An email address is asked to join a company, in a role or (role empty) as an outsider who gets a grant.

    Of the token only a hash is stored (invitations.py makes it again for each email, and the link lives in that alone).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("email address", max_length=254)
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    note = models.TextField(blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(default=clock.now)
    sent_count = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitations_are_lower_case"
            ),
            models.CheckConstraint(condition=~models.Q(role="primary"), name="no_primary_by_invitation"),
            one_of("role", Role, "invitations_are_to_a_known_role", blank=True),
            both_or_neither("accepted_at", "accepted_by", "an_acceptance_says_when_and_by_whom"),
            demands(
                models.Q(accepted_at__isnull=False),
                models.Q(withdrawn_at__isnull=True),
                "an_invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} is invited to {self.company}"

    @property
    def is_outsider(self) -> bool:
        """Whoever accepts becomes no member of the company."""
        return not self.role

    @property
    def is_expired(self) -> bool:
        """Past its time, and neither accepted nor withdrawn."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at <= clock.now()

    @property
    def is_open(self) -> bool:
        """Can be accepted now."""
        return self.accepted_at is None and self.withdrawn_at is None and not self.is_expired

    @property
    def role_label(self) -> str:
        """The role as people say it."""
        return Role(self.role).label if self.role else "Outside technician"
