"""A thirteenth step as CONTRIBUTING.md has one add it: every text that goes into a file, and where.

Nothing here is part of the portal: test_thirteenth_step.py puts it into a copy of the checkout and walks it there.
"""

from dataclasses import dataclass
from pathlib import Path

SLUG = "second-admin"
MIGRATION = "onboarding/journey/migrations/0014_second_admin.py"


@dataclass(frozen=True)
class Addition:
    """A new file, or (`before`) text that goes in front of the last place where these words stand."""

    path: str
    text: str
    before: str = ""

    def apply(self, root: Path) -> None:
        """Raises AssertionError when the place is not there."""
        path = root / self.path
        if not self.before:
            assert not path.exists(), self.path
            path.write_text(self.text, "utf-8")
            return
        head, found, tail = path.read_text("utf-8").rpartition(self.before)
        assert found, f"{self.path} has no {self.before!r}"
        path.write_text(f"{head}{self.text}{found}{tail}", "utf-8")


ROW = """\
    Step(
        StepSlug.SECOND_ADMIN,
        Stage.QUOTE,
        "Add a second Certificate Admin",
        PRIMARY_ONLY,
        "here and in the Atlas portal",
        times=Times(usual=2, latest=5),
        facts=(
            Fact("admins", "Certificate Admins here"),
            Fact("seen", "Seen on"),
            Fact("added_on", "Added in Atlas on", proof="Added in Atlas on {}.", is_day=True),
        ),
        needs=(StepSlug.QUOTE,),
        form="SecondAdminForm",
        before=Wait(
            "count_admins",
            Actor.COMPANY,
            "a second Certificate Admin in your team here",
            timedelta(hours=1),
            timedelta(hours=72),
            needs_account_api=False,
        ),
        back_to=(StepSlug.QUOTE,),
    ),
"""

FORM = '''

class SecondAdminForm(StepForm):
    """Somebody else can act in Atlas, too."""

    added_on = _day("When did you add them in Atlas?", "the date you added them")

    def effect(self, record: StepRecord) -> Submission:
        """The date."""
        return Submission(facts={"added_on": str(self.cleaned_data["added_on"])}, answers=self.plain_answers())
'''

POLLER = '''\
def count_admins(record: StepRecord) -> Outcome:
    """Whether two people of the company may act for it here."""
    count = record.onboarding.company.memberships.filter(role__in=ADMINS).count()
    return Done({"admins": count}) if count > 1 else NotYet(because="there is one Certificate Admin here")


'''

PROBLEM = """\
    ProblemDefinition(
        code=ProblemCode.SECOND_ADMIN_REFUSED,
        title="Atlas does not take the second Certificate Admin",
        what_happened="Atlas did not add the person whom you named as a second Certificate Admin.",
        why="If you fall ill, nobody else can go on in Atlas.",
        what_to_do=("Ask GlobalSign whether the person has a user in Atlas already.",),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.SECOND_ADMIN,),
    ),
"""

GUIDANCE = """\
{% extends "journey/step.html" %}

{% block before %}
<p class="govuk-body">When one person alone can act in Atlas, everything stops when that person is away.</p>
{% endblock %}

{% block do %}
<ol class="govuk-list govuk-list--number">
  <li>Invite a second Certificate Admin to your team here.</li>
  <li>Sign in to {% include "journey/partials/atlas-link.html" %} and add the same person there.</li>
</ol>
{% endblock %}

{% block next %}
<p class="govuk-body">The tile for the identity profile becomes ready in Atlas. Do not start it before.</p>
{% endblock %}

{% block trouble %}
<ul class="govuk-list govuk-list--bullet">
  <li><a class="govuk-link" href="{% url 'help:problem' 'second-admin-refused' %}">Atlas refuses them</a></li>
</ul>
<p class="govuk-body">If it lasts, ask GlobalSign by email.</p>
{% endblock %}
"""

ACTIONS = """\
    StepAction("second-admin", lambda: day("seen"), True, "open"),
    StepAction("second-admin", lambda: day("added_on")),
"""

JOURNEY = "onboarding/journey"
ADDITIONS = (
    Addition(f"{JOURNEY}/definitions.py", '    SECOND_ADMIN = "second-admin"\n', '    IDENTITY_PROFILE = "'),
    Addition(f"{JOURNEY}/steps/vetting.py", ROW, "    Step(\n        StepSlug.IDENTITY_PROFILE,"),
    Addition(
        f"{JOURNEY}/steps/vetting.py", "StepSlug.SECOND_ADMIN, ", 'StepSlug.QUOTE,),\n        form="Identity'
    ),
    Addition(f"{JOURNEY}/forms/setup.py", FORM, "\n\nclass IdentityProfileForm"),
    Addition(f"{JOURNEY}/forms/__init__.py", "    SecondAdminForm,\n", ")\nfrom onboarding.journey.models"),
    Addition(
        f"{JOURNEY}/forms/__init__.py", "        SecondAdminForm,\n", "        DipUploadForm,\n    )\n}"
    ),
    Addition(
        f"{JOURNEY}/polling/portal.py", "from onboarding.people.models import ADMINS\n", "\nFORBIDDEN ="
    ),
    Addition(f"{JOURNEY}/polling/portal.py", POLLER, "def order_certificate("),
    Addition(
        f"{JOURNEY}/polling/pollers.py",
        "        portal_pollers.count_admins,\n",
        "        portal_pollers.prove",
    ),
    Addition(
        f"{JOURNEY}/problems/codes.py",
        '    SECOND_ADMIN_REFUSED = "second-admin-refused"\n',
        "    TILE_LATE = ",
    ),
    Addition(f"{JOURNEY}/problems/vetting.py", PROBLEM, "    ProblemDefinition(  # F46"),
    Addition(f"templates/journey/steps/{SLUG}.html", GUIDANCE),
    Addition(
        "tests/journey/step_actions.py", ACTIONS, '    StepAction("identity-profile", lambda: day("seen")'
    ),
    Addition(
        "tests/journey/test_definitions.py", '"second-admin", ', '"identity-profile", "verification",\n'
    ),
)

# What is written behind what `manage.py makemigrations` has written, in the words of CONTRIBUTING.md.
OPERATIONS = """

from onboarding.journey.step_list import add_records, store_steps  # noqa: E402

SLUGS = (
    "register",
    "invitation",
    "payment-method",
    "quote",
    "second-admin",
    "identity-profile",
    "verification",
    "api-credentials",
    "csr",
    "certificate",
    "pfx",
    "proof",
    "dip-upload",
)

Migration.operations += [
    migrations.RunPython(store_steps(SLUGS), migrations.RunPython.noop),
    migrations.RunPython(add_records("second-admin"), migrations.RunPython.noop),
]
"""
