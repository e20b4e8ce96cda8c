"""People come, go, change roles, hand over, answer, take and stay away, in any order: what must hold then.

Each sequence runs in a transaction of its own. What each verb does is tested beside it; races are in
test_handover_races.py.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from onboarding.dashboards.task_lists import build_task_lists
from onboarding.handover import claims, offers
from onboarding.handover.models import Grant, Offer, OfferedStep
from onboarding.journey import guards, progress
from onboarding.journey.access import read_access
from onboarding.journey.models import StepRecord
from onboarding.journey.replay.check import Replay, all_faults
from onboarding.people import invitation_links, invitations
from onboarding.people.access import role_in
from onboarding.people.decisions import RequestRefused
from onboarding.people.models import Company, Invitation, Membership, Role, User
from onboarding.team import absence, membership_changes, primary_change
from onboarding.team.models import PrimaryChange
from onboarding.ui.formatting import when
from tests.handover.factories import make_dana, open_steps, plan
from tests.people_fixtures import make_people, make_user, record_roles, step

SLUGS = ("api-credentials", "csr", "pfx", "dip-upload")
NAMES = ("alice", "bob", "tess", "rhea", "charlie", "olga", "dana", "nora")
WHO, SLUG, ROLE = st.sampled_from(NAMES), st.sampled_from(SLUGS), st.sampled_from(list(Role))
WORDS = "for the reason of a test"


class People(RuleBasedStateMachine):
    """Company one with four open steps, its people, one of company two, ops, and two from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.block = transaction.atomic()
        self.block.__enter__()
        made = make_people()
        record_roles(made)
        self.one: Company = made.one
        self.users: dict[str, User] = {
            **{name: getattr(made, name) for name in NAMES[:6]},
            "dana": make_dana(),
            "nora": make_user("nora@dcp.example", "Nora Test"),
        }
        self.onboarding = progress.start(made.one, environment="uit", actor=made.alice)
        open_steps(self.onboarding, *SLUGS)

    def teardown(self) -> None:
        self.every_open_step_is_on_somebodys_desk_and_on_no_strangers()
        # How the four steps came to be open is not in the trail; everything else is.
        assert [said for said in all_faults(Replay()) if ", step " not in said] == []
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def try_to(self, verb: Callable[[], Any]) -> None:
        """Do it, or be told in a sentence why not; nothing half-done stays."""
        said = "Done."
        try:
            with transaction.atomic():
                verb()
        except RequestRefused as refusal:
            said = refusal.sentence
        assert said.endswith((".", "?")), said

    def record(self, slug: str) -> StepRecord:
        return step(self.onboarding, slug)

    @rule(actor=WHO, who=WHO, role=ROLE)
    def invite(self, actor: str, who: str, role: Role) -> None:
        values = {"company": self.one, "email": self.users[who].email, "role": role}
        self.try_to(lambda: invitations.invite(**values, actor=self.users[actor]))

    @rule(who=WHO)
    def join(self, who: str) -> None:
        for each in Invitation.objects.filter(email=self.users[who].email, accepted_at=None):
            key = invitation_links.hash_token(invitation_links.make_link(each).rstrip("/").rsplit("/", 1)[1])
            self.try_to(lambda key=key: invitations.accept(key, user=self.users[who]))  # type: ignore[misc]

    @rule(actor=WHO, who=WHO)
    def withdraw_invitation(self, actor: str, who: str) -> None:
        for each in Invitation.objects.filter(email=self.users[who].email):
            self.try_to(lambda each=each: invitations.withdraw(each, actor=self.users[actor]))  # type: ignore[misc]

    @rule(actor=WHO, who=WHO, role=ROLE)
    def change_role(self, actor: str, who: str, role: Role) -> None:
        for member in Membership.objects.filter(user=self.users[who], company=self.one):
            self.try_to(lambda m=member: membership_changes.change_role(m, role, actor=self.users[actor]))  # type: ignore[misc]

    @rule(actor=WHO, who=WHO)
    def remove(self, actor: str, who: str) -> None:
        for member in Membership.objects.filter(user=self.users[who], company=self.one):
            self.try_to(lambda m=member: membership_changes.remove_member(m, actor=self.users[actor]))  # type: ignore[misc]

    @rule(who=WHO)
    def change_primary(self, who: str) -> None:
        self.try_to(
            lambda: primary_change.start(self.one, self.users[who], reason=WORDS, actor=self.users["olga"])
        )

    @rule(who=WHO)
    def agree(self, who: str) -> None:
        for change in PrimaryChange.objects.filter(company=self.one):
            self.try_to(lambda c=change: primary_change.agree(c, actor=self.users[who]))  # type: ignore[misc]

    @rule(actor=WHO, to=WHO, slugs=st.sets(SLUG, min_size=1, max_size=2))
    def offer(self, actor: str, to: str, slugs: set[str]) -> None:
        wanted = plan(self.onboarding, *sorted(slugs), to=self.users[to])
        self.try_to(lambda: offers.offer(wanted, actor=self.users[actor]))

    @rule(actor=WHO, to=st.sampled_from(("dana", "nora", "charlie")), slug=SLUG)
    def offer_outside(self, actor: str, to: str, slug: str) -> None:
        until = timezone.now() + timedelta(days=30)
        wanted = plan(self.onboarding, slug, email=self.users[to].email, access_until=until)
        self.try_to(lambda: offers.offer(wanted, actor=self.users[actor]))

    @rule(actor=WHO, answer=st.sampled_from(("accept", "decline", "withdraw", "return_")))
    def answer(self, actor: str, answer: str) -> None:
        for each in Offer.objects.filter(onboarding=self.onboarding)[:3]:
            more = {} if answer == "accept" else {"reason": WORDS}
            verb = getattr(offers, answer)
            self.try_to(lambda v=verb, e=each, m=more: v(e, actor=self.users[actor], **m))  # type: ignore[misc]

    @rule()
    def time_passes(self) -> None:
        Offer.objects.filter(status="offered").update(expires_at=timezone.now() - timedelta(hours=1))
        offers.expire()

    @rule(actor=WHO, who=st.sampled_from(("dana", "nora", "charlie")))
    def revoke(self, actor: str, who: str) -> None:
        for grant in Grant.objects.filter(user=self.users[who]):
            self.try_to(lambda g=grant: offers.revoke(g, actor=self.users[actor]))  # type: ignore[misc]

    @rule(actor=WHO, slug=SLUG)
    def take(self, actor: str, slug: str) -> None:
        self.try_to(lambda: claims.claim(self.record(slug), actor=self.users[actor]))

    @rule(actor=WHO, slug=SLUG)
    def reassign(self, actor: str, slug: str) -> None:
        self.try_to(lambda: claims.reassign(self.record(slug), actor=self.users[actor], reason=WORDS))

    @rule(actor=WHO, slug=SLUG)
    def release(self, actor: str, slug: str) -> None:
        self.try_to(lambda: claims.unclaim(self.record(slug), actor=self.users[actor]))

    @rule(who=WHO, deputy=WHO, first=st.integers(0, 3))
    def stay_away(self, who: str, deputy: str, first: int) -> None:
        day = timezone.localdate() + timedelta(days=first)
        last = day + timedelta(days=5)
        self.try_to(lambda: absence.enter_absence(self.one, self.users[who], day, last, self.users[deputy]))

    @invariant()
    def there_is_exactly_one_primary(self) -> None:
        assert Membership.objects.filter(company=self.one, role=Role.PRIMARY).count() == 1

    @invariant()
    def nobody_holds_a_step_without_the_right_to_do_it(self) -> None:
        held = StepRecord.objects.filter(onboarding=self.onboarding, slug__in=SLUGS, assignee__isnull=False)
        for record in held.select_related("onboarding__company", "assignee"):
            assert record.assignee is not None
            rights = read_access(record.assignee, record.onboarding)
            assert guards.may_act(rights, record), (record.slug, str(record.assignee))

    @invariant()
    def a_step_is_offered_once_and_to_somebody_who_can_see_the_offer(self) -> None:
        standing = OfferedStep.objects.filter(is_open=True).values_list("record_id", "offer__status")
        assert len({record for record, _ in standing}) == len(standing)
        assert {status for _, status in standing} <= {Offer.Status.OFFERED}

    def _deputies_never_go_round_in_a_circle(self) -> None:
        for user in self.users.values():
            stands_in = absence.find_deputy(user, self.one)
            assert stands_in is None or stands_in != user

    @invariant()
    def now_and_then_everybodys_desk_is_right(self) -> None:
        """It takes as long as twenty steps."""
        self.steps += 1
        if self.steps % 20 == 0:
            self.every_open_step_is_on_somebodys_desk_and_on_no_strangers()

    def every_open_step_is_on_somebodys_desk_and_on_no_strangers(self) -> None:
        self._deputies_never_go_round_in_a_circle()
        lists_by_person = {name: build_task_lists(user) for name, user in self.users.items()}
        for slug in SLUGS:
            record, where = self.record(slug), set()
            for name, lists in lists_by_person.items():
                rows = [row for row in (*lists.own.rows, *lists.team.rows) if row.url.endswith(f"/{slug}/")]
                where |= {name for _ in rows}
                assert len(rows) <= 1
                for row in rows:
                    self._says_whose_move_it_is(row.sentence, record, self.users[name])
            if record.assignee is not None:
                assert where == {n for n, user in self.users.items() if user == record.assignee}
            else:
                assert where, f"nobody is asked to do {slug}"
        self._strangers_see_nothing(lists_by_person)
        self._who_is_asked_reads_by_whom(lists_by_person)

    def _says_whose_move_it_is(self, sentence: str, record: StepRecord, reader: User) -> None:
        standing = record.offers.first_open()
        member = role_in(reader, self.one) is not None
        said = (
            f" Offered to {standing.offer.receiver}, who has not answered yet." if standing and member else ""
        )
        if record.assignee is None:
            whose = f"To be done by {record.definition.who_words()}"
        else:
            assert record.assignee == reader  # what others have is on no list of things to do
            whose = "Yours"
        begins = f"{whose} since {when(record.since)}."
        assert sentence.startswith(begins), (sentence, begins)
        rest = sentence.removeprefix(begins)
        assert rest == said if member else rest.startswith(" You have access until "), (sentence, said)

    def _who_is_asked_reads_by_whom(self, lists_by_person: dict[str, Any]) -> None:
        standing = Offer.objects.open().select_related("from_user", "to_user")
        for name, lists in lists_by_person.items():
            mine = [each for each in standing if each.to_user == self.users[name]]
            assert lists.offered.count == len(mine)
            for each in mine:
                rest = f" offered it to you on {when(each.made_at)}. You can answer until"
                found = [row.sentence for row in lists.offered.rows]
                assert any(said.startswith(str(each.from_user)) and rest in said for said in found)

    def _strangers_see_nothing(self, lists_by_person: dict[str, Any]) -> None:
        for name, lists in lists_by_person.items():
            user = self.users[name]
            granted = Grant.objects.in_force().filter(user=user).exists()
            if role_in(user, self.one) is None and not granted:
                assert (lists.own.count, lists.team.count, lists.others.count) == (0, 0, 0), name


SETTINGS = settings(
    max_examples=8, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
)  # 640 steps


@pytest.mark.django_db
def test_in_any_order_nothing_is_orphaned_or_leaked() -> None:
    run_state_machine_as_test(People, settings=SETTINGS)


@pytest.mark.nightly
@pytest.mark.django_db
def test_in_very_many_orders_nothing_is_orphaned_or_leaked() -> None:
    run_state_machine_as_test(People, settings=settings(SETTINGS, max_examples=625))  # 50 000 steps
