#!/usr/bin/env bash
# Surprise: workalendar's get_working_days_delta(later, earlier) gives the same positive number as (earlier,
# later).
# One would guess: a negative number, as the difference of two dates gives and as numpy.busday_count gives, or an
# error.
# Whom it hurts: who compares a due date with today by it: a deadline that is five working days over reads as five
# working days left.
# Seen: workalendar 17.0.0, numpy 2.4.6, November 2026.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  workalendar==17.0.0 numpy==2.4.6 python-dateutil==2.9.0.post0
export PYTHONPATH="$folder/lib"

cat >count.py <<'END'
import sys
from datetime import date
from importlib.metadata import version
import numpy
from workalendar.europe import UnitedKingdom

print("workalendar", version("workalendar"), "numpy", numpy.__version__)
monday, next_monday = date(2026, 11, 2), date(2026, 11, 9)
calendar = UnitedKingdom()
found = [calendar.get_working_days_delta(monday, next_monday), calendar.get_working_days_delta(next_monday, monday)]
others = [int(numpy.busday_count(monday, next_monday)), int(numpy.busday_count(next_monday, monday))]
print("workalendar, forwards and backwards:", found)
print("numpy, forwards and backwards:", others)
sys.exit(0 if found == [5, 5] and others == [5, -5] else 1)
END
python3 count.py
