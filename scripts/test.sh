#!/usr/bin/env bash
# Runs the tests, with the given flags of `swift test`: first those that only calculate, then those
# that need PostgreSQL, then the services. If all ran at once, tests that calculate for seconds
# would delay those that wait for an answer, and with hundreds at once none of them is served within
# its time, so a few run at once. With TALLY_ONLY=PricingTests,ExportTests it runs only
# those targets. Many tests print at the same time, so failed and skipped tests are listed again at
# the end.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

calculations=() databases=() services=()
for folder in Tests/*Tests; do
  target="${folder##*/}"
  if [[ -n ${TALLY_ONLY:-} && ,$TALLY_ONLY, != *,$target,* ]]; then continue; fi
  if [[ $target == ServiceTests ]]; then
    services+=("$target")
  elif grep -qrE '^import (Postgres|Store)Testing$' "$folder"; then
    databases+=("$target")
  else
    calculations+=("$target")
  fi
done

export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$((4 * $(nproc)))

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status=0
flags=("$@")
run() {
  [[ $# -gt 0 ]] || return
  local targets="$*"
  swift test "${flags[@]}" --filter "^(${targets// /|})\\." 2>&1 | tee -a "$log" || status=1
}
run "${calculations[@]}"
run "${databases[@]}"
run "${services[@]}"

if skipped="$(grep -E '^➜ (Test|Suite) .* skipped' "$log" | sort -u)"; then
  printf '\nWhat was skipped:\n%s\n' "$(sed 's/^➜ /  /; s/ skipped: /: /' <<<"$skipped")"
fi
if [[ $status -ne 0 ]]; then
  printf '\nWhat failed:\n'
  # A process that fell may have left half a line before the words about it.
  grep -E -A 4 '^✘ Test .* recorded an issue|error: (Process|Exited)|^error:|^\*\*\* Program crashed|^Thread .* crashed' \
    "$log" | cut -c -600
fi
exit "$status"
