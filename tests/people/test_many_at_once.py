"""Colleagues behind one address who sign in at the very same moment do not stand in each other's way.

How many may do so in a minute is tested in tests/attacks/test_nobody_locks_out_others.py.
"""

from functools import partial

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.test import Client, RequestFactory

from config.sign_in import RATE_LIMITS
from onboarding.people.models import User
from tests.concurrency import race
from tests.people_fixtures import PASSWORD, People, make_user

OFFICE = "198.51.100.7"
AT_ONCE = 24  # three containers with their eight threads


def _sign_in(user: User) -> int:
    given = {"login": user.email, "password": PASSWORD}
    return Client(REMOTE_ADDR=OFFICE).post("/accounts/login/", given).status_code


@pytest.mark.django_db(transaction=True)
def test_many_who_sign_in_at_the_same_moment_are_all_let_in() -> None:
    staff = [make_user(f"p{number}@one.example", f"Person {number}") for number in range(AT_ONCE)]
    assert race(*(partial(_sign_in, each) for each in staff)) == [302] * AT_ONCE


def test_a_process_that_died_while_it_counted_keeps_nobody_out(people: People) -> None:
    (rate,) = ratelimit.parse_rates(RATE_LIMITS["login"])
    request = RequestFactory(REMOTE_ADDR=OFFICE).post("/accounts/login/")
    counter = ratelimit.get_cache_key(request, app="allauth.account", action="login", rate=rate)
    cache.set(f"{counter}:lock", True, 2)
    assert _sign_in(people.alice) == 302
    assert ratelimit.CACHE_LOCK_WAIT_TIMEOUT > ratelimit.CACHE_LOCK_TIMEOUT, (
        "locks last longer than anybody waits"
    )
