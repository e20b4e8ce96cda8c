#!/usr/bin/env bash
# Surprise: ical.js reads DTSTART;TZID=Europe/London as a time without a zone if the file has no VTIMEZONE:
# toJSDate() then gives the wall clock of whatever machine reads it. node-ical and icalendar know the zone by its
# name.
# One would guess: a name of the time zone database is understood, or an error says that the zone is not known.
# Whom it hurts: who reads calendars in a browser or in Thunderbird's library: a call at nine in London is shown
# at nine in New York. ical-generator and Python's icalendar write files without VTIMEZONE unless they are told
# to.
# Seen: ical.js 2.2.1, node-ical 0.26.1, Node 20.20.2, November 2026. RFC 5545 section 3.2.19 demands the
# VTIMEZONE; many writers leave it out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock ical.js@2.2.1 node-ical@0.26.1 >/dev/null

cat >read.mjs <<'END'
import ICAL from "ical.js";
import nodeIcal from "node-ical";
const text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//example//EN", "BEGIN:VEVENT", "UID:1@example.com",
  "DTSTAMP:20260601T000000Z", "DTSTART;TZID=Europe/London:20260630T090000", "SUMMARY:Call", "END:VEVENT",
  "END:VCALENDAR", ""].join("\r\n");
const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent"));
const other = Object.values(nodeIcal.sync.parseICS(text)).find((each) => each.type === "VEVENT");
const seen = [event.startDate.toJSDate(), other.start].map((each) => new Date(each).toISOString());
console.log("meant 2026-06-30T08:00:00.000Z; ical.js:", seen[0], `(${event.startDate.zone})`, "node-ical:", seen[1]);
process.exit(seen.join() === "2026-06-30T13:00:00.000Z,2026-06-30T08:00:00.000Z" ? 0 : 1);
END
grep '"version"' node_modules/ical.js/package.json node_modules/node-ical/package.json
if ! TZ=America/New_York node read.mjs; then
  echo "The behaviour has changed."
  exit 1
fi
