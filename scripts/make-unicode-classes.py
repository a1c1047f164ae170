#!/usr/bin/env python3
"""Makes Sources/Tokenizing/Unicode/ScalarClassRuns.swift: the classes of all scalars.

Tokenizers split text by Unicode's general categories. tiktoken has those of Unicode 16, while
Swift's standard library follows a later version, so the program brings its own; the tests compare
them with tiktoken, scalar by scalar.

    python3 scripts/make-unicode-classes.py [--out FILE]

unicodedata2, which is Python's own table for Unicode 16, comes from PyPI into a temporary folder.
"""

import argparse
import importlib
import pathlib
import subprocess
import sys
import tempfile

PACKAGE = "unicodedata2==16.0.0"
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Sources/Tokenizing/Unicode/ScalarClassRuns.swift"

# The White_Space property, which is what \s means; U+001C to U+001F do not have it.
SPACES = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
          0x202F, 0x205F, 0x3000}

# In the order of ScalarClass.
CLASSES = {"Lu": 2, "Lt": 2, "Ll": 3, "Lm": 4, "Lo": 4, "M": 5, "N": 6, "P": 7, "S": 8}


def load_database(folder):
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", folder,
                    PACKAGE], check=True)
    sys.path.insert(0, folder)
    return importlib.import_module("unicodedata2")


def class_of(database, scalar):
    if scalar in SPACES:
        return 1
    category = database.category(chr(scalar))
    return CLASSES.get(category, CLASSES.get(category[0], 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        database = load_database(folder)
        classes = [class_of(database, scalar) for scalar in range(0x110000)]
    runs = [(scalar, value) for scalar, value in enumerate(classes)
            if scalar == 0 or value != classes[scalar - 1]]
    words = [f"0x{scalar << 4 | value:X}," for scalar, value in runs]
    lines = ["    " + " ".join(words[i:i + 10]) for i in range(0, len(words), 10)]
    out.write_text(
        "// Made by scripts/make-unicode-classes.py; do not edit.\n"
        "// swift-format-ignore-file\n\n"
        f"/// Runs of scalars of one class, by Unicode {database.unidata_version}: "
        "first scalar << 4 | class.\n"
        "let scalarClassRuns: [UInt32] = [\n" + "\n".join(lines) + "\n]\n")
    print(f"{len(runs)} runs")


if __name__ == "__main__":
    main()
