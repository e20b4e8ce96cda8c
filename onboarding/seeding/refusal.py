"""Where nothing is seeded: beside what people really do, and in production, unless it is said that it is meant."""

from django.conf import settings

from onboarding.people.models import Company, User
from onboarding.seeding.names import DOMAIN


def find_refusal(*, in_production: bool, beside_real_data: bool) -> str:
    """Why not, as a sentence; empty when it may be done. The two say that it is meant all the same."""
    if settings.PORTAL.mode == "production" and not in_production:
        return (
            "This portal runs in production mode, where made-up companies are taken for real ones. Say --in-production "
            "if that is meant."
        )
    if not beside_real_data and (what := _find_real_data()):
        return (
            f"This database holds {what}: made-up companies could not be taken out again. Say --beside-real-data if "
            "that is meant."
        )
    return ""


def _find_real_data() -> str:
    """Whoever has an address that somebody could own, or a company that has nobody; empty when there is none."""
    people = User.objects.exclude(email__endswith=DOMAIN).count()
    companies = Company.objects.filter(memberships=None).count()
    if people:
        return f"{people} account{'s' if people > 1 else ''} with an address that does not end in {DOMAIN}"
    if companies:
        return f"{companies} compan{'ies' if companies > 1 else 'y'} without people"
    return ""
