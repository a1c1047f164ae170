"""Lets genai-prices read and price random answers, and writes down what it found.

    python recorded_usages.py DATA.json SEED COUNT TIME BOOK.json USAGES.json

The prices are those of DATA.json (its `data.json`), or of the package itself where DATA.json is
`package`; the extractors are the package's own. BOOK.json gets both in the form of `data.json`,
USAGES.json the answers in the form of its `tests/dataset/usages.json`.
"""

import dataclasses
import json
import random
import re
import sys
import warnings
from datetime import datetime, time
from decimal import Decimal

from genai_prices import data, types
from genai_prices.data_snapshot import DataSnapshot

warnings.simplefilter("ignore")

# What an event counts, and so what a book of ours can price.
KEPT = {
    "input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok",
    "output_reasoning_mtok", "input_audio_mtok", "output_audio_mtok", "cache_audio_read_mtok",
    "input_image_mtok", "output_image_mtok", "cache_image_read_mtok", "requests_kcount",
    "web_searches_kcount", "input_mchars",
}


# A word in front of a name: `openai/`, `au.anthropic.`.
MADE_BY = re.compile(r"~?[a-z0-9-]+[./][a-z]", re.IGNORECASE)
# What editors show: `claude-4.5-sonnet-thinking`, `gpt-5-high`.
SHOWN_AS = re.compile(
    r"claude-\d[\d.-]*-[a-z]|(claude|gpt|o3|o4)-.*-(thinking|minimal|low|medium|x?high)$",
    re.IGNORECASE)


def plain(value):
    """A dataclass of genai-prices as the JSON that it is read from."""
    if isinstance(value, types.ModelPrice):
        return {key: plain(price) for key, price in vars(value).items() if price is not None}
    if isinstance(value, types.ClauseOr):
        return {"or": plain(value.or_)}
    if isinstance(value, types.ClauseAnd):
        return {"and": plain(value.and_)}
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {key: plain(item) for key, item in fields.items()
                if item is not None and not key.startswith("_")}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M:%SZ")
    return str(value)


def prices_of(model):
    return [model.prices] if isinstance(model.prices, types.ModelPrice) else [
        conditional.prices for conditional in model.prices]


def is_kept(model):
    return all(key in KEPT for prices in prices_of(model) for key in vars(prices))


def name_for(clause, rng):
    """A name that the clause probably matches."""
    if isinstance(clause, types.ClauseOr):
        return name_for(rng.choice(clause.or_), rng)
    if isinstance(clause, types.ClauseAnd):
        return "".join(name_for(part, rng) for part in clause.and_)
    if isinstance(clause, types.ClauseEquals):
        return clause.equals
    if isinstance(clause, types.ClauseStartsWith):
        return clause.starts_with + rng.choice(["", "-latest", "-20251211", "x"])
    if isinstance(clause, types.ClauseEndsWith):
        return rng.choice(["", "acme/", "x"]) + clause.ends_with
    if isinstance(clause, types.ClauseContains):
        return rng.choice(["", "acme/"]) + clause.contains + rng.choice(["", "-v2"])
    return clause.regex.replace("^", "").replace("$", "").replace("\\", "")


def put(body, path, value):
    steps = [path] if isinstance(path, str) else list(path)
    for step, after in zip(steps, steps[1:] + [None]):
        if isinstance(step, types.ArrayMatch):
            name = step.match.equals
            item = next((item for item in body if item[step.field] == name), None)
            if item is None:
                item = {step.field: name}
                body.append(item)
            body = item
        elif after is None:
            body.setdefault(step, value)
        else:
            kind = list if isinstance(after, types.ArrayMatch) else dict
            body = body.setdefault(step, kind())


def answer(extractor, model, rng):
    """A body of the extractor's flavor: parts are mostly smaller than what contains them."""
    body = {}
    put(body, extractor.root, {})
    size = rng.choice([10, 1_000, 100_000, 200_000, 200_001, 1_000_000])
    share = rng.choice([1, 4, 12, 12, 12])
    for mapping in extractor.mappings:
        total = mapping.dest in ("input_tokens", "output_tokens")
        if not mapping.required and not total and rng.random() < 0.5:
            continue
        count = rng.randint(0, size if total else max(size // share // 2, 1))
        if total and mapping.required and rng.random() < 0.8:
            count = size
        root = [extractor.root] if isinstance(extractor.root, str) else list(extractor.root)
        path = [mapping.path] if isinstance(mapping.path, str) else list(mapping.path)
        put(body, root + path, count)
    put(body, extractor.model_path, model)
    return body


def extraction(snapshot, provider, extractor, body, moment):
    """What genai-prices finds; None where it finds no usage.

    Also None where we part by intent: cache writes whose lifetimes add up to more than all of
    them, which we refuse and it prices, parts whose whole is not told, which an event never
    has and which it does not price, and names with their maker in front (`openai/gpt-4o`,
    `au.anthropic.claude-…`) or as editors show them (`claude-4-7-opus`), which we understand
    and for which it has no price.
    """
    try:
        model, usage = provider.extract_usage(body, api_flavor=extractor.api_flavor)
    except ValueError:
        return None
    lifetimes = usage.reported_value("cache_write_5m_tokens")
    lifetimes += usage.reported_value("cache_write_1h_tokens")
    if lifetimes > usage.reported_value("cache_write_tokens"):
        return None
    found = {"provider_id": provider.id, "api_flavor": extractor.api_flavor}
    if model is not None:
        try:
            price = snapshot.calc(usage, model, provider.id, None, moment)
            found["input_price"] = format(price.input_price, "f")
            found["output_price"] = format(price.output_price, "f")
        except (LookupError, ValueError) as error:
            if "require explicit" in str(error) or MADE_BY.match(model) or (
                    SHOWN_AS.match(model)):
                return None
    counts = {key: value for key, value in usage._reported_values().items() if value}
    return model, {"usage": counts, "extractors": [found]}


def main():
    source, seed, count, moment, book, usages = sys.argv[1:]
    rng = random.Random(int(seed))
    moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    providers = data.providers
    if source != "package":
        with open(source) as file:
            providers = types._providers_from_raw(json.load(file, parse_float=Decimal))
        own = {provider.id: provider.extractors for provider in data.providers}
        for provider in providers:
            provider.extractors = own.get(provider.id)
    for provider in providers:
        provider.models = [model for model in provider.models if is_kept(model)]
        for model in provider.models:
            model.price_variants = None
    snapshot = DataSnapshot(providers=providers, from_auto_update=False)
    readable = [(provider, extractor) for provider in providers
                for extractor in provider.extractors or []]
    rows = []
    while len(rows) < int(count):
        provider, extractor = rng.choice(readable)
        seller = provider if provider.models and rng.random() < 0.8 else rng.choice(providers)
        models = seller.models or [None]
        model = rng.choice(models)
        name = name_for(model.match, rng) if model and rng.random() < 0.95 else "nobody-1"
        body = answer(extractor, rng.choice([name, name, name.upper()]), rng)
        pairs = [(provider, extractor)] + rng.sample(readable, 4)
        found = [extraction(snapshot, *pair, body, moment) for pair in pairs]
        found = [item for item in found if item is not None]
        if not found:
            continue
        row = {"body": body, "extracted": [item for _, item in found]}
        named = {model for model, _ in found if model is not None}
        row |= {"model": model for model in named}
        rows.append(row)
    with open(book, "w") as file:
        json.dump(plain(providers), file)
    with open(usages, "w") as file:
        json.dump(rows, file)


if __name__ == "__main__":
    main()
