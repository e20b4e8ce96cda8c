"""A validation policy of one's own: every kind of rule is measured and shows in the certificate."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from atlas.sandbox.policy_file import BadPolicy, checked, read_policy
from tests.atlas.sandbox.api_client import Hvca, csr_of, refused, rsa_key

UPN = "1.3.6.1.4.1.311.20.2.3"
ANY = {"presence": "OPTIONAL", "format": ".{1,64}"}
LIST = {"static": False, "list": [".*"], "mincount": 0, "maxcount": 2}
POLICY: dict[str, Any] = {
    "validity": {"secondsmin": 1, "secondsmax": 86400, "not_before_negative_skew": 60, "not_before_positive_skew": 60},
    "subject_dn": {
        "common_name": ANY,
        "country": {"presence": "STATIC", "format": "GB"},
        "serial_number": ANY,
        "given_name": ANY,
        "organizational_unit": {"static": True, "list": ["Operations"], "mincount": 1, "maxcount": 1},
        "extra_attributes": {"2.5.4.12": {"static": False, "value_type": "UTF8STRING", "value_format": "[A-Z].*",
                                          "mincount": 0, "maxcount": 1}},
    },
    "san": {
        "critical": True,
        "dns_names": LIST | {"list": [".northwind.example"]},
        "emails": LIST | {"list": ["@northwind.example"]},
        "ip_addresses": LIST | {"list": [r"192\.0\.2\..*"]},
        "uris": LIST | {"list": ["https://.*"]},
        "other_names": {UPN: {"static": False, "value_type": "UTF8STRING", "value_format": "",
                              "mincount": 0, "maxcount": 1}},
    },
    "key_usages": {"key_agreement": "STATIC_TRUE", "decipher_only": "OPTIONAL", "crl_sign": "STATIC_FALSE"},
    "extended_key_usages": {"ekus": {"static": True, "list": ["1.3.6.1.5.5.7.3.2"], "mincount": 1, "maxcount": 1},
                            "critical": True},
    "subject_da": {"gender": ANY, "date_of_birth": "OPTIONAL", "place_of_birth": ANY,
                   "country_of_citizenship": LIST, "country_of_residence": LIST,
                   "extra_attributes": {"1.2.3.4": {"static": False, "value_type": "INTEGER", "mincount": 0,
                                                    "maxcount": 1}}},
    "qualified_statements": {
        "semantics": {"identifier": {"presence": "OPTIONAL", "format": "[0-9.]+"}, "name_authorities": LIST},
        "etsi_qc_compliance": "STATIC_TRUE", "etsi_qc_sscd_compliance": "OPTIONAL",
        "etsi_qc_type": {"presence": "OPTIONAL", "format": "[0-9.]+"},
        "etsi_qc_retention_period": {"presence": "OPTIONAL", "min": 1, "max": 30},
        "etsi_qc_pds": {"presence": "OPTIONAL", "policies": {"EN": "https://.*"}},
    },
    "ms_extension_template": {"critical": False, "template_id": {"presence": "OPTIONAL", "format": "[0-9.]+"},
                              "major_version": {"presence": "OPTIONAL", "min": 0, "max": 9},
                              "minor_version": {"presence": "OPTIONAL", "min": 0, "max": 9}},
    "custom_extensions": {
        "1.2.3.1": {"presence": "OPTIONAL", "critical": False, "value_type": "DER"},
        "1.2.3.2": {"presence": "OPTIONAL", "critical": False, "value_type": "NIL"},
        "1.2.3.3": {"presence": "STATIC", "critical": False, "value_type": "IA5STRING", "value_format": "fixed"},
    },
    "signature": {"algorithm": {"presence": "OPTIONAL", "list": ["RSA", "RSA-PSS"]},
                  "hash_algorithm": {"presence": "STATIC", "list": ["SHA-384"]}},
    "public_key": {"key_type": "ECDSA", "allowed_lengths": [256], "key_format": "PKCS10"},
    "public_key_signature": "FORBIDDEN",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """HVCA with the policy above."""
    from atlas.sandbox.server import Sandbox

    sandbox = Sandbox(tmp_path_factory.mktemp("own"), speed=864_000, validation_policy=POLICY)
    sandbox.start()
    hvca = Hvca(sandbox)
    hvca.login()
    yield hvca
    sandbox.stop()


def _body(**changes: Any) -> dict[str, Any]:
    own = csr_of(ec.generate_private_key(ec.SECP256R1()))
    return {"validity": {"not_before": int(time.time())}, "public_key": own} | changes


def test_the_policy_is_answered_as_it_was_given(client: Hvca) -> None:
    assert client.call("GET", "/validationpolicy").json() == POLICY


def test_a_request_with_everything_is_issued_with_everything(client: Hvca) -> None:
    body = _body(
        subject_dn={"common_name": "Bob", "given_name": "Bob", "serial_number": "7",
                    "extra_attributes": [{"type": "2.5.4.12", "value": "Engineer"}]},
        san={"dns_names": ["a.northwind.example"], "emails": ["bob@northwind.example"], "ip_addresses": ["192.0.2.1"],
             "uris": ["https://x.example/"], "other_names": [{"type": UPN, "value": "bob@northwind"}]},
        key_usages={"decipher_only": True},
        subject_da={"gender": "M", "date_of_birth": "1990-02-28", "place_of_birth": "Leeds",
                    "country_of_citizenship": ["GB"], "extra_attributes": [{"type": "1.2.3.4", "value": "-5"}]},
        qualified_statements={"semantics": {"identifier": "0.4.0.194121.1.1", "name_authorities": ["https://x.example"]},
                              "etsi_qc_sscd_compliance": True, "etsi_qc_type": "0.4.0.1862.1.6.1",
                              "etsi_qc_retention_period": 10, "etsi_qc_pds": {"EN": "https://x.example/pds"}},
        ms_extension_template={"id": "1.3.6.1.4.1.311.21.8.1", "major_version": 1, "minor_version": 2},
        custom_extensions={"1.2.3.1": "0403010203", "1.2.3.2": "NIL"},
        signature={"algorithm": "RSA-PSS"},
    )  # fmt: skip
    certificate = x509.load_pem_x509_certificate(client.issued(body)["certificate"].encode())
    names = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert names[NameOID.COUNTRY_NAME] == "GB"
    assert names[NameOID.ORGANIZATIONAL_UNIT_NAME] == "Operations"
    assert names[x509.ObjectIdentifier("2.5.4.12")] == "Engineer"
    found = {extension.oid.dotted_string: extension for extension in certificate.extensions}
    assert {"2.5.29.9", "1.3.6.1.5.5.7.1.3", "1.3.6.1.4.1.311.21.7", "1.2.3.1", "1.2.3.2", "1.2.3.3"} <= set(
        found
    )
    assert found["1.2.3.1"].value.value == bytes.fromhex("0403010203")
    assert found["1.2.3.2"].value.value == b"\x05\x00"
    assert found["1.2.3.3"].value.value == b"\x16\x05fixed"
    assert found["2.5.29.17"].critical
    assert len(found["2.5.29.17"].value) == 5
    assert found["2.5.29.37"].critical
    assert (found["2.5.29.15"].value.key_agreement, found["2.5.29.15"].value.decipher_only) == (True, True)
    assert certificate.signature_hash_algorithm.name == "sha384"
    issuer = x509.load_pem_x509_certificate(client.call("GET", "/trustchain").json()[0].encode())
    certificate.verify_directly_issued_by(issuer)


def test_a_request_with_almost_nothing_is_issued(client: Hvca) -> None:
    certificate = x509.load_pem_x509_certificate(client.issued(_body())["certificate"].encode())
    assert certificate.subject.rfc4514_string() == "OU=Operations,C=GB"


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"subject_dn": {"organizational_unit": ["X"]}}, "subject_dn.organizational_unit: is static"),
        ({"subject_dn": {"locality": "X"}}, "subject_dn.locality: is forbidden"),
        (
            {"subject_dn": {"extra_attributes": [{"type": "1.2"}]}},
            "subject_dn.extra_attributes: is forbidden",
        ),
        (
            {"subject_dn": {"extra_attributes": [{"type": "2.5.4.12", "value": "x"}]}},
            "subject_dn.extra_attributes: invalid value",
        ),
        ({"san": {"dns_names": ["a.b.example"]}}, "san.dns_names: invalid value"),
        ({"san": {"emails": ["bob@*.northwind.example"]}}, "san.emails: invalid value"),
        ({"san": {"ip_addresses": ["192.0.2.300"]}}, "san.ip_addresses: invalid value"),
        ({"san": {"uris": ["http://x"]}}, "san.uris: invalid value"),
        ({"san": {"other_names": [{"type": UPN, "value": "a"}] * 2}}, "san.other_names: invalid value"),
        ({"key_usages": {"crl_sign": True}}, "key_usages.crl_sign: is static"),
        ({"key_usages": {"digital_signature": True}}, "key_usages.digital_signature: is forbidden"),
        ({"extended_key_usages": ["1.3.6.1.5.5.7.3.2"]}, "extended_key_usages: is static"),
        ({"subject_da": {"date_of_birth": "1990-02-30"}}, "subject_da.date_of_birth: invalid value"),
        (
            {"subject_da": {"extra_attributes": [{"type": "1.2.3.4", "value": "x"}]}},
            "subject_da.extra_attributes: invalid value",
        ),
        (
            {"qualified_statements": {"etsi_qc_compliance": False}},
            "qualified_statements.etsi_qc_compliance: is static",
        ),
        (
            {"qualified_statements": {"etsi_qc_retention_period": 31}},
            "qualified_statements.etsi_qc_retention_period: invalid value",
        ),
        (
            {"qualified_statements": {"etsi_qc_pds": {"DE": "https://x"}}},
            "qualified_statements.etsi_qc_pds: invalid value",
        ),
        (
            {"qualified_statements": {"etsi_qc_type": "9.9"}},
            "qualified_statements.etsi_qc_type: invalid value",
        ),
        ({"ms_extension_template": {"id": "x"}}, "ms_extension_template.id: invalid value"),
        ({"custom_extensions": {"1.2.3.1": "0403"}}, "custom_extensions.1.2.3.1: invalid value"),
        ({"custom_extensions": {"1.2.3.3": "x"}}, "custom_extensions.1.2.3.3: is static"),
        ({"custom_extensions": {"1.2.9": "x"}}, "custom_extensions.1.2.9: is forbidden"),
        ({"signature": {"hash_algorithm": "SHA-384"}}, "signature.hash_algorithm: is static"),
        ({"signature": {"algorithm": "ECDSA"}}, "signature.algorithm: invalid value"),
        ({"public_key": csr_of(rsa_key())}, "public_key: unsupported key type: ECDSA"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_outside_it_is_422(client: Hvca, change: dict[str, Any], description: str) -> None:
    refused(client.call("POST", "/certificates", _body(**change)), 422, description)


def _without(path: str) -> dict[str, Any]:
    document = copy.deepcopy(POLICY)
    *parents, last = path.split("/")
    place = document
    for name in parents:
        place = place[name]
    del place[last]
    return document


def _with(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(POLICY)
    *parents, last = path.split("/")
    place = document
    for name in parents:
        place = place[name]
    place[last] = value
    return document


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        _without("validity/secondsmin"),
        _without("public_key/key_type"),
        _without("san/dns_names/mincount"),
        _with("public_key/key_format", "PKCS7"),
        _with("public_key/allowed_lengths", "2048"),
        _with("subject_dn/common_name/presence", "MAYBE"),
        _with("subject_dn/common_name/format", "("),
        _with("subject_dn/common_name/format", None),
        _with("san/uris/list", ["("]),
        _with("san/critical", "yes"),
        _with("key_usages/crl_sign", "SOMETIMES"),
        _with("custom_extensions/2.5.29.17", {"presence": "OPTIONAL", "value_type": "DER"}),
        _with("custom_extensions/x", {"presence": "OPTIONAL", "value_type": "DER"}),
        _with("custom_extensions/1.2.3.3/value_format", "\u20ac"),
        _with("custom_extensions/1.2.3.3/value_type", "OCTETS"),
        _with("subject_dn", 7),
        _with("signature/algorithm/list", None),
        _with("qualified_statements/etsi_qc_retention_period/min", "1"),
        _with("qualified_statements/etsi_qc_pds/policies", None),
        _with("subject_da/date_of_birth", "STATIC_TRUE"),
        _with("public_key_signature", "NEVER"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_when_it_is_read(document: Any) -> None:
    with pytest.raises(BadPolicy, match=".: ."):
        checked(document)


def test_a_policy_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(POLICY))
    assert read_policy(file) == POLICY
    file.write_text("{")
    with pytest.raises(BadPolicy, match="is not JSON"):
        read_policy(file)
