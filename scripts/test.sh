#!/usr/bin/env bash
# Runs the tests, with the given flags of `swift test`: first what calculates, then what needs a
# PostgreSQL, then the services. All at once, tests that calculate for seconds would hold up those
# that wait for an answer. Many tests print at the same time: what failed is said again at the end.
set -uo pipefail

calculations='^(Architecture|Benchmarks|Estimating|EventReading|Experiments|LedgerModel|Pricing'
calculations+='|Prompts|Reconciliation|TallyClient|Tokenizing|UsageExtraction)Tests\.'
services='^ServiceTests\.'

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status=0
run() { swift test "$@" 2>&1 | tee -a "$log" || status=1; }

run "$@" --filter "$calculations"
run "$@" --skip "$calculations" --skip "$services"
run "$@" --filter "$services"
if [[ $status -ne 0 ]]; then
  printf '\nWhat failed:\n'
  grep -E -A 4 '^✘ Test .* recorded an issue|^error:' "$log" | cut -c -600
fi
exit "$status"
