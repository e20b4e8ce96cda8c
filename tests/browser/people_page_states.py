"""The pages about people: the team, inviting, roles, leaving, absence, the primary, the review of users.

The other scenes are in page_states.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page

from onboarding.people import emergency, emergency_rules, invitation_links, invitations
from onboarding.people.models import Company, Invitation, Role, User
from onboarding.team import access_review, primary_change
from onboarding.team.models import Absence
from tests.browser.page_setup import PageSetup, PageState

LONG = "n" * 60 + "@" + "wolfeschlegelsteinhausenbergerdorff" + ".example"


def _main(tab: Page, button: str) -> None:
    tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def _too_long(tab: Page) -> None:
    tab.get_by_label("Days after the upload to the DIP").fill("900")
    _main(tab, "Save")


def _link(invitation: Invitation) -> str:
    return urlsplit(invitation_links.make_link(invitation)).path


def _fresh(invitation: Invitation) -> str:
    """A link that nobody has used yet, of an invitation whose older links were used."""
    with transaction.atomic():
        return _link(invitations.send_new_link(invitation))


def _go_on(tab: Page) -> None:
    _main(tab, "Continue")


def _join_without_a_name(tab: Page) -> None:
    _go_on(tab)
    _main(tab, "Accept the invitation")


def _ask_again(tab: Page) -> None:
    _main(tab, "Send me a new link")


def inviting_people(setup: PageSetup) -> Iterator[PageState]:
    """Asking somebody to join, and what the person asked sees."""
    one, people = setup.people.one, setup.people
    invite = f"/companies/{one.slug}/team/invite/"
    yield PageState("invite", "alice", invite, fresh=True)
    yield PageState(
        "invite, wrong", "alice", invite, 200, lambda tab: _main(tab, "Send the invitation"), fresh=True
    )
    new = invitations.invite(company=one, email=LONG, role=Role.TECHNICIAN, actor=people.alice)
    known = invitations.invite(company=one, email=people.charlie.email, role=Role.ADMIN, actor=people.alice)
    for who in ("alice", "olga", "rhea"):
        yield PageState(f"team with invitations, {who}", who, f"/companies/{one.slug}/team/")
    yield PageState("invitation, link", "", _link(new))
    yield PageState("invitation, link to me", "charlie", _link(known))
    yield PageState("invitation, to somebody else", "tess", _link(known))
    yield PageState("invitation, somebody new", "", _fresh(new), press=_go_on)
    yield PageState("invitation, no name", "", _fresh(new), 422, _join_without_a_name)
    yield PageState("invitation, not signed in", "", _fresh(known), press=_go_on)
    yield PageState("invitation, to me", "charlie", _fresh(known), press=_go_on)
    yield PageState("invitation, link that was used", "", _link(known), 409)
    yield PageState("invitation, link that was used, asked again", "", _link(known), press=_ask_again)
    yield PageState("invitation, new link", "", "/invitations/new-link/")
    withdraw = f"/companies/{one.slug}/invitations/{new.pk}/withdraw/"
    yield PageState("withdraw an invitation", "alice", withdraw, fresh=True)
    Invitation.objects.filter(pk=new.pk).update(expires_at=timezone.now() - timedelta(days=1))
    yield PageState("team, past its time", "alice", f"/companies/{one.slug}/team/")
    yield PageState("invitation, past its time", "", _link(new), 409)
    yield PageState("invitation, bad link", "", "/invitations/none/", 409)


def emergencies(setup: PageSetup) -> Iterator[PageState]:
    """Ops ask, somebody agrees or stops; with an admin who can act, and without one."""
    one, people = setup.people.one, setup.people
    page = f"/companies/{one.slug}/emergency/"
    for who in ("olga", "rhea"):
        yield PageState(f"emergency, none, {who}", who, page)
    yield PageState("emergency, none, all companies", "olga", "/ops/emergencies/")
    yield PageState("ask, emergency", "olga", f"{page}ask/", fresh=True)
    yield PageState(
        "ask, emergency, wrong", "olga", f"{page}ask/", 200, lambda tab: _main(tab, "Ask for it"), fresh=True
    )
    why = "Both Certificate Admins have left the company, and the director rang. " * 5
    asked = emergency.ask(one, LONG, reason=why, actor=people.olga)
    for who in ("olga", "alice", "rhea"):
        yield PageState(f"emergency, asked, {who}", who, page)
    yield PageState("team, emergency asked", "rhea", f"/companies/{one.slug}/team/")
    yield PageState("emergency, asked, all companies", "olga", "/ops/emergencies/")
    yield PageState("agree, emergency", "alice", f"{page}{asked.pk}/agree/", fresh=True)
    yield PageState("agree, emergency, not alone", "olga", f"{page}{asked.pk}/agree/", 403, fresh=True)
    yield PageState("stop, emergency", "rhea", f"{page}{asked.pk}/stop/")
    User.objects.filter(pk__in=[people.alice.pk, people.bob.pk]).update(is_active=False)
    oscar = User.objects.create_user(
        "oscar@dip.example", "made for the tests only", name="Oscar", is_ops=True
    )
    emergency.agree(asked, actor=oscar)
    yield PageState("emergency, agreed", "rhea", page)
    yield PageState("team, emergency agreed", "tess", f"/companies/{one.slug}/team/")
    emergency.send_due(timezone.now() + timedelta(hours=25))
    yield PageState("emergency, sent", "olga", page)
    invitation = Invitation.objects.get(email=LONG)
    joined = invitations.join(invitation.token_hash, name="Nora New", password="another long phrase")
    yield PageState("team, joined by emergency", "rhea", f"/companies/{one.slug}/team/")
    yield PageState("stop, emergency, too late", "rhea", f"{page}{asked.pk}/stop/")
    yield PageState("agree, emergency, too late", "olga", f"{page}{asked.pk}/agree/", fresh=True)
    assert emergency_rules.settled_at(joined, one)
    yield PageState("emergency, ended", "tess", page)


def leaving_people(setup: PageSetup) -> Iterator[PageState]:
    """Another role, leaving, absence."""
    one, people = setup.people.one, setup.people
    setup.start()
    setup.bring_to("csr")
    tess, own = (f"/companies/{one.slug}/team/{each.pk}" for each in (people.tess, people.bob))
    yield PageState("change a role", "bob", f"{tess}/role/", fresh=True)
    yield PageState("remove somebody", "bob", f"{tess}/remove/", fresh=True)
    yield PageState("leave", "bob", f"{own}/remove/", fresh=True)
    secrets = f"/companies/{one.slug}/secrets/"
    yield PageState("retention", "bob", secrets, fresh=True)
    yield PageState("retention, wrong", "bob", secrets, 200, _too_long, fresh=True)
    absence = f"/companies/{one.slug}/absence/"
    yield PageState("absence", "bob", absence)
    yield PageState("absence, wrong", "bob", absence, 200, lambda tab: _main(tab, "Enter the absence"))
    _away(one, setup)
    for who in ("bob", "alice"):
        yield PageState(f"absence, entered, {who}", who, absence)
        yield PageState(f"team, somebody away, {who}", who, f"/companies/{one.slug}/team/")
    yield PageState("tasks, a deputy", "alice", "/?stay")


def _away(company: Company, setup: PageSetup) -> None:
    today = timezone.localdate()
    until = today + timedelta(days=9)
    Absence.objects.create(
        user=setup.people.bob, company=company, first_day=today, last_day=until, deputy=setup.people.alice
    )


def the_primary(setup: PageSetup) -> Iterator[PageState]:
    """A change of the Primary Certificate Admin."""
    one, people = setup.people.one, setup.people
    primary, agree = (f"/companies/{one.slug}/primary/{verb}" for verb in ("", "agree/"))
    yield PageState("change the primary", "olga", primary, fresh=True)
    yield PageState(
        "change the primary, wrong",
        "olga",
        primary,
        200,
        lambda tab: _main(tab, "Ask this person"),
        fresh=True,
    )
    primary_change.start(one, people.bob, reason="Alice leaves. " * 20, actor=people.olga)
    yield PageState("change the primary, asked", "olga", primary, fresh=True)
    yield PageState("team, asked", "bob", f"/companies/{one.slug}/team/")
    yield PageState("team, somebody is asked", "rhea", f"/companies/{one.slug}/team/")
    yield PageState("agree", "bob", agree, fresh=True)
    yes = "Become the Primary Certificate Admin"
    yield PageState("agree, wrong", "bob", agree, 200, lambda tab: _main(tab, yes), fresh=True)


def reviewing_people(setup: PageSetup) -> Iterator[PageState]:
    """The review of users before production."""
    one, people = setup.people.one, setup.people
    review = f"/companies/{one.slug}/review/"
    for who in ("alice", "rhea"):
        yield PageState(f"review, none, {who}", who, review)
    found = access_review.start(one, actor=people.alice)
    access_review.add_atlas_user(found, name="N" * 80, email=LONG, role="Admin", actor=people.alice)
    for who in ("alice", "bob", "rhea", "olga"):
        yield PageState(f"review, {who}", who, review)
    line = found.lines.order_by("pk")[0]
    decide = f"{review}{line.pk}/"
    yield PageState("decide", "alice", decide)
    yield PageState("decide, wrong", "alice", decide, 200, lambda tab: _main(tab, "Save the decision"))
    for line in found.lines.all():
        access_review.decide(
            line, decision="keep", why="Runs the production system. " * 8, actor=people.alice
        )
    yield PageState("review, decided", "alice", review)
    access_review.finish(found, actor=people.alice)
    yield PageState("review, finished", "bob", review)
