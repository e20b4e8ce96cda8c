"""What `manage.py check` says about KEY_VAULTS: the packages, and names that are no company's.

The setting's own form is tested in tests/config/.
"""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.db import connection

from certs import azure_key_vault
from onboarding.people.models import Company

pytestmark = pytest.mark.django_db
PACKAGES, NO_COMPANY = "journey.E002", "journey.W004"


@pytest.fixture
def named(settings, people) -> Callable[..., None]:
    """KEY_VAULTS with these names."""

    def name(*slugs: str) -> None:
        vaults = dict.fromkeys(slugs, "https://one.vault.azure.net")
        settings.PORTAL = settings.PORTAL.model_copy(update={"key_vaults": vaults})

    return name


def complaints(code: str, **options: object) -> list[CheckMessage]:
    return [each for each in run_checks(**options) if each.id == code]  # type: ignore[arg-type]


def test_a_vault_without_its_packages_stops_the_start(named, people, monkeypatch) -> None:
    named(people.one.slug)
    assert complaints(PACKAGES) == []
    monkeypatch.setattr(azure_key_vault, "PACKAGES", ("azure.nothing_like_it",))
    assert len(complaints(PACKAGES)) == 1


def test_a_name_that_is_no_company_is_warned_about(named, people) -> None:
    named(people.one.slug, "one-energi", people.two.slug.upper())
    said = complaints(NO_COMPANY, databases=["default"])
    assert len(said) == 2
    assert "one-energi" in said[0].msg
    assert "/companies/" in str(said[0].hint)
    assert not said[0].is_serious()


def test_names_of_companies_are_not_warned_about(named, people) -> None:
    named(people.one.slug, people.two.slug)
    assert complaints(NO_COMPANY, databases=["default"]) == []


def test_the_command_says_it(named) -> None:
    named("one-energi")
    said = StringIO()
    call_command("check", databases=["default"], stderr=said)
    assert "one-energi" in said.getvalue()


def test_a_start_asks_no_database_about_it(named, django_assert_num_queries) -> None:
    named("one-energi")
    with django_assert_num_queries(0):
        assert complaints(NO_COMPANY) == []


def test_a_database_without_tables_is_no_reason_to_stop(named) -> None:
    """`migrate` runs these checks before the first table is made."""
    named("one-energi")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Company._meta.db_table} RENAME TO not_yet")
        assert complaints(NO_COMPANY, databases=["default"]) == []
        cursor.execute(f"ALTER TABLE not_yet RENAME TO {Company._meta.db_table}")  # its rules look at the end
