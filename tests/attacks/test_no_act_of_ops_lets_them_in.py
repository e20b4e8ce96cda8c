"""Every act that ops can do, done by one ops account with an attacker's intent: none lets anybody in to a company.

The list of acts is not made by hand alone: whatever the table of tests/leaks does not refuse to ops must stand here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import get_commands
from django.test import Client

from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import Onboarding
from onboarding.people.company_details import Details
from onboarding.people.models import Company, Invitation, Membership, User
from onboarding.team import primary_change
from tests.attacks.attacker import EMERGENCY, MALLORY, TEAM, ask, delivered
from tests.journey import step_actions
from tests.leaks.expected_access import rows
from tests.people_fixtures import People, fresh_client_of
from tests.questions.factories import ask_about

REFUSED = {"404", "405", "403", "in"}
OWN = (
    "their own account only: allauth asks for the old password, or writes to the address that the account has"
)
READS = "shows pages; ops see no secret on any of them (tests/leaks, tests/journey/test_canary.py)"
ANY = "anybody may; it opens nothing of a company"
OWN_STEPS = "only one's own steps of companies that one belongs to or was let in to; ops have none"


@dataclass(frozen=True)
class Act:
    """What one ops account does alone, and a word on why it leads to no secret."""

    why: str
    do: Callable[["Attack"], Any] | None = None


@dataclass(frozen=True)
class Attack:
    """The browser of the stolen account, and whom it is turned against."""

    olga: Client
    people: People
    onboarding: Onboarding

    def post(self, path: str, **data: str) -> Any:
        """What ops send."""
        return self.olga.post(path, data)

    def path(self, end: str) -> str:
        """An address of company one's onboarding."""
        return f"/onboardings/{self.onboarding.code}/{end}"


def _found_again(a: Attack) -> None:
    for name, number in (
        ("One", "10000001"),
        ("One Energy Ltd", "10000002"),
        ("ONE ENERGY LTD", "10000003"),
        ("Two", "01111111"),
    ):
        a.post(
            "/companies/add/",
            name=name,
            number=number,
            admin_name="Mallory",
            admin_email=MALLORY,
            country="GB",
        )


def _rename(a: Attack) -> None:
    read = Details.of(a.people.one).version
    a.post("/companies/one/edit/", name="Mallory Ltd", number="10000009", country="GB", read=read)


def _correct_address(a: Attack) -> None:
    """Also of a primary who never came to a company in which somebody works."""
    for never_came in (False, True):
        if never_came:
            User.objects.filter(pk=a.people.alice.pk).update(password="!", last_login=None)
        a.post("/companies/one/primary/address/", email=MALLORY, confirmed="on")
    User.objects.filter(pk=a.people.alice.pk).update(password=a.people.alice.password)


def _send_for_a_client(a: Attack) -> None:
    file = SimpleUploadedFile(f"apicert-{a.onboarding.code.lower()}.csr", step_actions.csr())
    a.olga.post("/clients/csr/upload/", {"code": a.onboarding.code, "files": file})


def _take_emergency_way(a: Attack) -> None:
    ask(a.olga)
    emergencies: Any = a.people.one.emergencies  # type: ignore[attr-defined]
    a.post(f"{EMERGENCY}{emergencies.get().pk}/agree/")


def _change_primary(a: Attack) -> None:
    for user in (a.people.rhea, a.people.tess, a.people.charlie, a.people.olga):
        a.post("/companies/one/primary/", successor=str(user.pk), reason="-")
        fresh_client_of(user).post("/companies/one/primary/agree/", {"employee": "on", "mailbox": "on"})


def _stop_change(a: Attack) -> None:
    primary_change.start(a.people.one, a.people.bob, reason="-", actor=a.people.olga)
    a.post("/companies/one/primary/stop/")


def _reset(a: Attack) -> None:
    a.post("/accounts/password/reset/", email=a.people.alice.email)


def _ids(a: Attack, *paths: str) -> None:
    for path in paths:
        a.post(path, email=MALLORY, role="admin", reason="-", to="outside", decision="keep", why="-")


def _withdraw_invitation(a: Attack) -> None:
    fresh_client_of(a.people.bob).post(f"{TEAM}invite/", {"email": "x@one.example", "role": "admin"})
    pk = Invitation.objects.get().pk
    a.post(f"/companies/one/invitations/{pk}/resend/")
    a.post(f"/companies/one/invitations/{pk}/withdraw/")


def _answer(a: Attack) -> None:
    question = ask_about(a.onboarding, a.people.rhea, "register")
    text = f"Write to {MALLORY}"
    a.post(a.path(f"questions/{question.pk}/answer/"), text=text, action="send", email=MALLORY, to=MALLORY)
    a.post(a.path(f"questions/{question.pk}/close/"), reason=text)


def _write_down(a: Attack) -> None:
    """Also of a primary who never came."""
    for never_came in (False, True):
        if never_came:
            User.objects.filter(pk=a.people.alice.pk).update(password="!", last_login=None)
        for verb in ("note", "call", "hold", "hold/end", "archive", "restore", "welcome"):
            path = f"/ops/companies/one/{verb}/"
            a.post(
                path,
                text="x",
                audience="company",
                person="other",
                result="reached",
                reason="x",
                email=MALLORY,
            )
    User.objects.filter(pk=a.people.alice.pk).update(password=a.people.alice.password)


def _change_deadlines(a: Attack) -> None:
    a.post(a.path("deadlines/"), reason="x")
    a.post(a.path("deadlines/resume/"))
    a.post(a.path("deadlines/csr/"), usual=3, latest=9, seen_usual=1, seen_latest=1, reason="x")


ACTS: dict[str, Act] = {
    "people:add-company": Act("another company: name, number and address of the first stay taken", _found_again),
    "people:edit-company": Act("renames; who gets in stays as it is", _rename),
    "people:correct-address": Act(
        "only of a primary who never came, where nobody else works and nothing has begun", _correct_address
    ),
    "people:ask-emergency": Act("needs a second person, and who asked cannot be it", _take_emergency_way),
    "people:agree-emergency": Act("the second of two; never one's own request", _take_emergency_way),
    "people:stop-emergency": Act("takes away, gives nothing"),
    "people:withdraw": Act("takes an invitation away; ops cannot send it again", _withdraw_invitation),
    "people:invite": Act("refused", lambda a: _ids(a, f"{TEAM}invite/")),
    "team:primary": Act("only a Certificate Admin of the company, who agrees, can be named", _change_primary),
    "team:stop": Act("leaves the primary who it was", _stop_change),
    "team:role": Act(
        "refused", lambda a: _ids(a, f"{TEAM}{a.people.rhea.pk}/role/", f"{TEAM}{a.people.olga.pk}/role/")
    ),
    "team:remove": Act("refused", lambda a: _ids(a, f"{TEAM}{a.people.bob.pk}/remove/")),
    "handover:hand-over": Act("refused", lambda a: _ids(a, a.path("csr/hand-over/"))),
    "handover:claim": Act("refused: ops hold no step", lambda a: _ids(a, a.path("csr/take/"))),
    "handover:unclaim": Act("refused: ops hold no step", lambda a: _ids(a, a.path("csr/release/"))),
    "journey:registered": Act("notes what they saw in Atlas, on record; shows no secret"),
    "journey:withdraw": Act("ends the onboarding; a secret of it leaves to nobody any more"),
    "journey:send-back": Act("refused", lambda a: _ids(a, a.path("csr/send-back/"))),
    "account_reset_password": Act("the link goes to the account's own address", _reset),
    "help:check-file": Act("examines a file of one's own"),
    "invitations:accept": Act("only the invited address, and never ops"),
    "invitations:join": Act("only who holds the email's link, and nobody who is signed in"),
    "journey:now": Act(READS),
    "journey:confirm": Act("leads to the step's page"),
    **dict.fromkeys(
        ("journey:problem", "journey:reopen", "people:resend", "team:end-absence",
         "team:finish-review", "team:start-review"), Act("a link leads to the page of the button, which is refused")
    ),
    "journey:check-now": Act("a worker looks earlier", lambda a: a.post(a.path("csr/check-now/"))),
    **dict.fromkeys(
        ("journey:deadlines", "journey:resume-deadlines", "journey:step-times"),
        Act("dates of reminders and of what counts as late, with a reason, on record", _change_deadlines),
    ),
    "journey:remind": Act(
        "an email of the portal's own words to who has the step", lambda a: a.post(a.path("csr/remind/"))
    ),
    "questions:answer": Act("words of theirs to who asked, who still must do what they say", _answer),
    "questions:close": Act("the same", _answer),
    "questions:question": Act(READS),
    "dashboards:questions": Act(READS),
    **dict.fromkeys(
        ("ops:note", "ops:call", "ops:hold", "ops:end-hold", "ops:archive", "ops:restore", "ops:resend-welcome"),
        Act("words and dates in rows of their own; the welcome goes to the account's own address", _write_down),
    ),
    **dict.fromkeys(("ops:save-view", "ops:delete-view"), Act("filters of one's own")),
    "dashboards:task-list": Act(OWN_STEPS),
    "clients:csr-upload": Act(OWN_STEPS, _send_for_a_client),
    **dict.fromkeys(
        ("clients:clients", "clients:export", "clients:certificates", "clients:csr", "clients:csr-script",
         "clients:csr-assign", "clients:pfx", "clients:pfx-script", "clients:pfx-upload"), Act(OWN_STEPS)
    ),
    **dict.fromkeys(
        ("dashboards:board", "dashboards:calendar", "dashboards:certificates", "dashboards:company",
         "dashboards:emergencies", "dashboards:activity", "dashboards:activity-csv", "dashboards:activity-json",
         "dashboards:emails", "dashboards:expiring", "dashboards:expiring-file", "dashboards:system-health",
         "dashboards:week", "dashboards:tasks", "ops:companies", "ops:company", "ops:export",
         "journey:briefing", "journey:history", "journey:journey", "journey:step", "journey:way",
         "journey:ways", "team:review", "team:team",
         "people:emergencies"), Act(READS)
    ),
    **dict.fromkeys(
        ("dashboards:healthz", "dashboards:readyz", "help:about", "help:accessibility", "help:account",
         "help:before-you-start", "help:certificate-admin", "help:dcp", "help:ops", "help:primary-certificate-admin",
         "help:reader", "help:technician", "help:uit-and-production",
         "help:index", "help:openssl-and-key-vault", "help:roles", "help:which-program", "invitations:invitation",
         "invitations:open",
         "invitations:new-link", "invitations:use", "own:open-reset-link", "own:reset-link", "own:use-reset-link",
         "own:new-reset-link", "own:choose-password", "own:open-welcome-link", "own:welcome",
         "account_confirm_email", "account_email_verification_sent", "account_inactive",
         "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
         "help:finding", "help:problem"), Act(ANY)
    ),
    **dict.fromkeys(
        ("account_change_password", "account_confirm_login_code", "account_login", "account_logout",
         "account_reauthenticate", "account_set_password", "account_signup", "mfa_activate_totp",
         "mfa_add_webauthn", "mfa_authenticate", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index",
         "mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
         "mfa_view_recovery_codes", "mfa_download_recovery_codes", "own:account", "own:organisation", "own:telephone",
         "own:end-session", "socialaccount_connections", "usersessions_list", "socialaccount_login_cancelled",
         "socialaccount_login_error", "socialaccount_signup", "openid_connect_login", "openid_connect_callback",
         "signup_webauthn", "mfa_signup_webauthn"), Act(OWN)
    ),
}  # fmt: skip

# What the operator runs on the server. Ops have none of these; each that changes who somebody is leaves an event.
COMMANDS = {
    "add_ops": "makes an ops account, which alone lets nobody in; on record",
    "agree_to_emergency": "the second person where ops is one; the waiting time runs; on record",
    "audit_check": "reads",
    "check_projection": "reads",
    "check_schedule": "reads",
    "convert_database": "copies every row as it is; the operator's, who owns the database",
    "close_account": "takes away; opening again gives back what was there; on record",
    "doctor": "reads a file",
    "grant_runtime_role": "makes the role as which the portal connects; needs the owner of the tables",
    "journey_diagram": "prints",
    "remove_second_factor": "the password is still needed, and a new factor before any secret; on record",
    "roles": "prints",
    "seed": "makes companies and people of its own; in production none of them can sign in",
    "vault": "renews keys; prints no secret",
}


def who_gets_in() -> dict[str, Any]:
    """Everything by which somebody is, or becomes, a person to whom company one's secrets open."""
    one = Company.objects.get(slug="one")
    people = get_user_model().objects.filter(memberships__company=one).order_by("pk")
    return {
        "roles": sorted(Membership.objects.filter(company=one).values_list("user__email", "role")),
        "links": sorted(
            Invitation.objects.filter(company=one, withdrawn_at=None).values_list("email", "role")
        ),
        "grants": Grant.objects.filter(onboarding__company=one).count(),
        "offers": Offer.objects.filter(company=one).count(),
        "accounts": list(people.values_list("email", "password", "is_active", "is_ops")),
        "factors": sorted(Authenticator.objects.values_list("user__email", "type")),
        "holders": sorted(one.onboardings.values_list("steps__slug", "steps__assignee__email")),
        "to the attacker": delivered(MALLORY),
    }


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.do])
def test_one_ops_account_lets_nobody_in_by(people: People, onboarding: Onboarding, name: str) -> None:
    before = who_gets_in()
    act = ACTS[name].do
    assert act is not None
    act(Attack(fresh_client_of(people.olga), people, onboarding))
    after = who_gets_in()
    after["to the attacker"] = [text for text in after["to the attacker"] if "One Energy" in text]
    assert after == before
    assert not User.objects.filter(email=MALLORY, memberships__company=people.one).exists()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_address_is_open_to_ops_that_is_not_on_the_list(method: str) -> None:
    open_to_ops = {name for name, words in rows(method).items() if words[-1] not in REFUSED}
    assert open_to_ops - set(ACTS) == set()


def test_no_command_is_missing_from_the_list() -> None:
    here = Path(django_settings.BASE_DIR)
    ours = {name for name, app in get_commands().items() if (here / str(app).replace(".", "/")).is_dir()}
    assert ours == set(COMMANDS)
