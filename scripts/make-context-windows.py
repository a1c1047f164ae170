#!/usr/bin/env python3
"""Makes Sources/BuiltIn/context-windows.txt from LiteLLM's price map on PyPI.

    python3 scripts/make-context-windows.py [--date YYYY-MM-DD]

The package is downloaded by pip into a temporary directory; nothing else is needed. A model that
several providers sell takes the limits of the one that stands first in PROVIDERS.
"""

import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

LITELLM = "litellm==1.109.1"
MAP = "litellm/model_prices_and_context_window_backup.json"
OUT = pathlib.Path(__file__).resolve().parent.parent / "Sources/BuiltIn/context-windows.txt"

PROVIDERS = [
    "openai", "anthropic", "gemini", "vertex_ai-language-models", "vertex_ai-anthropic_models",
    "mistral", "deepseek", "dashscope", "azure", "bedrock_converse", "bedrock", "xai", "moonshot",
    "zai", "groq", "cohere_chat", "cohere", "azure_ai", "text-completion-openai", "openrouter",
]
MODES = {"chat", "completion", "responses", "embedding"}
REGIONS = {"us", "eu", "apac", "global", "us-gov", "jp", "au"}
VENDORS = {"anthropic", "mistral", "deepseek", "openai", "qwen", "google", "meta", "amazon"}


def base(name):
    """The plain name, as ModelName in Swift: without prefixes of gateways and vendors."""
    name = name.lower()
    if name.startswith("ft:"):
        name = name[3:].split(":")[0]
    name = name.rsplit("/", 1)[-1].split(":")[0].replace("@", "-")
    parts = name.split(".")
    if len(parts) > 2 and parts[0] in REGIONS:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in VENDORS:
        parts = parts[1:]
    name = ".".join(parts)
    if name.startswith("claude-"):
        name = re.sub(r"-v[12]$", "", name)
    return "gpt-3.5" + name[6:] if name.startswith("gpt-35") else name


def price_map():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest",
                        folder, LITELLM], check=True)
        wheel = next(pathlib.Path(folder).glob("*.whl"))
        return json.loads(zipfile.ZipFile(wheel).read(MAP))


def windows(entries):
    table = {}
    for provider in PROVIDERS:
        for name, entry in entries.items():
            if entry.get("litellm_provider") != provider or entry.get("mode") not in MODES:
                continue
            given = entry.get("max_input_tokens") or entry.get("max_tokens")
            output = entry.get("max_output_tokens") or 0
            if not isinstance(given, int) or not isinstance(output, int) or given <= 0:
                continue
            if re.fullmatch(r"[a-z0-9._-]+", base(name)):
                table.setdefault(base(name), (given, output))
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    date = parser.parse_args().date
    table = windows(price_map())
    rows = "\n".join(f"{k} {i} {o}" for k, (i, o) in sorted(table.items()))
    OUT.write_text(f'''\
# The context windows that tally knows, made on {date} by scripts/make-context-windows.py.
# Source: the price map of {LITELLM} (https://github.com/BerriAI/litellm, MIT).
# model, the most input tokens, the most output tokens or 0 if nobody says.
{rows}
''')
    print(f"{len(table)} models")


main()
