"""Signing under bad luck: killed at any point, or asked by many at once, there is exactly one certificate."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from atlas.sandbox.faults import InjectedFault
from atlas.sandbox.server import Sandbox
from certs import clock, csr, signing
from certs.models import Certificate, SigningIntent, SigningRequest
from tests.certs.atlas_customer import Customer, customer, until
from tests.certs.signing_steps import Watched, collected, planned
from tests.certs.x509_factories import csr_pem
from tests.time_travel import travel


@pytest.fixture
def watched(atlas: Sandbox) -> Watched:
    return Watched(atlas)


class Killed(BaseException):
    """The process is gone."""


class Killer:
    """Counts every SQL statement and every call, before and after; at number `at` the process dies and stays dead."""

    def __init__(self, at: int) -> None:
        self.at, self.points = at, 0

    def point(self, *_: object) -> None:
        self.points += 1
        if self.points >= self.at:
            raise Killed

    @contextmanager
    def watching(self, api: Watched) -> Iterator[None]:
        api.before = api.after = self.point

        def statement(execute: Callable[..., Any], *rest: Any) -> Any:
            self.point()
            result = execute(*rest)
            self.point()
            return result

        with connection.execute_wrapper(statement):
            yield


def _live(request: SigningRequest, at: Customer, watched: Watched, killer: Killer) -> bool:
    """One process: plan, order, collect. Whether it came to its end."""
    try:
        with killer.watching(watched):
            intent = planned(request, at, "one-submission")
            signing.order(watched, intent.pk)
            until(lambda: signing.collect(watched, intent.pk) is not None)
    except Killed:
        return False
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("behind", [False, True], ids=["a list that is true", "a list that lags one look"])
def test_killed_at_any_point_there_is_exactly_one_certificate(atlas: Sandbox, behind: bool) -> None:
    """Every statement and call is a point; the process dies at each in turn and a new one takes over."""
    for at in range(1, 500):
        ours = customer(atlas)
        for model in (SigningIntent, Certificate, SigningRequest):
            model.objects.all().delete()
        request = csr.accept(uuid4(), uuid4(), csr_pem())
        survived = _live(request, ours, Watched(atlas), Killer(at))
        with travel(clock.now() + signing.LEASE + timedelta(seconds=1)):
            if behind:
                atlas.faults.add(InjectedFault("list-behind", path_prefix=f"/accounts/{ours.account_id}"))
            collected(ours, planned(request, ours, "one-submission"))
            atlas.faults.clear()
        assert Certificate.objects.count() == 1
        assert SigningIntent.objects.count() == 1
        assert ours.ordered(request.public_key_sha256) == 1, f"killed at point {at}"
        if survived:
            assert at > 20
            return
    pytest.fail("it never came to its end")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_atlas_is_asked(
    atlas: Sandbox, at_atlas: Customer, watched: Watched
) -> None:
    seen: list[bool] = []
    watched.before = watched.after = lambda call: seen.append(connection.in_atomic_block)
    request = csr.accept(uuid4(), uuid4(), csr_pem())
    intent = planned(request, at_atlas)
    until(lambda: signing.advance(watched, intent.pk) is not None)
    assert len(seen) >= 6
    assert not any(seen)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_orders(atlas: Sandbox, at_atlas: Customer) -> None:
    request = csr.accept(uuid4(), uuid4(), csr_pem())
    start, sent, errors = threading.Barrier(4), [], []

    def work() -> None:
        try:
            with Watched(atlas) as api:
                api.before = lambda call: sent.append(call) if call == "POST" else None
                start.wait(10)
                signing.order(api, planned(request, at_atlas).pk)
        except BaseException as error:  # noqa: BLE001  # shown by the test
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert errors == []
    assert sent == ["POST"]
    assert SigningIntent.objects.count() == 1
    assert at_atlas.ordered(request.public_key_sha256) == 1
