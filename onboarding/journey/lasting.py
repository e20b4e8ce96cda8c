"""For how long what a step made counts: for one onboarding only, or for later ones of the same company, too.

Which step lasts stands in its row (steps/); what is carried over is decided in carry_over.py.
"""

from dataclasses import dataclass
from datetime import timedelta

# How long the check of an organisation counts for certificates of the service Internet SSL, which an API credential is
# made for (CA/Browser Forum, TLS Baseline Requirements 4.2.1: subject identity information, from 15 March 2026 on).
VETTED_FOR = timedelta(days=398)


@dataclass(frozen=True)
class Lasting:
    """It is of the company's Atlas account, which UIT, production and every renewal share (R60, T26).

    `days_from` names the fact with the day from which it counts for `days` only. `by_choice`: of one environment;
    whoever renews there chooses whether it is kept.
    """

    days_from: str = ""
    days: timedelta | None = None
    by_choice: bool = False


OF_THE_ACCOUNT = Lasting()
BY_CHOICE = Lasting(by_choice=True)
