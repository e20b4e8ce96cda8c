"""One step at many clients: which of them are chosen, under which names their files go, and whose step is open.

The step's own names are made in journey/step_commands.py, rights are asked in journey/guards.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from certs.findings.openssl_commands import FileNames
from onboarding.clients.access import list_clients, read_key_files, read_steps
from onboarding.clients.bulk_steps import BulkStep
from onboarding.clients.client import Client
from onboarding.journey import guards, step_commands
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import State
from onboarding.people.models import User


@dataclass(frozen=True)
class Target:
    """One client's step that is worked on in bulk, with the names of its files as the step's page shows them.

    `sent` is the one that goes to the portal.
    """

    client: Client
    record: StepRecord
    names: FileNames
    sent: str

    @property
    def code(self) -> str:
        """The onboarding's code."""
        return self.client.onboarding.code

    @property
    def title(self) -> str:
        """Company, environment and code, as every sentence of these pages names a client."""
        onboarding = self.client.onboarding
        return f"{onboarding.company.name}, {onboarding.get_environment_display()}, {onboarding.code}"

    @property
    def is_open(self) -> bool:
        """Whether the person can do the step now."""
        return self.record.state == State.OPEN and self.client.may_do(self.record.pk)

    @property
    def refusal(self) -> str:
        """Why not; empty when the step is open."""
        return guards.may_submit(self.client.access, self.record).sentence


@dataclass(frozen=True)
class Choice:
    """What somebody chose for one step: targets that are open, others with the reason, and how many codes are nobody's.

    `query` leads to the same choice again; empty for all that are open.
    """

    targets: Sequence[Target]
    refused: Sequence[Target]
    unknown: int
    query: str


def list_targets(user: User, work: BulkStep) -> list[Target]:
    """This step at every client where it is the person's, open or not, by the companies' names."""
    found = read_steps(list_clients(user), work.slug)
    files = read_key_files(client for client, _ in found)
    targets = []
    for client, record in found:
        names = step_commands.get_file_names(record, files[record.onboarding_id])
        targets.append(Target(client, record, names, work.sent(names)))
    return sorted(targets, key=lambda each: each.title.casefold())


def choose(targets: Sequence[Target], query: QueryDict) -> Choice:
    """The clients whose codes are in the address; without any, all where the step is open."""
    codes = list(dict.fromkeys(code.upper() for code in query.getlist("code")))
    if not codes:
        return Choice([each for each in targets if each.is_open], [], 0, "")
    by_code = {each.code: each for each in targets}
    chosen = [by_code[code] for code in codes if code in by_code]
    return Choice(
        [each for each in chosen if each.is_open],
        [each for each in chosen if not each.is_open],
        len(codes) - len(chosen),
        urlencode([("code", each.code) for each in chosen]),
    )
