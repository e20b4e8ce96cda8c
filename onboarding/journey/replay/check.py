"""The whole check: every chain proved and replayed, event by event, then the chains that must exist.

Call it within audit/snapshot.read_snapshot(). `manage.py audit_check` prints what it finds.
"""

from collections.abc import Iterator
from uuid import UUID

from onboarding.audit.chain import INSTALLATION
from onboarding.audit.chain_check import Reader, find_chain_faults
from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding
from onboarding.journey.replay.company_rows import CompanyRows, CompanyWindow
from onboarding.journey.replay.comparison import company_differences, installation_differences
from onboarding.journey.replay.derivation import ChainTrail
from onboarding.people.models import Company, User


class Replay(Reader):
    """Replays each chain while it is proved; counts what events of the first format leave open."""

    def __init__(self) -> None:
        self.events, self.unsure_roles, self.unnamed_evidence = 0, 0, 0
        self.chains: set[str] = set()
        self._companies = CompanyWindow()

    def begin(self, chain: str) -> None:
        """Forget the chain before: one company's state is in memory at a time."""
        self.chains.add(chain)
        self._chain, self._trail = chain, ChainTrail()

    def take(self, event: Event) -> None:
        """See ChainTrail."""
        self.events += 1
        self._trail.take(event)

    def end(self) -> Iterator[str]:
        """Compare with the tables."""
        self.unsure_roles += not self._trail.sure
        trails = self._trail.onboardings.values()
        self.unnamed_evidence += sum(step.unnamed_evidence for each in trails for step in each.steps.values())
        if self._chain == INSTALLATION:
            yield from installation_differences(self._trail)
        elif (rows := self._find_rows(self._chain)) is None:
            yield f"Chain {self._chain} belongs to no company."
        else:
            yield from company_differences(rows, self._trail)

    def _find_rows(self, chain: str) -> CompanyRows | None:
        try:
            return self._companies.find(UUID(chain))
        except ValueError:
            return None

    def not_covered(self) -> Iterator[str]:
        """What this check could not compare, for the operator to know."""
        if self.unsure_roles:
            yield f"Not covered: roles in {self.unsure_roles} chains with events of the first format."
        if self.unnamed_evidence:
            yield f"Not covered: what {self.unnamed_evidence} older pieces of evidence say (they are counted)."


def all_faults(replay: Replay) -> Iterator[str]:
    """One sentence per fault of a chain, per difference between events and tables, and per chain that is missing."""
    yield from find_chain_faults(replay)
    if INSTALLATION not in replay.chains and User.objects.exists():
        yield "There are accounts, and no event of the installation."
    for company in Company.objects.order_by("slug").only("pk", "slug").iterator():
        if str(company.pk) not in replay.chains:
            yield f"{company.slug}: the company has no events."
            for code in Onboarding.objects.filter(company=company).values_list("code", flat=True):
                yield f"{code}: no event says that this onboarding began."
