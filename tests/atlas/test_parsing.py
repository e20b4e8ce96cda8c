"""The door: whatever bytes come, a reader gives a checked record or raises an AtlasError.
Not here: the network.
"""

import contextlib
import dataclasses
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas import hvca_parsing
from atlas.account_types import IdentityProfile
from atlas.errors import AtlasError, RateLimited, Unexpected
from atlas.policy_types import ValidationPolicy
from atlas.responses import Response, require_status, retry_after
from atlas.types import KeyFormat
from tests.atlas.expected_records import EXPECTED
from tests.atlas.response_samples import (
    ACCOUNT,
    MTLS,
    POLICY,
    PROFILE,
    READERS,
    SERIAL,
    STAT,
    as_response,
    corrupted,
    trees,
    valid_response,
)

DETAILS_OF_ANOTHER = dict.fromkeys(PROFILE, "Mallory")


def only_atlas_errors(name: str, body: bytes) -> None:
    try:
        record = READERS[name][0](as_response(body))
    except AtlasError as error:
        str(error).encode()
        return
    repr(record).encode()


@pytest.mark.parametrize("name", READERS)
def test_a_right_answer_is_read_field_by_field(name: str) -> None:
    assert READERS[name][0](valid_response(name)) == EXPECTED[name]


def test_every_field_is_sent_with_a_value_that_nobody_would_assume() -> None:
    told = {place for value in EXPECTED.values() for place in fields_told(value)}
    kinds = {kind for value in EXPECTED.values() for kind in kinds_in(value)}
    due = {(kind.__name__, field.name) for kind in kinds for field in dataclasses.fields(kind)}
    assert due - told == set()


def kinds_in(value: Any) -> set[type]:
    inner = members_of(value)
    own = {type(value)} if dataclasses.is_dataclass(value) else set()
    return own.union(*map(kinds_in, inner))


def fields_told(value: Any) -> set[tuple[str, str]]:
    own = set()
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            made = field.default_factory() if callable(field.default_factory) else field.default
            if getattr(value, field.name) != made:
                own.add((type(value).__name__, field.name))
    return own.union(*map(fields_told, members_of(value)))


def members_of(value: Any) -> list[Any]:
    if dataclasses.is_dataclass(value):
        return [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else []


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


def test_the_policy_keeps_what_we_do_not_know_and_does_not_show_it() -> None:
    policy = valid_response("policy").parse(ValidationPolicy)
    assert policy.raw == POLICY
    assert "something_new" not in repr(policy)


@pytest.mark.parametrize("key", [{"key_format": ""}, {"key_format": None}])
def test_a_policy_of_the_first_version_has_no_key_format(key: dict[str, object]) -> None:
    body = POLICY | {"public_key": POLICY["public_key"] | key, "subject_dn": None}
    policy = as_response(json.dumps(body).encode()).parse(ValidationPolicy)
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
        ("profile", PROFILE | {"country": "GB\n"}),
        ("profile", PROFILE | {"country": "ＧＢ"}),
        ("stats", [STAT | {"serial_number": "٠١"}]),
        ("mtls certificate", MTLS | {"status": "PENDING"}),
        ("trust chain", ["-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----"]),
    ],
)
def test_a_value_that_we_do_not_know_is_unexpected_and_never_guessed_at(name: str, body: object) -> None:
    with pytest.raises(Unexpected) as caught:
        READERS[name][0](as_response(json.dumps(body).encode()))
    assert caught.value.seen.startswith("field ")


@pytest.mark.parametrize("name", ["rejected profile", "claim"])
def test_times_are_aware_and_in_utc(name: str) -> None:
    record = READERS[name][0](valid_response(name))
    times = [value for value in members_of(record) if isinstance(value, datetime)]
    assert len(times) == 2
    assert {time.tzinfo for time in times} == {UTC}


def test_an_answer_cannot_name_a_part_that_is_gathered_from_it() -> None:
    own = {"details": DETAILS_OF_ANOTHER, "<details>": DETAILS_OF_ANOTHER, "raw": 7, "<raw>": 7}
    profile = as_response(json.dumps(PROFILE | own).encode()).parse(IdentityProfile)
    assert profile == EXPECTED["profile"]
    assert as_response(json.dumps(POLICY | own).encode()).parse(ValidationPolicy).raw == POLICY | own


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


def test_errors_can_travel_between_processes() -> None:
    for error in (RateLimited(3.0, "x"), Unexpected("y")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def test_records_are_frozen() -> None:
    record = READERS["user"][0](valid_response("user"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.name = "Mallory"  # type: ignore[attr-defined]
