"""One test's attempts are none of the next one's: tests/own_counters.py."""

import pytest
from django.test import Client

from config.sign_in import RATE_LIMITS

MOST = int(RATE_LIMITS["reset_password"].partition("/")[0])  # in a minute, from one address


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_may_ask_as_often_as_one_address_may(db, time: str) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": "nobody@one.example"}) for _ in range(MOST)
    ]
    assert {each.status_code for each in answers} == {302}
    one_more = Client().post("/accounts/password/reset/", {"email": "nobody@one.example"})
    assert one_more.status_code == 429
