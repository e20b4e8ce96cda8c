"""Whether a company's work goes on when one person is away: who has come and can act, and warnings in words.

Absences themselves are in absence.py.
"""

from onboarding.people.access import admins_of
from onboarding.people.models import Company, User
from onboarding.team import absence
from onboarding.ui.formatting import day

ONLY_ONE = "Only one Certificate Admin. If that person is away, nobody can go on."
NOBODY = "No Certificate Admin has signed in, so nobody can go on."
NAME_ONE = "Name a second one here, in the DIP and in Atlas."


def list_warnings(company: Company) -> list[str]:
    """What is thin, each with the way out; empty when the cover is good.

    Only who has signed in counts: whoever never came may not have the email, or know that it is theirs to act.
    """
    admins = admins_of(company)
    here = [user for user in admins if user.last_login]
    found = []
    if len(here) < 2:
        found.append(_describe_thin_cover(len(here), [user for user in admins if not user.last_login]))
    for row in absence.list_absent_today(company):
        if row.user in here and absence.find_deputy(row.user, company) is None:
            found.append(f"{row.user} is away until {day(row.last_day)} and nobody stands in. Name a deputy.")
    return found


def _describe_thin_cover(here: int, never_came: list[User]) -> str:
    """The sentence about too few Certificate Admins; whoever would make it enough by signing in is named."""
    lead = ONLY_ONE if here else NOBODY
    if not never_came:
        return f"{lead} {NAME_ONE}"
    names = " and ".join(str(user) for user in never_came)
    have = "has" if len(never_came) == 1 else "have"
    return f"{lead} {names} {have} never signed in: ask for that, or name somebody else here, in the DIP and in Atlas."
