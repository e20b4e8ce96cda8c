"""Django's admin as the peer of the board and of the list of companies: the same onboardings, 50 a page.

Measurements only: it is open to whoever asks. The portal itself has no admin (docs/decisions).
"""

from functools import cache
from typing import Any


@cache
def make_admin_addresses() -> tuple[Any, ...]:
    """The admin's addresses, of this one list. Ask while `django.contrib.admin` is among the installed apps.

    `rows` in its address is what stands in the address of the list of companies: it finds the same rows, in the order
    that a plain column gives.
    """
    from django.contrib import admin
    from django.urls import path

    from onboarding.journey.models import Onboarding

    site = _make_site(admin)
    site.register(Onboarding, _make_list(admin))
    return (path("admin/", site.urls),)


def _make_site(admin: Any) -> Any:
    class OpenSite(admin.AdminSite):  # type: ignore[misc]
        def has_permission(self, request: Any) -> bool:
            return True

    return OpenSite(name="admin")


def _make_list(admin: Any) -> Any:
    class OnboardingList(admin.ModelAdmin):  # type: ignore[misc]
        list_display = (
            *("code", "company", "environment", "current_step", "current_state"),
            *("next_actor", "since", "due_at"),
        )
        list_filter = ("status", "environment", "current_step", "next_actor", _make_filter(admin))
        search_fields = ("code", "company__name", "company__number")
        list_select_related = ("company",)
        list_per_page = 50

        def get_ordering(self, request: Any) -> list[str]:
            return [ORDERS[_read(request.GET.get("rows", "sort=since")).sort]]

        def has_view_permission(self, request: Any, obj: Any = None) -> bool:
            return True

        def has_module_permission(self, request: Any) -> bool:
            return True

        has_add_permission = has_change_permission = has_delete_permission = lambda self, request, obj=None: (
            False
        )

    return OnboardingList


ORDERS = {"name": "company__name", "since": "since", "due": "due_at", "added": "-company__created_at"}


def _make_filter(admin: Any) -> Any:
    from django.db.models import F

    from onboarding.ops.row_filters import Part, describe_rows, list_case_conditions, list_company_conditions

    of_company = {name: F(f"company__{name}") for name in ("archived_at", "on_hold_since", "name")}

    class SameRows(admin.SimpleListFilter):  # type: ignore[misc]
        title = parameter_name = "rows"

        def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
            return [("", "All")]

        def queryset(self, request: Any, queryset: Any) -> Any:
            if not self.value():
                return queryset
            query = describe_rows(_read(self.value()), Part.CASES)
            found = queryset.annotate(case=F("pk"), **of_company)
            return found.filter(*list_company_conditions(query), *list_case_conditions(query))

    return SameRows


def _read(query: str) -> Any:
    """The filters of an address of the list of companies."""
    from django.http import QueryDict

    from onboarding.ops.filters import FilterForm

    form = FilterForm(QueryDict(query))
    if not form.is_valid():
        raise ValueError(f"{query}: {form.errors}")
    return form.chosen
