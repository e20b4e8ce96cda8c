"""What one page reads of a case's files: each row when it is first asked for, and then never again.

For pages only: a move reads under its lock what it rests on (case_files.py).
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from certs.models import Bundle, Certificate, SigningRequest
from certs.prepared_queries import prepare_query
from onboarding.journey.damage import UNREADABLE
from onboarding.journey.definitions import CARRIED_FROM, Lacking, ManualEnd
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.projection import ActedOn
from onboarding.journey.steps import BY_SLUG, State, StepSlug

Facts = dict[str, dict[str, Any]]  # by the step's slug


class PageFiles:
    """The rows that the steps of one onboarding name in their facts.

    `facts` are given where the records were read anyway.
    """

    def __init__(self, onboarding: Onboarding, facts: Facts | None = None) -> None:
        self.onboarding = onboarding
        if facts is not None:
            self.facts = facts

    @cached_property
    def facts(self) -> Facts:
        """What proves each step."""
        return dict(_read_facts(self.onboarding.pk))

    def fact(self, slug: str, name: str) -> Any:
        """One fact of one step; None where there is none."""
        return self.facts.get(slug, {}).get(name)

    def _pk(self, slug: str, name: str) -> UUID | None:
        found = self.fact(slug, name)
        return UUID(found) if found else None

    @cached_property
    def requests(self) -> list[SigningRequest]:
        """Every CSR that the case has had."""
        return list(SigningRequest.objects.filter(case_id=self.onboarding.pk).select_related("key"))

    @cached_property
    def signing_request(self) -> SigningRequest | None:
        """The CSR that the step `csr` rests on."""
        pk = self._pk(StepSlug.CSR, "signing_request_id")
        return next((each for each in self.requests if each.pk == pk), None) if pk else None

    @cached_property
    def certificate(self) -> Certificate | None:
        """The certificate that the step `certificate` rests on."""
        pk = self._pk(StepSlug.CERTIFICATE, "certificate_id")
        return Certificate.objects.filter(pk=pk, case_id=self.onboarding.pk).first() if pk else None

    @property
    def bundle_id(self) -> UUID | None:
        """The key of the row of that PFX."""
        return self._pk(StepSlug.PFX, "bundle_id")

    @cached_property
    def keeps_pfx(self) -> bool:
        """Whether the file of the PFX that the step `pfx` rests on is kept here, and not destroyed."""
        pk = self.bundle_id
        return bool(pk and _kept().filter(pk=pk, case_id=self.onboarding.pk).exists())

    @property
    def kept_from(self) -> str:
        """The code of the onboarding whose API credential was carried over: its secret is not here. Empty for none."""
        return str(self.fact(StepSlug.API_CREDENTIALS, CARRIED_FROM.name) or "")

    @property
    def can_prove(self) -> bool:
        """Whether the portal has what the test sign-in to Atlas takes: PFX and secret."""
        return self.keeps_pfx and not self.kept_from

    @property
    def holds_key(self) -> bool:
        """Whether the portal holds the private key of the case's CSR."""
        request = self.signing_request
        return bool(request and request.key and not request.key.destroyed_at)

    @property
    def made_in_browser(self) -> bool:
        """Whether the key of the case's CSR was made in a browser of the company and lives there."""
        request = self.signing_request
        return bool(request and request.origin == SigningRequest.Origin.BROWSER)


@prepare_query
def _read_facts(onboarding: UUID) -> QuerySet[StepRecord, tuple[str, dict[str, Any]]]:
    return StepRecord.objects.filter(onboarding=onboarding).values_list("slug", "facts")


def _kept() -> QuerySet[Bundle]:
    return Bundle.objects.filter(secret__isnull=False, secret__destroyed_at=None)


class StepOfCase(ActedOn, Protocol):
    """A step that says of which onboarding it is."""

    @property
    def onboarding(self) -> Onboarding: ...
    @property
    def onboarding_id(self) -> UUID: ...


def read_files(records: Iterable[StepOfCase]) -> dict[UUID, PageFiles]:
    """The files of several onboardings, by the onboardings' keys, with what a list says of their waits.

    Two queries, however many there are; none where no step waits for what needs the PFX (see status_text.py). A row
    with damaged facts is read, and fails, only when it is shown: it must not take the others with it.
    """
    cases = {each.onboarding_id: each.onboarding for each in records if may_lack_pfx(each)}
    if not cases:
        return {}
    found = _read_facts_of_files(list(cases))
    read: dict[UUID, Facts] = {}
    for pk, slug, facts in found:
        read.setdefault(pk, {})[slug] = facts
    files = {pk: PageFiles(cases[pk], facts) for pk, facts in read.items()}
    named: dict[UUID, UUID | None] = {}
    for pk, each in files.items():
        with suppress(*UNREADABLE):
            named[pk] = each.bundle_id
    kept = set(_read_kept([each for each in named.values() if each]))
    for pk, bundle_id in named.items():
        files[pk].keeps_pfx = (bundle_id, pk) in kept
    return files


@prepare_query
def _read_facts_of_files(onboardings: list[UUID]) -> QuerySet[StepRecord, tuple[UUID, str, dict[str, Any]]]:
    slugs = [StepSlug.PFX, StepSlug.API_CREDENTIALS]
    found = StepRecord.objects.filter(onboarding__in=onboardings, slug__in=slugs)
    return found.values_list("onboarding_id", "slug", "facts")


@prepare_query
def _read_kept(bundles: list[UUID]) -> QuerySet[Bundle, tuple[UUID, UUID]]:
    return _kept().filter(pk__in=bundles).values_list("pk", "case_id")


def get_manual_end(record: ActedOn) -> ManualEnd | None:
    """What a person does to end the wait of this record; None where it does not wait, or nobody could."""
    waits = record.state == State.WAITING and record.slug in BY_SLUG
    return record.wait.manual_end if waits and record.wait else None


def may_lack_pfx(record: ActedOn) -> bool:
    """Whether what is said of a step's wait depends on the files of its case."""
    manual = get_manual_end(record)
    return manual is not None and manual.lacking is Lacking.PFX
