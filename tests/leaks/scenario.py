"""What there is to be leaked: company one in the middle of its onboarding, with an offer, a grant, an invitation.

Who asks for it, and what each may get, is in expected_access.py.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from certs.secret_sharing import What
from onboarding.handover import offers, secret_sharing
from onboarding.handover.models import Grant
from onboarding.handover.secret_sharing import join_credentials
from onboarding.journey.models import Evidence
from onboarding.people import emergency, invitation_links, invitations
from onboarding.people.models import Role
from onboarding.people.reset_links import make_reset_link
from onboarding.team import access_review
from onboarding.team.models import Absence
from tests.browser.page_setup import PageSetup
from tests.handover.factories import make_dana, make_grant, make_offer
from tests.outside_calls import begin_test_transaction
from tests.people_fixtures import fresh_client_of, make_user
from tests.questions.factories import ask_about

NUMBER = "01632 960{:03}"  # of Alice, Bob and Tess, who are in company one
QUESTION = "Bob asks who rings the switchboard"
SECRET = "00112233445566778899aabbccddeeff00112233"
HERE, ELSEWHERE = "csr", "api-credentials"  # the step of Dana's grant, and another one that is open
WHO = ("anonymous", "gone", "charlie", "granted", "elsewhere", "rhea", "tess", "bob", "alice", "olga")
NOTHING_OF_ONE = ("anonymous", "gone", "charlie")
LITTLE_OF_ONE = ("granted", "elsewhere")


@dataclass
class Scenario:
    """One database with everything in it, and a browser for each who asks."""

    settings: Any
    clients: dict[str, Client] = field(default_factory=dict)
    _addresses: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.setup = PageSetup(self.settings)
        self.people = self.setup.people
        self._give_numbers()
        self.onboarding = self.setup.start()
        self.setup.bring_to("verification")
        self.setup.confirm_with_a_file("verification")
        self.dana = make_dana()
        self.given = make_grant(self.onboarding, self.people.bob, self.dana, HERE)
        self.passed = secret_sharing.share(
            self.given,
            What.API_CREDENTIALS,
            join_credentials("0123456789abcdef", SECRET),
            until=timezone.now() + timedelta(days=7),
            actor=self.people.bob,
        )
        self.offer = make_offer(self.onboarding, self.people.bob, self.people.alice, ELSEWHERE)
        self.invitation = invitations.invite(
            company=self.people.one, email="new@one.example", role=Role.READER, actor=self.people.alice
        )
        self.emergency = emergency.ask(
            self.people.one, "rescue@one.example", reason="They have left", actor=self.people.olga
        )
        # What opens a door by itself, for whoever has it: on nobody's page, not even of those who may see everything.
        reset = make_reset_link(self.people.alice).rstrip("/").rsplit("-", 1)[1]
        self.keys = [invitation_links.make_token(self.invitation).encode(), reset.encode()]
        today = timezone.localdate()
        self.question = ask_about(self.onboarding, self.people.bob, HERE, text=QUESTION)
        self.absence = Absence.objects.create(
            user=self.people.bob, company=self.people.one, first_day=today, last_day=today + timedelta(days=9)
        )
        self.grant = Grant.objects.get()
        self.review = access_review.start(self.people.one, actor=self.people.alice)
        self._gone()
        self._clients()

    def _give_numbers(self) -> None:
        """Everybody of company one can be rung."""
        for number, user in enumerate((self.people.alice, self.people.bob, self.people.tess)):
            user.telephone, user.direct_line = NUMBER.format(number), NUMBER.format(number + 100)
            user.save()

    def _gone(self) -> None:
        """Greta had the same grant until a moment ago."""
        self.greta = make_user("greta@dcp.example", "Greta Test")
        make_grant(self.onboarding, self.people.bob, self.greta, "pfx")
        with begin_test_transaction():
            offers.revoke(Grant.objects.get(user=self.greta), actor=self.people.bob)

    def _clients(self) -> None:
        for who in WHO[1:]:
            user = {"gone": self.greta, "granted": self.dana, "elsewhere": self.dana}.get(who)
            self.clients[who] = fresh_client_of(user or getattr(self.people, who))
            self.clients[who].follows_errors = False  # type: ignore[attr-defined]  # where a post leads is what is asked
        self.clients["anonymous"] = Client()

    def address(self, name: str, who: str) -> str:
        """The address of this name that leads to company one's things."""
        step = ELSEWHERE if who == "elsewhere" else HERE
        if (name, step) not in self._addresses:
            self._addresses[name, step] = self._find_address(name, step)
        return self._addresses[name, step]

    def _find_address(self, name: str, step: str) -> str:
        for values in self._values(step, name):
            try:
                return reverse(name, kwargs=values) + self._query(name)
            except NoReverseMatch:
                continue
        raise AssertionError(
            f"{name}: say in scenario.py which of company one's things belong into this address"
        )

    def _query(self, name: str) -> str:
        if name == "dashboards:start":
            return "?environment=production"
        if name in ("ops:companies", "ops:export"):  # which refuse what is no filter
            return "?sort=name"
        if name.startswith("dashboards:activity"):
            return "?step="  # they refuse what is none of their filters
        return f"?offer={self.offer.pk}" if name in ("offers:chosen", "offers:accept-chosen") else ""

    def _values(self, step: str, name: str) -> list[dict[str, Any]]:
        code, slug = self.onboarding.code, self.people.one.slug
        return [
            {}, {"code": code}, {"code": code, "slug": step}, {"slug": slug}, {"pk": self._pk(name)},
            {"code": code, "pk": self._pk(name)}, {"slug": slug, "pk": self._pk(name)},
            {"pk": self.offer.pk, "system": "dip"}, {"pk": self.given.pk, "secret": self.passed.pk},
            {"section": "waiting"}, {"code": code, "slug": step, "name": "openssl"},
            {"slug": "e-mails-late"}, {"code": "e-mails-late"}, {"token": "x" * 40}, {"key": "x"}, {"pk": 1},
            {"uidb36": "0", "key": "x-y"}, {"provider_id": "none"}, {"shell": "sh"},
        ]  # fmt: skip

    def _pk(self, name: str) -> UUID | int:
        room, _, verb = name.partition(":")
        if verb == "end-absence":
            return self.absence.pk
        if verb.endswith("-emergency"):
            return self.emergency.pk
        return {
            "offers": self.given.pk if "share-secret" in verb else self.offer.pk,
            "handover": self.grant.pk,
            "team": self.people.tess.pk if verb != "decide" else self.review.lines.order_by("pk")[0].pk,
            "external-roles": self.offer.pk,
            "questions": self.question.pk,
            "journey": Evidence.objects.exclude(stored_file=None).values_list("pk", flat=True).first(),
        }.get(room) or self.invitation.pk

    def marks_of_one(self, who: str) -> list[bytes]:
        """What nobody without a right to it may read."""
        secret = [
            "alice@one.example",
            "new@one.example",
            "rescue@one.example",
            "V. Etting",
            "Rhea Test",
            "01632 960",
            "tel:",
            QUESTION,
            "The key vault is called north",
        ]
        if who in LITTLE_OF_ONE:  # the note came with the offer; who is in the company did not
            return [each.encode() for each in secret[:-1]]
        return [
            each.encode() for each in (*secret, "One Energy", self.onboarding.code, "Alice Test", "Bob Test")
        ]
