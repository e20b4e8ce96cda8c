"""docs/sandbox.md and the sandbox say the same: faults, scenarios, options, routes."""

import ast
import re
from pathlib import Path

from atlas.sandbox.command import parser
from atlas.sandbox.control import ControlServer
from atlas.sandbox.faults import KINDS, SCENARIOS, InjectedFault
from atlas.sandbox.server import Sandbox
from atlas.sandbox.tls import TLS_FAULTS

TEXT = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")


def _fault(line: str) -> InjectedFault:
    """The fault that a line of the document switches on."""
    (call,) = ast.parse(line, mode="eval").body.args
    words = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    return InjectedFault(*map(ast.literal_eval, call.args), **words)


def test_every_kind_of_fault_stands_there_with_a_line_that_works() -> None:
    lines = re.findall(r"`(sandbox\.faults\.add\(.*\))`", TEXT)
    faults = [_fault(line) for line in lines]
    assert {fault.kind for fault in faults} == set(KINDS)
    assert {fault.status for fault in faults if fault.kind == "status"} == {401, 429, 500, 503}
    for fault in TLS_FAULTS:
        assert f'sandbox.set_tls_fault("{fault}")' in TEXT
    assert "sandbox.clock_skew = " in TEXT


def test_every_scenario_option_and_control_route_stands_there(tmp_path: Path) -> None:
    for name in SCENARIOS:
        assert f"`{name}`" in TEXT
    for action in parser()._actions:
        for option in action.option_strings:
            assert option in {"-h", "--help"} or f"`{option}" in TEXT or f"{option} " in TEXT, option
    for route in ControlServer(Sandbox(tmp_path)).table.routes:
        assert f"{route.path}`" in TEXT, route.path
