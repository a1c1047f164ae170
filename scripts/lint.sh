#!/usr/bin/env bash
# Checks what the compiler does not: format, file lengths, scripts, the compose file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly swift_file_lines_max=500
failures=0

fail() {
    echo "lint: $*" >&2
    failures=$((failures + 1))
}

# Every file of ours with one of the given names, separated by NUL.
files() {
    find . \( -name .git -o -name '.build*' -o -name .tally -o -name __pycache__ \) -prune \
        -o -type f \( "$@" \) -print0
}

swift format lint --strict --recursive --parallel Sources Tests Benchmarks Examples migrations Package.swift \
    || fail "the format differs; run: make format (and mend what remains)"

# Generated files say so on their first line.
while IFS= read -r -d '' file; do
    if head -n 1 "$file" | grep -q '^// Made by '; then continue; fi
    lines=$(wc -l <"$file")
    ((lines <= swift_file_lines_max)) \
        || fail "$file has $lines lines; split it, $swift_file_lines_max are allowed"
done < <(files -name '*.swift')

while IFS= read -r -d '' file; do
    bash -n "$file" || fail "$file is not a valid script"
    [[ -x $file ]] || fail "$file is not executable; run: chmod +x $file"
done < <(files -name '*.sh' -o -path './.ci/run')

while IFS= read -r -d '' file; do
    python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], "rb").read(), sys.argv[1])' "$file" \
        || fail "$file is not valid Python"
done < <(files -name '*.py')

if docker compose version >/dev/null 2>&1; then
    docker compose config -q || fail "docker-compose.yml is not valid"
elif command -v docker-compose >/dev/null; then
    docker-compose config -q || fail "docker-compose.yml is not valid"
fi

((failures == 0)) || { echo "lint: $failures checks failed" >&2; exit 1; }
echo "lint: all checks passed"
