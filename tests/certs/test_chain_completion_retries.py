"""Issuers whose address is away or busy: sought again, ever less often, for some days; and what that never does.

What is found when the address answers is tested in test_chain_completion.py.
"""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs import certificate, chain_completion, clock, pfx
from certs.certificate import load_chain
from certs.models import Certificate, SigningRequest
from tests.certs.test_aia import DRIPS, Publisher, publisher
from tests.certs.test_chain_completion import naming_its_issuer
from tests.certs.x509_factories import intermediate, pem_of
from tests.time_travel import travel

__all__ = ["publisher"]
ISSUER = intermediate().certificate


@pytest.fixture
def busy(settings, request_with_key: SigningRequest, publisher: Publisher) -> Certificate:
    """A certificate without its issuer, whose address says that it is busy; the portal holds the key."""
    settings.PORTAL = settings.PORTAL.model_copy(update={"aia_hosts": (publisher.host,)})
    brought = pem_of(naming_its_issuer(publisher.serve("/issuer.crt", b"", 503)))
    return certificate.accept(
        request_with_key.company_id, request_with_key.case_id, brought, request_with_key
    )


def due() -> list[Certificate]:
    return list(chain_completion.due_certificates())


def test_a_busy_address_is_asked_again_a_minute_later(busy: Certificate, publisher: Publisher) -> None:
    chain_completion.complete_chain(busy)
    assert due() == []
    assert Certificate.objects.get().chain_searched_at is None
    publisher.serve("/issuer.crt", ISSUER.public_bytes(Encoding.DER))
    with travel(clock.now() + timedelta(seconds=61)):
        assert due() == [busy]
        chain_completion.complete_chain(due()[0])
    row = Certificate.objects.get()
    assert load_chain(row.chain_pem) == (ISSUER,)
    assert row.chain_searched_at is not None


def test_it_is_asked_ever_less_often_and_after_some_days_no_more(
    busy: Certificate, publisher: Publisher
) -> None:
    began, pauses = clock.now(), []
    while (row := Certificate.objects.get()).chain_searched_at is None:
        at = row.chain_next_search_at or began
        with travel(at, tick=False):
            chain_completion.complete_chain(due()[0])
            assert due() == []
        pauses.append(at)
    assert len(publisher.asked) == chain_completion.MAX_SEARCHES
    assert timedelta(days=2) < pauses[-1] - began < timedelta(days=4)
    gaps = [later - earlier for earlier, later in pairwise(pauses)]
    assert gaps == sorted(set(gaps))
    with travel(pauses[-1] + timedelta(days=30)):
        assert due() == []


def test_those_asked_least_often_come_first(busy: Certificate) -> None:
    Certificate.objects.update(chain_searches=3)
    other = Certificate.objects.get()
    other.pk, other.sha256, other.chain_searches = None, "0" * 64, 0
    other.save()
    assert due() == [other, busy]


def test_a_certificate_whose_address_drips_holds_no_pfx_up(
    busy: Certificate, publisher: Publisher, monkeypatch
) -> None:
    monkeypatch.setattr(chain_completion, "SECONDS", 0.5)
    publisher.answers["/issuer.crt"] = DRIPS["content"]
    began = time.monotonic()
    chain_completion.complete_chain(busy)
    assert time.monotonic() - began < 3
    assert pfx.make(busy.company_id, busy.case_id, busy).secret is not None
    assert Certificate.objects.get().chain_searched_at is None


def test_a_search_that_fails_counts_as_one(busy: Certificate) -> None:
    Certificate.objects.update(pem="damaged")
    with pytest.raises(ValueError, match="PEM"):
        chain_completion.complete_chain(Certificate.objects.get())
    assert Certificate.objects.get().chain_searches == 1
    assert due() == []


def test_a_chain_that_is_brought_during_a_search_stays(busy: Certificate, publisher: Publisher) -> None:
    publisher.serve("/issuer.crt", b"", 404)
    Certificate.objects.update(chain_pem=intermediate().pem)  # the worker holds the row as it was before
    assert chain_completion.complete_chain(busy).chain_pem == intermediate().pem
    assert Certificate.objects.get().chain_pem == intermediate().pem
    assert Certificate.objects.get().chain_searched_at is None
