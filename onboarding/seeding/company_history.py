"""One seeded company: its people and how they came in, its onboardings, and who from outside helps it."""

import random
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from onboarding.audit.chain import build_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover.models import Grant
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State, StepSlug
from onboarding.people.invitation_links import hash_token
from onboarding.people.models import Company, Invitation, Membership, Role, User
from onboarding.seeding import names
from onboarding.seeding.artifacts import CaseArtifacts
from onboarding.seeding.case_history import CaseHistory, TeamMember
from onboarding.seeding.key_material import KeyMaterial
from onboarding.seeding.stories import Chapter, Story, StoryKind

# How often a company has a second, third and fourth person. The last invitation of some is still open.
FURTHER = ((Role.ADMIN, 0.7), (Role.TECHNICIAN, 0.6), (Role.READER, 0.3))
STILL_INVITED = 0.2
HELPED = (StepSlug.CSR, StepSlug.PFX, StepSlug.PROOF)
INVITED_FOR = timedelta(days=14)


class CompanyHistory:
    """Makes everything of one company that has its row of models; `password` is a hash, the same for all."""

    def __init__(
        self,
        index: int,
        story: Story,
        now: datetime,
        rng: random.Random,
        material: KeyMaterial,
        password: str,
    ) -> None:
        self.story, self.now, self.rng, self.material, self.password = story, now, rng, material, password
        named = names.name_company(index)
        self.company = Company(slug=named.slug, name=named.name, number=named.number, created_at=story.added)
        self.users: list[User] = []
        self.team: list[TeamMember] = []
        self.rows: list[Any] = [self.company]
        self.events: list[Event] = []
        self.cases: list[CaseHistory] = []
        self.grants: list[tuple[Grant, list[StepRecord]]] = []

    def make(self, ops: User, helper: User | None) -> None:
        """All of it; `helper` is let in to an onboarding under way that needs keys, where there is one."""
        self._found(ops)
        for number, (role, share) in enumerate(FURTHER, 2):
            if self.rng.random() < share:
                self._invite(role, number)
        for chapter in self.story.chapters:
            self._go_through(chapter)
        if helper and self.cases:
            self._let_in(helper, self.cases[-1])

    def _found(self, ops: User) -> None:
        """Ops have added it, and its Primary Certificate Admin has signed in, or not yet."""
        came = self.story.kind != StoryKind.NOT_STARTED or self.rng.random() < 0.5
        user = self._make_user(self.story.added, came=came)
        self._join(user, Role.PRIMARY, self.story.added, ops)

    def _invite(self, role: Role, number: int) -> None:
        """Somebody is asked to join, and does; or the invitation is still open, or has run out."""
        primary = self.team[0].user
        at = self.story.added + (self.now - self.story.added) * self.rng.uniform(0.02, 0.3)
        is_answered = self.rng.random() >= STILL_INVITED
        name = names.name_person(self.rng)
        address = names.make_address(name, self.company.slug, number)
        invitation = Invitation(
            company=self.company,
            email=address,
            role=role,
            invited_by=primary,
            invited_at=at,
            sent_at=at,
            expires_at=at + INVITED_FOR,
            token_hash=hash_token(secrets.token_urlsafe(32)),
        )
        said = {"role": invitation.role_label, "to": address}
        self.rows.append(invitation)
        self._record(EventName.INVITATION_SENT, at, primary, data=said)
        if is_answered:
            came = at + min(INVITED_FOR, self.now - at) * self.rng.uniform(0.05, 0.9)
            user = self._make_user(came, name=name, address=address)
            invitation.accepted_at, invitation.accepted_by = came, user
            self._record(EventName.INVITATION_ACCEPTED, came, user, data=said)
            self._join(user, role, came, user)

    def _go_through(self, chapter: Chapter) -> None:
        onboarding = Onboarding(
            company=self.company,
            environment=chapter.environment,
            started_by=self.team[0].user,
            started_at=chapter.started,
        )
        destroyed = self._find_destruction(chapter)
        artifacts = CaseArtifacts(self.company.pk, onboarding.pk, self.material, self.rng, destroyed)
        team = [each for each in self.team if each.user.created_at <= chapter.started] or self.team[:1]
        case = CaseHistory(onboarding, team, chapter, artifacts, self.rng)
        case.walk()
        self.cases.append(case)
        self.events += case.events

    def _find_destruction(self, chapter: Chapter) -> datetime | None:
        """When the secrets were destroyed; None where they live. The job runs every hour."""
        if chapter.kind == StoryKind.WITHDRAWN:
            due = chapter.until
        elif not chapter.stop:
            due = chapter.until + timedelta(days=self.company.retention_days)
        else:
            return None
        at = due + timedelta(hours=self.rng.uniform(0, 1))
        return at if at <= self.now else None

    def _let_in(self, helper: User, case: CaseHistory) -> None:
        """An outside technician may do the steps with keys, and has those that are to be done."""
        if not case.onboarding.is_active:
            return
        by, at = self.team[0].user, case.chapter.started
        grant = Grant(
            onboarding=case.onboarding,
            user=helper,
            until=self.now + timedelta(days=self.rng.uniform(5, 90)),
            given_by=by,
            given_at=at,
        )
        steps = [case.records[slug] for slug in HELPED]
        for record in steps:
            if record.state in (State.OPEN, State.PROBLEM):
                record.assignee, record.assigned_at = helper, record.since
        self.grants.append((grant, steps))
        titles = ", ".join(f"“{record.definition.title}”" for record in steps)
        data = {"steps": titles, "to": str(helper), "until": grant.until.isoformat()}
        self._record(EventName.GRANT_CREATED, at, by, data=data, onboarding_id=case.onboarding.pk)

    def _make_user(self, at: datetime, *, name: str = "", address: str = "", came: bool = True) -> User:
        name = name or names.name_person(self.rng)
        user = make_user(self.rng, name, address or names.make_address(name, self.company.slug, 0), at)
        user.password = self.password
        user.last_login = at + (self.now - at) * self.rng.random() if came else None
        self.users.append(user)
        self.rows.append(user)
        return user

    def _join(self, user: User, role: Role, at: datetime, by: User) -> None:
        self.team.append(TeamMember(user, role))
        self.rows.append(Membership(user=user, company=self.company, role=role, since=at))
        data = {"role": role.label, "to": f"{user.name} <{user.email}>"}
        self._record(EventName.ROLE_ASSIGNED, at, by, data=data, replay={"roles": {str(user.pk): role.value}})

    def _record(self, name: EventName, at: datetime, by: User, **about: Any) -> None:
        event = build_event(name, company=self.company, actor=by, **about)
        event.at = at
        self.events.append(event)


def make_user(rng: random.Random, name: str, address: str, at: datetime) -> User:
    """A person with a telephone number, who has no password that opens."""
    return User(
        id=uuid4(),
        email=address,
        name=name,
        telephone=names.make_telephone(rng),
        created_at=at,
        password="!",  # noqa: S106  Django's sign for: no password is right
    )
