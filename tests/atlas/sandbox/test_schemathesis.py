"""The account API against its own document, by schemathesis: what it makes of the schemas, and what lies beside them.

What the answers mean is tested in test_account.py; that the tables are the same is tested in test_contract.py.
"""

import logging
from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks as openapi

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Account, Company, session
from tests.atlas.sandbox.contract import CONTRACT

REFUSALS = [400, 401, 404, 405, 409, 411, 413, 415, 422]
schema = schemathesis.openapi.from_path(
    str(CONTRACT),
    config=schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
    ),
)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
    openapi.ignored_auth,
]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Company, requests.Session]]:
    """A sandbox of its own, a company that has been through everything, and a connection that is kept."""
    sandbox = Sandbox(tmp_path_factory.mktemp("contract"), speed=864_000)
    sandbox.start()
    company = Company(Account(sandbox))
    company.credential(company.verified())
    yield sandbox, company, session(sandbox)
    sandbox.stop()


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_promises(
    state: tuple[Sandbox, Company, requests.Session],
    caplog: pytest.LogCaptureFixture,
    case: schemathesis.Case,
) -> None:
    sandbox, company, connection = state
    checks = [*CHECKS, openapi.negative_data_rejection]
    if "account_id" in case.path_parameters and len(str(case.body)) % 2:
        case.path_parameters["account_id"] = company.id
        checks = CHECKS  # what was a wrong path is none any more
    case.call_and_validate(
        base_url=sandbox.account_url,
        headers={"Authorization": f"Bearer {sandbox.account_token}"},
        session=connection,
        verify=str(sandbox.root_path),
        timeout=10,
        checks=checks,
    )
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
