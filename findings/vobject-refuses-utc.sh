#!/usr/bin/env bash
# Surprise: vobject cannot write a time in Python's own UTC: serialize() raises “Unable to guess TZID for tzinfo
# UTC”. With dateutil's UTC the same time is written with a Z.
# One would guess: a time in UTC is the simplest of all and is written with a Z, whichever object stands for UTC.
# Whom it hurts: who writes datetime.now(UTC), as Python's documentation advises, into a calendar: an exception
# where the invitation should be sent.
# Seen: vobject 0.9.9, python-dateutil 2.9.0.post0, Python 3.11, November 2026.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  vobject==0.9.9 python-dateutil==2.9.0.post0
export PYTHONPATH="$folder/lib"

cat >send.py <<'END'
import sys
from datetime import UTC, datetime
from importlib.metadata import version
import dateutil.tz
import vobject

print("vobject", version("vobject"))
seen = {}
for name, zone in {"datetime.UTC": UTC, "dateutil.tz.UTC": dateutil.tz.UTC}.items():
    calendar = vobject.iCalendar()
    calendar.add("vevent").add("dtstart").value = datetime(2026, 11, 30, 9, 0, tzinfo=zone)
    try:
        seen[name] = next(each for each in calendar.serialize().splitlines() if each.startswith("DTSTART"))
    except vobject.base.VObjectError as error:
        seen[name] = str(error)
    print(f"{name}: {seen[name]}")
wanted = {"datetime.UTC": "'Unable to guess TZID for tzinfo UTC'", "dateutil.tz.UTC": "DTSTART:20261130T090000Z"}
sys.exit(0 if seen == wanted else 1)
END
python3 send.py
