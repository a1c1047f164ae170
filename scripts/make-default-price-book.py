#!/usr/bin/env python3
"""Makes Sources/BuiltIn/prices.yaml from two packages on PyPI.

genai-prices is the primary source: providers, models, dates, tiers. litellm adds what it lacks:
service tiers, one-hour cache writes, audio and image tokens where the two agree on input and
output, and models and providers that it lacks. Where they disagree, genai-prices wins;
the disagreements are printed. Entries whose every price is zero are left out: in these sources
zero often means "unknown", and unknown is not free.

    python3 scripts/make-default-price-book.py [--date YYYY-MM-DD] [--out FILE]

The packages are downloaded by pip into a temporary directory; nothing else is needed.
"""

import argparse
import datetime
import importlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter, defaultdict
from decimal import Context, Decimal

GENAI_PRICES = "genai-prices==0.2.3"
LITELLM = "litellm==1.109.1"
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Sources/BuiltIn/prices.yaml"

# genai-prices' key -> our word; None is a unit that events don't count.
KEYS = {
    "input_mtok": "input_mtok", "output_mtok": "output_mtok",
    "cache_read_mtok": "cache_read_mtok", "cache_write_mtok": "cache_write_mtok",
    "cache_write_5m_mtok": "cache_write_mtok", "cache_write_1h_mtok": "cache_write_1h_mtok",
    "output_reasoning_mtok": "output_reasoning_mtok", "input_audio_mtok": "input_audio_mtok",
    "output_audio_mtok": "output_audio_mtok", "cache_audio_read_mtok": "cache_audio_read_mtok",
    "input_image_mtok": "input_image_mtok", "output_image_mtok": "output_image_mtok",
    "cache_image_read_mtok": "cache_image_read_mtok", "audio_hours": "input_hours",
    "input_audio_hours": "input_hours", "output_audio_hours": "output_hours",
    "input_mchars": "input_mchars", "web_searches_kcount": "web_searches_kcount",
    "requests_kcount": "requests_kcount",
}

# LiteLLM's measure -> our word and the factor for its price; longer names first.
MEASURES = [
    ("input_cost_per_token_cache_hit", "cache_read_mtok", 1_000_000),
    ("input_cost_per_token", "input_mtok", 1_000_000),
    ("output_cost_per_token", "output_mtok", 1_000_000),
    ("cache_read_input_token_cost", "cache_read_mtok", 1_000_000),
    ("cache_creation_input_token_cost", "cache_write_mtok", 1_000_000),
    ("output_cost_per_reasoning_token", "output_reasoning_mtok", 1_000_000),
    ("input_cost_per_audio_token", "input_audio_mtok", 1_000_000),
    ("output_cost_per_audio_token", "output_audio_mtok", 1_000_000),
    ("cache_read_input_audio_token_cost", "cache_audio_read_mtok", 1_000_000),
    ("input_cost_per_image_token", "input_image_mtok", 1_000_000),
    ("output_cost_per_image_token", "output_image_mtok", 1_000_000),
    ("cache_read_input_image_token_cost", "cache_image_read_mtok", 1_000_000),
    ("input_cost_per_audio_per_second", "input_hours", 3_600),
    ("input_cost_per_second", "input_hours", 3_600),
    ("output_cost_per_second", "output_hours", 3_600),
    ("input_cost_per_character", "input_mchars", 1_000_000),
    ("input_cost_per_request", "requests_kcount", 1_000),
    ("input_cost_per_query", "requests_kcount", 1_000),
    ("output_cost_per_image", "images_kcount", 1_000),
]
SUFFIX = re.compile(
    r"_above_(?P<ttl>1hr)|_above_(?P<bound>\d+)(?P<kilo>k?)_tokens"
    r"|_(?P<tier>batches|flex|priority|ultrafast|balanced)")

# The order of the words in a file, which is that of the units.
ORDER = [
    "input_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok", "output_mtok",
    "output_reasoning_mtok", "input_audio_mtok", "output_audio_mtok", "cache_audio_read_mtok",
    "input_image_mtok", "output_image_mtok", "cache_image_read_mtok", "input_hours",
    "output_hours", "input_mchars", "web_searches_kcount", "images_kcount", "requests_kcount",
]
CONTAINERS = {
    "cache_read_mtok": "input_mtok", "cache_write_mtok": "input_mtok",
    "input_audio_mtok": "input_mtok", "input_image_mtok": "input_mtok",
    "cache_write_1h_mtok": "cache_write_mtok", "output_reasoning_mtok": "output_mtok",
    "output_audio_mtok": "output_mtok", "output_image_mtok": "output_mtok",
    "cache_audio_read_mtok": "input_audio_mtok", "cache_image_read_mtok": "input_image_mtok",
}
# The prices that LiteLLM may add to a model of genai-prices.
ADDABLE = [
    "cache_write_1h_mtok", "output_reasoning_mtok", "input_audio_mtok", "output_audio_mtok",
    "cache_audio_read_mtok", "input_image_mtok", "output_image_mtok", "cache_image_read_mtok",
    "web_searches_kcount",
]

# LiteLLM's provider -> genai-prices'.
SELLERS = {
    "azure": "azure", "azure_text": "azure", "azure_ai": "azure", "bedrock": "aws",
    "bedrock_converse": "aws", "bedrock_mantle": "aws", "gemini": "google", "xai": "x-ai",
    "together_ai": "together", "codestral": "mistral", "text-completion-codestral": "mistral",
    "moonshot": "moonshotai", "voyage": "voyageai", "github_copilot": "github-copilot",
    "text-completion-openai": "openai", "cohere_chat": "cohere", "meta_llama": "meta",
}
FAMILIES = {"vertex_ai": "google", "fireworks_ai": "fireworks"}

# Names in OpenTelemetry and in common use that the match clauses of genai-prices don't cover.
OTHER_NAMES = {
    "azure": {"or": [{"starts_with": "azure"}, {"starts_with": "az."}]},
    "fireworks": {"starts_with": "fireworks"},
    "deepseek": {"contains": "deepseek"},
    "groq": {"equals": "groqcloud"},
    "mistral": {"or": [{"starts_with": "mistral"}, {"equals": "codestral"}]},
    "perplexity": {"starts_with": "perplexity"},
    "together": {"starts_with": "together"},
    "x-ai": {"or": [{"equals": "xai"}, {"equals": "x_ai"}, {"equals": "grok"}]},
}


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
    return providers, entries


def tidy(value):
    """Rounds to twelve digits: anything beyond them is floating-point noise."""
    return Context(prec=12).create_decimal(value)


def number(value):
    text = format(value.normalize(), "f")
    return text


# --- genai-prices ---------------------------------------------------------------------------


def rates_of(prices):
    """A ModelPrice as {word: {bound: price}}."""
    rates = {}
    for key, value in sorted(prices.__dict__.items(), key=lambda pair: pair[0] == "audio_hours"):
        word = KEYS.get(key)
        if value is None or word is None or word in rates:
            continue
        if isinstance(value, Decimal):
            rates[word] = {0: value}
        else:
            rates[word] = {0: value.base} | {tier.start: tier.price for tier in value.tiers}
    return rates


def conditions_of(constraint):
    if constraint is None:
        return {}
    if hasattr(constraint, "start_date"):
        return {"from": constraint.start_date.isoformat()}
    start, end = constraint.start_time, constraint.end_time
    return {"hours": f"{start.strftime('%H:%M')}-{end.strftime('%H:%M')}"}


def lists_of(model):
    """The price lists of a model: (conditions, rates), the last in force winning."""
    if isinstance(model.prices, list):
        lists = [(conditions_of(item.constraint), rates_of(item.prices)) for item in model.prices]
        lists[0] = ({}, lists[0][1])
    else:
        lists = [({}, rates_of(model.prices))]
    for variant in reversed(model.price_variants or []):
        (key, value), *rest = variant.when.items()
        if rest or key not in ("service_tier", "processing", "speed"):
            continue
        lists.append((conditions_of(variant.constraint) | {"tier": value},
                      rates_of(variant.prices)))
    return lists


def clause(match):
    """A match clause as plain data."""
    if match is None:
        return None
    (key, value), = match.__dict__.items()
    key = key.rstrip("_")
    return {key: [clause(item) for item in value] if key in ("or", "and") else value}


# --- LiteLLM --------------------------------------------------------------------------------


def seller_of(entry):
    name = entry.get("litellm_provider")
    if name is None:
        return None
    for family, seller in FAMILIES.items():
        if name == family or name.startswith(family + "-"):
            return seller
    return SELLERS.get(name, name)


def litellm_rates(entry):
    """{tier: {word: {bound: price}}}; the standard prices have the tier None."""
    table = defaultdict(lambda: defaultdict(dict))
    for key, value in entry.items():
        if key == "tiered_pricing":
            for tier in value:
                if "range" not in tier:
                    continue
                for inner, price in tier.items():
                    put(table, inner, price, int(tier["range"][0]))
        elif key == "search_context_cost_per_query":
            price = value.get("search_context_size_medium")
            if price:
                table[None]["web_searches_kcount"][0] = tidy(price * 1_000)
        else:
            put(table, key, value, None)
    if entry.get("mode") == "search" and "requests_kcount" in table[None]:
        table[None]["web_searches_kcount"] = table[None].pop("requests_kcount")
    standard = table[None]
    if any(word.endswith("_mtok") and any(bounds.values()) for word, bounds in standard.items()):
        for word in ("input_hours", "output_hours", "input_mchars"):
            standard.pop(word, None)
    for rates in table.values():
        for word in list(rates):
            if 0 not in rates[word]:
                base = standard.get(word, {}).get(0)
                if base is None:
                    del rates[word]
                else:
                    rates[word][0] = base
    return {tier: dict(rates) for tier, rates in table.items() if rates}


def put(table, key, value, bound):
    if not isinstance(value, Decimal) or value < 0:
        return
    for measure, word, times in MEASURES:
        if key.startswith(measure):
            rest = key[len(measure):]
            tier = None
            while rest:
                match = SUFFIX.match(rest)
                if match is None or (match["ttl"] and word != "cache_write_mtok"):
                    return
                if match["ttl"]:
                    word = "cache_write_1h_mtok"
                elif match["bound"]:
                    bound = int(match["bound"]) * (1_000 if match["kilo"] else 1)
                else:
                    tier = {"batches": "batch"}.get(match["tier"], match["tier"])
                rest = rest[match.end():]
            table[tier][word][bound or 0] = tidy(value * times)
            return


def without_redundancy(rates):
    """Leaves out units with the same price as the unit that contains them."""
    kept = dict(rates)
    for word in reversed(ORDER):
        container = CONTAINERS.get(word)
        if word in kept and container in kept and kept[word] == kept[container]:
            dependents = [other for other, name in CONTAINERS.items() if name == word]
            joined = word in ("input_audio_mtok", "input_image_mtok", "cache_read_mtok")
            if not any(other in kept for other in dependents) and not (
                    joined and any(name in kept for name in
                                   ("cache_audio_read_mtok", "cache_image_read_mtok"))):
                del kept[word]
    return kept


# --- Both -----------------------------------------------------------------------------------


class Book:
    def __init__(self, providers):
        self.sources = {provider.id: provider for provider in providers}
        self.providers = {}
        for provider in providers:
            self.providers[provider.id] = {
                "match": OTHER_NAMES.get(provider.id) or clause(provider.provider_match),
                "model_match": clause(provider.model_match),
                "fallback": list(provider.fallback_model_providers or []),
                "tiers": {},
                "models": {model.id: {"match": clause(model.match), "lists": lists_of(model)}
                           for model in provider.models},
            }
        self.disagreements = []
        self.counts = Counter()
        self.completed = set()

    def add(self, name, entry):
        seller = seller_of(entry)
        table = litellm_rates(entry)
        standard = table.get(None)
        if seller is None or not standard or "commitment" in name:
            self.counts["litellm entries without a price that events count"] += 1
            return
        if not any(price for bounds in standard.values() for price in bounds.values()):
            self.counts["litellm entries at zero, left out"] += 1
            return
        # `azure/gpt-4o` is LiteLLM's name; the provider calls it `gpt-4o`.
        family = entry["litellm_provider"].split("-")[0]
        prefixes = {entry["litellm_provider"], family, seller, "bedrock", "vertex_ai", "gemini"}
        head, _, rest = name.partition("/")
        model = rest if rest and head in prefixes else name
        known, own = self.find(seller, model.lower())
        if known is not None:
            self.complete(seller, known, own, model, table)
        else:
            self.append(seller, model, table)

    def find(self, seller, model):
        """The model as the provider's own, or of another provider that it falls back to."""
        provider = self.sources.get(seller)
        if provider is None:
            return None, False
        own = provider.find_model(model)
        if own is not None:
            return self.providers[seller]["models"][own.id], True
        for fallback in provider.fallback_model_providers or []:
            other = self.sources[fallback].find_model(model)
            if other is not None:
                return self.providers[fallback]["models"][other.id], False
        return None, False

    @staticmethod
    def is_named(known, model):
        """Whether genai-prices lists this exact name, not a pattern that it matches."""
        return f'"equals": {json.dumps(model.lower())}' in json.dumps(known["match"]).lower()

    def complete(self, seller, known, own, model, table):
        wholes = [rates for conditions, rates in known["lists"]
                  if "tier" not in conditions and "hours" not in conditions]
        current = wholes[-1]
        standard = table[None]
        for word in ("input_mtok", "output_mtok"):
            ours, theirs = current.get(word), standard.get(word)
            if ours and theirs and any(theirs.values()) and ours != theirs:
                kind = "name" if self.is_named(known, model) else "pattern"
                self.disagreements.append(
                    f"by {kind}: {seller} {model} {word}: "
                    f"genai-prices {show(ours)}, litellm {show(theirs)}")
                return
        if current.get("input_mtok") is None or not own:
            if not own:
                self.append(seller, model, table)
            return
        if (seller, id(known)) in self.completed:
            return
        self.completed.add((seller, id(known)))
        added = {word: standard[word] for word in ADDABLE
                 if word in standard and word not in current and any(standard[word].values())}
        merged = without_redundancy(current | added)
        for word in added:
            if word in merged:
                current[word] = merged[word]
                self.counts[f"{word} added"] += 1
        base = len([1 for conditions, _ in known["lists"] if "tier" not in conditions])
        for tier, rates in sorted((pair for pair in table.items() if pair[0]), reverse=True):
            undated = any(conditions == {"tier": tier} for conditions, _ in known["lists"])
            if not undated:
                rates = without_tier_redundancy(rates, standard)
                # Before the dated lists of the tier: those are later facts.
                known["lists"].insert(base, ({"tier": tier}, rates))
                self.counts[f"tier {tier} added"] += 1

    def append(self, seller, model, table):
        provider = self.providers.setdefault(
            seller, {"match": None, "model_match": None, "fallback": [], "tiers": {}, "models": {}})
        if model in provider["models"]:
            return
        standard = without_redundancy(table[None])
        lists = [({}, standard)]
        for tier, rates in sorted((pair for pair in table.items() if pair[0])):
            lists.append(({"tier": tier}, without_tier_redundancy(rates, table[None])))
        provider["models"][model] = {"match": None, "lists": lists}
        self.counts["models added from litellm"] += 1

    def declare_batch(self):
        """Half price for a batch, if nearly all of a provider's own batch prices are half."""
        for id_, provider in self.providers.items():
            ratios = Counter()
            for model in provider["models"].values():
                base = [rates for conditions, rates in model["lists"]
                        if "tier" not in conditions and "hours" not in conditions][-1]
                for conditions, rates in model["lists"]:
                    price = rates.get("input_mtok", {}).get(0)
                    standard = base.get("input_mtok", {}).get(0)
                    if conditions.get("tier") == "batch" and price is not None and standard:
                        ratios[price / standard] += 1
            total = sum(ratios.values())
            if total >= 4 and ratios[Decimal("0.5")] >= 0.85 * total:
                provider["tiers"] = {"batch": "0.5"}
            if total:
                print(f"batch at {id_}: " + ", ".join(
                    f"{count} × {number(tidy(ratio))}" for ratio, count in ratios.most_common(4))
                    + (" -> declared 0.5" if provider["tiers"] else ""))


def without_tier_redundancy(rates, standard):
    """Reduces a tier's list to the prices that differ from the standard prices."""
    return {word: bounds for word, bounds in rates.items() if standard.get(word) != bounds}


def show(bounds):
    return ", ".join(number(price) + (f" above {bound}" if bound else "")
                     for bound, price in sorted(bounds.items()))


# --- Writing --------------------------------------------------------------------------------

PLAIN = re.compile(r"^[A-Za-z0-9_/][A-Za-z0-9_./-]*$")


def text(value):
    return value if PLAIN.match(value) else json.dumps(value)


def clause_text(match):
    (key, value), = match.items()
    if key in ("or", "and"):
        return f"{{{key}: [{', '.join(clause_text(item) for item in value)}]}}"
    if key == "equals":
        return text(value.lower())
    return f"{{{key}: {text(value if key == 'regex' else value.lower())}}}"


def fields(conditions, rates):
    parts = []
    if "from" in conditions:
        parts.append(f"from: {conditions['from']}")
    if "hours" in conditions:
        parts.append(f'hours: "{conditions["hours"]}"')
    if "tier" in conditions:
        parts.append(f"tier: {text(conditions['tier'])}")
    for word in ORDER:
        if word not in rates:
            continue
        bounds = sorted(rates[word].items())
        if len(bounds) == 1:
            parts.append(f"{word}: {number(bounds[0][1])}")
        else:
            inner = ", ".join(f"{bound}: {number(price)}" for bound, price in bounds)
            parts.append(f"{word}: {{{inner}}}")
    return parts


def names(id_, match):
    if match is None:
        return []
    if match == {"equals": id_} or match == {"equals": id_.lower()}:
        return []
    items = match.get("or")
    if items and all("equals" in item for item in items):
        others = [item["equals"].lower() for item in items]
        if id_.lower() in others:
            others.remove(id_.lower())
            return [f"also: [{', '.join(text(other) for other in others)}]"]
    return [f"match: {clause_text(match)}"]


def text_of(book, date):
    lines = [
        f"# The price book that tally ships, made on {date} by scripts/make-default-price-book.py.",
        f"# Sources: {GENAI_PRICES} (https://github.com/pydantic/genai-prices, MIT) and",
        f"# {LITELLM} (https://github.com/BerriAI/litellm, model_prices_and_context_window, MIT).",
        "# Prices are facts that those projects collect from the providers' pages; check yours.",
        "# The format is described in docs/prices.md.",
        "tally_prices: 1",
        f"name: default {date}",
        "providers:",
    ]
    for id_, provider in book.providers.items():
        lines.append(f"  {text(id_)}:")
        for key in ("match", "model_match"):
            if provider[key]:
                lines.append(f"    {key}: {clause_text(provider[key])}")
        if provider["fallback"]:
            lines.append(f"    fallback: [{', '.join(map(text, provider['fallback']))}]")
        if provider["tiers"]:
            pairs = ", ".join(f"{tier}: {factor}" for tier, factor in provider["tiers"].items())
            lines.append(f"    tiers: {{{pairs}}}")
        lines.append("    models:" if provider["models"] else "    models: {}")
        for model_id, model in provider["models"].items():
            parts = names(model_id, model["match"])
            lists = model["lists"]
            if len(lists) == 1:
                parts += fields(*lists[0])
                lines.append(f"      {text(model_id)}: {{{', '.join(parts)}}}")
                continue
            lines.append(f"      {text(model_id)}:")
            lines += [f"        {part}" for part in parts]
            lines.append("        prices:")
            lines += [f"        - {{{', '.join(fields(*item))}}}" for item in lists]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        providers, entries = load_sources(folder)
        book = Book(providers)
        for name, entry in entries.items():
            book.add(name, entry)
        book.declare_batch()
    arguments.out.write_text(text_of(book, arguments.date))
    for line in book.disagreements:
        print("disagree:", line)
    for what, count in sorted(book.counts.items()):
        print(f"{count} {what}")
    models = sum(len(provider["models"]) for provider in book.providers.values())
    named = sum(line.startswith("by name") for line in book.disagreements)
    print(f"{len(book.disagreements)} disagreements, {named} of them by name: genai-prices wins")
    print(f"{arguments.out}: {len(book.providers)} providers, {models} models, "
          f"{arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
