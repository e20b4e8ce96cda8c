"""The steps `csr` and `pfx` with a connected key vault, through the pages and the worker's own doors.

The client itself is tested in test_azure_key_vault.py.
"""

from cryptography.hazmat.primitives.serialization import pkcs12

from certs import pfx
from certs.models import Bundle, SigningRequest
from onboarding.journey import progress
from onboarding.journey.polling import azure_key_vault
from onboarding.journey.polling import portal as portal_pollers
from tests.certs import x509_factories
from tests.certs.azure_key_vault.entries import Refused
from tests.certs.azure_key_vault.fake_key_vault import OFFICER
from tests.certs.azure_key_vault.worker_actions import work
from tests.journey import step_actions
from tests.people_fixtures import shows_errors, step
from tests.rules.marker import rule

CHOICE = "/ways/key-vault/"


@rule("R52", "R54", "T10")
def test_the_whole_way_ends_in_a_pfx_that_the_vault_built(connected, onboarding, tess, at_pfx) -> None:
    request = SigningRequest.objects.get(case_id=onboarding.pk)
    assert (request.origin, request.key) == ("key-vault", None)
    facts = step(onboarding, "csr").facts
    assert facts["origin"] == "made in the company's Azure Key Vault"
    assert connected.entries.keys() == {facts["key_vault_name"]}
    assert CHOICE in tess.get(at_pfx).content.decode()
    assert tess.post(at_pfx, {"way": azure_key_vault.WAY}).status_code == 302
    assert work(onboarding, "pfx").state == "done"
    bundle = Bundle.objects.get(case_id=onboarding.pk)
    assert bundle.source == Bundle.Source.AZURE_KEY_VAULT
    key, certificate, chain = pkcs12.load_key_and_certificates(pfx.content_of(bundle), b"")
    assert key is not None
    assert certificate is not None
    assert key.public_key() == certificate.public_key()
    assert [each.subject for each in chain] == [x509_factories.intermediate().certificate.subject]


def test_a_repeated_task_makes_nothing_twice(connected, onboarding, tess, at_pfx) -> None:
    read = step(onboarding, "csr")
    assert azure_key_vault.make_request(read).facts == read.facts  # type: ignore[union-attr]
    tess.post(at_pfx, {"way": azure_key_vault.WAY})
    record = step(onboarding, "pfx")
    first, second = portal_pollers.build_pfx(record), portal_pollers.build_pfx(record)
    assert first == second
    assert Bundle.objects.filter(case_id=onboarding.pk).count() == 1
    assert len(connected.entries) == 1


def test_a_missing_right_stops_the_step_with_its_reason_and_can_be_mended(
    connected, onboarding, people, tess, at_pfx
) -> None:
    connected.rights["token-of-the-portal"] = OFFICER - {"secrets/get"}
    tess.post(at_pfx, {"way": azure_key_vault.WAY})
    record = work(onboarding, "pfx")
    assert (record.state, record.problem_code) == ("problem", "key-vault-export-failed")
    assert "Key Vault Secrets User" in tess.get(at_pfx).content.decode()
    connected.rights["token-of-the-portal"] = OFFICER
    progress.reopen(record, actor=people.tess)
    tess.post(at_pfx, {"way": azure_key_vault.WAY})
    assert work(onboarding, "pfx").state == "done"


def test_a_busy_vault_is_no_problem_of_the_step(connected, onboarding, tess, at_csr) -> None:
    def busy() -> None:
        raise Refused(429, "Throttled", "too many requests")

    connected.failing = busy
    tess.post(at_csr, {"way": azure_key_vault.WAY})
    record = work(onboarding, "csr")
    assert (record.state, record.last_poll_result) == ("waiting", "the key vault is busy (HTTP 429)")
    connected.failing = lambda: None
    assert work(onboarding, "csr").state == "done"


def test_a_refusal_of_the_request_is_a_problem_with_its_words(connected, onboarding, tess, at_csr) -> None:
    connected.rights.clear()
    tess.post(at_csr, {"way": azure_key_vault.WAY})
    record = work(onboarding, "csr")
    assert (record.state, record.problem_code) == ("problem", "key-vault-refused")
    assert "does not know the identity" in record.problem_detail


def test_a_request_that_the_dip_would_not_take_is_not_taken_here(connected, onboarding, tess, at_csr) -> None:
    create = connected.answer

    def weak(method, path, body):
        if method == "POST":
            body["policy"]["key_props"]["key_size"] = 2048
        return create(method, path, body)

    connected.answer = weak
    tess.post(at_csr, {"way": azure_key_vault.WAY})
    record = work(onboarding, "csr")
    assert record.problem_code == "key-vault-refused"
    assert "2048 bits" in record.problem_detail
    assert not SigningRequest.objects.exists()


def test_a_connection_that_was_taken_away_is_said(settings, connected, onboarding, tess, at_pfx) -> None:
    tess.post(at_pfx, {"way": azure_key_vault.WAY})
    settings.PORTAL = settings.PORTAL.model_copy(update={"key_vaults": {}})
    record = work(onboarding, "pfx")
    assert (record.problem_code, record.problem_detail) == ("key-vault-merge-failed", azure_key_vault.GONE)
    csr = step(onboarding, "csr")
    assert azure_key_vault.make_request(csr).detail.startswith(azure_key_vault.GONE)  # type: ignore[union-attr]


def test_nobody_else_is_offered_a_vault_or_can_name_one(
    onboarding, people, tess, at_csr, settings, vault
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"key_vaults": {people.two.slug: vault.url}})
    assert CHOICE not in tess.get(at_csr).content.decode()
    sent = {"way": azure_key_vault.WAY, "key_vault": vault.url, "key_vault_name": "onboarding-key"}
    assert shows_errors(tess.post(at_csr, sent))
    assert step(onboarding, "csr").state == "open"
    assert vault.asked == []


def test_who_brought_a_csr_is_not_offered_the_vault_for_the_pfx(
    connected, onboarding, people, tess, at_csr
) -> None:
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    path = step_actions.step_action("pfx").path(onboarding)
    assert CHOICE not in tess.get(path).content.decode()
    assert shows_errors(tess.post(path, {"way": azure_key_vault.WAY}))


def test_no_secret_of_the_vault_is_logged(connected, onboarding, tess, at_pfx, caplog) -> None:
    tess.post(at_pfx, {"way": azure_key_vault.WAY})
    work(onboarding, "pfx")
    assert "token-of-the-portal" not in caplog.text
    assert not [each for each in caplog.records if each.name.startswith("azure") and each.levelname == "INFO"]


def test_the_portal_makes_no_key_where_operators_forbid_it(settings, onboarding, tess, at_csr) -> None:
    tess.post(at_csr, {"way": "portal"})
    waiting = step(onboarding, "csr")
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})
    assert portal_pollers.make_key(waiting).code == "key-made-failed"  # type: ignore[union-attr]
    assert not SigningRequest.objects.exists()


def test_where_it_is_forbidden_it_is_neither_offered_nor_taken(settings, onboarding, tess, at_csr) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})
    page = tess.get(at_csr).content.decode()
    assert "/ways/openssl/" in page
    assert "/ways/portal/" not in page
    closed = tess.get(f"{at_csr}ways/portal/")
    assert closed.status_code == 409
    assert "does not make or keep private keys" in closed.content.decode()
    refused = tess.post(at_csr, {"way": "portal"})
    assert shows_errors(refused)
    assert "does not make or keep private keys" in refused.content.decode()
    assert step(onboarding, "csr").state == "open"
