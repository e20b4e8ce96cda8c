"""API keys and secrets: the CSV in every shape it comes in, mistakes named without a value, sealed, shown once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from certs import clock, credentials, vault
from certs.credentials import read_csv, read_pasted
from certs.findings import InvalidArtifact, Part
from certs.models import ApiCredential, Secret
from tests.certs.x509_factories import codes, csr_pem, ec_key, pem_of, root
from tests.rules.marker import rule
from tests.time_travel import travel

KEY = "0a1b2c3d4e5f6071"
SECRET = "00112233445566778899aabbccddeeff00112233"
GOOD = f"API Key,API Secret\r\n{KEY},{SECRET}\r\n"

SHAPES = {
    "as Atlas gives it": GOOD.encode(),
    "columns the other way round": f"API Secret,API Key\n{SECRET},{KEY}\n".encode(),
    "other capitals": f"api key,API SECRET\n{KEY},{SECRET}".encode(),
    "underscores": f"api_key,api_secret\n{KEY},{SECRET}".encode(),
    "one word": f"apiKey,apiSecret\n{KEY},{SECRET}".encode(),
    "short headings": f"Key,Secret\n{KEY},{SECRET}".encode(),
    "semicolons": GOOD.replace(",", ";").encode(),
    "tabs": GOOD.replace(",", "\t").encode(),
    "bars": GOOD.replace(",", "|").encode(),
    "quotes": f'"API Key","API Secret"\r\n"{KEY}","{SECRET}"\r\n'.encode(),
    "a byte-order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "UTF-16": GOOD.encode("utf-16"),
    "old Mac line ends": GOOD.replace("\r\n", "\r").encode(),
    "empty lines": f"\r\n\r\n{GOOD}\r\n,,\r\n".encode(),
    "spaces after commas": f"API Key, API Secret\n{KEY}, {SECRET}\n".encode(),
    "more columns": f"Name,API Key,Service,API Secret\nmy name,{KEY},Internet SSL,{SECRET}\n".encode(),
    "a column called Key before the right one": f"Key,API Key,API Secret\nprimary,{KEY},{SECRET}\n".encode(),
    "upright": f"API Key,{KEY}\nAPI Secret,{SECRET}\n".encode(),
    "upright, the other way round": f"API Secret;{SECRET}\nAPI Key;{KEY}\n".encode(),
    "no headings": f"{KEY},{SECRET}\n".encode(),
    "no headings, the other way round": f"{SECRET}\n{KEY}\n".encode(),
    "the same row twice": (GOOD + f"{KEY},{SECRET}\r\n").encode(),
    "capital letters": GOOD.upper().replace("API KEY,API SECRET", "API Key,API Secret").encode(),
}


@rule("R36")
@pytest.mark.parametrize("given", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_of_the_csv_is_read(given: bytes) -> None:
    read = read_csv(given)
    assert (read.api_key.lower(), read.api_secret.lower()) == (KEY, SECRET)


def refused(data: bytes) -> tuple[str, ...]:
    with pytest.raises(InvalidArtifact) as caught:
        read_csv(data)
    assert SECRET not in str(caught.value)
    assert KEY not in str(caught.value)
    return caught.value.codes


BROKEN = {
    b"": "nothing-given",
    b"hello": "csv-unreadable",
    b"a,b\n1,2\n": "csv-unreadable",
    b",,,\n,,\n": "csv-unreadable",
    b"API Key,API Secret\r\n": "csv-no-row",
    f"API Key,Name\n{KEY},x\n".encode(): "csv-column-missing",
    f"API Secret\n{SECRET}\n".encode(): "csv-column-missing",
    f"API Key,API Secret\n{KEY},{SECRET}\n{KEY[::-1]},{SECRET}\n".encode(): "csv-several",
    f"{KEY},{SECRET},{KEY[::-1]}".encode(): "csv-several",
    f"API Key,API Secret\n{SECRET},{KEY}\n".encode(): "credentials-swapped",
    f"API Key,API Secret\n{KEY},\n".encode(): "credentials-missing",
    f"API Key,API Secret\n{KEY}\n".encode(): "credentials-missing",
    f"API Key,API Secret\n{KEY[:-1]},{SECRET}\n".encode(): "credentials-length",
    f"API Key,API Secret\n{KEY},{SECRET}0\n".encode(): "credentials-length",
    f"API Key,API Secret\n{KEY[:-1]}g,{SECRET}\n".encode(): "credentials-character",
    f"API Key,API Secret\n1.23457E+15,{SECRET}\n".encode(): "csv-spreadsheet",
    f"API Key;API Secret\n1,23457E+15;{SECRET}\n".encode(): "csv-spreadsheet",
    b"PK\x03\x04" + b"\0" * 40: "wrong-kind-document",
    b"A1b2" * 100: "csv-encrypted",
    b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n": "csv-encrypted",
    b'"\n' * 9: "csv-unreadable",
    b"x," * 40_000: "too-large",
}


@pytest.mark.parametrize(
    ("given", "code"), BROKEN.items(), ids=[f"{n} {c}" for n, c in enumerate(BROKEN.values())]
)
def test_each_fault_of_a_csv_is_named(given: bytes, code: str) -> None:
    assert refused(given)[0] == code


def test_other_files_are_named() -> None:
    assert refused(csr_pem(ec_key())) == ("wrong-kind-csr",)
    assert refused(pem_of(root().certificate)) == ("wrong-kind-certificate",)


def test_a_key_of_digits_with_an_e_is_a_key_and_no_number() -> None:
    assert read_pasted("12345678901234e5", SECRET).api_key == "12345678901234e5"


def test_spaces_and_quotes_around_are_left_out_and_said() -> None:
    read = read_pasted(f" {KEY}\n", f"\u201c{SECRET}\u201d\xa0")
    assert (read.api_key, read.api_secret) == (KEY, SECRET)
    assert [finding.seen for finding in read.findings] == [
        "There were spaces or quotes around the API key.",
        "There were spaces or quotes around the API secret.",
    ]


def test_a_good_pair_has_no_findings() -> None:
    assert read_pasted(KEY, SECRET).findings == ()


@pytest.mark.parametrize(
    ("key", "secret", "expected"),
    [
        (SECRET, KEY, ["credentials-swapped"]),
        (f" {SECRET}", KEY, ["credentials-swapped", "credentials-trimmed"]),
        ("", SECRET, ["credentials-missing"]),
        ("", "  ", ["credentials-missing", "credentials-missing"]),
        (KEY[:5], SECRET[:5], ["credentials-length", "credentials-length"]),
        (KEY[:8] + "-" + KEY[9:], SECRET, ["credentials-character"]),
        ("x" * 70_000, SECRET, ["too-large"]),
        ("\ud800" * 16, SECRET, ["credentials-character"]),
    ],
)
def test_each_fault_of_a_pasted_pair_is_named(key: str, secret: str, expected: list[str]) -> None:
    with pytest.raises(InvalidArtifact) as caught:
        read_pasted(key, secret)
    assert codes(caught.value.findings) == expected


def test_each_fault_says_which_of_the_two_it_is_about() -> None:
    with pytest.raises(InvalidArtifact) as caught:
        read_pasted(f"{KEY}0", SECRET[1:])
    assert [each.about for each in caught.value.findings] == [Part.API_KEY, Part.API_SECRET]
    with pytest.raises(InvalidArtifact) as caught:
        read_pasted(SECRET, KEY)
    assert [each.about for each in caught.value.findings] == [None]


def test_the_place_of_a_wrong_character_is_said_and_the_character_is_not() -> None:
    with pytest.raises(InvalidArtifact, match="at place 9") as caught:
        read_pasted(KEY[:8] + "\N{SNOWMAN}" + KEY[9:], SECRET)
    assert "\N{SNOWMAN}" not in str(caught.value)


def test_no_repr_shows_a_value() -> None:
    assert KEY not in repr(read_pasted(KEY, SECRET))
    assert SECRET not in repr(read_pasted(KEY, SECRET))


@pytest.fixture
def stored(db: None, company: UUID, case: UUID) -> ApiCredential:
    return credentials.store(company, case, read_pasted(KEY, SECRET), "dip_production", "C123")


def test_key_and_secret_are_sealed_each_by_itself(stored: ApiCredential) -> None:
    assert Secret.objects.count() == 2
    assert {stored.key.purpose, stored.secret.purpose} == {"api-key", "api-secret"}
    assert {stored.key.record_id, stored.secret.record_id} == {stored.id}
    assert stored.key_last4 == KEY[-4:]
    row = ApiCredential.objects.filter(pk=stored.pk).values().get()
    assert KEY not in str(row)
    assert SECRET not in str(row)


def test_they_can_be_used_by_the_portal_itself(stored: ApiCredential) -> None:
    opened = credentials.load(stored)
    assert (opened.api_key, opened.api_secret) == (KEY, SECRET)


def test_a_grant_shows_them_once(stored: ApiCredential) -> None:
    person = uuid4()
    grant = credentials.grant_reveal(stored, person)
    assert credentials.reveal_once(grant.pk, person).api_secret == SECRET
    with pytest.raises(InvalidArtifact) as caught:
        credentials.reveal_once(grant.pk, person)
    assert caught.value.codes == ("reveal-used",)
    again = credentials.grant_reveal(stored, person)
    assert credentials.reveal_once(again.pk, person).api_key == KEY


def test_a_grant_is_for_one_person(stored: ApiCredential) -> None:
    grant = credentials.grant_reveal(stored, 7)
    with pytest.raises(InvalidArtifact) as caught:
        credentials.reveal_once(grant.pk, 8)
    assert caught.value.codes == ("reveal-gone",)
    assert credentials.reveal_once(grant.pk, 7).api_key == KEY


def test_a_grant_ends_after_ten_minutes(stored: ApiCredential) -> None:
    grant = credentials.grant_reveal(stored, 7)
    with travel(clock.now() + timedelta(minutes=11)), pytest.raises(InvalidArtifact) as caught:
        credentials.reveal_once(grant.pk, 7)
    assert caught.value.codes == ("reveal-expired",)


def test_what_was_destroyed_is_gone_and_the_grant_stays_unused(stored: ApiCredential) -> None:
    grant = credentials.grant_reveal(stored, 7)
    vault.destroy(stored.secret)
    with pytest.raises(InvalidArtifact) as caught:
        credentials.reveal_once(grant.pk, 7)
    assert caught.value.codes == ("reveal-gone",)
    grant.refresh_from_db()
    assert grant.used_at is None


def test_a_grant_for_something_else_opens_nothing(stored: ApiCredential) -> None:
    with pytest.raises(InvalidArtifact) as caught:
        credentials.reveal_once(uuid4(), 7)
    assert caught.value.codes == ("reveal-gone",)
