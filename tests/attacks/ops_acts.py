"""What ops can do, act by act, each as an attacker with one stolen ops account would do it.

That the list is whole, and what each act may change, is tested in test_no_act_of_ops_lets_them_in.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onboarding.journey.models import Onboarding
from onboarding.people.company_details import Details
from onboarding.people.models import Invitation, User
from onboarding.team import primary_change
from tests.attacks.attacker import EMERGENCY, MALLORY, TEAM, ask
from tests.journey import step_actions
from tests.people_fixtures import People, fresh_client_of
from tests.questions.factories import ask_about

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
