"""Start-up checks: the table is sound, and what its rows name exists: forms, pollers, commands, guidance, problems.

Django runs them at every start; a row that lacks a piece stops the start with a sentence.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connection
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from certs import azure_key_vault, weak_keys
from onboarding.journey.definitions import Download
from onboarding.journey.forms import CONFIRM_FORMS, STEP_FORMS
from onboarding.journey.polling.pollers import POLLERS
from onboarding.journey.problems import PROBLEMS, find_problem, list_problems
from onboarding.journey.step_commands import COMMANDS
from onboarding.journey.steps import BY_SLUG, STEPS, Actor, Step
from onboarding.journey.way_conditions import CONDITIONS
from onboarding.people.models import Company

NO_PACKAGES = (
    "KEY_VAULTS is set, and the packages for it are not installed. Install requirements-key-vault.txt, or leave "
    "KEY_VAULTS empty."
)

NO_COMPANY = "KEY_VAULTS connects a vault to “{slug}”, and no company here has that name: the vault is used for nobody."
NO_STEP = "STEP_TIMES names what is no step: {slugs}. The steps are listed in docs/journey.md."
WHICH_NAME = "Take the name from the address of the company's page, /companies/NAME/."

NO_LIST = (
    "WEAK_KEYS names a file that is no list of weak keys: it must have the form of badkeys' blocklist.dat, sorted "
    "records of 16 bytes. Fetch it again, or leave WEAK_KEYS empty."
)


@register()
def table_is_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every complaint about the table and the problems, as errors that stop the start."""
    sentences = [sentence for definition in STEPS for sentence in complaints(definition)]
    sentences += problem_complaints()
    sentences += _table_complaints()
    return [Error(sentence, id="journey.E001") for sentence in sentences]


@register()
def key_vaults_can_be_reached(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A connected key vault needs the packages of the extra."""
    if settings.PORTAL.key_vaults and not azure_key_vault.is_installed():
        return [Error(NO_PACKAGES, id="journey.E002")]
    return []


@register(Tags.database)
def key_vaults_are_of_companies(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A misspelt company has no vault, and nobody would be told. Asked by `check --database` and by `migrate`."""
    vaults = settings.PORTAL.key_vaults
    if not vaults or "default" not in (databases or ()):
        return []
    if Company._meta.db_table not in connection.introspection.table_names():  # before the first migration
        return []
    known = set(Company.objects.filter(slug__in=vaults).values_list("slug", flat=True))
    return [
        Caution(NO_COMPANY.format(slug=slug), hint=WHICH_NAME, id="journey.W004")
        for slug in vaults
        if slug not in known
    ]


@register()
def step_times_are_of_known_steps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A misspelt step would keep its usual time, and nobody would be told."""
    unknown = ", ".join(slug for slug in settings.PORTAL.step_times if slug not in BY_SLUG)
    return [Error(NO_STEP.format(slugs=unknown), id="journey.E004")] if unknown else []


@register()
def weak_keys_are_a_list(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is not sorted would be searched in vain, and nobody would be told."""
    known = settings.PORTAL.weak_keys
    return [Error(NO_LIST, id="journey.E003")] if known and not weak_keys.is_list(known) else []


def complaints(definition: Step) -> Iterator[str]:
    """What a row lacks, one sentence each."""
    earlier = (
        [each.slug for each in STEPS[: STEPS.index(definition)]] if definition in STEPS else list(BY_SLUG)
    )
    for name in (*definition.needs, *definition.back_to):
        if name not in earlier:
            yield f"“{definition.slug}” names “{name}”, which is not an earlier step."
    if not definition.form and not definition.before:
        yield f"“{definition.slug}” has neither a form nor a wait: nobody could ever finish it."
    if not 1 <= definition.times.usual <= definition.times.latest:
        yield f"“{definition.slug}” usually takes under a day, or longer than its latest time."
    if definition.form and definition.form not in STEP_FORMS:
        yield f"“{definition.slug}” names the form {definition.form}, which does not exist."
    yield from _wait_complaints(definition)
    if definition.watch and definition.watch not in POLLERS:
        yield f"“{definition.slug}” names the watch {definition.watch}, which does not exist."
    yield from _page_complaints(definition)
    yield from _way_complaints(definition)
    if not list_problems(definition.slug):
        yield f"“{definition.slug}” has no problem in the catalogue."
    facts = {fact.name for fact in definition.facts}
    if definition.irreversible and definition.irreversible.fact not in facts:
        yield f"“{definition.slug}” sends what becomes {definition.irreversible.fact}, which is none of its facts."


def _page_complaints(definition: Step) -> Iterator[str]:
    if not _has_template(f"journey/steps/{definition.slug}.html"):
        yield f"“{definition.slug}” has no guidance in templates/journey/steps/."
    if definition.done_template and not _has_template(definition.done_template):
        yield f"“{definition.slug}” names the template {definition.done_template}, which does not exist."
    if definition.commands and definition.commands not in COMMANDS:
        yield f"“{definition.slug}” names the commands {definition.commands}, which do not exist."


def _way_complaints(definition: Step) -> Iterator[str]:
    form = STEP_FORMS.get(definition.form or "")
    for way in definition.ways:
        its = f"The way “{way.name}” of “{definition.slug}”"
        for condition in (way.condition, way.recommended.condition if way.recommended else ""):
            if condition and condition not in CONDITIONS:
                yield f"{its} names the condition {condition}, which does not exist."
        if way.condition and not way.closed:
            yield f"{its} does not say why it is not there."
        if not _has_template(way.template):
            yield f"{its} names the template {way.template}, which does not exist."
        for name in way.fields:
            if form is None or name not in form.base_fields:
                yield f"{its} names the field {name}, which its form does not have."
    if definition.ways and not any(
        way.recommended and not way.recommended.condition for way in definition.ways
    ):
        yield f"“{definition.slug}” has ways, and none is recommended where no condition holds."


def _table_complaints() -> Iterator[str]:
    """What no row lacks by itself."""
    if len(BY_SLUG) != len(STEPS):
        yield "Two rows of the table have the same slug."
    labels: dict[str, str] = {}
    for fact in (fact for definition in STEPS for fact in definition.facts):
        if labels.setdefault(fact.name, fact.label) != fact.label:
            yield f"The fact {fact.name} has two labels, “{labels[fact.name]}” and “{fact.label}”."
    for download in (Download.PFX, Download.CREDENTIALS):
        if not any(download in definition.inputs for definition in STEPS):
            yield f"No step needs the {download}: its page would lead nowhere back."


def _wait_complaints(definition: Step) -> Iterator[str]:
    for wait in definition.waits:
        if wait.poller not in POLLERS:
            yield f"“{definition.slug}” names the poller {wait.poller}, which does not exist."
        if wait.confirm not in CONFIRM_FORMS:
            yield f"“{definition.slug}” names the form {wait.confirm}, which does not exist."
        if wait.usual > wait.limit:
            yield f"“{definition.slug}” usually waits longer than its limit."
        if wait.late and find_problem(wait.late.problem) is None:
            yield f"“{definition.slug}” names the problem {wait.late.problem}, which is none of the catalogue."


def problem_complaints() -> list[str]:
    """What the catalogue of problems lacks."""
    found = []
    for problem in PROBLEMS.values():
        unknown = [slug for slug in (*problem.steps, problem.back_to) if slug and slug not in BY_SLUG]
        if unknown:
            found.append(f"The problem “{problem.code}” names unknown steps: {', '.join(unknown)}.")
        elif problem.found_in_atlas and not all(BY_SLUG[slug].irreversible for slug in problem.steps):
            found.append(f"The problem “{problem.code}” names steps that send nothing to Atlas once.")
        if problem.next_actor not in list(Actor):
            found.append(f"The problem “{problem.code}” names nobody known as the one to act.")
    return found


def _has_template(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
