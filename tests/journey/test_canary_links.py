"""The keys of links, planted by using links in every way, and then looked for everywhere but in their own emails.

Secrets of the journey are in test_canary.py; logs of real processes and of proxies in tests/attacks.
"""

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from config.log_redaction import TokenFilter
from onboarding.notifications.models import OutboxEmail
from tests.attacks.links import (
    BOTH,
    invitation_link,
    join,
    newest,
    press,
    reset_link,
    token_in,
    use,
)
from tests.journey.storage_scan import places_of
from tests.people_fixtures import People, client_of
from tests.workers import send_mails

CHOOSE = "/accounts/password/reset/choose/"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is said with LOG_LEVEL=DEBUG, through the filter of the portal's own handler."""
    caplog.set_level(logging.DEBUG)
    for name in ("django", "celery", "allauth"):
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.handler.addFilter(TokenFilter())
    return caplog


def _wander(link: str, pages: list[tuple[str, str]]) -> None:
    """Everything that people and machines do with a link that still works, by mistake or on purpose."""
    token = token_in(link)
    browser = Client()
    for path in (
        link,
        link.rstrip("/"),
        f"{link}?next=/",
        f"{link}more/",
        f"/x{link}",
    ):
        for method in ("get", "head", "post"):
            answer = getattr(browser, method)(
                path, headers={"referer": f"http://testserver{link}"}, follow=True
            )
            pages.append((f"{method} {path.replace(token, '...')}", answer.text + str(dict(answer.headers))))
    signed_in = Client()
    signed_in.post("/accounts/login/", {"login": token, "password": token})
    signed_in.post("/accounts/password/reset/", {"email": f"{token}@x.example"})


def test_no_key_of_a_link_is_anywhere_but_in_its_email(
    people: People, logged: pytest.LogCaptureFixture, mailoutbox: list[Any]
) -> None:
    cache.clear()
    pages: list[tuple[str, str]] = []
    invitation = invitation_link(people)
    reset = reset_link(people.bob)
    for link in (invitation, reset):
        _wander(link, pages)
    renewed = []
    for link, part in ((invitation, "/invitations/"), (reset, "/accounts/password/reset/key/")):
        use(link)
        late = Client()
        press(late, late.get(link, follow=True), "Send me a new link")
        renewed.append(newest(part, 6))  # minutes: a second email to one address waits five
        _wander(renewed[-1], pages)
    tokens = [token_in(link) for link in (invitation, reset, *renewed)]
    assert len(set(tokens)) == 4
    send_mails()  # what was typed as an address waits in the outbox until it is known to be nobody's
    assert places_of(*tokens, more=[("the logs", logged.text), *pages]) == []
    (joining, _), (choosing, _) = (use(link) for link in renewed)
    pages += [("joined", join(joining).text), ("chosen", choosing.post(CHOOSE, BOTH, follow=True).text)]
    for path in ("/companies/one/team/", "/companies/one/"):
        pages.append((path, client_of(people.alice).get(path).text))
    letters = [f"{mail.subject} {mail.body} {mail.alternatives}" for mail in mailoutbox]
    assert all(any(token in letter for letter in letters) for token in tokens)
    assert len(logged.text) > 3_000
    assert len(pages) > 50
    assert places_of(*tokens, more=[("the logs", logged.text), *pages]) == []
    _the_search_finds_what_is_there(tokens[0], logged)


def _the_search_finds_what_is_there(token: str, logged: pytest.LogCaptureFixture) -> None:
    letter = OutboxEmail.objects.all()[0]
    letter.text = f"http://testserver/invitations/{token}/"
    letter.save()
    cache.set("canary", token)
    logging.getLogger("portal").warning("a token by itself: %s", token)
    found = places_of(token, more=[("the logs", logged.text)])
    cache.delete("canary")
    assert [place for place in found if "redis" not in place] == ["notifications_outboxemail", "the logs"]
    assert any("canary" in place for place in found)
