"""Checks the finished book against both sources, name by name, price by price."""

import json
import re
import subprocess
from decimal import Decimal

from . import genai, litellm, merge, names, tiers
from .units import ORDER


def lost_names(book, providers, entries):
    """Names that a source prices and the book doesn't."""
    lost = []
    for seller, name, _, _ in litellm_names(book, entries):
        if resolve(book, seller, name.lower()) is None:
            lost.append(f"lost: litellm {seller} {name}")
    for provider in providers:
        for model in provider.models:
            if resolve(book, provider.id, model.id.lower()) is None:
                book.note("genai-prices", provider.id, model.id, None, "", {},
                          "an id that no request bears")
    return lost


def litellm_names(book, entries):
    for name, entry in entries.items():
        seller = litellm.seller_of(entry)
        table = litellm.rates_of(entry)
        if seller is None or not table.get(None) or "commitment" in name:
            continue
        if not any(price for bounds in table[None].values() for price in bounds.values()):
            continue
        yield seller, litellm.model_name(name, entry, seller), name, entry


def resolve(book, seller, name):
    """The model that a request means, as Swift finds it: own, same seller, fallbacks."""
    provider = book.providers[seller]
    for id_ in [seller, *provider["same_seller"], *provider["fallback"]]:
        model = merge.find_final(book, id_, name)
        if model is not None:
            return model
    return None


def note_missing_bounds(book, seller, name, table):
    """Bounds that came from another entry, or from genai-prices by way of another name."""
    model = resolve(book, seller, name.lower())
    for tier, rates in table.items() if model else ():
        ours = model.rates_of(tier, book.today)
        for word, theirs in rates.items():
            if set(ours.get(word, ())) - set(theirs):
                book.note("litellm", seller, name, tier, word, theirs,
                          "another entry of the model tells the price above that bound")


def genai_json(providers):
    """genai-prices' data.json, of which the package has only the Python form."""
    def prices(value):
        return {key: price(item) for key, item in value.__dict__.items()
                if item is not None and not key.startswith("_")}

    def price(value):
        if isinstance(value, Decimal):
            return float(value)
        return {"base": float(value.base),
                "tiers": [{"start": tier.start, "price": float(tier.price)}
                          for tier in value.tiers]}

    def constraint(value):
        if value is None:
            return {}
        fields = {key: item.isoformat() for key, item in value.__dict__.items()
                  if not isinstance(item, str)}
        return {"constraint": fields}

    def model(value):
        listed = value.prices if isinstance(value.prices, list) else None
        result = {"id": value.id, "match": genai.clause(value.match), "prices": (
            [constraint(item.constraint) | {"prices": prices(item.prices)} for item in listed]
            if listed else prices(value.prices or {}))}
        if value.price_variants:
            result["price_variants"] = [
                {"when": dict(item.when), "prices": prices(item.prices)}
                | constraint(item.constraint) for item in value.price_variants]
        return result

    def provider(value):
        result = {"id": value.id, "models": [model(item) for item in value.models]}
        for key in ("provider_match", "model_match"):
            if getattr(value, key) is not None:
                result[key] = genai.clause(getattr(value, key))
        if value.fallback_model_providers:
            result["fallback_model_providers"] = list(value.fallback_model_providers)
        return result

    return json.dumps([provider(item) for item in providers], indent=1)


def write_choices(book, providers, entries, path, header):
    """Lists the choices between the sources, which `tally prices audit` looks up."""
    for seller, name, _, entry in litellm_names(book, entries):
        note_missing_bounds(book, seller, name, litellm.rates_of(entry))
    lines = [*header, "# source, provider, model, tier, measure, what the source says, reason"]
    last = max(re.findall(r"'from': '([-\d]+)'", str([
        [genai.standard_lists(model), *genai.tier_facts(model).values()]
        for provider in providers for model in provider.models])))
    lines.append(f"# last date: genai-prices {last}")
    lines += sorted({"\t".join(choice) for choice in book.choices})
    path.write_text("\n".join(lines) + "\n")


UNITS = dict(zip(ORDER, [
    "input_tokens", "cache_read_input_tokens", "cache_write_input_tokens",
    "cache_write_1h_input_tokens", "output_tokens", "reasoning_output_tokens",
    "input_audio_tokens", "output_audio_tokens", "cache_read_audio_tokens",
    "input_image_tokens", "output_image_tokens", "cache_read_image_tokens", "input_seconds",
    "output_seconds", "input_characters", "web_searches", "images", "requests"], strict=True))
COLUMNS = ["provider", "model", "tier", "region", "unit", "above", "from", "until", "hours",
           "weekdays", "book_usd", "source_usd"]


def audit(tally, book, choices, sources):
    """Every disagreement that `tally prices audit` finds, with its reason, as rows of text.

    Returns the rows, and those without a reason.
    """
    reasons = [line.split("\t") for line in choices.read_text().splitlines()
               if not line.startswith("#")]
    rows, unexplained = [], []
    for source, file in (("genai-prices", "genai.json"), ("litellm", "litellm.json")):
        result = subprocess.run([tally, "prices", "audit", "--book", book, "--against",
                                 sources / file, "--json"], capture_output=True, text=True)
        found = json.loads(result.stdout, parse_float=str, parse_int=str)["disagreements"]
        for item in found:
            because = reason(item, source, reasons)
            values = [source, *(str(item[key] or "") for key in COLUMNS), because or ""]
            rows.append("\t".join(values))
            if because is None:
                unexplained.append(rows[-1])
    return sorted(rows), unexplained


def reason(item, source, reasons):
    for choice in reasons:
        whose, provider, model, tier, word, says, because = choice
        if (whose, provider, model.lower()) != (source, item["provider"], item["model"].lower()):
            continue
        if tier not in (item["tier"] or "", "*") or says != "*" and UNITS.get(word) != item["unit"]:
            continue
        prices = {level.split(" ")[0] for level in says.split(", ")}
        if says == "*" or (item["source_usd"] or "") in prices:
            return because
    if item["source_usd"] == "0":
        return "zero often means that the source doesn't know the price"
    return None
