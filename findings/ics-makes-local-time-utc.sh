#!/usr/bin/env bash
# Surprise: ics.py reads a floating time (no zone, no Z) as UTC, and writes it back with a Z.
# One would guess: reading a calendar and writing it again leaves a time as it was. RFC 5545 section 3.3.5 says
# that a floating time means the same wall clock wherever it is read; icalendar keeps it so.
# Whom it hurts: who passes invitations on through it: nine o'clock in the reader's zone becomes nine o'clock UTC,
# ten o'clock in a British summer.
# Seen: ics 0.7.3, icalendar 7.3.2, November 2026.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  ics==0.7.3 icalendar==7.3.2 python-dateutil==2.9.0.post0
export PYTHONPATH="$folder/lib"

cat >pass_on.py <<'END'
import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import ics
import icalendar

print("ics", version("ics"), "icalendar", version("icalendar"))
LINES = (
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//example//EN", "BEGIN:VEVENT", "UID:1@example.com",
    "DTSTAMP:20260601T000000Z", "DTSTART:20260630T090000", "DTEND:20260630T100000", "SUMMARY:Call", "END:VEVENT",
    "END:VCALENDAR", "",
)
text = "\r\n".join(LINES)
written = {
    "ics": ics.Calendar(text).serialize(),
    "icalendar": icalendar.Calendar.from_ical(text).to_ical().decode(),
}
starts = {name: next(line for line in each.splitlines() if line.startswith("DTSTART")) for name, each in written.items()}
print("given: DTSTART:20260630T090000; written again:", starts)
sys.exit(0 if starts == {"ics": "DTSTART:20260630T090000Z", "icalendar": "DTSTART:20260630T090000"} else 1)
END
python3 pass_on.py
