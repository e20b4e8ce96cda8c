"""What older documents and clients of GlobalSign rest on: samples, a file form, a short trust chain. With sources."""

from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from atlas.sandbox.hvca_extensions import custom
from atlas.sandbox.hvca_subject import subject
from atlas.sandbox.policy_file import checked
from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Hvca, wanted
from tests.atlas.sandbox.test_own_policy import POLICY

STATIC_BY_EXPRESSION: dict[str, Any] = {
    "1.3.6.1.5.5.7.48.1.5": {
        "presence": "STATIC",
        "critical": False,
        "value_type": "NIL",
        "value_format": "^([A-Fa-f0-9]{2})+$",
    },
    "1.3.6.1.5.5.7.48.1.6": {
        "presence": "STATIC",
        "critical": True,
        "value_type": "DER",
        "value_format": "^([A-Fa-f0-9]{2})+$",
    },
}


def test_a_policy_may_give_an_expression_for_a_static_extension() -> None:
    """The example of `custom_extensions` in HVCA API document 2.1; hvclient 1.5.0, test_validation_policy.json."""
    assert checked(POLICY | {"custom_extensions": STATIC_BY_EXPRESSION})
    ((extension, critical),) = custom(STATIC_BY_EXPRESSION, {})
    assert (extension.oid.dotted_string, extension.value, critical) == (
        "1.3.6.1.5.5.7.48.1.5",
        b"\x05\x00",
        False,
    )


def test_a_country_of_incorporation_is_what_the_policy_allows() -> None:
    """A sample of `subject_dn` in HVCA API document 2.1 says "United Kingdom", where X.520 has two letters."""
    name = "jurisdiction_of_incorporation_country_name"
    with pytest.warns(UserWarning, match="length"):
        made = subject({name: {"presence": "OPTIONAL", "format": "[A-Za-z ]+"}}, {name: "United Kingdom"})
    (found,) = made.get_attributes_for_oid(NameOID.JURISDICTION_COUNTRY_NAME)
    assert found.value == "United Kingdom"


def test_the_root_may_issue_by_itself_and_the_key_of_the_first_client_is_pkcs1(start: Any) -> None:
    """client_test.go of atlas-hashicorp-vault counts one certificate in the trust chain of its account of 2020, and so
    do the transcripts of hvclient of 2018; internal/pki/pem.go of hvclient before 1.5.0 reads RSA PRIVATE KEY only."""
    sandbox: Sandbox = start(speed=864_000, root_issues=True)
    assert (sandbox.directory / "client.key").read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
    client = Hvca(sandbox)
    client.login()
    (chain,) = client.call("GET", "/trustchain").json()
    issued = x509.load_pem_x509_certificate(client.issued(wanted())["certificate"].encode())
    issued.verify_directly_issued_by(x509.load_pem_x509_certificate(chain.encode()))
