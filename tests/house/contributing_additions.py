"""What each list of CONTRIBUTING.md adds when somebody follows it: a small example that could be ours.

An addition without `missed_by` is one without which the next cannot be imported, or the new test itself.

How all this is put into a copy of the checkout is in contributing.py.
"""

from tests.house.contributing import Addition

FINDINGS, POLLING = "certs/findings", "onboarding/journey/polling"

FINDING = (
    Addition(
        f"{FINDINGS}/codes.py",
        '    OPENSSL_UNKNOWN_OPTION = "openssl-unknown-option"\n',
        at='    OPENSSL_REQUEST_UNREADABLE = "',
    ),
    Addition(
        f"{FINDINGS}/catalogue/openssl_messages.py",
        """    FindingCode.OPENSSL_UNKNOWN_OPTION: CatalogueEntry(
        "error",
        "OpenSSL does not know one of the options.",
        "It was typed with a mistake, or is for another version. " + _NOTHING_MADE,
        "Run the command as it stands here.",
        make_request,
    ),
""",
        at="    FindingCode.OPENSSL_QUOTES: CatalogueEntry(",
    ),
    Addition(
        f"{FINDINGS}/messages/openssl_rows.py",
        '    _openssl(FindingCode.OPENSSL_UNKNOWN_OPTION, "3.0", "apps/lib/opt.c", "req: unknown option"),\n',
        at='    _openssl(FindingCode.OPENSSL_GIT_BASH_PATH, "1.1.1 to 4.0", f"{_APPS} parse_name", _GIT)',
        missed_by="tests/certs/test_findings.py::test_each_code_is_said_somewhere_and_tested_somewhere"
        "[openssl-unknown-option]",
    ),
    Addition(
        "tests/certs/doctor/error_message_samples.py",
        '    openssl("An unknown option", "openssl-unknown-option", f"{REQUEST} -nokey", NEW_CSR),\n',
        at='    openssl("F1 curly quotes"',
        missed_by="tests/certs/test_findings.py::test_each_code_is_said_somewhere_and_tested_somewhere"
        "[openssl-unknown-option]",
    ),
    Addition(
        "docs/doctor.md",
        command=("-m", "tests.certs.doctor.catalogue"),
        missed_by="tests/certs/doctor/test_catalogue.py::test_the_page_is_current",
    ),
)
FINDING_HOLDS = (
    "tests/certs/test_findings.py::test_every_code_has_words",
    "tests/certs/test_findings.py::test_each_code_is_said_somewhere_and_tested_somewhere[openssl-unknown-option]",
    "tests/certs/doctor/test_catalogue.py::test_the_fault_is_found[an-unknown-option]",
    "tests/certs/doctor/test_catalogue.py::test_the_page_is_current",
)

LINKED = "tests/journey/test_guidance.py::test_every_problem_of_a_step_is_linked_from_its_page"
PROBLEM = (
    Addition(
        "onboarding/journey/problems/codes.py",
        '    QUOTE_EXPIRED = "quote-expired"\n',
        at='    QUOTE_NOT_ZERO = "',
    ),
    Addition(
        "onboarding/journey/problems/vetting.py",
        """    ProblemDefinition(
        code=ProblemCode.QUOTE_EXPIRED,
        title="The quote has expired",
        what_happened="Atlas shows the quotation as expired. Nobody accepted it in time.",
        why="Without an accepted quotation the identity profile cannot be requested.",
        what_to_do=("Set the payment method again.", "Accept the new quotation on the day it comes."),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.QUOTE,),
        back_to=StepSlug.PAYMENT_METHOD,
    ),
""",
        at="    ProblemDefinition(  # R10-R14, T15",
        missed_by="tests/journey/test_problems.py::test_every_code_has_one_problem",
    ),
    Addition(
        "templates/journey/steps/quote.html",
        """  <li><a href="{% address 'help:problem' 'quote-expired' %}">The quotation has expired</a></li>\n""",
        at="""  <li><a class="govuk-link" href="{% address 'help:problem' 'invitation-locked-out' %}">""",
        missed_by=LINKED,
    ),
)
PROBLEM_HOLDS = (
    LINKED,
    "tests/journey/test_problems.py::test_every_code_has_one_problem",
    "tests/journey/test_problems.py::test_a_problem_leads_back_only_where_the_table_allows[quote-expired]",
    "tests/journey/test_problems.py::test_a_problem_says_what_happened_why_it_matters_and_what_to_do[quote-expired]",
    "tests/journey/test_definitions.py::test_the_table_and_the_problems_are_sound",
    "tests/help/test_pages.py::test_everybody_may_read_every_page_of_the_help[quote-expired/]",
)

PAGE_PROBE = "tests/house/contributing_page_probe.py"
TABLED = "tests/leaks/test_leak_matrix.py::test_every_address_has_its_rows"
BUDGETED = "tests/budgets/test_page_budgets.py::test_every_address_that_answers_get_has_a_budget"
PAGE = (
    Addition(
        "onboarding/team/views.py",
        '''@require_safe
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to write to in a company."""
    company = company_for(person(request), slug)
    return render(request, "team/contacts.html", {"company": company, "members": list_members(company)})


''',
        at="def _list_invitations(",
    ),
    Addition(
        "onboarding/team/urls.py",
        '    path("<slug:slug>/contacts/", views.contacts, name="contacts"),\n',
        at='    path("<slug:slug>/absence/",',
        missed_by=TABLED,
    ),
    Addition(
        "templates/team/contacts.html",
        """{% extends "layouts/two_thirds.html" %}
{% block title %}Whom to write to - {{ company.name }}{% endblock %}
{% block content %}
  <h1 class="govuk-heading-l">Whom to write to in {{ company.name }}</h1>
  <ul class="govuk-list">{% for each in members %}<li>{{ each.user.name }}, {{ each.user.email }}</li>{% endfor %}</ul>
{% endblock %}
""",
        missed_by=f"{PAGE_PROBE}::test_the_page_stays_within_its_budget",
    ),
    Addition(
        "tests/leaks/expected.txt",
        "team:contacts GET in 404 404 404 404 200 200 200 200 200\n"
        "team:contacts POST in 405 405 405 405 405 405 405 405 405\n",
        missed_by=TABLED,
    ),
    Addition(
        "tests/budgets/table.py", '    "team:contacts": 9,\n', at='    "team:decide"', missed_by=BUDGETED
    ),
    Addition(
        "tests/browser/people_page_states.py",
        '    yield PageState("contacts", "alice", f"/companies/{one.slug}/contacts/")\n',
        at='    yield PageState("invite", "alice", invite, fresh=True)',
        missed_by=f"{PAGE_PROBE}::test_the_page_is_in_a_scene",
    ),
)
PAGE_HOLDS = (
    TABLED,
    BUDGETED,
    "tests/house/test_page_queries.py::test_pages_fetch_through_the_doors_only",
    PAGE_PROBE,
)

PERMISSIONS_TEST = "tests/people/test_permissions.py"
PHRASED = "tests/help/test_role_guides.py::test_every_permission_has_one_phrase"
TRIED = f"{PERMISSIONS_TEST}::test_every_permission_is_tried"
PERMISSION = (
    Addition(
        "onboarding/people/permissions.py",
        '    _may("see-contacts", "See whom to write to in the company.", all_of=_ADMINS),\n',
        at='    _may("start", "Start',
        missed_by=TRIED,
    ),
    Addition(
        "onboarding/team/views.py",
        "from onboarding.people.access import require_admin\n",
        at="from onboarding.people.models import ",
    ),
    Addition(
        "onboarding/team/views.py",
        "    require_admin(person(request), company)\n",
        at='    return render(request, "team/contacts.html"',
        missed_by=f"{PERMISSIONS_TEST}::test_who_has_a_permission_can_and_who_has_not_cannot[see-contacts]",
    ),
    Addition(
        "onboarding/help/role_rights.py",
        '        "see-contacts": "see whom to write to in the company",\n',
        at='        "see-history": ',
        missed_by=PHRASED,
    ),
    Addition(
        PERMISSIONS_TEST,
        '    "see-contacts": ("get", "/companies/one/contacts/"),\n',
        at='    "start": (',
        missed_by=TRIED,
    ),
    Addition(
        "tests/leaks/expected.txt",
        "team:contacts GET in 404 404 404 404 403 403 200 200 403\n",
        at="team:contacts GET",
        instead=True,
        missed_by=f"{PAGE_PROBE}::test_each_of_ten_people_gets_what_the_table_says[GET]",
    ),
    Addition(
        "docs/roles.md",
        command=("manage.py", "roles", "--write"),
        missed_by=f"{PERMISSIONS_TEST}::test_the_documentation_is_up_to_date",
    ),
)
PERMISSION_HOLDS = (
    TRIED,
    PHRASED,
    f"{PERMISSIONS_TEST}::test_who_has_a_permission_can_and_who_has_not_cannot[see-contacts]",
    f"{PERMISSIONS_TEST}::test_the_documentation_is_up_to_date",
)

SOUND = "tests/journey/test_definitions.py::test_the_table_and_the_problems_are_sound"
NEW_TEST = "tests/journey/polling/test_api_credential.py"
POLLER = (
    Addition(
        f"{POLLING}/atlas.py",
        '''def poll_api_credential(record: StepRecord) -> Outcome:
    """Whether the person made a credential in Atlas; only they can bring its secret."""
    account = find_account_id(record.onboarding)
    if account is None:
        raise NoAccount
    listed = get_account_api().api_credentials(account)
    return NotYet(because=f"Atlas lists {len(listed)} API credentials; their secrets are not here")


''',
        at="def poll_vetting(",
    ),
    Addition(
        f"{POLLING}/pollers.py",
        "        atlas_pollers.poll_api_credential,\n",
        at="        atlas_pollers.poll_vetting,",
        missed_by=SOUND,
    ),
    Addition(
        "onboarding/journey/steps/bundle.py",
        '        form="CredentialsForm",\n        watch="poll_api_credential",\n',
        at='        form="CredentialsForm",',
        instead=True,
        missed_by=NEW_TEST,
    ),
    Addition(
        NEW_TEST,
        '''"""The watch over the step in which API credentials are made."""

from typing import Any
from uuid import uuid4

from atlas.account_types import Contact, NewRegistration
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import pollers
from onboarding.journey.polling.client import get_account_api
from tests.journey.step_actions import bring_to, step_action
from tests.people_fixtures import People, step


def test_the_poll_says_how_many_credentials_atlas_lists(
    people: People, onboarding: Onboarding, request: Any
) -> None:
    record = bring_to(onboarding, people, step_action("api-credentials"))
    request.getfixturevalue("with_api")
    new = NewRegistration("One Energy Ltd", Contact("A", "B", "poller@one.example", "020 7946 0018"), "01111111")
    account = get_account_api().register(new, idempotency_key=str(uuid4())).account_id
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(facts={"account_id": account})
    said = pollers.poll(step(onboarding, record.slug))
    assert said.because.startswith("Atlas lists 0 API credentials")
''',
    ),
)
POLLER_HOLDS = (SOUND, NEW_TEST)
