"""How a client stands, judged once for all that are alike, is what the guards say of each of its steps."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from onboarding.clients.access import list_clients
from onboarding.clients.client import Client, ClientState
from onboarding.handover.models import Grant
from onboarding.journey import guards, progress
from onboarding.journey.access import read_access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end
from onboarding.journey.steps import Actor, State
from onboarding.people.models import Membership, Role, User
from tests.clients.factories import let_in, make_client, make_clients
from tests.handover.factories import make_dana
from tests.people_fixtures import People

KINDS = (
    *((State.OPEN, ""), (State.LOCKED, ""), (State.WAITING, ""), (State.DONE, "")),
    *(
        (State.PROBLEM, "pfx-build-failed"),
        (State.PROBLEM, "key-exposed"),
        (State.PROBLEM, "atlas-unexpected"),
    ),
)
HOLDERS = ("nobody", "own", "other")


@pytest.fixture
def dana(people: People) -> User:
    return make_dana()


def _ask_guards(user: User, record: StepRecord) -> bool:
    """Of the whole record, with the rights as a page or a move reads them."""
    access = read_access(user, record.onboarding)
    if record.assignee_id not in (None, user.pk):
        return False
    if record.state == State.WAITING:
        manual = describe_manual_end(record, PageFiles(record.onboarding))
        return bool(manual and guards.may_confirm(access, record))
    if record.state == State.PROBLEM:
        return get_next_actor(record) == Actor.COMPANY and bool(guards.may_reopen(access, record))
    return bool(guards.may_submit(access, record))


def _list_to_do(client: Client) -> set[int]:
    return {client.rows[place].pk for place in client.judgement.to_do}


def test_what_is_to_do_is_what_the_guards_allow(dana: User, people: People) -> None:
    """Every state of the technical steps with every holder, some cases over; of outsiders and of members."""
    kinds = list(product(("csr", "pfx", "proof"), KINDS, HOLDERS))
    cases = make_clients(len(kinds), dana)
    for number, (case, (slug, (state, problem), holder)) in enumerate(zip(cases, kinds, strict=True)):
        if number % 2:
            Grant.objects.filter(onboarding=case).delete()
            Membership.objects.create(user=dana, company=case.company, role=list(Role)[1:][number % 3])
        assignee = {"nobody": None, "own": dana, "other": people.bob}[holder]
        case.steps.filter(slug=slug).update(
            state=state,
            problem_code=problem,
            assignee=assignee,
            assigned_at=timezone.now() if assignee else None,
            submitted_at=timezone.now() if number % 5 == 0 else None,
        )
        if number % 7 == 0:
            now = timezone.now()
            over = {"status": "completed", "ended_at": now, "destroy_secrets_at": now}
            Onboarding.objects.filter(pk=case.pk).update(**over)
    clients = list_clients(dana)
    assert len(clients) > len(kinds) / 2
    for client in clients:
        records = StepRecord.objects.filter(pk__in=[row.pk for row in client.rows])
        allowed = {
            each.pk for each in records.select_related("onboarding__company") if _ask_guards(dana, each)
        }
        assert _list_to_do(client) == allowed, (client.case.code, client.role)
    assert {each.state for each in clients} >= {ClientState.YOURS, ClientState.WAITING}
    assert len(clients[0].judge.known) < len(clients)


def test_two_grants_to_a_step_are_one_row_and_the_first_end_counts(dana: User) -> None:
    case = make_client(1, dana)
    soon = timezone.now() + timedelta(hours=3)
    let_in(case, dana, "csr", until=soon)
    (client,) = list_clients(dana)
    assert [row.slug for row in client.rows] == ["csr", "pfx", "proof"]
    assert client.until == soon


def test_a_grant_counts_for_nothing_where_one_has_a_role(dana: User, people: People) -> None:
    case = make_client(1, dana)
    own = progress.start(people.two, environment="uit", actor=people.charlie)
    Membership.objects.create(user=dana, company=people.two, role=Role.TECHNICIAN)
    Membership.objects.create(user=dana, company=case.company, role=Role.READER)
    (client,) = list_clients(dana)
    assert (client.case.code, client.role, client.until) == (own.code, Role.TECHNICIAN, None)
