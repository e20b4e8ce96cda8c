"""The limits that any JSON must keep, and the sentence that says what is wrong with an answer.
Not here: what each kind of answer says; see test_parsing.
"""

import dataclasses
import json

import pytest

from atlas.account_types import User
from atlas.errors import Unexpected
from atlas.json_parsing import parse_json
from atlas.policy_types import ValidationPolicy
from atlas.types import DomainClaim
from tests.atlas.response_samples import CLAIM, POLICY, READERS, USER, as_response


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


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"id": 1}', "field id: input should be a valid string; int came"),
        (
            json.dumps(CLAIM | {"log": [{"status": "LOST"}]}).encode(),
            "field log[0].status: unknown value 'LOST'",
        ),
        (b"[]", "answer: input should be an object; list came"),
        (
            json.dumps(CLAIM | {"created_at": "now"}).encode(),
            "field created_at: a time in Unix seconds was due; str came",
        ),
    ],
)
def test_an_error_says_which_field_was_to_be_what(body: bytes, sentence: str) -> None:
    with pytest.raises(Unexpected) as caught:
        as_response(body).parse(DomainClaim)
    assert caught.value.seen == sentence


def test_a_field_that_is_missing_is_named() -> None:
    body = {name: value for name, value in USER.items() if name != "email"}
    with pytest.raises(Unexpected) as caught:
        as_response(json.dumps(body).encode()).parse(User)
    assert caught.value.seen == "field email is missing"


def test_an_answer_with_countless_faults_is_refused_at_once() -> None:
    body = POLICY | {"key_usages": {f"usage {number}": "PERHAPS" for number in range(1001)}}
    with pytest.raises(Unexpected) as caught:
        as_response(json.dumps(body).encode()).parse(ValidationPolicy)
    assert caught.value.seen == "1001 faults"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("generated credential", {"api_secret": "my-secret"}),
        ("generated credential", {"api_key": ["my-secret"]}),
        ("token", {"access_token": "my-secret\n"}),
        ("user", {"user_id": "my-secret!"}),
        ("certificate", {"status": "my-secret"}),
        ("policy", {"custom_extensions": {"my-secret": {}}}),
    ],
)
def test_no_error_shows_a_secret_or_carries_the_answer(name: str, change: dict[str, object]) -> None:
    body = json.dumps(READERS[name][1] | change).encode()
    answer = dataclasses.replace(as_response(body), secrets=("my-secret",))
    with pytest.raises(Unexpected) as caught:
        READERS[name][0](answer)
    assert "my-secret" not in str(caught.value) + repr(caught.value.args)
    assert caught.value.__context__ is None
