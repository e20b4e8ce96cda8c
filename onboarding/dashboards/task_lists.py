"""Your tasks: what is to do, what is offered, what waits for others, what is done, and what nobody of the team has.

Reads only; the number of queries depends neither on the number of onboardings nor on that of the steps.
"""

from dataclasses import dataclass, field

from onboarding.dashboards.task_index import TaskIndex, read_index
from onboarding.dashboards.task_lines import Section
from onboarding.dashboards.task_rows import TaskRow, build_rows
from onboarding.people.models import User

__all__ = ["TaskList", "TaskLists", "TaskRow", "build_task_lists"]

MOST_ROWS = 20  # of a list that is shown whole
FIRST_ROWS = 10  # of a longer one, which has a page of its own


@dataclass
class TaskList:
    """One list as the first page shows it. `count` is how many rows there are in all."""

    section: Section
    count: int = 0
    rows: list[TaskRow] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.count > len(self.rows)


@dataclass
class TaskLists:
    """The lists; `damaged` says how many steps cannot be shown."""

    lists: dict[Section, TaskList]
    damaged: int = 0

    @property
    def own(self) -> TaskList:
        """For this person to do."""
        return self.lists[Section.OWN]

    @property
    def offered(self) -> TaskList:
        """What waits for this person's answer."""
        return self.lists[Section.OFFERED]

    @property
    def others(self) -> TaskList:
        """What somebody else has to do first."""
        return self.lists[Section.OTHERS]

    @property
    def done(self) -> TaskList:
        """What is over."""
        return self.lists[Section.DONE]

    @property
    def team(self) -> TaskList:
        """What nobody of the team has."""
        return self.lists[Section.TEAM]

    @property
    def is_empty(self) -> bool:
        """Nothing anywhere."""
        return not any(each.count for each in self.lists.values())


def build_task_lists(user: User) -> TaskLists:
    """Everything that concerns this person, most urgent first."""
    return show_first_rows(read_index(user))


def show_first_rows(index: TaskIndex) -> TaskLists:
    """The lists whole, or the first rows of those that are longer than a list should be."""
    wanted = [
        (section, line)
        for section, lines in index.lists.items()
        for line in lines[: FIRST_ROWS if len(lines) > MOST_ROWS else MOST_ROWS]
    ]
    rows, damaged = build_rows(index, wanted)
    shown = TaskLists(
        {section: TaskList(section, len(lines)) for section, lines in index.lists.items()},
        index.damaged + damaged,
    )
    for section, row in rows:
        shown.lists[section].rows.append(row)
    if damaged:
        _count_shown(index, shown)
    return shown


def _count_shown(index: TaskIndex, shown: TaskLists) -> None:
    """What is damaged is said above the lists, so a list that is shown whole does not count it again."""
    for section, lines in index.lists.items():
        if len(lines) <= MOST_ROWS:
            shown.lists[section].count = len(shown.lists[section].rows)
