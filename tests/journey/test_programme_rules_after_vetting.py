"""The programme's rules after the verification email that the portal enforces by itself, as people meet them.

What comes before is in test_programme_rules.py; what the pages tell, in test_guidance.py.
"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from certs.pfx_encryption import PfxEncryption, build
from onboarding.handover.models import Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people import invitations
from onboarding.people.models import Membership, Role, User
from tests.certs import x509_factories
from tests.handover.factories import make_dana
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import (
    API_KEY,
    API_SECRET,
    CSV,
    STEP_ACTIONS,
    bring_to,
    csr,
    day,
    step_action,
    upload,
)
from tests.journey.step_pages import faulty_fields, see, send
from tests.people_fixtures import People, client_of, shows_errors, step
from tests.rules.marker import rule

pytestmark = pytest.mark.django_db

CREDENTIALS, CSR, PFX = step_action("api-credentials"), step_action("csr"), step_action("pfx")
CERTIFICATE, PROOF = step_action("certificate", waits=True), step_action("proof", waits=True)
UPLOAD = step_action("dip-upload")
PASTED = {"way": "paste", "csv": "", "api_key": API_KEY, "api_secret": API_SECRET}


def _hand_over(giver: User, receiver: User, onboarding: Onboarding, slug: str) -> Any:
    """Offer a step on its page, and accept it on the receiver's. Returns the page of the accepted step."""
    path = f"/onboardings/{onboarding.code}/{slug}/hand-over/"
    assert path in see(giver, onboarding, slug).content.decode()
    until = timezone.localdate() + timedelta(days=7)
    typed = {
        "steps": [slug],
        "to": str(receiver.pk),
        "reason": "the technical part",
        **day("expires_on", until),
    }
    looked = client_of(giver).post(path, {**typed, **day("access_until", until), "action": "check"})
    hidden = BeautifulSoup(looked.content, "html.parser").select("main form input[type=hidden]")
    client_of(giver).post(path, {**{str(box["name"]): str(box["value"]) for box in hidden}, "action": "send"})
    offer = Offer.objects.get(to_user=receiver)
    browser = client_of(receiver)
    return browser.get(browser.post(f"/handovers/{offer.pk}/accept/")["Location"])


@rule("R30")
@pytest.mark.parametrize(("slug", "name"), [("csr", "tess"), ("api-credentials", "bob")])
def test_after_the_verification_email_the_technical_part_is_handed_over(
    people: People, onboarding: Onboarding, slug: str, name: str
) -> None:
    """The CSR to a technician, the credentials to another Certificate Admin; from then on it is theirs."""
    bring_to(onboarding, people, CREDENTIALS)
    receiver = getattr(people, name)
    accepted = _hand_over(people.alice, receiver, onboarding, slug)
    assert "Alice Test handed it to you on" in sentences_of(accepted)
    assert step(onboarding, slug).assignee == receiver
    refused = send(people.alice, onboarding, step_action(slug))
    assert refused.status_code == 403
    assert f"{receiver} holds this step" in sentences_of(refused)
    assert send(receiver, onboarding, step_action(slug)).status_code == 302
    assert step(onboarding, slug).state == "done"


@rule("R38")
def test_a_technician_may_make_the_csr_while_globalsign_is_vetting(
    people: People, onboarding: Onboarding
) -> None:
    """The technical part needs no Certificate Admin."""
    bring_to(onboarding, people, step_action("verification", waits=True))
    assert send(people.tess, onboarding, CSR).status_code == 302
    assert step(onboarding, "csr").state == "done"
    assert step(onboarding, "verification").state == "waiting"


@pytest.mark.parametrize(
    "sent",
    [pytest.param(CREDENTIALS, marks=rule("R32")), pytest.param(CERTIFICATE, marks=rule("R47"))],
    ids=lambda each: each.slug,
)
def test_what_is_made_in_atlas_is_brought_by_a_certificate_admin_only(
    people: People, onboarding: Onboarding, sent: Any
) -> None:
    """The primary or an additional one; a technician is refused, also with the very same values."""
    bring_to(onboarding, people, sent)
    refused = send(people.tess, onboarding, sent)
    assert refused.status_code == 403
    assert "a Certificate Admin may do this" in sentences_of(refused)
    assert send(people.bob, onboarding, sent).status_code == 302


@rule("R48", "R55")
def test_a_certificate_admin_of_a_dcp_who_joins_late_may_do_the_steps_in_atlas(
    people: People, onboarding: Onboarding
) -> None:
    dana = make_dana()
    bring_to(onboarding, people, CREDENTIALS)
    assert send(dana, onboarding, CREDENTIALS).status_code == 404
    invited = invitations.invite(company=people.one, email=dana.email, role=Role.ADMIN, actor=people.alice)
    invitations.accept(invited.token_hash, user=dana)
    for each in (CREDENTIALS, CSR, CERTIFICATE):
        assert send(dana, onboarding, each).status_code == 302
    assert step(onboarding, "certificate").moved_by == dana


@rule("R57")
def test_the_primary_certificate_admin_can_do_every_step_without_anybody_else(
    people: People, onboarding: Onboarding
) -> None:
    Membership.objects.filter(company=people.one).exclude(user=people.alice).delete()
    for each in STEP_ACTIONS:
        assert send(people.alice, onboarding, each).status_code == 302, each.name
    onboarding.refresh_from_db()
    assert onboarding.status == Onboarding.Status.COMPLETED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"name": ""}, "name", marks=rule("R35")),
        pytest.param({"csv": ""}, "csv", marks=rule("R37", "T7")),
        pytest.param({**PASTED, "api_secret": ""}, "api_secret", marks=rule("R36", "T7")),
        pytest.param({**PASTED, "api_key": ""}, "api_key", marks=rule("R36")),
    ],
    ids=["no name", "no CSV", "no secret", "no key"],
)
def test_the_step_is_not_done_without_key_secret_and_familiar_name(
    people: People, onboarding: Onboarding, wrong: dict[str, str], field: str
) -> None:
    """The secret is shown once, so having it is what finishes the step."""
    bring_to(onboarding, people, CREDENTIALS)
    answer = send(people.alice, onboarding, CREDENTIALS, **wrong)
    assert shows_errors(answer)
    assert faulty_fields(answer) == [field]
    assert step(onboarding, "api-credentials").state == "open"


@rule("R36")
@pytest.mark.parametrize("way", ["csv", "paste"])
def test_the_csv_and_both_values_are_as_good(people: People, onboarding: Onboarding, way: str) -> None:
    bring_to(onboarding, people, CREDENTIALS)
    given = PASTED if way == "paste" else {"csv": upload("credentials.csv", CSV)}
    assert send(people.alice, onboarding, CREDENTIALS, **given).status_code == 302
    assert step(onboarding, "api-credentials").facts["key_last4"] == API_KEY[-4:]


@rule("R35")
def test_a_familiar_name_is_any_text_and_is_shown_where_atlas_asks_for_it_again(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, CREDENTIALS)
    name = "Northwind & Sons, UIT (1st)"
    assert send(people.alice, onboarding, CREDENTIALS, name=name).status_code == 302
    bring_to(onboarding, people, CERTIFICATE)
    assert name in sentences_of(see(people.bob, onboarding, "certificate"))


@rule("T7", "T8")
def test_the_secret_is_never_on_a_page_of_the_journey(people: People, onboarding: Onboarding) -> None:
    """Not after a mistake either."""
    bring_to(onboarding, people, CREDENTIALS)
    assert API_SECRET not in send(people.alice, onboarding, CREDENTIALS, **PASTED, name="").content.decode()
    assert send(people.alice, onboarding, CREDENTIALS, **PASTED).status_code == 302
    page = see(people.alice, onboarding, "api-credentials").content.decode()
    assert API_KEY[-4:] in page
    assert API_SECRET not in page


def _csr(name: str = x509_factories.CN, bits: int = 4096) -> bytes:
    return x509_factories.csr_pem(x509_factories.rsa_key(bits=bits), x509_factories.common(name))


def _changed() -> bytes:
    """A CSR whose name was changed after it was signed."""
    der = bytearray(x509_factories.csr_der())
    der[-1] ^= 1
    return bytes(der)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda: _csr("onboarding_key."), "full stop", marks=rule("T2", "R42")),
        pytest.param(lambda: _csr("“onboarding_key”"), "quot", marks=rule("T1", "R42")),
        pytest.param(lambda: _csr("C:/Program Files/Git/CN=onboarding_key"), "Git Bash", marks=rule("T4")),
        pytest.param(lambda: _csr("dip.one.example"), "looks like a host", marks=rule("T11", "R42")),
        pytest.param(lambda: _csr(bits=2048), "2048", marks=rule("R43", "T5")),
        pytest.param(_changed, "signature", marks=rule("R45", "T23")),
        pytest.param(lambda: csr()[:300], "END", marks=rule("R45", "T23")),
    ],
    ids=["full stop", "quotes", "folder", "host name", "2048 bits", "changed", "cut"],
)
def test_a_csr_that_does_not_fit_goes_nowhere(
    people: People, onboarding: Onboarding, make: Any, said: str
) -> None:
    bring_to(onboarding, people, CSR)
    brought = {"csr_text": "", "csr_file": upload("apicert.csr", make())}
    answer = send(people.tess, onboarding, CSR, **brought)
    assert shows_errors(answer)
    assert set(faulty_fields(answer)) == {"csr_text"}
    assert said in sentences_of(answer)
    assert step(onboarding, "csr").state == "open"


@rule("T3")
def test_each_key_of_an_onboarding_has_file_names_of_its_own(people: People, onboarding: Onboarding) -> None:
    """A second command with the same names would replace the key of the CSR that was sent."""
    bring_to(onboarding, people, CSR)
    first, second = (f"apicert-{onboarding.code.lower()}{number}.key" for number in ("", "-2"))
    shown = see(people.tess, onboarding, "csr/ways/openssl").content.decode()
    assert (first in shown, second in shown) == (True, False)
    bring_to(onboarding, people, CERTIFICATE)
    progress.send_back(step(onboarding, "certificate"), actor=people.bob, to="csr", reason="the key is lost")
    shown = see(people.tess, onboarding, "csr/ways/openssl").content.decode()
    assert (first in shown, second in shown) == (False, True)


@rule("R50", "T3")
def test_a_certificate_for_another_key_is_not_taken(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, CERTIFICATE)
    stranger = x509_factories.pem_of(x509_factories.leaf("another", 2048)).decode()
    answer = send(people.bob, onboarding, CERTIFICATE, certificate_text=stranger)
    assert shows_errors(answer)
    assert "does not belong" in sentences_of(answer)
    assert step(onboarding, "certificate").state == "waiting"


@rule("R53")
def test_a_pfx_with_a_password_is_not_taken_and_one_without_is(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, PFX)
    locked = build(
        x509_factories.rsa_key(), x509_factories.leaf(), [], PfxEncryption.AES256_PASSWORD, "a good password"
    )
    answer = send(people.tess, onboarding, PFX, pfx=upload("apicert.pfx", locked))
    assert shows_errors(answer)
    assert faulty_fields(answer) == ["pfx"]
    assert "password" in sentences_of(answer)
    assert send(people.tess, onboarding, PFX).status_code == 302


@rule("T12")
def test_the_upload_is_a_step_of_its_own_after_the_bundle(people: People, onboarding: Onboarding) -> None:
    """A Certificate Admin's, and locked until the bundle is proved."""
    bring_to(onboarding, people, PROOF)
    assert send(people.bob, onboarding, UPLOAD).status_code == 409
    assert send(people.tess, onboarding, PROOF).status_code == 302
    assert send(people.tess, onboarding, UPLOAD).status_code == 403
    assert send(people.bob, onboarding, UPLOAD).status_code == 302


@rule("T8")
@pytest.mark.parametrize("copies", [[], ["csv"], ["pfx"]], ids=str)
def test_the_upload_is_not_done_while_copies_of_the_secrets_lie_about(
    people: People, onboarding: Onboarding, copies: list[str]
) -> None:
    bring_to(onboarding, people, UPLOAD)
    answer = send(people.alice, onboarding, UPLOAD, copies=copies)
    assert shows_errors(answer)
    assert faulty_fields(answer) == ["copies_0"]
    assert "delete every copy" in sentences_of(answer)
    assert step(onboarding, "dip-upload").state == "open"
