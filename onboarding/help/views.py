"""The help pages: the catalogues of problems and findings with their search, and the guides. Everybody may read them.

Nothing here knows a company; the guidance of a step is on the step's own page.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certs.findings.catalogue import CATALOGUE, example
from certs.findings.codes import FindingCode
from certs.programs import GROUPS, find_program
from onboarding.help.contents import build_parts, group_findings
from onboarding.help.recipes import list_recipes, list_vault_clicks
from onboarding.help.role_rights import describe_rights
from onboarding.help.search import FIRST_RESULTS, MAX_SEARCH_LENGTH, search
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import STEPS, get_definition
from onboarding.people.access import memberships_of
from onboarding.people.models import Membership, User
from onboarding.people.role_guides import RoleGuide


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """One's own guide, the search, and either what was found or all guides and the folded catalogue."""
    words = request.GET.get("q", "").strip()[:MAX_SEARCH_LENGTH]
    found = search(words) if words else None
    entries = found.entries if found else ()
    context = {
        "q": words,
        "found": found,
        "shown": entries if "all" in request.GET else entries[:FIRST_RESULTS],
        "memberships": _memberships(request),
        "role_guides": list(RoleGuide),
        "parts": build_parts(),
        "finding_groups": group_findings(),
    }
    return render(request, "help/index.html", context)


def _memberships(request: HttpRequest) -> list[Membership]:
    """Of whoever reads; the header of the page would read them otherwise."""
    return memberships_of(request.user) if isinstance(request.user, User) else []


@require_safe
@login_not_required
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One problem of the journey: what happened, why it matters, what to do, who has to act; or one finding.

    Where both have the code, the problem says it all and more.
    """
    recognise_messages = find_problem(code)
    if recognise_messages is None and code in CATALOGUE:
        return render(request, "help/finding.html", {"finding": example(FindingCode(code))})
    if recognise_messages is None:
        raise Http404
    context = {
        "problem": recognise_messages,
        "next_actor": recognise_messages.next_actor.label_for_company,
        "steps": [get_definition(slug) for slug in recognise_messages.steps],
        "back_to": get_definition(recognise_messages.back_to) if recognise_messages.back_to else None,
    }
    return render(request, "help/problem.html", context)


@require_safe
@login_not_required
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """A guide without data of its own; `name` is its template."""
    return render(request, f"help/{name}.html", {"steps": STEPS})


@require_safe
@login_not_required
def role_guide(request: HttpRequest, role_guide: RoleGuide) -> HttpResponse:
    """The guide of one role. Its links lead to the reader's own company, if there is exactly one."""
    memberships = _memberships(request)
    context = {
        "guide": role_guide,
        "others": [each for each in RoleGuide if each != role_guide],
        "rights": describe_rights(role_guide),
        "outside": describe_rights(RoleGuide.DCP),
        "memberships": memberships,
        "own_company": memberships[0].company if len(memberships) == 1 else None,
    }
    return render(request, f"help/roles/{role_guide}.html", context)


@require_safe
@login_not_required
def openssl_and_key_vault(request: HttpRequest) -> HttpResponse:
    """Every command, per shell, and every click in Key Vault."""
    return render(
        request, "help/openssl-and-key-vault.html", {"recipes": list_recipes(), "vault": list_vault_clicks()}
    )


@require_safe
@login_not_required
def which_program(request: HttpRequest) -> HttpResponse:
    """By program: which file of key and certificate it takes, and the lines that load it."""
    wanted = request.GET.get("program", "").strip()
    program = find_program(wanted)
    context = {"groups": GROUPS, "program": program, "unknown": wanted and program is None}
    return render(request, "help/which-program.html", context)
