"""The stand-in answers Microsoft's package as Azure does (section 6.1 of the facts), also where the portal never goes.

Only so is it worth anything that the portal works with it.
"""

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.transport import RequestsTransport
from azure.keyvault.certificates import CertificateClient
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from certs import pfx
from certs.findings.known_messages import recognise_messages
from tests.certs import x509_factories
from tests.certs.azure_key_vault.client_factories import CHAIN, NAME, Identity, certificate, refused
from tests.certs.azure_key_vault.fake_key_vault import OFFICER, FakeKeyVault


@pytest.fixture
def package(vault: FakeKeyVault) -> CertificateClient:
    """Microsoft's own client, for what the portal's does not do; its caller may also take requests back."""
    vault.rights["token-of-the-portal"] = OFFICER | {"certificates/update"}
    transport = RequestsTransport(connection_verify=str(vault.root))
    return CertificateClient(
        vault.url, Identity(), transport=transport, verify_challenge_resource=False, retry_total=0
    )


def said(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, list[str]]:
    """The status, and what the doctor makes of the message that a person would paste."""
    return error.value.status_code, [each.code for each in recognise_messages(str(error.value.message))]


def test_pkcs7_is_no_certificate_to_merge(client, package) -> None:
    """F11."""
    client.request(NAME)
    p7b = pkcs7.serialize_certificates([x509_factories.leaf()], Encoding.DER)
    for given in ([p7b], []):
        with pytest.raises(HttpResponseError) as error:
            package.merge_certificate(NAME, given)
        assert said(error) == (400, ["vault-x5c"])


def test_text_for_bytes_is_no_certificate_to_merge(client, package) -> None:
    """F12."""
    client.request(NAME)
    with pytest.raises(HttpResponseError) as error:
        package.merge_certificate(NAME, [x509_factories.pem_of(x509_factories.leaf())])
    assert said(error) == (400, ["vault-asn1"])


@pytest.mark.parametrize("name", ["onboarding_key", "onboarding.key"])
def test_a_name_has_letters_digits_and_hyphens(client, vault, name: str) -> None:
    """F17."""
    refused(lambda: client.request(name), "vault-name")
    assert vault.entries == {}


@pytest.mark.parametrize("props", [{"exportable": False}, {"kty": "RSA-HSM"}])
def test_a_key_that_must_not_leave_is_not_in_the_pfx(client, vault, props: dict[str, object]) -> None:
    """F21."""
    client.merge(NAME, certificate(client.request(NAME)), CHAIN)
    assert pfx.read(client.export(NAME)).ok
    vault.entries[NAME].policy["key_props"].update(props)
    refused(lambda: pfx.read(client.export(NAME)), "pfx-no-key")


def test_until_the_merge_a_certificate_is_there_and_disabled(client, package) -> None:
    client.request(NAME)
    shown = package.get_certificate(NAME)
    assert (shown.properties.enabled, bool(shown.cer)) == (False, False)
    refused(lambda: client.export(NAME), "vault-disabled")


def test_a_request_in_progress_can_be_cancelled_once(client, package) -> None:
    client.request(NAME)
    assert package.cancel_certificate_operation(NAME).cancellation_requested
    assert package.get_certificate_operation(NAME).status == "canceled"
    with pytest.raises(HttpResponseError) as error:
        package.cancel_certificate_operation(NAME)
    assert error.value.status_code == 400


def test_a_request_can_be_given_up_and_is_gone(client, package) -> None:
    """F14."""
    client.request(NAME)
    assert package.delete_certificate_operation(NAME).status == "inProgress"
    for ask in (package.get_certificate_operation, package.delete_certificate_operation):
        with pytest.raises(HttpResponseError) as error:
            ask(NAME)
        assert said(error) == (404, ["vault-pending-gone"])


def test_who_may_only_create_and_read_takes_no_request_back(client, vault, package) -> None:
    client.request(NAME)
    vault.rights["token-of-the-portal"] = OFFICER
    with pytest.raises(HttpResponseError) as error:
        package.delete_certificate_operation(NAME)
    assert said(error) == (403, ["vault-forbidden"])


def test_a_request_is_found_only_by_its_own_number(client, vault) -> None:
    client.request(NAME)
    own = vault.answer("GET", f"/certificates/{NAME}/pending", {})[1]["request_id"]
    assert vault.answer("GET", f"/certificates/{NAME}/pending?request_id={own}", {})[0] == 200
    with pytest.raises(Exception, match="Pending certificate not found"):
        vault.answer("GET", f"/certificates/{NAME}/pending?request_id=another", {})
