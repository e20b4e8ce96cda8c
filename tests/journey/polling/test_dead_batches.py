"""A worker that dies in the middle of a batch: by time all its rows come back, each alone, and one poisons no other."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from atlas.sandbox.server import Sandbox
from certs import clock
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import batches, claims, jobs, schedule
from onboarding.journey.polling.intervals import LEASE
from tests.atlas.authority import authority
from tests.atlas_fixtures import with_account_api
from tests.databases import on_postgresql
from tests.house.checkout import ROOT
from tests.journey.polling.many_rows import make_waiting, no_profile
from tests.time_travel import travel
from tests.workers import claim_rows

DIES = """
import os, signal, sys
def kill(event, arguments):
    if event == "http.client.send" and sys.argv[1].encode() in bytes(arguments[1]):
        os.kill(os.getpid(), signal.SIGKILL)
import django
django.setup()
from onboarding.journey.polling import batches
sys.addaudithook(kill)
batches.poll_due(print)
"""


def _die_over(account: str, environment: dict[str, str]) -> None:
    """A worker's turn that ends with SIGKILL when it asks for this account."""
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    given = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **environment,
    }
    command = [sys.executable, "-c", DIES, account]
    died = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert died.returncode == -9, died.stderr


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_rows_of_a_dead_worker_come_back_by_time_and_each_alone(
    transactional_db: None, settings: Any, atlas: Sandbox, tmp_path: Path
) -> None:
    rows = make_waiting(40)
    poisoned = rows[7]
    root = tmp_path / "root.pem"
    root.write_bytes(authority("test root").pem)
    with no_profile() as peer:
        changed = with_account_api(settings.PORTAL, peer.url, atlas)
        settings.PORTAL = changed.model_copy(update={"account_api_root": root, "poll_speed": 1.0})
        place = {"ACCOUNT_API_URL": peer.url, "ACCOUNT_API_TOKEN": "none", "ACCOUNT_API_ROOT": str(root)}
        _die_over("A0000000007", place)
        begun = StepRecord.objects.filter(pk__in=rows)
        assert set(begun.values_list("unfinished_polls", "poll_count", "poll_queued")) == {(1, 0, False)}
        assert claim_rows() == []
        with travel(clock.now() + LEASE + timedelta(seconds=1)):
            alone: list[int] = []
            assert batches.poll_due(alone.append) == 40
            assert sorted(alone) == sorted(rows)  # none of them in a batch
            for pk in alone:
                assert schedule.begin_poll(pk)
                if pk != poisoned:  # which ends its worker again
                    assert jobs.poll_step(pk) is False
        ends = {(0, 1): 39, (2, 0): 1}
        for (unfinished, count), number in ends.items():
            assert begun.filter(unfinished_polls=unfinished, poll_count=count).count() == number
    with travel(clock.now() + 3 * LEASE):
        claimed = {record.pk: record.poll_queued for record in claims.claim_due()}
    assert claimed == {pk: pk == poisoned for pk in rows}  # the others are in batches again
