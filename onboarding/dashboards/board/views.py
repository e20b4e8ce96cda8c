"""The pages of the board: the board itself, certificates that end, emails that did not arrive, system health."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from certs import clock
from onboarding.dashboards.board import expiring
from onboarding.dashboards.board.access import EMERGENCIES, count_to_act, has_companies
from onboarding.dashboards.board.links import link_to_companies
from onboarding.dashboards.board.shared_part import read_part
from onboarding.dashboards.board.stuck import MOST, STUCK, list_at_risk, list_stuck
from onboarding.dashboards.board.system_health import describe_pollers, describe_system_health
from onboarding.dashboards.board.undelivered import list_figures
from onboarding.dashboards.board.under_way import ACTORS, count_under_way, count_weeks
from onboarding.journey.damage import describe_damage
from onboarding.people.access import person, require_ops
from onboarding.people.models import User
from onboarding.questions.access import list_to_answer

MOST_QUESTIONS = 10  # on the board; the rest are on the page of all
REFRESH_SECONDS = 30


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The ops board. All but what surrounds it is the same for everybody of ops, and kept for a few seconds."""
    user = person(request)
    part = read_part(user, lambda: _draw_part(user))
    if not part:
        return render(request, "dashboards/board_empty.html", {"pollers": describe_pollers(user)})
    return render(request, "dashboards/board.html", {"part": part})


def _draw_part(user: User) -> SafeString:
    """Everything that is counted and listed; empty while there is no company."""
    counted_at, counted = clock.now(), count_under_way(user)
    if not counted.total and not has_companies(user):
        return SafeString()
    to_act, stuck, ending = count_to_act(user), list_stuck(user), expiring.count_expiring(user)
    context: dict[str, Any] = {
        "counted": counted,
        "damaged": describe_damage(counted.damaged),
        "actors": [heading for heading, _, _ in ACTORS.values()],
        "stuck": stuck,
        "stuck_or_at_risk": [*stuck, *list_at_risk(user, MOST - len(stuck))],
        "stuck_url": link_to_companies(state=STUCK),
        "weeks": count_weeks(user),
        "expiring": expiring.list_figures(ending),
        "expiring_counted_at": ending.counted_at,
        "emails": list_figures(to_act),
        "emergencies": to_act.get(EMERGENCIES, 0),
        "questions": list_to_answer(user, MOST_QUESTIONS),
        "most_questions": MOST_QUESTIONS,
        "pollers": describe_pollers(user),
        "counted_at": counted_at,
        "kept_seconds": settings.BOARD_SECONDS,
        "refresh_seconds": REFRESH_SECONDS,
    }
    return render_to_string("dashboards/partials/board.html", context)


@require_safe
def system_health(request: HttpRequest) -> HttpResponse:
    """How the portal itself is."""
    user = person(request)
    require_ops(user)
    rows = describe_system_health(user)
    return render(request, "dashboards/system_health.html", {"rows": rows, "counted_at": clock.now()})
