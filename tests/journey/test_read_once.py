"""A PFX that a person brings is opened once: what the form has read is what the move stores."""

from uuid import uuid4

import pytest

from certs import pfx
from certs.models import Bundle
from onboarding.journey.case_files import require_certificate
from onboarding.journey.models import Onboarding
from tests.certs.x509_factories import leaf, rsa_key
from tests.journey import step_actions
from tests.outside_calls import Watch
from tests.people_fixtures import People, client_of, step


def test_a_pfx_that_is_brought_is_opened_once(
    onboarding: Onboarding, people: People, outside_calls: Watch
) -> None:
    brought = step_actions.step_action("pfx")
    step_actions.bring_to(onboarding, people, brought)
    assert outside_calls.pfx_files == 0
    sent = client_of(people.tess).post(brought.path(onboarding), {"way": "own", "keep": "keep", **_file()})
    assert sent.status_code == 302
    assert outside_calls.pfx_files == 1
    bundle = Bundle.objects.get(case_id=onboarding.pk)
    assert pfx.content_of(bundle) == step_actions.pfx()


def test_a_pfx_that_ends_a_wait_is_opened_once(
    onboarding: Onboarding, people: People, outside_calls: Watch
) -> None:
    brought = step_actions.step_action("pfx")
    record = step_actions.bring_to(onboarding, people, brought)
    tess = client_of(people.tess)
    record.state, record.submitted_at = "waiting", record.since
    record.save()
    path = f"{brought.path(onboarding)}confirm/"
    assert tess.post(path, _file()).status_code == 302
    assert outside_calls.pfx_files == 1
    assert step(onboarding, "pfx").state == "done"


def test_what_was_read_in_another_file_is_not_stored(onboarding: Onboarding, people: People) -> None:
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    certificate = require_certificate(onboarding)
    reading, other = pfx.read(step_actions.pfx()), pfx.build(rsa_key(), leaf(), [])
    with pytest.raises(ValueError, match="another file"):
        pfx.store(uuid4(), onboarding.pk, other, reading, certificate, keep=True)
    assert not Bundle.objects.exists()


def _file() -> dict[str, object]:
    return {"pfx": step_actions.upload("apicert.pfx", step_actions.pfx())}
