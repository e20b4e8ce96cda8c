"""What becomes of a decision: allowed goes on, anything else is one of two refusals with its sentence and its status.

What is decided is tested with each room's rules.
"""

import ast

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from onboarding.journey.middleware import RefusalMiddleware
from onboarding.people.decisions import (
    ALLOWED,
    Decision,
    PermissionRefused,
    Reason,
    RequestRefused,
    StateConflict,
    require,
)
from tests.house.checkout import name, python, tree

REFUSED = [(Reason.PERMISSION, PermissionRefused, 403), (Reason.STATE, StateConflict, 409)]


def test_what_is_allowed_goes_on() -> None:
    assert ALLOWED
    require(ALLOWED)


@pytest.mark.parametrize(("reason", "kind", "status"), REFUSED)
def test_what_is_not_is_refused_for_its_reason(
    reason: Reason, kind: type[RequestRefused], status: int
) -> None:
    decision = Decision.refuse("Not this.", reason)
    assert not decision
    with pytest.raises(kind, match=r"^Not this\.$") as refused:
        require(decision)
    assert (refused.value.sentence, refused.value.status) == ("Not this.", status)


def test_a_refusal_without_a_sentence_is_a_refusal() -> None:
    assert not Decision.refuse("", Reason.STATE)


@pytest.mark.parametrize(("_", "kind", "status"), REFUSED)
def test_a_refusal_becomes_a_page(_: Reason, kind: type[RequestRefused], status: int, people) -> None:
    request = RequestFactory().get("/")
    request.user = people.alice
    answer = RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, kind("Not this."))
    assert answer is not None
    assert answer.status_code == status
    assert "Not this." in answer.content.decode()


def test_without_the_middleware_it_is_still_no_error() -> None:
    assert issubclass(PermissionRefused, PermissionDenied)


def test_every_refusal_says_of_which_kind_it_is() -> None:
    """The class that both share is caught and never raised."""
    raised = [
        f"{name(path)}:{node.lineno}"
        for path in python("onboarding")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and node.exc is not None and "RequestRefused" in ast.unparse(node.exc)
    ]
    assert raised == []
