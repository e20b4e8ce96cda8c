"""Which ways of a step are there in one case, and which of them is recommended.

The rows are in steps/ways.py; nothing here knows a page or a form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from onboarding.journey import guards
from onboarding.journey.access import Access, LetIn, list_let_in
from onboarding.journey.definitions import StepSlug
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.polling import azure_key_vault
from onboarding.journey.steps.ways import BY_HAND, OTHER
from onboarding.journey.ways import Way


@dataclass(frozen=True)
class Circumstances:
    """What the ways of one step depend on. Without `access`, as for a form, nobody can be asked to help."""

    record: StepRecord
    files: PageFiles
    access: Access | None = None

    @cached_property
    def let_in(self) -> list[LetIn]:
        """Who was let in to the step from outside, for those who may know it."""
        return list_let_in(self.record) if self.access and self.access.sees_team else []

    @property
    def may_hand_over(self) -> bool:
        """Whether this person may offer the step to somebody else."""
        return self.access is not None and bool(guards.may_hand_over(self.access, self.record))

    @cached_property
    def maker(self) -> LetIn | None:
        """Who of them made the key."""
        if not self.let_in:
            return None
        made_by = (
            self.record.onboarding.steps.filter(slug=StepSlug.CSR)
            .values_list("moved_by_id", flat=True)
            .first()
        )
        return next((each for each in self.let_in if each.user_id == made_by), None)

    def has_tool(self, name: str) -> bool:
        """Whether the company made the key in the way of this name."""
        return bool(self.files.fact(StepSlug.CSR, "tool") == name)

    def list_ways(self) -> list[Way]:
        """The ways that are there, in the order of the row."""
        return [way for way in self.record.definition.ways if self.has(way.condition)]

    def has(self, condition: str) -> bool:
        """Whether this condition of CONDITIONS holds; an empty one always does."""
        return not condition or CONDITIONS[condition](self)

    def find_recommended(self) -> Way | None:
        """The way to take: the first whose own condition holds, else the one that is taken where there is none."""
        ways = [(way, way.recommended) for way in self.list_ways() if way.recommended]
        named = (way for way, when in ways if when.condition and self.has(when.condition))
        return next(named, None) or next((way for way, when in ways if not when.condition), None)

    def explain(self, way: Way) -> str:
        """Why this way is recommended, as one sentence."""
        return way.recommended.reason.format(case=self) if way.recommended else ""


def keeps_keys(case: Circumstances) -> bool:
    """Whether operators let the portal make and keep private keys."""
    return bool(settings.PORTAL.portal_keys)


def has_vault(case: Circumstances) -> bool:
    """Whether a key vault of the company is connected."""
    return bool(azure_key_vault.get_address(case.record.onboarding))


def has_key_here(case: Circumstances) -> bool:
    """Whether the portal has the key."""
    return case.files.holds_key


def has_key_in_browser(case: Circumstances) -> bool:
    """Whether a browser of the company has the key."""
    return case.files.made_in_browser


def has_key_in_vault(case: Circumstances) -> bool:
    """Whether the portal asked a vault for the key, and reaches the vault still."""
    return has_vault(case) and bool(case.files.fact(StepSlug.CSR, "key_vault_name"))


def has_own_key(case: Circumstances) -> bool:
    """Whether the key is where neither the portal nor one of its pages can use it."""
    return not (case.files.holds_key or case.files.made_in_browser)


def made_by_hand_in_vault(case: Circumstances) -> bool:
    """Whether the key is in a vault that the portal does not reach."""
    asked = case.files.fact(StepSlug.CSR, "key_vault_name")
    return case.has_tool(BY_HAND) or bool(asked and not has_vault(case))


def made_with_another_tool(case: Circumstances) -> bool:
    """Whether the company made the key with neither OpenSSL nor Azure Key Vault."""
    return case.has_tool(OTHER)


def may_ask_outside(case: Circumstances) -> bool:
    """Whether this person may have somebody outside the company do the step, or somebody was let in already."""
    return bool(case.let_in) or case.may_hand_over


def is_let_in(case: Circumstances) -> bool:
    """Whether somebody outside was let in to the step."""
    return bool(case.let_in)


def has_key_outside(case: Circumstances) -> bool:
    """Whether somebody who was let in to the step made the key, and has it."""
    return case.maker is not None and has_own_key(case)


CONDITIONS: dict[str, Callable[[Circumstances], bool]] = {
    each.__name__: each
    for each in (
        keeps_keys,
        has_vault,
        has_key_here,
        has_key_in_browser,
        has_key_in_vault,
        has_own_key,
        made_by_hand_in_vault,
        made_with_another_tool,
        may_ask_outside,
        is_let_in,
        has_key_outside,
    )
}
