"""Founding a company here: ops name it and its Primary Certificate Admin, who gets the welcome email with a link.

Nobody but that person ever knows the password; ops see none.
"""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people import emails
from onboarding.people.company_details import require_unknown
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, Membership, Role, User
from onboarding.ui.validators import UNITED_KINGDOM

RESERVED = frozenset({"add"})  # addresses of ours under /companies/


def create_company(
    *, name: str, number: str, admin_name: str, admin_email: str, actor: User, country: str = UNITED_KINGDOM
) -> Company:
    """Company, its primary admin (an existing user if the address is known) and a letter, in one transaction.

    `country`: where it is registered, two letters of ISO 3166-1.

    Raises StateConflict.
    """
    slug = slugify(name)[:60].strip("-") or "company"
    slug = f"{slug}-company" if slug in RESERVED else slug
    require_unknown(name, number)
    try:
        with transaction.atomic():
            company = Company.objects.create(slug=slug, name=name, number=number, country=country)
            _add_primary(company, _get_or_create_admin(admin_name, admin_email), actor)
    except IntegrityError:
        raise StateConflict(
            f"There is a company named like “{name}” here already. Look for it in the list of companies."
        ) from None
    return company


def _get_or_create_admin(name: str, email: str) -> User:
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is None:
        return User.objects.create_user(email, None, name=name)
    if known.is_ops or not known.is_active:
        raise StateConflict(
            "This address belongs to ops, or to an account that is closed. Name another person."
        )
    return known


def _add_primary(company: Company, user: User, actor: User) -> None:
    Membership.objects.create(user=user, company=company, role=Role.PRIMARY)
    data = {"role": Role.PRIMARY.label, "to": f"{user.name} <{user.email}>"}
    replay = {"roles": {str(user.pk): Role.PRIMARY.value}}
    record_event(EventName.ROLE_ASSIGNED, company=company, actor=actor, data=data, replay=replay)
    emails.queue_welcome(company, user)
