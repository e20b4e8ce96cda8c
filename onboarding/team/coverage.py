"""Whether a company's work goes on when one person is away: who can act today, and warnings in words.

Absences themselves are in absence.py.
"""

from onboarding.people.access import admins_who_can_act
from onboarding.people.models import Company
from onboarding.team import absence
from onboarding.ui.formatting import day


def list_warnings(company: Company) -> list[str]:
    """What is thin, each with the way out; empty when the cover is good."""
    admins = admins_who_can_act(company)
    found = []
    if len(admins) < 2:
        found.append(
            "Only one Certificate Admin. If that person is away, nobody can go on: name a second one here, in the "
            "DIP and in Atlas."
        )
    away = absence.list_absent_today(company)
    for row in away:
        if row.user in admins and absence.find_deputy(row.user, company) is None:
            found.append(f"{row.user} is away until {day(row.last_day)} and nobody stands in. Name a deputy.")
    return found
