#!/usr/bin/env bash
# Surprise: vobject writes a summer time of ZoneInfo("Europe/London") with TZID=GMT and a VTIMEZONE of that name
# that has British Summer Time in it. icalendar takes the id GMT for the zone of that name, which has no summer
# time, and reads the event an hour late.
# One would guess: TZID=Europe/London, the name that the zone has; then every reader agrees.
# Whom it hurts: who sends appointments in Britain: nine o'clock in June is ten o'clock for readers that know the
# zone GMT.
# Seen: vobject 0.9.9, icalendar 7.3.2, Python 3.11, November 2026.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  vobject==0.9.9 icalendar==7.3.2 python-dateutil==2.9.0.post0 tzdata==2026.6
export PYTHONPATH="$folder/lib"

cat >send.py <<'END'
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo
import icalendar
import vobject

print("vobject", version("vobject"), "icalendar", version("icalendar"))
start = datetime(2026, 6, 30, 9, 0, tzinfo=ZoneInfo("Europe/London"))
calendar = vobject.iCalendar()
event = calendar.add("vevent")
event.add("summary").value = "Call"
event.add("dtstart").value = start
text = calendar.serialize()
line = next(each for each in text.splitlines() if each.startswith("DTSTART;"))
seen = {
    "vobject itself": vobject.readOne(text).vevent.dtstart.value,
    "icalendar": icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["DTSTART"].dt,
}
times = {name: f"{each.astimezone(UTC):%H:%M}" for name, each in seen.items()}
print(f"meant: {start.astimezone(UTC):%H:%M} UTC; written: {line}; read: {times}")
sys.exit(0 if "TZID=GMT" in line and times == {"vobject itself": "08:00", "icalendar": "09:00"} else 1)
END
python3 send.py
