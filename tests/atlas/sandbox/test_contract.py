"""The account API and its document are the same thing. Each answer is judged by the driver as well."""

import pytest
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from atlas.sandbox.account_server import PREFIX, AccountServer
from atlas.sandbox.app_state import AppState
from atlas.sandbox.ca import Authority, load_or_create
from atlas.sandbox.clock import SCENARIOS, Clock
from atlas.sandbox.store import Store
from tests.atlas.sandbox.contract import CONTRACT, document, operations


def test_the_document_is_valid_openapi() -> None:
    """And the validator sees what is wrong in one that is not."""
    validate(document())
    with pytest.raises(OpenAPIValidationError):
        validate(document() | {"paths": {"no leading slash": {}}, "info": {}})


def test_the_document_says_in_its_first_line_whose_it_is() -> None:
    first = CONTRACT.read_text("utf-8").splitlines()[0]
    assert first.startswith("# This contract is our own. It is not GlobalSign's")


def test_every_operation_is_routed_and_every_route_is_described(tmp_path) -> None:
    authority: Authority = load_or_create(tmp_path)
    store = Store(tmp_path / "state.sqlite3")
    api_server = AccountServer(AppState(store, Clock(), authority), "token")
    assert {(route.method, route.path) for route in api_server.table.routes} == operations()
    store.close()


def test_the_document_names_the_prefix_and_the_scenarios_of_the_server() -> None:
    assert document()["servers"][0]["url"].endswith(PREFIX)
    assert tuple(document()["components"]["schemas"]["Scenario"]["enum"]) == SCENARIOS
