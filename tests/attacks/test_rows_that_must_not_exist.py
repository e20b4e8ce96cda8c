"""What no move ever writes the database refuses as well, whoever writes it and by whatever way.

Every break is plain SQL. What one row shows is refused at once, what several rows show at commit. The last tests walk
all models, so that a list which the database does not demand of its column cannot be forgotten.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from certs import csr, vault
from certs.models import Bundle, Certificate, OneTimeGrant, SharedSecret, SigningIntent
from certs.pfx_encryption import PfxEncryption
from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import Evidence, Onboarding
from onboarding.journey.steps import ORDER, Actor, State
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Company, Invitation, Membership, Role
from onboarding.team.models import AccessReview, AccessReviewLine, PrimaryChange
from tests.attacks.broken_rows import AT_COMMIT, AT_ONCE
from tests.certs.x509_factories import csr_pem
from tests.people_fixtures import People, step

pytestmark = pytest.mark.django_db
SOON = timedelta(days=7)


@pytest.fixture
def rows(people: People, onboarding: Onboarding) -> People:
    """A row in every table that has rules, each as the portal writes it."""
    now, owned = timezone.now(), {"company_id": people.one.pk, "case_id": onboarding.pk}
    request = csr.accept(people.one.pk, onboarding.pk, csr_pem())
    certificate = Certificate.objects.create(
        **owned,
        signing_request=request,
        pem="-",
        serial="01",
        not_before=now,
        not_after=now + SOON,
        sha256="-",
    )
    SigningIntent.objects.create(**owned, signing_request=request, account_id="A1", public_key_sha256="-")
    Bundle.objects.create(
        **owned, certificate=certificate, sha256="-", encryption=PfxEncryption.PASSWORDLESS, source="portal"
    )
    secret = vault.seal(purpose="passed-on", company_id=people.one.pk, record_id=uuid4(), plaintext=b"-")
    SharedSecret.objects.create(
        **owned, what="pfx", handover_id=uuid4(), from_id="-", to_id="-", expires_at=now + SOON, secret=secret
    )
    OneTimeGrant.objects.create(kind="pfx", record_id=uuid4(), person_id="-", used_at=now)
    alice, bob = people.alice, people.bob
    Evidence.objects.create(record=step(onboarding, "register"), by=alice, seen_on=now)
    offer = {"company": people.one, "onboarding": onboarding, "from_user": alice, "to_user": bob}
    Offer.objects.create(**offer, reason="-", expires_at=now + SOON)
    Grant.objects.create(onboarding=onboarding, user=people.charlie, until=now + SOON, given_by=alice)
    OutboxEmail.objects.create(key="-", to=bob, subject="-", text="-", html="-")
    asked = {"company": people.one, "email": "n@one.example", "role": Role.READER, "invited_by": alice}
    Invitation.objects.create(**asked, expires_at=now + SOON, token_hash="-")
    PrimaryChange.objects.create(company=people.one, successor=bob, started_by=people.olga, reason="-")
    review = AccessReview.objects.create(company=people.one, started_by=alice)
    AccessReviewLine.objects.create(review=review, system="portal", name="-", email="b@one.example")
    return people


def _attack(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        connection.check_constraints()  # what is asked at commit is asked now


@pytest.mark.parametrize(
    ("sql", "rule"), [*AT_ONCE.values(), *AT_COMMIT.values()], ids=[*AT_ONCE.keys(), *AT_COMMIT.keys()]
)
def test_no_statement_breaks_a_rule(rows, sql, rule) -> None:
    with pytest.raises(IntegrityError, match=rule):
        _attack(sql)


@pytest.mark.django_db(transaction=True)
def test_no_company_without_a_primary_is_ever_committed(transactional_db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.create(slug="x", name="X")
    assert not Company.objects.exists()


def test_a_change_of_the_primary_passes_though_for_a_moment_there_is_none(rows) -> None:
    with transaction.atomic():
        Membership.objects.filter(user=rows.alice).update(role=Role.ADMIN)
        Membership.objects.filter(user=rows.bob).update(role=Role.PRIMARY)
        connection.check_constraints()
    primaries = Membership.objects.filter(company=rows.one, role=Role.PRIMARY)
    assert [member.user for member in primaries] == [rows.bob]


def test_the_steps_that_the_database_demands_are_those_of_the_table(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT journey_steps_of_the_table()")
        assert cursor.fetchone()[0] == sorted(ORDER)


def test_rows_that_break_a_rule_are_named_before_it_is_demanded(rows, onboarding) -> None:
    from certs.constraints import BrokenRows, refuse_broken_rows

    connection.check_constraints()
    with connection.schema_editor(atomic=False) as editor:
        refuse_broken_rows([Onboarding], editor)  # all is well
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE journey_onboarding DROP CONSTRAINT onboardings_have_a_known_next_actor;"
                "UPDATE journey_onboarding SET next_actor = 'martians'"
            )
        with pytest.raises(BrokenRows) as refused:
            refuse_broken_rows([Onboarding], editor)
    assert "onboardings have a known next actor" in str(refused.value)
    assert str(onboarding.pk) in str(refused.value)


OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in ("certs", "onboarding")]
# Short columns that are no list: what Atlas, a person or a computation put there.
FREE_WORDS = {
    "Onboarding.code", "Company.country", "Company.number", "ApiCredential.key_last4",
}  # fmt: skip
# Lists that are no `choices` of their column.
LISTS: dict[str, Any] = {
    "StepRecord.slug": ORDER,
    "StepRecord.state": State,
    "StepRecord.witness": ("atlas", "portal", "person", "carried", "earlier"),
    "Onboarding.current_step": ORDER,
    "Onboarding.current_state": State,
    "Onboarding.next_actor": Actor,
    "Bundle.encryption": PfxEncryption,
}


def _allowed(model: type[models.Model], name: str) -> set[str] | None:
    """What a constraint of the model lets stand in a column; None when nothing is demanded."""
    for constraint in model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        if isinstance(constraint, models.CheckConstraint) and isinstance(condition, models.Q):
            for child in condition.children:
                if isinstance(child, tuple) and child[0] == f"{name}__in" and len(condition.children) == 1:
                    return set(child[1])
    return None


def _listed(model: type[models.Model], field: models.Field) -> set[str] | None:
    name = f"{model.__name__}.{field.name}"
    if name in LISTS:
        return {str(getattr(word, "value", word)) for word in LISTS[name]}
    return {str(value) for value, _ in field.choices} if field.choices else None


def test_every_list_is_demanded_of_its_column_by_the_database() -> None:
    wrong = []
    for model in OURS:
        for field in model._meta.concrete_fields:
            wanted = _listed(model, field)
            if wanted is not None:
                wanted |= {""} if field.blank or field.default == "" else set()
                if (_allowed(model, field.name) or set()) | {""} != wanted | {""}:
                    wrong.append(f"{model.__name__}.{field.name}")
    assert wrong == []


def test_every_short_column_has_a_list_or_is_known_to_have_none() -> None:
    found = {
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField)
        and (field.max_length or 999) <= 20
        and _listed(model, field) is None
    }
    assert found == FREE_WORDS


def test_a_company_may_keep_its_secrets_as_long_as_an_installation_may_and_no_longer(rows) -> None:
    from config.env import Portal

    longest = next(each.le for each in Portal.model_fields["retention_days"].metadata if hasattr(each, "le"))
    Company.objects.update(retention_days=longest)
    with pytest.raises(IntegrityError):
        _attack(f"UPDATE people_company SET retention_days = {longest + 1}")


def test_no_rule_is_missing_in_the_database_that_a_model_has(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'c'")
        there = {name for (name,) in cursor.fetchall()}
    demanded = {
        each.name
        for model in OURS
        for each in model._meta.constraints
        if isinstance(each, models.CheckConstraint)
    }
    assert demanded <= there
