#!/usr/bin/env bash
# Surprise: holidays.GB() without a subdivision knows neither Easter Monday nor the summer bank holiday: it holds
# only what all four countries share. date-holidays of npm, also without one, has Easter Monday and lacks the
# summer bank holiday.
# One would guess: GB alone means the bank holidays that nearly everybody in Britain has, or the choice of a
# country is demanded.
# Whom it hurts: who computes deadlines for an English company with “GB”: two working days a year too many. It is
# so on the days on which offices are closed and no answer comes.
# Seen: holidays 0.109 (PyPI), date-holidays 3.37.0 (npm), November 2026. The dates are those of GOV.UK's list for
# England and Wales.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  holidays==0.109
export PYTHONPATH="$folder/lib"
npm install --silent --no-audit --no-fund --no-package-lock date-holidays@3.37.0 >/dev/null

cat >ask.py <<'END'
import sys
from datetime import date
import holidays

print("holidays", holidays.__version__)
asked = {"Easter Monday": date(2026, 4, 6), "summer bank holiday": date(2026, 8, 31), "Good Friday": date(2026, 4, 3)}
found = {}
for part in (None, "ENG", "SCT"):
    calendar = holidays.GB(subdiv=part)
    found[part] = [day in calendar for day in asked.values()]
    print(f"GB {part or '(none)'}:", dict(zip(asked, found[part])))
sys.exit(0 if found == {None: [False, False, True], "ENG": [True, True, True], "SCT": [False, False, True]} else 1)
END
python3 ask.py
cat >ask.cjs <<'END'
const Holidays = require("date-holidays");
const found = new Holidays("GB").getHolidays(2026).map((each) => each.date.slice(0, 10));
const told = ["2026-04-06", "2026-08-31", "2026-04-03"].map((day) => found.includes(day));
console.log("date-holidays", require("date-holidays/package.json").version, "GB:", told);
process.exit(String(told) === "true,false,true" ? 0 : 1);
END
node ask.cjs
