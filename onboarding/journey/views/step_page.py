"""One step's page as its templates see it: `page`, a StepPage, and nothing else of the step.

Everything that the page shows is read and decided here, once; what is done with what people send is in step.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.journey import guards
from onboarding.journey.access import Access, list_steps
from onboarding.journey.deadlines.deadline_text import describe_deadline, describe_pause
from onboarding.journey.definitions import DOWNLOADS, DownloadLink
from onboarding.journey.forms import in_browser
from onboarding.journey.forms.ways import WayForm
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.problems import find_problem
from onboarding.journey.problems.shape import ProblemDefinition
from onboarding.journey.status_text import (
    describe_manual_end,
    describe_proof,
    describe_status,
    describe_who_mends,
)
from onboarding.journey.steps import BY_SLUG, PRIMARY_ONLY, State, Step, Witness
from onboarding.journey.views.chain import describe_chain
from onboarding.journey.views.check_now import Look, describe_look
from onboarding.journey.views.fact_labels import list_facts
from onboarding.journey.views.guidance import Guidance, build_guidance
from onboarding.journey.views.next_step import NextStep, describe_next
from onboarding.journey.views.page_actions import Actions, Rows, Sent, build_actions
from onboarding.journey.views.place import DoneAt, find_place
from onboarding.journey.views.sent_answers import SentPanel, build_sent_panel
from onboarding.journey.views.way_page import Wanted, WayPanel, build_way_panel, find_chosen
from onboarding.journey.views.who_acts import WhoActs, describe_who_acts
from onboarding.journey.way_conditions import Circumstances
from onboarding.people import deputies


@dataclass(frozen=True)
class WaitPanel:
    """The part of the page that refreshes itself: the step's wait, on whom, and what a person has to do to end it."""

    record: StepRecord
    look: Look | None
    place: DoneAt | None
    on: str
    by_hand: str
    pause: str
    is_theirs_to_end: bool

    @property
    def kind(self) -> str:
        """The kind of panel where a person has to end the wait."""
        return "yours" if self.is_theirs_to_end else "theirs"


@dataclass(frozen=True)
class StepPage:
    """One step, as one person sees it now.

    What takes some thought is a field and no property: a template shows nothing where a property fails.
    `way_back`: the title of the earlier step in which the problem is fixed; empty where it is this one. `is_folded`:
    the form stands aside, because the portal sees by itself that it is done. `is_moving`: open or waiting, in an
    onboarding that is under way. `is_guided`: guidance stands here only while somebody can follow it. `is_closed`: the
    onboarding was withdrawn before the step was done. `is_unassigned`: several people could take it, and nobody has.
    `ways`: the ways to do it, where there are several and somebody can take one.
    """

    access: Access
    record: StepRecord
    guidance: Guidance
    ways: WayPanel | None
    actions: Actions
    sent: Sent
    wait: WaitPanel | None
    look: Look | None
    place: DoneAt | None
    is_folded: bool
    is_moving: bool
    is_guided: bool
    is_closed: bool
    is_unassigned: bool
    sentence: str
    deadline: str
    proof: str
    facts: Rows
    downloads: Sequence[DownloadLink]
    chain_note: str
    problem: ProblemDefinition | None
    who_mends: str
    way_back: str
    browser_key: dict[str, str] | None
    sent_panel: SentPanel
    needs: Sequence[Step]
    away: Sequence[str]
    who_acts: WhoActs | None
    next_step: NextStep | None

    @property
    def onboarding(self) -> Onboarding:
        """The step's onboarding, with its company."""
        return self.record.onboarding

    @property
    def definition(self) -> Step:
        """The definition of the step in the table."""
        return self.record.definition

    @property
    def is_send_back_open(self) -> bool:
        """Whether sending back is what is to be done here, or was begun."""
        form = self.actions.send_back_form
        return bool(self.way_back) or (form is not None and form.is_bound)

    @property
    def is_outside(self) -> bool:
        """Whether the reader sees this step by a grant only."""
        return self.access.is_outside


def build_step_page(access: Access, record: StepRecord, sent: Sent) -> StepPage:
    """Read what the page shows: the case's files and the evidence once each, and no rights beyond `access`."""
    onboarding = record.onboarding
    others = list_steps(onboarding) if record.state == State.DONE and not access.is_outside else []
    files = PageFiles(onboarding, {each.slug: each.facts for each in others} if others else None)
    moving = onboarding.is_active and record.state in (State.OPEN, State.WAITING)
    waiting, in_trouble = record.state == State.WAITING, record.state == State.PROBLEM
    guided = moving and not (waiting and record.submitted_at)
    guidance = build_guidance(record, files)
    ways = _ways(Circumstances(record, files, access), guidance, sent) if guided else None
    actions = build_actions(access, record, files, sent, ways)
    sent_panel = build_sent_panel(access, record)
    sent_panel.stand_beside(actions.form)
    return StepPage(
        access=access,
        record=record,
        guidance=guidance,
        ways=ways,
        actions=actions,
        sent=sent,
        wait=build_wait_panel(access, record, files) if waiting else None,
        look=describe_look(access, record) if moving and not waiting else None,
        place=find_place(record.definition) if moving and not waiting else None,
        is_folded=_is_folded(record, files, sent),
        is_moving=moving,
        is_guided=guided,
        is_closed=onboarding.status == Onboarding.Status.WITHDRAWN and record.state != State.DONE,
        is_unassigned=moving and record.assignee_id is None and record.definition.who != PRIMARY_ONLY,
        sentence=describe_status(
            record, access.user, primary=bool(guards.may_act(access, record)), files=files
        ),
        deadline=describe_deadline(record, access.user, is_outside=access.is_outside),
        proof=describe_proof(record),
        facts=list_facts(record),
        downloads=_list_downloads(access, record),
        chain_note=describe_chain(record, files),
        problem=find_problem(record.problem_code) if in_trouble else None,
        who_mends=describe_who_mends(record, access.user) if in_trouble else "",
        way_back=_describe_way_back(record) if in_trouble else "",
        browser_key=in_browser.panel(record, files) if ways is None or ways.needs_browser_key else None,
        sent_panel=sent_panel,
        needs=[BY_SLUG[slug] for slug in record.definition.needs],
        away=deputies.describe_absences(onboarding.company) if access.sees_team else (),
        who_acts=describe_who_acts(access, record, files),
        next_step=describe_next(access, others, files) if record.state == State.DONE else None,
    )


def _is_folded(record: StepRecord, files: PageFiles, sent: Sent) -> bool:
    """The form by hand stands aside where the portal sees it by itself, unless somebody has begun to fill it in."""
    begun = sent.form or sent.confirm_form or sent.kept or record.draft
    only_by_hand = record.state == State.WAITING and describe_manual_end(record, files)
    return record.next_check_at is not None and not (begun or only_by_hand)


def _describe_way_back(record: StepRecord) -> str:
    problem = find_problem(record.problem_code)
    to = problem.back_to if problem and problem.goes_back_first else None
    return BY_SLUG[to].title if to and to in record.definition.back_to else ""


def _list_downloads(access: Access, record: StepRecord) -> list[DownloadLink]:
    """What the step needs, unless it is locked, and what came of it once it is done; only what this person may have."""
    row, state = record.definition, record.state
    inputs = row.inputs if state != State.LOCKED else ()
    made_here = state == State.DONE and record.witness != Witness.CARRIED_OVER
    links = [DOWNLOADS[each] for each in (*inputs, *(row.results if made_here else ()))]
    return [link for link in links if link.roles is None or access.role in link.roles]


def build_wait_panel(access: Access, record: StepRecord, files: PageFiles) -> WaitPanel:
    """The panel of a step that waits."""
    return WaitPanel(
        record=record,
        look=describe_look(access, record),
        place=find_place(record.definition),
        on=f"{record.wait.on.label} has to act." if record.wait else "",
        by_hand=describe_manual_end(record, files),
        pause=describe_pause(record, is_outside=access.is_outside),
        is_theirs_to_end=bool(guards.may_confirm(access, record)),
    )


def _ways(case: Circumstances, guidance: Guidance, sent: Sent) -> WayPanel | None:
    """The ways to do the step; a form that was sent says which one is shown."""
    record, wanted = case.record, sent.wanted or Wanted()
    if not record.definition.ways:
        return None
    if isinstance(sent.form, WayForm):
        chosen = sent.form.chosen
    else:
        chosen = find_chosen(case, wanted, sent.kept or {}, [record.draft or {}, record.answers or {}])
    return build_way_panel(case, chosen, wanted, guidance.commands)
