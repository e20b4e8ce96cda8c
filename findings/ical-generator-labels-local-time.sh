#!/usr/bin/env bash
# Surprise: ical-generator, given a JavaScript Date and timezone: "Europe/London", writes the wall clock of the
# machine's own zone and labels it Europe/London. The same program writes other hours on other machines.
# One would guess: a Date is one moment, and naming a zone turns it into the wall clock of that zone; or a Date
# together with a zone is refused.
# Whom it hurts: whoever sends invitations from a server: on one that runs in UTC each summer appointment in
# London comes an hour early, and a test on the developer's own machine in London does not show it.
# Seen: ical-generator 10.2.0, Node 20.20.2, November 2026.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock ical-generator@10.2.0 >/dev/null

cat >send.mjs <<'END'
import ical from "ical-generator";
const calendar = ical({ name: "Calls" });
const start = new Date("2026-06-30T08:00:00Z"); // nine o'clock in London
calendar.createEvent({ start, summary: "Call", timezone: "Europe/London" });
console.log(calendar.toString().split("\r\n").find((line) => line.startsWith("DTSTART")));
END
grep '"version"' node_modules/ical-generator/package.json
seen=""
for zone in Europe/London UTC America/New_York; do
  line=$(TZ=$zone node send.mjs)
  echo "machine in $zone: $line"
  seen="$seen ${line##*T}"
done
if [ "$seen" != " 090000 080000 040000" ]; then
  echo "The behaviour has changed."
  exit 1
fi
