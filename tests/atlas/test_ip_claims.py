"""Claims on IP addresses, their whole life, against the local Atlas over real mutual TLS.
Not here: claims on domains, see test_claims. The calls are those of one third-party client, GlobalSign-Atlas-API-CLI.
"""

import json
import time

import pytest

from atlas.errors import Rejected
from atlas.sandbox.server import Sandbox
from atlas.types import Assertion, ClaimStatus, IpClaim
from tests.atlas.clients import first_client
from tests.atlas.response_samples import CLAIM, as_response


@pytest.mark.parametrize(("address", "host"), [("192.0.2.9", "192.0.2.9"), ("2001:db8::9", "[2001:db8::9]")])
def test_an_ip_address_is_claimed_shown_by_http_renewed_and_forgotten(
    quick_atlas: Sandbox, address: str, host: str
) -> None:
    with first_client(quick_atlas) as hvca:
        made = hvca.submit_ip_claim(address)
        with pytest.raises(Rejected) as caught:
            hvca.submit_ip_claim(address)
        assert caught.value.status == 409
        assert (hvca.ip_claim(made.id).status, hvca.ip_claim(made.id).ip_address) == (
            ClaimStatus.PENDING,
            address,
        )
        quick_atlas.web[f"http://{host}/.well-known/pki-validation/gsdv.txt"] = made.token
        for _ in range(100):
            if hvca.assert_ip_claim_by_http(made.id, address) == Assertion.VERIFIED:
                break
            time.sleep(0.02)
        assert made.id in {claim.id for claim in hvca.ip_claims(ClaimStatus.VERIFIED)}
        assert made.id in {claim.id for claim in hvca.ip_claims()}
        assert hvca.reassert_ip_claim(made.id).token != made.token
        hvca.delete_ip_claim(made.id)
        assert made.id not in {claim.id for claim in hvca.ip_claims()}


@pytest.mark.parametrize(("said", "read"), [({"domain": "192.0.2.9"}, "192.0.2.9"), ({}, None)])
def test_a_claim_whose_address_has_another_name_or_none_is_read(
    said: dict[str, str], read: str | None
) -> None:
    members = {name: value for name, value in CLAIM.items() if name != "domain"}
    assert as_response(json.dumps(members | said).encode()).parse(IpClaim).ip_address == read
