#!/usr/bin/env bash
# Surprise: list(holidays.GB(subdiv="ENG")) is empty until somebody has asked for a day: years are filled in on
# the first look-up. numpy.busday_count with that list counts Christmas Day as a working day, and nothing is said.
# One would guess: the calendar of a country holds its holidays, or an empty one is refused, since a look-up by
# `in` finds them.
# Whom it hurts: who hands the calendar to another library (numpy, pandas, a database) in place of asking it day
# by day: deadlines over Christmas come two days early. business-duration 0.68, which asks day by day, is right
# with the same object.
# Seen: holidays 0.109, numpy 2.4.6, November 2026. The years= argument fills it at once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  holidays==0.109 numpy==2.4.6
export PYTHONPATH="$folder/lib"

cat >count.py <<'END'
import sys
from datetime import date
import holidays
import numpy

print("holidays", holidays.__version__, "numpy", numpy.__version__)
days = ("2026-12-24", "2026-12-30")
lazy, filled = holidays.GB(subdiv="ENG"), holidays.GB(subdiv="ENG", years=2026)
counts = [int(numpy.busday_count(*days, holidays=list(each))) for each in (lazy, filled)]
print("entries of the two calendars:", [len(list(each)) for each in (holidays.GB(subdiv="ENG"), filled)])
print("working days from 24 to 29 December 2026:", counts)
known = date(2026, 12, 25) in lazy
print("Christmas Day is in the first one when it is asked:", known, "and now it has entries:", len(lazy))
sys.exit(0 if counts == [4, 2] and known and len(lazy) else 1)
END
python3 count.py
