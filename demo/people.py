"""The demonstration's accounts and companies.

What happens to the companies is in sample_cases.py.
"""

from dataclasses import dataclass

from django.db import transaction

from onboarding.audit.chain import OPS, record_event
from onboarding.audit.event_names import EventName
from onboarding.people.models import Company, Membership, Role, User

PASSWORD = "demonstration only"  # noqa: S105  public on purpose: printed at every start


@dataclass(frozen=True)
class Account:
    """One row of the table that the demonstration prints."""

    email: str
    name: str
    company: str
    role: Role | None
    listed: bool = True


ACCOUNTS = (
    Account("primary@northwind.example", "Priya Patel", "northwind-energy", Role.PRIMARY),
    Account("admin@northwind.example", "Adam Okafor", "northwind-energy", Role.ADMIN),
    Account("technician@dcp.example", "Dana Whitfield", "northwind-energy", Role.TECHNICIAN),
    Account("primary@rival.example", "Rhys Morgan", "rival-power", Role.PRIMARY),
    Account("ops@dip.example", "Olga Brennan", "", None),
    Account("primary@harbour.example", "Harriet Lowe", "harbour-lantern", Role.PRIMARY, listed=False),
    Account("primary@ashdown.example", "Asif Khan", "ashdown-supply", Role.PRIMARY, listed=False),
    Account("primary@fenland.example", "Fiona Grant", "fenland-metering", Role.PRIMARY, listed=False),
    Account("primary@tidewater.example", "Tom Ellery", "tidewater-trading", Role.PRIMARY, listed=False),
)

COMPANIES = {
    "northwind-energy": ("Northwind Energy Ltd", "01234567"),
    "rival-power": ("Rival Power Ltd", "02345678"),
    "harbour-lantern": ("Harbour Lantern Energy Ltd", "03456789"),
    "ashdown-supply": ("Ashdown Supply Ltd", "04567890"),
    "fenland-metering": ("Fenland Metering and Grid Connection Services (East Anglia) Ltd", "05678901"),
    "tidewater-trading": ("Tidewater Trading Ltd", "06789012"),
}


def make() -> None:
    """Companies, users and roles; a second call changes nothing."""
    for slug, (name, number) in COMPANIES.items():
        Company.objects.get_or_create(slug=slug, defaults={"name": name, "number": number})
    for account in ACCOUNTS:
        with transaction.atomic():
            _make(account)


def _make(account: Account) -> None:
    user = User.objects.filter(email=account.email).first()
    made = user is None
    user = user or User.objects.create_user(
        account.email, PASSWORD, name=account.name, is_ops=account.role is None
    )
    company = Company.objects.filter(slug=account.company).first()
    if company and account.role:
        _, made = Membership.objects.get_or_create(
            user=user, company=company, defaults={"role": account.role}
        )
    if made:
        data = {"role": account.role.label if account.role else "Ops", "to": f"{user.name} <{user.email}>"}
        roles = {str(user.pk): account.role.value if account.role else OPS}
        record_event(EventName.ROLE_ASSIGNED, company=company, data=data, replay={"roles": roles})


def table() -> str:
    """One row per account, email and role; then the password, which is the same for all."""
    rows = [("email", "role"), *((a.email, _role(a)) for a in ACCOUNTS if a.listed)]
    width = max(len(email) for email, _ in rows)
    lines = [f"  {email.ljust(width)}  {role}" for email, role in rows]
    return "\n".join([*lines, "", f"  The password of each is two words: {PASSWORD}"])


def _role(account: Account) -> str:
    return f"{account.role.label}, {COMPANIES[account.company][0]}" if account.role else "Ops"
