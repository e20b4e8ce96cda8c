"""What a way is: one of several in which a person may do a step, such as making the key in this browser.

The rows stand in steps/ways.py; the conditions that they name are looked up in way_conditions.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recommended:
    """When a way is the one to take, and why, as one sentence.

    `condition` names one of CONDITIONS; without it the way is taken where no other one is recommended. `case` in the
    reason are the Circumstances (way_conditions.py).
    """

    reason: str
    condition: str = ""


@dataclass(frozen=True)
class Way:
    """One way. Its page shows `template` and, of the step's form, `fields` only.

    `name` is part of its address and is kept in drafts and on record: its spelling stays. `sends` is the form's answer
    `way`; without it nothing is sent here, and the template leads on. `condition` names one of CONDITIONS, `closed`
    says why the way is not there where the condition does not hold. `in_browser`: the page needs the panel of the key
    in this browser.
    """

    name: str
    label: str
    hint: str
    template: str
    sends: str = ""
    fields: tuple[str, ...] = ()
    condition: str = ""
    closed: str = ""
    recommended: Recommended | None = None
    in_browser: bool = False
