#!/usr/bin/env bash
# Surprise: parsedmarc turns one DMARC report into begin_date by the clock of the machine's own zone and
# interval_begin in UTC, both written alike and without a zone. In its CSV the column begin_date is in UTC: the
# field of the same name differs between JSON and CSV.
# One would guess: both are in UTC, as the report counts its seconds (RFC 7489 appendix C), or the zone is written.
# Whom it hurts: who looks up which day's mail a report speaks of: on a machine in New York the JSON says that a
# report of 30 June began on the 29th, and two servers file the same report under two days. The sample in its
# documentation shows both (27 April 20:00, 28 April 00:00) without a word; the change log calls it intended, at the
# issue 819.
# Seen: parsedmarc 11.1.0, November 2026. The report is an example, and nothing is looked up (offline=True).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  parsedmarc==11.1.0 python-dateutil==2.9.0.post0
export PYTHONPATH="$folder/lib"

cat >read.py <<'END'
import csv
import io
from importlib.metadata import version
import parsedmarc

BEGIN = 1782777600  # 30 June 2026, 00:00 UTC
XML = f"""<?xml version="1.0"?>
<feedback>
<report_metadata><org_name>example.net</org_name><email>dmarc@example.net</email><report_id>1</report_id>
<date_range><begin>{BEGIN}</begin><end>{BEGIN + 86399}</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct>
</policy_published>
<record><row><source_ip>192.0.2.10</source_ip><count>2</count><policy_evaluated><disposition>none</disposition>
<dkim>pass</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from>
</identifiers><auth_results><spf><domain>example.com</domain><result>pass</result></spf></auth_results></record>
</feedback>"""
report = parsedmarc.parse_aggregate_report_xml(XML, offline=True)
row = next(csv.DictReader(io.StringIO(parsedmarc.parsed_aggregate_reports_to_csv(report))))
seen = (report["report_metadata"]["begin_date"], report["records"][0]["interval_begin"], row["begin_date"])
print("parsedmarc {}: JSON begin_date {}, JSON interval_begin {}, CSV begin_date {}".format(version("parsedmarc"), *seen))
END
for zone in UTC America/New_York; do TZ=$zone python3 read.py; done | tee seen.txt
cat >wanted.txt <<'END'
parsedmarc 11.1.0: JSON begin_date 2026-06-30 00:00:00, JSON interval_begin 2026-06-30 00:00:00, CSV begin_date 2026-06-30 00:00:00
parsedmarc 11.1.0: JSON begin_date 2026-06-29 20:00:00, JSON interval_begin 2026-06-30 00:00:00, CSV begin_date 2026-06-30 00:00:00
END
if ! cmp -s seen.txt wanted.txt; then
  echo "The behaviour has changed."
  exit 1
fi
