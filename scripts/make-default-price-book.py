#!/usr/bin/env python3
"""Makes Sources/BuiltIn/prices.yaml and its list of disagreements from two packages on PyPI.

genai-prices gives providers, models, dates and tiers; LiteLLM what it lacks: tiers, cache and audio
prices and bounds where the two agree on input and output, regions, and models and providers that it
does not know. Where they disagree the newer dated price wins, unless
scripts/price_book/decisions.toml says otherwise, with its reason. Entries whose every price is zero
are left out: in these sources zero often means "not told", and unknown is not free.

    python3 scripts/make-default-price-book.py [--date YYYY-MM-DD] [--keep FOLDER] [--tally FILE]

The packages are downloaded by pip into a temporary directory; nothing else is needed. With --keep
the two sources are also written to a folder as genai.json and litellm.json, for
`tally prices audit --against`. With --tally, a program that was built before, the book is audited
against both, the list of disagreements is written to scripts/price_book/disagreements.tsv, and the
exit code is 1 if one has no reason.
"""

import argparse
import datetime
import importlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections import Counter
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from price_book import check, merge, tiers, writing  # noqa: E402

GENAI_PRICES = "genai-prices==0.2.3"
LITELLM = "litellm==1.109.1"
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Sources/BuiltIn"
DISAGREEMENTS = ROOT / "scripts/price_book/disagreements.tsv"
DECISIONS = ROOT / "scripts/price_book/decisions.toml"
HEADER = [
    "# Made by scripts/make-default-price-book.py.",
    f"# Sources: {GENAI_PRICES} (https://github.com/pydantic/genai-prices, MIT) and",
    f"# {LITELLM} (https://github.com/BerriAI/litellm, model_prices_and_context_window, MIT).",
    "# Prices are facts that those projects collect from the providers' pages; check yours.",
    "# The format is described in docs/prices.md.",
]


def load_sources(folder):
    """The providers of genai-prices and the entries of LiteLLM, numbers as decimals."""
    packages = pathlib.Path(folder) / "packages"
    venv.create(pathlib.Path(folder) / "venv", with_pip=True)
    pip = [str(pathlib.Path(folder) / "venv/bin/pip"), "install", "--quiet", "--target",
           str(packages)]
    subprocess.run([*pip, GENAI_PRICES], check=True)
    subprocess.run([*pip, "--no-deps", LITELLM], check=True)
    sys.path.insert(0, str(packages))
    providers = importlib.import_module("genai_prices.data").providers
    path = packages / "litellm/model_prices_and_context_window_backup.json"
    entries = json.loads(path.read_text(), parse_float=Decimal, parse_int=Decimal)
    entries.pop("sample_spec", None)
    return providers, entries, path


def declare_batch(book):
    """Half price for a batch, where all but a few of a provider's own batch prices say so."""
    for id_, provider in book.providers.items():
        ratios = Counter()
        for model in [*provider["own"], *provider["models"].values()]:
            standard = model.current(book.today).get("input_mtok", {}).get(0)
            facts = model.facts.get("batch")
            price = facts and tiers.in_force(book.today, facts).get("input_mtok", {}).get(0)
            if price is not None and standard:
                ratios[price / standard] += 1
        total = sum(ratios.values())
        if total >= 4 and ratios[Decimal("0.5")] >= 0.85 * total:
            provider["tiers"] = {"batch": "0.5"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--tally", type=pathlib.Path)
    arguments = parser.parse_args()
    decisions = tomllib.loads(DECISIONS.read_text())
    with tempfile.TemporaryDirectory() as folder:
        providers, entries, path = load_sources(folder)
        kept = arguments.keep or pathlib.Path(tempfile.mkdtemp())
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, kept / "litellm.json")
        (kept / "genai.json").write_text(check.genai_json(providers))
    book = merge.Book(providers, decisions, arguments.date)
    # The Gemini API's prices come before those of the same names at Vertex AI.
    later = {name for name, entry in entries.items()
             if (entry.get("litellm_provider") or "").startswith("vertex_ai")}
    for name in sorted(entries, key=lambda name: name in later):
        book.add(name, entries[name])
    book.finish()
    declare_batch(book)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "prices.yaml").write_text(writing.book_text(book, arguments.date, HEADER))
    lost = check.lost_names(book, providers, entries)
    choices = arguments.out / "price-disagreements.txt"
    check.write_choices(book, providers, entries, choices, HEADER[1:3])
    rows, unexplained = [], []
    if arguments.tally:
        rows, unexplained = check.audit(
            arguments.tally, arguments.out / "prices.yaml", choices, kept)
        DISAGREEMENTS.write_text("\n".join(["\t".join(
            ["source", *check.COLUMNS, "reason"]), *rows]) + "\n")
    for what, count in sorted(book.counts.items()):
        print(f"{count} {what}")
    for line in lost + unexplained:
        print(line)
    models = sum(len(p["own"]) + len(p["models"]) for p in book.providers.values())
    print(f"{len(book.providers)} providers, {models} models, {len(lost)} names lost, "
          f"{len(rows)} disagreements, {len(unexplained)} without a reason")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
