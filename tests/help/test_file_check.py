"""Check a file: anybody signed in may, a stranger is asked to sign in; nothing that was given comes back or stays.

Who may see a company is tested elsewhere.
"""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.certs.x509_factories import csr_pem, key_pem, pem_of, rsa_key
from tests.certs.x509_factories import leaf as certificate
from tests.people_fixtures import client_of, shows_errors

SECRET = "00112233445566778899aabbccddeeff00112233"


@pytest.fixture
def tess(people) -> Client:
    return client_of(people.tess)


def given(client: Client, text: str | bytes = "", file: bytes | None = None, name: str = "a.txt"):
    data = {"text": text if isinstance(text, str) else text.decode()}
    if file is not None:
        data["file"] = SimpleUploadedFile(name, file)
    return client.post("/check/", data)


def test_a_stranger_is_asked_to_sign_in(db) -> None:
    answer = Client().get("/check/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


@pytest.mark.parametrize("who", ["alice", "tess", "rhea", "charlie", "olga"])
def test_everybody_who_is_signed_in_may(people, who) -> None:
    assert client_of(getattr(people, who)).get("/check/").status_code == 200


def test_every_page_leads_there(tess: Client) -> None:
    assert 'href="/check/"' in tess.get("/help/").content.decode()
    assert 'href="/check/"' in Client().get("/help/").content.decode()


def test_a_good_csr_is_praised_and_a_clean_copy_shown(tess: Client) -> None:
    page = given(tess, csr_pem().replace(b"\n", b" ")).content.decode()
    assert "A CSR" in page
    assert "Nothing in it needs fixing." in page
    assert csr_pem().decode() in page
    assert page.count('href="/check/"') == 3  # in the navigation, above and below what was found


def test_an_uploaded_file_is_read_too_and_wins(tess: Client) -> None:
    page = given(tess, "something", pem_of(certificate()), "a.cer").content.decode()
    assert "<h1" in page
    assert "A certificate" in page
    assert "the file was looked at, the text was not" in page


def test_a_message_is_answered_with_the_command_that_mends_it(tess: Client) -> None:
    page = given(tess, "Mac verify error: invalid password?").content.decode()
    assert "An error message" in page
    assert "openssl pkcs12" in page
    assert 'href="/help/openssl-mac/"' in page


def test_a_private_key_is_refused_and_never_comes_back(tess: Client, caplog) -> None:
    key = key_pem(rsa_key("small", 1024))
    with caplog.at_level(logging.DEBUG):
        pages = [given(tess, key).content, given(tess, file=key, name="a.key").content]
    line = key.splitlines()[3]
    for page in pages:
        assert b"There is a private key in what you gave." in page
        assert line not in page
    assert line.decode() not in caplog.text


def test_an_api_secret_never_comes_back(tess: Client) -> None:
    csv = f"API Key,API Secret\n0a1b2c3d4e5f6071,{SECRET}\n"
    for page in (given(tess, csv), given(tess, file=csv.encode(), name="a.csv"), given(tess, SECRET)):
        assert page.status_code == 200
        assert SECRET not in page.content.decode()


def test_what_is_refused_is_not_shown_again(tess: Client) -> None:
    answer = given(tess, SECRET, b"x" * (1024 * 1024 + 1))
    assert shows_errors(answer)
    assert SECRET not in answer.content.decode()
    assert "It must have" in answer.content.decode()


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_nothing_is_answered_with_a_sentence(tess: Client, nothing: str) -> None:
    answer = given(tess, nothing)
    assert shows_errors(answer)
    assert "Paste the text, or choose the file" in answer.content.decode()


def test_a_megabyte_of_text_is_refused_early(tess: Client) -> None:
    assert "Nothing that belongs here is larger" in given(tess, "x" * (1024 * 1024 + 9)).content.decode()


def test_nothing_is_stored(
    tess: Client, django_assert_num_queries, django_capture_on_commit_callbacks
) -> None:
    from onboarding.audit.models import Event

    before = Event.objects.count()
    given(tess, csr_pem())
    assert Event.objects.count() == before


def test_who_checks_very_many_files_in_a_minute_is_asked_to_wait(tess: Client, people) -> None:
    answers = [tess.post("/check/", {"text": "hello"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    refused = tess.post("/check/", {"text": "hello"}).content.decode()
    assert "Wait a minute" in refused
    assert "hello" not in refused
    assert client_of(people.rhea).post("/check/", {"text": "hello"}).status_code == 200
