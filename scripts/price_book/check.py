"""Checks the finished book against both sources, name by name, price by price."""

import json
from decimal import Decimal

from . import genai, litellm, merge, names, tiers
from .units import number, show


def lost_names(book, providers, entries):
    """Names that a source prices and the book doesn't."""
    lost = []
    for seller, name, _, _ in litellm_names(book, entries):
        if resolve(book, seller, name.lower()) is None:
            lost.append(f"lost: litellm {seller} {name}")
    for provider in providers:
        for model in provider.models:
            if resolve(book, provider.id, model.id.lower()) is None and (
                    provider.find_model(model.id) is not None):
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


def write_disagreements(book, providers, entries, path, header):
    """Lists the choices between the sources, which `tally prices audit` looks up."""
    lines = [*header, "# source, provider, model, tier, measure, what the source says, reason"]
    lines += sorted({"\t".join(choice) for choice in book.choices})
    path.write_text("\n".join(lines) + "\n")
    return []
