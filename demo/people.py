"""The demonstration's accounts and companies.

What happens to the companies is in sample_cases.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.hashers import make_password
from django.db import transaction

from onboarding.audit.chain import OPS, record_event
from onboarding.audit.event_names import EventName
from onboarding.people.models import Company, Membership, Role, User

PASSWORD = "demonstration only"  # noqa: S105  public on purpose: printed at every start


class Group(StrEnum):
    """Under which heading an account stands on the demonstration's first page."""

    BEGINS = "A company that begins"
    OUTSIDE = "A technician who works for several companies"
    UNDER_WAY = "Companies that are under way, stuck or done"
    OPS = "The people who run the portal"


@dataclass(frozen=True)
class Account:
    """Somebody of the demonstration. `what`: what there is to do; `listed`: whether it is printed at the start.

    `walked` says that the local Atlas's account API is needed to bring the company there; `is_about_company`, that the
    work is in the company's own onboarding.
    """

    email: str
    name: str
    company: str
    role: Role | None
    group: Group
    what: str
    listed: bool = True
    first_page: str = "/"
    walked: bool = False
    is_about_company: bool = True

    @property
    def role_label(self) -> str:
        """The role in words."""
        return self.role.label if self.role else "Ops"

    @property
    def company_name(self) -> str:
        """The company's registered name; empty for ops."""
        return COMPANIES[self.company][0] if self.company else ""


ACCOUNTS = (
    Account(
        "primary@northwind.example", "Priya Patel", "northwind-energy", Role.PRIMARY, Group.BEGINS,
        "Your company is at its first step: register it in Atlas. Where the page sends you to Atlas, use the "
        "stand-in, with your email address. What takes GlobalSign 72 hours takes it about a minute.",
    ),
    Account(
        "admin@northwind.example", "Adam Okafor", "northwind-energy", Role.ADMIN, Group.BEGINS,
        "Fiona Grant of Fenland Metering offers you a step: read the offer, accept it and create the CSR. At "
        "Northwind, invite somebody to the team or enter an absence.",
        is_about_company=False,
    ),
    Account(
        "reader@northwind.example", "Rita Bose", "northwind-energy", Role.READER, Group.BEGINS,
        "You may read everything of your company and change nothing. See who has to act, send a reminder, ask "
        "ops a question about a step.",
    ),
    Account(
        "technician@dcp.example", "Dana Whitfield", "northwind-energy", Role.TECHNICIAN, Group.OUTSIDE,
        "Five companies have handed you their CSR and their PFX. Under “Clients” make all five CSRs with one "
        "script and send them at once.",
        first_page="/clients/", is_about_company=False,
    ),
    Account(
        "primary@clients.example", "Paula Grey", "alder-supply", Role.PRIMARY, Group.OUTSIDE,
        "You let Dana in. Open one of your five companies, see what she may see, extend her access or end it.",
        listed=False,
        is_about_company=False,
    ),
    Account(
        "primary@rival.example", "Rhys Morgan", "rival-power", Role.PRIMARY, Group.UNDER_WAY,
        "The quote is accepted. Fill in the identity profile, and look at what the portal asks about it "
        "before it is sent: it cannot be corrected afterwards.",
    ),
    Account(
        "primary@fenland.example", "Fiona Grant", "fenland-metering", Role.PRIMARY, Group.UNDER_WAY,
        "You offered “Create the CSR” to Adam Okafor. Withdraw the offer, or choose one of the ways to make "
        "the key yourself.",
        listed=False,
    ),
    Account(
        "primary@harbour.example", "Harriet Lowe", "harbour-lantern", Role.PRIMARY, Group.UNDER_WAY,
        "GlobalSign has rejected the identity profile. See why, have the step done again, and read the answer "
        "to your question when ops have sent it.",
        listed=False,
    ),
    Account(
        "primary@ashdown.example", "Asif Khan", "ashdown-supply", Role.PRIMARY, Group.UNDER_WAY,
        "GlobalSign's check is late: 80 hours, where 72 are the most. See whom to write to and what to quote, "
        "then say that the email came.",
        listed=False,
    ),
    Account(
        "primary@tidewater.example", "Tom Ellery", "tidewater-trading", Role.PRIMARY, Group.UNDER_WAY,
        "All twelve steps are done; the stand-in needs about a minute from the first start. See what is on "
        "record, download the PFX, then start production on the company's page.",
        listed=False, walked=True,
    ),
    Account(
        "primary@quayside.example", "Quentin Marsh", "quayside-heat", Role.PRIMARY, Group.UNDER_WAY,
        "All steps are done, and the certificate ends in 45 days; it comes after Tidewater, about two minutes "
        "from the first start. See on “Get the mTLS certificate” how long it is valid, and the email about its end.",
        listed=False, walked=True,
    ),
    Account(
        "ops@dip.example", "Olga Brennan", "", None, Group.OPS,
        "Answer Harriet's question on the board, see who is stuck and whom to ring, and add a company: the "
        "welcome email to its first admin is among the emails.",
    ),
)  # fmt: skip

# Who has a role in further companies: email -> slugs, and the role there.
FURTHER = {
    "admin@northwind.example": (("fenland-metering",), Role.ADMIN),
    "primary@clients.example": (("birch-energy", "cedar-power", "dune-metering", "elm-grid"), Role.PRIMARY),
}

COMPANIES = {
    "northwind-energy": ("Northwind Energy Ltd", "01234567"),
    "rival-power": ("Rival Power Ltd", "02345678"),
    "harbour-lantern": ("Harbour Lantern Energy Ltd", "03456789"),
    "ashdown-supply": ("Ashdown Supply Ltd", "04567890"),
    "fenland-metering": ("Fenland Metering and Grid Connection Services (East Anglia) Ltd", "05678901"),
    "tidewater-trading": ("Tidewater Trading Ltd", "06789012"),
    "quayside-heat": ("Quayside Heat Ltd", "07890123"),
    "alder-supply": ("Alder Supply Ltd", "08901234"),
    "birch-energy": ("Birch Energy Ltd", "08901235"),
    "cedar-power": ("Cedar Power Ltd", "08901236"),
    "dune-metering": ("Dune Metering Ltd", "08901237"),
    "elm-grid": ("Elm Grid Ltd", "08901238"),
}
CLIENTS = ("alder-supply", *FURTHER["primary@clients.example"][0])  # who let Dana in


def find_account(email: str) -> Account | None:
    """The account of this address; None for everybody else."""
    return next((each for each in ACCOUNTS if each.email == email), None)


def make() -> None:
    """Companies, users and roles; a second call changes nothing."""
    password = make_password(PASSWORD)  # one for all: each would take as long as a sign-in
    with transaction.atomic():
        for slug, (name, number) in COMPANIES.items():
            Company.objects.get_or_create(slug=slug, defaults={"name": name, "number": number})
        for account in ACCOUNTS:
            _make(account, password)


def _make(account: Account, password: str) -> None:
    user = User.objects.filter(email=account.email).first()
    if user is None:
        user = User.objects.create(
            email=account.email, password=password, name=account.name, is_ops=account.role is None
        )
        if account.role is None:
            _record_role(user, None, OPS, "Ops")
    roles = [(account.company, account.role)] if account.role else []
    slugs, role = FURTHER.get(account.email, ((), Role.READER))
    for slug, given in (*roles, *((each, role) for each in slugs)):
        company = Company.objects.get(slug=slug)
        _, made = Membership.objects.get_or_create(user=user, company=company, defaults={"role": given})
        if made:
            _record_role(user, company, given.value, given.label)


def _record_role(user: User, company: Company | None, role: str, label: str) -> None:
    data = {"role": label, "to": f"{user.name} <{user.email}>"}
    record_event(EventName.ROLE_ASSIGNED, company=company, data=data, replay={"roles": {str(user.pk): role}})


def table() -> str:
    """One row per account that is printed, email and role; then the password, which is the same for all."""
    rows = [("email", "role"), *((a.email, _role(a)) for a in ACCOUNTS if a.listed)]
    width = max(len(email) for email, _ in rows)
    lines = [f"  {email.ljust(width)}  {role}" for email, role in rows]
    return "\n".join([*lines, "", f"  The password of each is two words: {PASSWORD}"])


def _role(account: Account) -> str:
    return ", ".join(filter(None, (account.role_label, account.company_name)))
