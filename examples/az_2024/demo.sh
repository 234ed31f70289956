#!/bin/sh
# The whole main job on the 2024 presidential election in Azerbaijan, from the definition to the findings.
set -eu
cd "$(dirname "$0")/../.."
out=${1:-out/az_2024}
form=checklists/az_2024_presidential/election_day.yaml
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "1. Check the definition"
checklist check checklists/az_2024_presidential

say "2. Build the paper forms, the workbook, the web form, its JSON Schema and the codebook"
checklist build "$form" -o "$out/forms"

say "3. Read the responses of 105 stations: filled workbooks and web responses, into the same tables"
checklist parse "$form" examples/az_2024/responses -o "$out/tables"

say "4. Compute the findings, beside the figures of the statement"
checklist findings "$form" "$out/tables" -o "$out/findings" --compare examples/az_2024/statement.csv

say "5. Say who has reported of those who were sent, and reckon with the stations that were not reached"
checklist response "$form" "$out/tables" --deployment examples/az_2024/deployment.csv --frame examples/az_2024/stations.csv \
  --by region --at 2024-02-08T12:00+04:00 -o "$out/response"
checklist findings "$form" "$out/tables" --deployment examples/az_2024/deployment.csv --frame examples/az_2024/stations.csv \
  --by region -o "$out/findings_of_the_country" > "$out/findings_of_the_country.txt"

say "Everything that was made is in $out"
