"""Which way and which system a person chose, as long as their session lasts.

What was typed in a form is kept by form_recovery.py and in the step's draft.
"""

from typing import Any

from django.http import HttpRequest

from onboarding.journey.models import StepRecord
from onboarding.journey.views.way_page import Wanted
from onboarding.journey.ways import Way
from onboarding.ui.operating_systems import detect_system, find_system

WAYS, SYSTEM = "ways", "system"  # keys of the session
MOST = 50  # steps whose ways are remembered


def read_wanted(request: HttpRequest, record: StepRecord) -> Wanted:
    """What the person chose before, and the system of the browser if they chose none."""
    chosen = find_system(request.GET.get("system")) or find_system(request.session.get(SYSTEM))
    remembered = request.session.get(WAYS, {}).get(str(record.pk), "")
    return Wanted(remembered=remembered, system=chosen or detect_system(request.headers))


def remember(request: HttpRequest, record: StepRecord, way: Way) -> None:
    """Keep the way of an address that was shown, and the system if the address names one."""
    kept: dict[str, Any] = request.session.get(WAYS, {})
    key = str(record.pk)
    if kept.get(key) != way.name:
        kept.pop(key, None)
        newest = list(kept.items())[-MOST + 1 :]
        request.session[WAYS] = {**dict(newest), key: way.name}
    system = find_system(request.GET.get("system"))
    if system and request.session.get(SYSTEM) != system:
        request.session[SYSTEM] = str(system)
