"""The lists of CONTRIBUTING.md: who touches the files of a list, and no other, has a portal that is sound.

The lists are followed on a copy of the checkout; leaving out a file is noticed by the test that its addition names. How
a step is added is tried by itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connection

from tests.house import contributing_additions as additions
from tests.house.contributing import Addition, Copy, environment_for, is_meant, listed_files
from tests.nightly import leave_to_the_night

# heading: what is added, the tests that hold afterwards. A permission is one for the page that is added before it.
LISTS: dict[str, tuple[tuple[Addition, ...], tuple[str, ...]]] = {
    "A finding of the doctor": (additions.FINDING, additions.FINDING_HOLDS),
    "A problem of a step": (additions.PROBLEM, additions.PROBLEM_HOLDS),
    "A page": (additions.PAGE, additions.PAGE_HOLDS),
    "A permission": (additions.PERMISSION, additions.PERMISSION_HOLDS),
    "A poller": (additions.POLLER, additions.POLLER_HOLDS),
}
NOTICED = {heading: [each for each in added if each.missed_by] for heading, (added, _) in LISTS.items()}
# A new process for each file would take minutes: in one round the first of every list is left out, then the second,
# and so on. The page has rounds of its own, because the permission is about it.
ROUNDS = [
    *(
        [found[place] for heading, found in NOTICED.items() if heading != "A page" and place < len(found)]
        for place in range(6)
    ),
    *([each] for each in NOTICED["A page"]),
]
UNTOUCHED = (
    "tests/help/test_pages.py::test_an_address_without_a_slash_leads_on"  # all can be imported, a page comes
)


@pytest.fixture(scope="module")
def copy(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    environment = environment_for(str(connection.settings_dict["NAME"]))
    made = Copy(tmp_path_factory.mktemp("contributing"), environment)
    yield made
    made.close()


def test_who_follows_the_lists_has_all_that_is_needed(copy: Copy) -> None:
    with ExitStack() as stack:
        for heading, (added, _) in LISTS.items():
            touched, listed = stack.enter_context(copy.with_additions(added)), listed_files(heading)
            assert [path for path in touched if not any(is_meant(each, path) for each in listed)] == []
            assert [each for each in listed if not any(is_meant(each, path) for path in touched)] == []
        assert copy.run_tests(*(test for _, holds in LISTS.values() for test in holds)) == [], copy.printed()


def test_every_file_that_can_be_left_out_is_in_a_round() -> None:
    assert sorted(each.path for round_ in ROUNDS for each in round_) == sorted(
        each.path for found in NOTICED.values() for each in found
    )


@pytest.mark.parametrize(
    "left_out",
    leave_to_the_night(ROUNDS, but=[ROUNDS[0], ROUNDS[-1]]),
    ids=lambda each: "+".join(one.path for one in each),
)
def test_a_file_that_is_left_out_is_noticed(copy: Copy, left_out: list[Addition]) -> None:
    alone = left_out[0] in additions.PAGE
    added = [*additions.PAGE] if alone else [each for added, _ in LISTS.values() for each in added]
    rest = tuple(each for each in added if each not in left_out and not each.command)
    with copy.with_additions(rest):
        failed = copy.run_tests(UNTOUCHED, *(each.missed_by for each in left_out))
    assert UNTOUCHED not in failed, copy.printed()
    for each in left_out:
        assert any(test.startswith(each.missed_by) for test in failed), f"{each.path}\n{copy.printed()}"
