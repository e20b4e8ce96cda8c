"""What the tables say of companies, read for many at once, in the order in which their chains come.

What it should say is derived from the events in derivation.py, and compared in comparison.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.proofs import compute_evidence_digests
from onboarding.people.models import Company, Membership

AT_ONCE = 200  # companies in memory
COMPARED = ("onboarding", "slug", "state", "version", "facts", "witness", "problem_code")
Digests = dict[str, dict[int, dict[str, Any]]]


@dataclass
class CompanyRows:
    """One company: `roles` by user id, onboardings with records, digests of evidence by onboarding and slug."""

    company: Company
    roles: dict[str, str] = field(default_factory=dict)
    onboardings: list[Onboarding] = field(default_factory=list)
    evidence: dict[UUID, Digests] = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))


class CompanyWindow:
    """The rows of the companies from the one that was asked for last onwards."""

    def __init__(self) -> None:
        self._rows: dict[UUID, CompanyRows] = {}

    def find(self, company: UUID) -> CompanyRows | None:
        """The rows of this company, None if there is none. Five statements for AT_ONCE companies that come in order."""
        if company not in self._rows:
            self._rows = _read_rows(Company.objects.filter(pk__gte=company).order_by("pk")[:AT_ONCE])
        return self._rows.get(company)


def _read_rows(companies: Iterable[Company]) -> dict[UUID, CompanyRows]:
    rows = {company.pk: CompanyRows(company) for company in companies}
    members = Membership.objects.filter(company__in=rows)
    for company, user, role in members.values_list("company_id", "user_id", "role"):
        rows[company].roles[str(user)] = role
    steps = Prefetch("steps", StepRecord.objects.only(*COMPARED))
    of_company = {}
    for onboarding in Onboarding.objects.filter(company__in=rows).prefetch_related(steps):
        rows[onboarding.company_id].onboardings.append(onboarding)
        of_company[onboarding.pk] = onboarding.company_id
    found = Evidence.objects.filter(record__onboarding__company__in=rows).select_related("record")
    for each in found.only(
        "by", "seen_on", "note", "file_name", "file_sha256", "record__slug", "record__onboarding"
    ):
        kept = rows[of_company[each.record.onboarding_id]].evidence[each.record.onboarding_id]
        kept[each.record.slug][each.pk] = compute_evidence_digests(each)
    return rows
