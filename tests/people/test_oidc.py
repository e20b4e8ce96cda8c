"""The organisation's own sign-in, against a real OpenID Connect provider: who comes in and who does not.

How it is configured is tested in tests/config.
"""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse

from certs import clock
from config.oidc import oidc_provider
from onboarding.people.invitations import invite
from onboarding.people.models import Invitation, Membership, Role, User
from tests.people.oidc_provider import CALLBACK, START, running
from tests.people.totp_app import code_of, set_up
from tests.people_fixtures import PASSWORD, client_of, fresh_client_of
from tests.time_travel import travel
from tests.workers import send_mails

NOBODY = "There is no account for you yet"


@pytest.fixture(scope="module")
def server():
    with running() as provider:
        yield provider


@pytest.fixture
def provider(server, settings):
    """The portal is told about the provider as an operator would do it."""
    server.meets(settings)
    return server


def _is_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


def test_a_known_person_comes_in_by_an_address_that_the_provider_confirmed(provider, people) -> None:
    provider.knows("sub-1", email=people.alice.email.upper(), email_verified=True, name="Alice")
    client = Client()
    assert provider.sign_in(client, "sub-1", then="/help/roles/")["Location"] == "/help/roles/"
    assert _is_in(client, people.alice)
    send_mails()
    assert [each.subject for each in mail.outbox] == ["You can sign in with your organisation’s account"]


def test_entra_confirms_an_address_in_its_own_way(provider, people) -> None:
    provider.knows("sub-2", email=people.bob.email, xms_edov=True, name="Bob")
    client = Client()
    provider.sign_in(client, "sub-2")
    assert _is_in(client, people.bob)


@pytest.mark.parametrize(
    "said", [{}, {"email_verified": False}, {"email_verified": "false"}, {"xms_edov": False}]
)
def test_an_address_that_is_not_confirmed_opens_nothing(provider, people, said) -> None:
    provider.knows("sub-3", email=people.alice.email, name="Mallory", **said)
    client = Client()
    answer = provider.sign_in(client, "sub-3")
    assert (answer.status_code, NOBODY in answer.text) == (403, True)
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_nobody_is_made_without_an_invitation(provider, people) -> None:
    provider.knows("sub-4", email="stranger@one.example", email_verified=True)
    before = User.objects.count()
    stranger = provider.sign_in(Client(), "sub-4")
    provider.knows("sub-3", email=people.alice.email)
    unconfirmed = provider.sign_in(Client(), "sub-3")
    assert (stranger.status_code, User.objects.count()) == (403, before)
    assert stranger.text == unconfirmed.text, "the page does not say which of the two it is"


def test_an_invited_person_gets_an_account_and_still_has_to_accept(provider, people) -> None:
    invite(company=people.one, email="nora@one.example", role=Role.TECHNICIAN, actor=people.alice)
    provider.knows("sub-5", email="Nora@One.example", email_verified=True, name="Nora New")
    client = Client()
    provider.sign_in(client, "sub-5")
    nora = User.objects.get(email="nora@one.example")
    assert _is_in(client, nora)
    assert (nora.name, nora.has_usable_password()) == ("Nora New", False)
    assert not Membership.objects.filter(user=nora).exists()


def test_an_invitation_that_ended_or_was_withdrawn_makes_nobody(provider, people) -> None:
    past = {"expires_at": clock.now() - timedelta(days=1)}
    for number, change in enumerate((past, {"withdrawn_at": clock.now()})):
        address = f"late{number}@one.example"
        invite(company=people.one, email=address, role=Role.READER, actor=people.alice)
        Invitation.objects.filter(email=address).update(**change)
        provider.knows(f"late-{number}", email=address, email_verified=True)
        assert provider.sign_in(Client(), f"late-{number}").status_code == 403
        assert not User.objects.filter(email=address).exists()


def test_once_linked_the_person_stays_the_same_whatever_their_address_becomes(provider, people) -> None:
    provider.knows("sub-6", email=people.alice.email, email_verified=True)
    provider.sign_in(Client(), "sub-6")
    provider.knows("sub-6", email=people.bob.email, email_verified=True)
    client = Client()
    provider.sign_in(client, "sub-6")
    assert _is_in(client, people.alice)


def test_a_closed_account_stays_closed(provider, people) -> None:
    people.alice.is_active = False
    people.alice.save()
    provider.knows("sub-7", email=people.alice.email, email_verified=True)
    client = Client()
    assert provider.sign_in(client, "sub-7")["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_a_second_factor_that_is_set_up_is_asked_for_here_too(provider, people) -> None:
    _, key, _ = set_up(people.alice)
    provider.knows("sub-8", email=people.alice.email, email_verified=True)
    client = Client()
    assert provider.sign_in(client, "sub-8")["Location"] == "/accounts/2fa/authenticate/"
    client.post("/accounts/2fa/authenticate/", {"code": code_of(key)})
    assert _is_in(client, people.alice)


def test_the_providers_own_second_factor_counts_if_the_operator_says_so(provider, people, operator) -> None:
    operator(second_factor=True, second_factor_grace_days=0)
    provider.knows("sub-9", email=people.alice.email, email_verified=True)
    client = Client()
    provider.sign_in(client, "sub-9")
    assert client.get("/")["Location"] == "/accounts/2fa/"
    operator(oidc_second_factor=True)
    assert client.get("/").status_code == 200


def test_nobody_links_an_account_in_another_way(provider, people) -> None:
    assert client_of(people.alice).get(START, {"process": "connect"}).status_code == 404


def test_ones_account_says_whether_it_is_linked_and_takes_the_link_away(provider, people) -> None:
    client = fresh_client_of(people.alice)
    assert "Not linked" in client.get("/accounts/").text
    provider.knows("sub-15", email=people.alice.email, email_verified=True)
    provider.sign_in(client, "sub-15")
    assert "Not linked" not in client.get("/accounts/").text
    assert "You can sign in with Example Entra." in client.get("/accounts/organisation/").text
    asked = client.post("/accounts/organisation/", {"account": SocialAccount.objects.get().pk})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert SocialAccount.objects.exists()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/organisation/"})
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_opens_nothing(provider, people) -> None:
    provider.knows("sub-10", email=people.alice.email, email_verified=True)
    stolen, other = provider.answers(Client(), "sub-10"), Client()
    answer = other.get(stolen)
    assert (answer.status_code, "did not work" in answer.text) == (401, True)
    assert "_auth_user_id" not in other.session


def test_a_code_is_good_once(provider, people) -> None:
    provider.knows("sub-11", email=people.alice.email, email_verified=True)
    client = Client()
    back = provider.answers(client, "sub-11")
    assert client.get(back).status_code == 302
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 401


def test_stopping_at_the_provider_leads_back_to_the_sign_in(provider, people) -> None:
    client = Client()
    page = client.get(provider.answers(client, "sub-12", action="deny"), follow=True)
    assert "You did not sign in" in page.text


def test_a_wrong_secret_opens_nothing_and_is_not_shown(provider, people, settings, operator) -> None:
    operator(oidc_client_secret=type(settings.PORTAL.secret_key)("not-the-secret"))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": oidc_provider(settings.PORTAL)}
    provider.knows("sub-13", email=people.alice.email, email_verified=True)
    answer = provider.sign_in(Client(), "sub-13")
    assert (answer.status_code, "not-the-secret" in answer.text) == (401, False)


def test_a_provider_that_does_not_answer_gets_a_page_with_a_way_on(
    provider, people, settings, operator
) -> None:
    operator(oidc_issuer="http://127.0.0.1:9")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": oidc_provider(settings.PORTAL)}
    answer = Client().get(START)
    assert (answer.status_code, "Your organisation’s sign-in did not work" in answer.text) == (502, True)


def test_whoever_has_only_this_sign_in_shows_afresh_there_that_it_is_them(
    provider, people, onboarding
) -> None:
    people.alice.set_unusable_password()
    people.alice.save()
    secret = reverse("journey:bundle", args=[onboarding.code])
    provider.knows("sub-14", email=people.alice.email, email_verified=True)
    client = Client()
    provider.sign_in(client, "sub-14")
    assert client.get(secret).status_code == 200
    with travel(clock.now() + timedelta(minutes=6), machine=True):
        asked = client.get(secret)
        assert asked["Location"].startswith(START)
        start = client.get(asked["Location"])
        assert "prompt=login&max_age=0" in start["Location"]
        said = {"email": people.alice.email, "email_verified": True}
        provider.knows(
            "sub-14", auth_time=int(clock.now().timestamp()), **said
        )  # its own clock stands elsewhere
        assert provider.follow(client, start["Location"], "sub-14")["Location"] == secret
        assert client.get(secret).status_code == 200


def test_a_provider_that_was_not_asked_again_proves_nothing(provider, people, onboarding) -> None:
    people.alice.set_unusable_password()
    people.alice.save()
    secret = reverse("journey:bundle", args=[onboarding.code])
    client, about = Client(), {"email": people.alice.email, "email_verified": True}
    for minutes, status in ((10, 403), (1, 200), (6, 403)):
        shown_at = int((clock.now() - timedelta(minutes=minutes)).timestamp())
        provider.knows("sub-15", auth_time=shown_at, **about)
        provider.sign_in(client, "sub-15")
        assert client.get(secret).status_code == status, minutes
    assert "without asking who you are" in client.get(secret).text
    with travel(clock.now() + timedelta(minutes=2), machine=True):
        assert "max_age%3D0" in client.get(secret)["Location"]


def test_the_sign_in_page_offers_it_only_where_it_is_configured(provider, people, operator) -> None:
    page = Client().get("/accounts/login/", {"next": "/help/roles/"}).text
    assert "Sign in with Example Entra" in page
    assert f'href="{START}?process=login&amp;next=/help/roles/"' in page
    operator(oidc_issuer=None)
    assert "Example Entra" not in Client().get("/accounts/login/").text


def test_without_a_provider_its_addresses_do_not_exist(people) -> None:
    assert Client().get(START).status_code == 404
    assert Client().get(CALLBACK).status_code == 404
