#!/usr/bin/env python3
"""Makes Sources/BuiltIn/extractors.txt from genai-prices on PyPI.

An extractor says where a provider's answer keeps its counts. They are facts that genai-prices
collects; this writes them as lines that `ExtractorCatalog` reads.

    python3 scripts/make-extractors.py [--date YYYY-MM-DD] [--out FILE]

The package is downloaded by pip into a temporary directory; nothing else is needed.
"""

import argparse
import datetime
import importlib
import pathlib
import subprocess
import sys
import tempfile
import venv

GENAI_PRICES = "genai-prices==0.2.3"
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Sources/BuiltIn/extractors.txt"

HEADER = '''\
# The extractors that tally ships, made on {date} by scripts/make-extractors.py.
# Source: {package} (https://github.com/pydantic/genai-prices, MIT).
# provider flavor root model; then the measures that it reads, ! where one is required.
'''


def load_providers(folder):
    packages = pathlib.Path(folder) / "packages"
    venv.create(pathlib.Path(folder) / "venv", with_pip=True)
    subprocess.run([str(pathlib.Path(folder) / "venv/bin/pip"), "install", "--quiet", "--target",
                    str(packages), GENAI_PRICES], check=True)
    sys.path.insert(0, str(packages))
    return importlib.import_module("genai_prices.data").providers


def step_of(step):
    """A key, or the one item of an array whose field has a value."""
    if isinstance(step, str):
        text = step
    else:
        text = f"{step.field}={step.match.equals}"
    if set(text) & set(" /") or text.count("=") != (not isinstance(step, str)):
        raise SystemExit(f"the step {text} can't be written")
    return text


def path_of(path):
    return "/".join(step_of(step) for step in ([path] if isinstance(path, str) else path))


def lines_of(provider, extractor):
    yield (f"{provider.id} {extractor.api_flavor} {path_of(extractor.root)} "
           f"{path_of(extractor.model_path)}")
    for mapping in extractor.mappings:
        yield f"{'!' if mapping.required else '+'} {mapping.dest} {path_of(mapping.path)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        providers = load_providers(folder)
        blocks = [list(lines_of(provider, extractor)) for provider in providers
                  for extractor in provider.extractors or []]
    text = HEADER.format(date=arguments.date, package=GENAI_PRICES)
    text += "".join(line + "\n" for block in blocks for line in block)
    arguments.out.write_text(text)
    print(f"{arguments.out}: {len(blocks)} extractors of "
          f"{len({block[0].split()[0] for block in blocks})} providers")


if __name__ == "__main__":
    main()
