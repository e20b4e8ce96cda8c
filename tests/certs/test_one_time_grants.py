"""A grant shows one thing once: of two who use it at the same moment one gets it."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from certs import one_time_grants
from certs.findings import InvalidArtifact
from certs.models import OneTimeGrant


@pytest.mark.django_db(transaction=True)
def test_exactly_one_of_two_racers_gets_it() -> None:
    grant = one_time_grants.create_grant("pfx", uuid4(), 7)
    start, got, refused = threading.Barrier(6), [], []

    def racer() -> None:
        try:
            start.wait(10)
            got.append(one_time_grants.use_grant(grant.pk, "pfx", 7))
        except InvalidArtifact as invalid:
            refused.append(invalid.codes)
        finally:
            connection.close()

    racers = [threading.Thread(target=racer) for _ in range(6)]
    for one in racers:
        one.start()
    for one in racers:
        one.join(30)
    assert got == [grant.record_id]
    assert refused == [("reveal-used",)] * 5


@pytest.mark.django_db
def test_a_use_that_is_rolled_back_did_not_happen() -> None:
    grant = one_time_grants.create_grant("pfx", uuid4(), 7)

    def fails() -> None:
        with transaction.atomic():
            one_time_grants.use_grant(grant.pk, "pfx", 7)
            raise RuntimeError("the page broke")

    with pytest.raises(RuntimeError):
        fails()
    assert one_time_grants.use_grant(grant.pk, "pfx", 7) == grant.record_id


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "person"), [("api-credential", 7), ("pfx", 8)])
def test_it_is_good_for_one_kind_and_one_person(kind: str, person: int) -> None:
    grant = one_time_grants.create_grant("pfx", uuid4(), 7)
    with pytest.raises(InvalidArtifact) as caught:
        one_time_grants.use_grant(grant.pk, kind, person)
    assert caught.value.codes == ("reveal-gone",)
    assert OneTimeGrant.objects.get().used_at is None
