#!/usr/bin/env bash
# Prints docs/first-ten-minutes.md: what a new user types, and what is printed.
#
# Usage: scripts/record-first-minutes.sh PATH-TO-TALLY > docs/first-ten-minutes.md
set -euo pipefail
tally="$(readlink -f "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place="$(mktemp -d /tmp/tally-first.XXXXXX)"
chmod 755 "$place"
mkdir "$place/bin"
ln -s "$tally" "$place/bin/tally"
export PATH="$place/bin:$PATH" TALLY_DATA_DIR="$place/.tally" COLUMNS=110 NO_COLOR=1
cp -r Examples "$place"
cd "$place"
tally serve --sample --listen 127.0.0.1:8080 >serve.log 2>&1 &
service=$!
trap 'kill $service; wait $service 2>/dev/null || true; rm -rf "$place"' EXIT
for _ in $(seq 100); do
  grep -q 'Stop with' serve.log && break
  sleep 0.1
done

say() { printf '\n%s\n' "$1"; }
show() {
  printf '\n```console\n$ %s\n' "$1"
  { bash -c "$1" 2>&1 || true; } | sed -e "s|$place/bin/||g" -e "s|$place/||g" -e "s| --data-dir .tally||" -e '$a\'
  printf '```\n'
}

cat <<'PAGE'
# The first ten minutes

Typed on a fresh machine after `make build`, and what was printed; `scripts/record-first-minutes.sh` made this page. The ledger `sample` is a
made-up company of sixty days.
PAGE
printf '\n```console\n$ tally serve --sample\n'
sed -n '/listens on/,$p' serve.log | sed -e "s|$place/bin/||g" -e "s| --data-dir [^ ]*||"
printf '```\n'
say 'In another terminal. Report a request, twice:'
event='{"source":"my-app","id":"chatcmpl-123","type":"request.completed","occurred_at":"'$(date -u +%FT00:00:00Z)'","app":"search","team":"growth","provider":"openai","model":"gpt-4o-mini","usage":{"input_tokens":1200,"cache_read_input_tokens":1024,"output_tokens":340}}'
printf '%s' "$event" >event.json
show 'cat event.json'
show "curl -s http://127.0.0.1:8080/api/v1/events -H 'content-type: application/json' -d @event.json"
show "curl -s http://127.0.0.1:8080/api/v1/events -H 'content-type: application/json' -d @event.json"
say 'What was spent, by whom, and what has no price:'
show 'tally spend --ledger sample --by team'
show 'tally users --ledger sample --limit 5'
show 'tally unpriced --ledger sample --limit 5'
show 'tally errors --ledger sample --limit 5'
say 'Anything else is a question in SQL. One morning was dearer than it should have been:'
show "tally sql --ledger sample \"SELECT hour, app, requests, failed_requests, cost_usd FROM audit.spend_hourly WHERE app = 'search' ORDER BY cost_usd DESC LIMIT 4\""
say 'Why does a request cost what it costs?'
id="$(tally sql --ledger sample --csv "SELECT id FROM audit.requests WHERE app = 'code-assistant' ORDER BY cost_usd DESC LIMIT 1" | tail -1)"
show "tally prices explain --ledger sample $id"
say 'What would it have cost elsewhere, what could be saved, and is the new prompt better?'
show 'tally replay prices --ledger sample --to anthropic/claude-haiku-4-5 --by team'
show 'tally recommend --ledger sample'
show 'tally experiments show short-answers --ledger sample'
say 'Who may spend how much, and what would limits have refused?'
show 'tally budgets list --ledger sample'
show 'tally replay budgets --ledger sample --policy Examples/budgets.yaml'
say 'Import a file; look before you do:'
show 'tally import Examples/Imports/litellm-spend.csv --format litellm-spend --dry-run'
show 'tally import Examples/Imports/native.ndjson'
show 'tally import Examples/Imports/native.ndjson'
show 'tally reconcile --provider openai Examples/Bills/openai-costs.json Examples/Bills/openai-usage.json'
say 'Nobody has changed the past, and one event is proven without the ledger:'
show 'tally verify --ledger sample'
show 'tally checkpoint --ledger sample --out kept.json'
show "tally prove --ledger sample $id > proof.json && tally prove --check proof.json"
show 'tally status'
