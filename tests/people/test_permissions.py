"""The list of permissions says what is true: each is tried by everybody, and docs/roles.md is the list as it is.

Which step is whose is tested in tests/journey/test_guards.py.
"""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from onboarding.handover import claims
from onboarding.help.roles_document import may_do_step
from onboarding.journey import guards
from onboarding.journey.access import read_access
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import STEPS
from onboarding.people import emergency
from onboarding.people.models import User
from onboarding.people.permissions import BY_KEY, PERMISSIONS, Grantee
from onboarding.team import access_review
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.people_fixtures import People, fresh_client_of, step
from tests.questions.factories import ask_about

# How each permission is tried: method and address. Whoever has it gets no 403 and no 404.
TRIES: dict[str, tuple[str, str]] = {
    "see-company": ("get", "/companies/one/team/"),
    "see-history": ("get", "/onboardings/{code}/history/"),
    "see-technical-step": ("get", "/onboardings/{code}/csr/"),
    "start": ("post", "/companies/one/start/"),
    "withdraw": ("get", "/onboardings/{code}/withdraw/"),
    "check-now": ("post", "/onboardings/{code}/csr/check-now/"),
    "remind": ("post", "/onboardings/{code}/csr/remind/"),
    "ask": ("get", "/onboardings/{code}/csr/question/"),
    "answer": ("get", "/onboardings/{code}/questions/{question}/answer/"),
    "send-back": ("post", "/onboardings/{code}/certificate/send-back/"),
    "take-back": ("get", "/onboardings/{code}/api-credentials/take-back/"),
    "hand-over": ("get", "/onboardings/{code}/pfx/hand-over/"),
    "let-in": ("get", "/onboardings/{code}/grants/"),
    "show-credentials": ("get", "/onboardings/{code}/show-credentials/"),
    "download-bundle": ("get", "/onboardings/{code}/download/"),
    "invite": ("get", "/companies/one/team/invite/"),
    "ask-emergency": ("get", "/companies/one/emergency/ask/"),
    "agree-emergency": ("get", "/companies/one/emergency/{emergency}/agree/"),
    "stop-emergency": ("get", "/companies/one/emergency/{emergency}/stop/"),
    "change-role": ("get", "/companies/one/team/{rhea}/role/"),
    "remove": ("get", "/companies/one/team/{reader}/remove/"),
    "leave": ("get", "/companies/one/team/{me}/remove/"),
    "absence": ("get", "/companies/one/absence/"),
    "retention": ("get", "/companies/one/secrets/"),
    "review": ("get", "/companies/one/review/{line}/"),
    "finish-review": ("post", "/companies/one/review/finish/"),
    "change-primary": ("get", "/companies/one/primary/"),
    "add-company": ("get", "/companies/add/"),
    "edit-company": ("get", "/companies/one/edit/"),
    "correct-address": ("get", "/companies/one/primary/address/"),
    "board": ("get", "/ops/"),
    "companies": ("get", "/ops/companies/"),
    "note": ("get", "/ops/companies/one/note/"),
    "hold": ("get", "/ops/companies/one/hold/"),
    "archive": ("get", "/ops/companies/one/archive/"),
    "resend-welcome": ("post", "/ops/companies/one/welcome/"),
}


@pytest.fixture
def everybody(people: People, onboarding: Onboarding) -> dict[Grantee, User]:
    """One person of each kind; the technical steps are to do, Dana was let in to the CSR."""
    open_steps(onboarding, "csr", "pfx", "api-credentials", "certificate")
    dana = make_dana()
    make_grant(onboarding, people.alice, dana, "csr")
    return {
        Grantee.PRIMARY: people.alice,
        Grantee.ADMIN: people.bob,
        Grantee.TECHNICIAN: people.tess,
        Grantee.READER: people.rhea,
        Grantee.OUTSIDE: dana,
        Grantee.OPS: people.olga,
    }


@pytest.mark.parametrize("key", [permission.key for permission in PERMISSIONS])
def test_who_has_a_permission_can_and_who_has_not_cannot(
    everybody: dict[Grantee, User], people: People, onboarding: Onboarding, key: str
) -> None:
    line = access_review.start(people.one, actor=people.alice).lines.first()
    asked = emergency.ask(people.one, "n@new.example", reason="-", actor=people.olga)
    question = ask_about(onboarding, people.alice, "csr")
    method, address = TRIES[key]
    able = set()
    for who, user in everybody.items():
        if key == "take-back":
            _held_by_another(onboarding, people, user)
        path = address.format(
            code=onboarding.code,
            line=line.pk,
            emergency=asked.pk,
            question=question.pk,
            me=user.pk,
            rhea=people.rhea.pk,
            reader=(people.rhea if user != people.rhea else people.tess).pk,
        )
        answer = getattr(fresh_client_of(user), method)(path)
        refused = answer.status_code in (403, 404) or (key == "leave" and answer.status_code == 409)
        if not refused:
            able.add(who)
    assert able == BY_KEY[key].who


def _held_by_another(onboarding: Onboarding, people: People, user: User) -> None:
    record = step(onboarding, "api-credentials")
    if record.assignee is None:
        claims.claim(record, actor=people.bob)
    elif user == people.bob:
        claims.reassign(record, actor=people.alice, reason="-")


def test_every_permission_is_tried() -> None:
    assert set(TRIES) == {permission.key for permission in PERMISSIONS}
    assert len(BY_KEY) == len(PERMISSIONS)


@pytest.mark.parametrize("slug", [row.slug for row in STEPS])
def test_the_steps_of_the_page_are_those_of_the_guards(
    everybody: dict[Grantee, User], people: People, onboarding: Onboarding, slug: str
) -> None:
    row = next(each for each in STEPS if each.slug == slug)
    record = step(onboarding, slug)
    able = {
        who
        for who, user in everybody.items()
        if guards.may_be_assigned(read_access(user, onboarding), record)
    }
    assert able - {Grantee.OUTSIDE} == {who for who in Grantee if may_do_step(who, row)} - {Grantee.OUTSIDE}
    assert (Grantee.OUTSIDE in able) == (slug == "csr")  # what Dana was let in to


def test_the_documentation_is_up_to_date() -> None:
    said = StringIO()
    call_command("roles", stdout=said)
    assert (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text("utf-8") == said.getvalue()
