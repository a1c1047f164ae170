#!/usr/bin/env python3
"""Prints docs/settings.md: every setting, from the file that tally init writes.

Usage: scripts/make-settings-page.py tally.yaml > docs/settings.md

A test compares the page with the program, so whoever adds a setting runs this again.
"""

import re
import sys

HEADER = """\
# Settings

A setting comes from a flag where a command has one, else from the environment, else from the file of `--config`, which may be YAML or
JSON. `tally init` writes a file with all of them, commented; a name that is not listed here is refused. Made from that
file by `scripts/make-settings-page.py`.

| in the file, below `tally:` | environment | meaning | example or default |
|---|---|---|---|
"""


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    print(HEADER, end="")
    pattern = r"# ([^\n]*) \((TALLY_\w+)\)\n\s*#\s*([\w.]+): \"([^\"]*)\""
    for meaning, variable, key, example in re.findall(pattern, text):
        print(f"| `{key}` | `{variable}` | {meaning} | `{example}` |")


main()
