"""The door: whatever bytes come, a reader gives a checked record or raises an AtlasError.
Not here: the network.
"""

import contextlib
import dataclasses
import json
import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas import hvca_parsing
from atlas.errors import AtlasError, RateLimited, Unexpected
from atlas.json_fields import as_fields, parse_json
from atlas.redaction import redact, shorten
from atlas.responses import Response, require_status, retry_after
from atlas.types import KeyFormat, Presence
from tests.atlas.response_samples import (
    ACCOUNT,
    POLICY,
    PROFILE,
    READERS,
    SERIAL,
    TIME,
    as_response,
    corrupted,
    trees,
    valid_response,
)


def only_atlas_errors(name: str, body: bytes) -> None:
    try:
        record = READERS[name][0](as_response(body))
    except AtlasError as error:
        str(error).encode()
        return
    repr(record).encode()


@pytest.mark.parametrize("name", READERS)
def test_a_right_answer_is_read(name: str) -> None:
    READERS[name][0](valid_response(name))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40)
@given(body=st.binary(max_size=200))
def test_from_any_bytes_only_an_atlas_error_comes(name: str, body: bytes) -> None:
    only_atlas_errors(name, body)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40)
@given(tree=trees)
def test_from_any_json_only_an_atlas_error_comes(name: str, tree: object) -> None:
    only_atlas_errors(name, json.dumps(tree).encode())


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40)
@given(data=st.data())
def test_from_a_right_answer_with_one_wrong_place_only_an_atlas_error_comes(
    name: str, data: st.DataObject
) -> None:
    only_atlas_errors(name, data.draw(corrupted(name)))


@given(
    status=st.integers(100, 999),
    body=st.binary(max_size=100) | trees.map(lambda tree: json.dumps(tree).encode()),
    media_type=st.sampled_from(["application/problem+json", "application/json", "text/html", ""]) | st.text(),
    pause=st.text(),
)
def test_from_any_status_and_body_only_an_atlas_error_comes(
    status: int, body: bytes, media_type: str, pause: str
) -> None:
    answer = Response(status, {"Content-Type": media_type, "Retry-After": pause}, body)
    with pytest.raises(AtlasError) as caught:
        require_status(answer, expected=())
    str(caught.value).encode()


@given(location=st.text())
def test_from_any_location_comes_a_serial_number_or_unexpected(location: str) -> None:
    answer = Response(201, {"Location": location}, b"")
    with contextlib.suppress(Unexpected):
        assert int(hvca_parsing.parse_location(answer), 16) >= 0


@pytest.mark.parametrize(
    "location",
    ["/v2/certificates/" + SERIAL, "https://a.example:8443/v2/certificates/" + SERIAL.lower() + "/", SERIAL],
    ids=["path", "whole address", "serial alone"],  # the serial is another in each process
)
def test_the_serial_number_is_the_end_of_location(location: str) -> None:
    assert hvca_parsing.parse_location(Response(201, {"Location": location}, b"")) == SERIAL


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 33 + b"]" * 33,
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b"[" * 100_000,
        b'["\\udc00"]',
        b'["\\u0000"]',
        b'{"\\ud83d": 1}',
        b"-Infinity",
        b"1e400",
        b"1" * 5000,
        b"\xed\xa0\x80",
        b'{"a": 1} {"b": 2}',
        b"",
    ],
)
def test_hostile_json_is_unexpected(body: bytes) -> None:
    with pytest.raises(Unexpected):
        parse_json(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'["\\ud83d\\ude00"]', ["\U0001f600"]),
        (b'{"a": 1.5e3}', {"a": 1500.0}),
    ],
)
def test_unusual_json_within_the_limits_is_read(body: bytes, value: object) -> None:
    assert parse_json(body) == value


def test_json_is_read_down_to_32_levels() -> None:
    assert str(parse_json(b'{"a":' * 32 + b"1" + b"}" * 32)).count("{") == 32


def test_the_policy_has_its_typed_core_and_the_whole_answer() -> None:
    policy = hvca_parsing.parse_policy(valid_response("policy"))
    assert (policy.validity.seconds_min, policy.validity.seconds_max) == (86400, 17193600)
    assert (policy.key_type, policy.allowed_lengths, policy.key_format) == ("RSA", (2048, 4096), "PKCS10")
    assert {name: rule.presence for name, rule in policy.subject_dn.fields.items()} == {
        "common_name": Presence.REQUIRED,
        "organization": Presence.STATIC,
    }
    assert policy.raw == POLICY
    assert "something_new" not in repr(policy)


@pytest.mark.parametrize("key", [{"key_format": ""}, {"key_format": None}])
def test_a_policy_of_the_first_version_has_no_key_format(key: dict[str, object]) -> None:
    body = POLICY | {"public_key": POLICY["public_key"] | key, "subject_dn": None}
    policy = hvca_parsing.parse_policy(as_response(json.dumps(body).encode()))
    assert policy.key_format is None
    assert policy.subject_dn.fields == {}
    assert KeyFormat("PKCS8")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("policy", POLICY | {"public_key": {"key_type": "ED25519", "allowed_lengths": []}}),
        ("policy", POLICY | {"subject_dn": {"common_name": {"presence": "PERHAPS"}}}),
        ("policy", POLICY | {"validity": POLICY["validity"] | {"secondsmax": True}}),
        ("policy", POLICY | {"validity": POLICY["validity"] | {"secondsmax": 10**20}}),
        ("account", ACCOUNT | {"invitation": {"status": "LOST"}}),
        ("account", ACCOUNT | {"quote": {"status": "READY", "amount": "NaN", "currency": "GBP"}}),
        ("account", ACCOUNT | {"registered_at": "2026-11-23T14:05:00"}),
        ("account", ACCOUNT | {"registered_at": "2026-13-23T14:05:00Z"}),
        ("profile", PROFILE | {"status": "Active "}),
        ("profile", PROFILE | {"identity_profile_id": "../../x"}),
        ("token", {"access_token": "a\r\nX-Admin: yes"}),
        ("value", {"value": 7.0}),
        ("trust chain", ["-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----"]),
    ],
)
def test_a_value_that_we_do_not_know_is_unexpected_and_never_guessed_at(name: str, body: object) -> None:
    with pytest.raises(Unexpected) as caught:
        READERS[name][0](as_response(json.dumps(body).encode()))
    assert caught.value.seen.startswith("field ")


def test_times_are_aware_and_in_utc() -> None:
    fields = as_fields({"iso": TIME, "unix": 1_795_442_700, "fine": "2026-11-23T14:05:00.250Z"})
    due = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    assert fields.iso_time("iso") == fields.unix_time("unix") == due
    assert fields.iso_time("iso").utcoffset() == fields.iso_time("fine").utcoffset() == due.utcoffset()


@pytest.mark.parametrize("name", ["generated credential", "credentials", "token"])
def test_no_record_shows_a_secret(name: str) -> None:
    shown = repr(READERS[name][0](valid_response(name))) if name != "token" else repr(valid_response(name))
    for secret in ("0123456789abcdef", "eyJ"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), (" 30 ", 30), ("999999999", 86_400), ("-1", None), ("1.5", None), ("", None)],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    assert retry_after("Fri, 31 Dec 1999 23:59:59 GMT") == 0
    assert retry_after("Fri, 31 Dec 2999 23:59:59 GMT") == 86_400
    assert retry_after("Fri, 31 Dec 99999 23:59:59 GMT") is None


@pytest.mark.parametrize(
    "secret",
    [
        "0123456789abcdef",
        "0123456789ABCDEF0123456789abcdef01234567",
        "eyJhbGciOiJkaXIifQ..iv.text.tag",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    ],
)
def test_what_looks_like_a_secret_is_hidden(secret: str) -> None:
    assert secret[4:12] not in redact(f'{{"x": "{secret}"}}')


def test_prose_and_field_names_are_not_hidden() -> None:
    text = 'subject_dn.jurisdiction_of_incorporation_state_or_province_name: is required, "example.com."'
    assert shorten(text) == text


def test_a_secret_that_the_length_limit_would_cut_in_two_is_hidden_whole() -> None:
    assert "secret" not in shorten("a" * 195 + "my-secret", 200, ["my-secret"])


def test_text_for_people_has_no_control_characters() -> None:
    assert shorten("a\r\nb\x1b[31mc\u202e\ud800d") == "a b [31mc d"


def test_errors_can_travel_between_processes() -> None:
    for error in (RateLimited(3.0, "x"), Unexpected("y")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def test_records_are_frozen() -> None:
    record = READERS["user"][0](valid_response("user"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.name = "Mallory"  # type: ignore[attr-defined]
