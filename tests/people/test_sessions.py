"""Where one is signed in: listed and ended by their owner, and by nobody else.

What ends a session by itself is Django's business.
"""

from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from onboarding.people import invitations
from onboarding.people.invitation_links import make_token
from onboarding.people.models import Role, User
from tests.people_fixtures import PASSWORD, client_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def signed_in(user: User, browser: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": browser})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_a_person_sees_where_they_are_signed_in(people) -> None:
    client, _ = signed_in(people.alice), signed_in(people.alice, EDGE)
    signed_in(people.bob, "a secret browser of Bob")
    page = client.get("/accounts/sessions/").text
    assert "Firefox on Linux" in page
    assert "Edge on Windows" in page
    assert "This one" in page
    assert "An unknown browser" not in page


def test_one_browser_is_signed_out_from_another(people) -> None:
    here, there, elsewhere = (signed_in(people.alice) for _ in range(3))
    there_id = UserSession.objects.get(session_key=there.session.session_key).pk
    done = here.post(f"/accounts/sessions/{there_id}/end/", follow=True)
    assert "That browser is signed out." in done.text
    assert [client.get("/").status_code for client in (here, there, elsewhere)] == [200, 302, 200]


def test_all_others_are_signed_out_at_once(people) -> None:
    here, there, elsewhere = (signed_in(people.alice) for _ in range(3))
    bob = signed_in(people.bob)
    here.post("/accounts/sessions/")
    assert [client.get("/").status_code for client in (here, there, elsewhere, bob)] == [200, 302, 302, 200]


def test_nobody_ends_anothers_session_or_learns_of_it(people) -> None:
    alice = signed_in(people.alice)
    theirs = UserSession.objects.get(session_key=alice.session.session_key).pk
    for other in (client_of(people.bob), client_of(people.olga)):
        assert other.post(f"/accounts/sessions/{theirs}/end/").status_code == 404
        assert other.post("/accounts/sessions/999999/end/").status_code == 404
    assert Client().post(f"/accounts/sessions/{theirs}/end/")["Location"].startswith("/accounts/login/")
    assert alice.get("/").status_code == 200


def test_the_operator_signs_everybody_out(people) -> None:
    clients = [signed_in(people.alice), signed_in(people.bob), signed_in(people.olga)]
    half = Client()
    half.post("/accounts/login/", {"login": people.alice.email, "password": "wrong"})
    said = StringIO()
    call_command("end_sessions", stdout=said)
    assert said.getvalue() == "Everybody is signed out. Browsers that were signed in: 3.\n"
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
    assert [client.get("/").status_code for client in clients] == [302, 302, 302]
    assert signed_in(people.alice).get("/").status_code == 200


def test_a_copy_of_the_database_signs_in_nobody_after_that(people) -> None:
    signed_in(people.alice)
    copied = UserSession.objects.get(user=people.alice).session_key
    call_command("end_sessions", stdout=StringIO())
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = copied
    assert thief.get("/").status_code == 302


def test_ending_is_a_post(people) -> None:
    alice = signed_in(people.alice)
    own = UserSession.objects.get(user=people.alice).pk
    assert alice.get(f"/accounts/sessions/{own}/end/")["Location"] == "/accounts/sessions/"
    assert UserSession.objects.filter(pk=own).exists()


def test_ending_ones_own_session_signs_out(people) -> None:
    alice = signed_in(people.alice)
    own = UserSession.objects.get(user=people.alice).pk
    alice.post(f"/accounts/sessions/{own}/end/")
    assert alice.get("/").status_code == 302


def test_a_new_password_ends_every_session(people) -> None:
    here, there = signed_in(people.alice), signed_in(people.alice)
    new = {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": "another long phrase"}
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert [client.get("/").status_code for client in (here, there)] == [302, 302]


def test_your_account_leads_to_everything(people) -> None:
    client = signed_in(people.alice)
    assert 'href="/accounts/"' in client.get("/", follow=True).text
    page = client.get("/accounts/").text
    for address in ("password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "sessions/"):
        assert f'href="/accounts/{address}"' in page
        assert client.get(f"/accounts/{address}").status_code in (200, 302)


def test_a_browser_that_used_a_link_stays_in_the_list_and_can_be_ended(people) -> None:
    here, there = signed_in(people.alice), signed_in(people.alice, EDGE)
    before = there.session.session_key
    made = invitations.invite(
        company=people.two, email=people.alice.email, role=Role.READER, actor=people.charlie
    )
    there.get(f"/invitations/{make_token(made)}/")
    there.post("/invitations/use/")
    assert there.session.session_key != before
    assert "Edge on Windows" in here.get("/accounts/sessions/").text
    here.post("/accounts/sessions/")
    assert there.get("/").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/invitations/x/", "/accounts/password/reset/key/{}-d7k-0123/", "/accounts/welcome/key/{}-d7k-0123/"],
)
def test_a_link_that_is_none_makes_no_session(people, path: str) -> None:
    before = Session.objects.count()
    answer = Client().get(path.format(people.alice.pk.hex), follow=True)
    assert answer.status_code == 409
    assert Session.objects.count() == before
