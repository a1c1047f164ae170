"""Writes a book in our format."""

import json
import re

from .units import ORDER, number

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
    for key in ("from", "until"):
        if key in conditions:
            parts.append(f"{key}: {conditions[key]}")
    if "hours" in conditions:
        parts.append(f'hours: "{conditions["hours"]}"')
    if "weekdays" in conditions:
        parts.append(f"weekdays: [{', '.join(conditions['weekdays'])}]")
    for key in ("tier", "region"):
        if key in conditions:
            parts.append(f"{key}: {text(conditions[key])}")
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


def factors(values):
    pairs = (f"{text(name)}: {number(factor)}" for name, factor in sorted(values.items()))
    return f"{{{', '.join(pairs)}}}"


def names(model):
    match = model.clause
    if model.names:
        inner = match.get("or") or [match]
        match = {"or": [*inner, *({"equals": name} for name in model.names)]}
    id_ = model.id.lower()
    if match == {"equals": id_} or match == {"equals": model.id}:
        return []
    items = match.get("or")
    if items and all("equals" in item for item in items):
        others = list(dict.fromkeys(item["equals"].lower() for item in items))
        if id_ in others:
            others.remove(id_)
            return [f"also: [{', '.join(text(other) for other in others)}]"] if others else []
    return [f"match: {clause_text(match)}"]


def free_id(model, taken):
    """The id of a model; another of its names where a name of its own took it; None if all are."""
    if model.id not in taken:
        return model.id
    inner = model.clause.get("or") or [model.clause]
    inner = [*inner, *({"equals": name} for name in model.names)]
    for item in inner:
        if "equals" in item and item["equals"] not in taken:
            return item["equals"]
    return None if all("equals" in item for item in inner) else f"{model.id}*"


def model_lines(model):
    parts = names(model)
    if model.regions:
        parts.append(f"regions: {factors(model.regions)}")
    lists = model.price_lists()
    if len(lists) == 1:
        parts += fields(*lists[0])
        return [f"      {text(model.id)}: {{{', '.join(parts)}}}"]
    return [f"      {text(model.id)}:", *(f"        {part}" for part in parts), "        prices:",
            *(f"        - {{{', '.join(fields(*item))}}}" for item in lists)]


def book_text(book, date, header):
    lines = [*header, "tally_prices: 1", f"name: default {date}", "providers:"]
    for id_, provider in book.providers.items():
        lines.append(f"  {text(id_)}:")
        for key in ("match", "model_match"):
            if provider[key]:
                lines.append(f"    {key}: {clause_text(provider[key])}")
        for key in ("same_seller", "fallback"):
            if provider[key]:
                lines.append(f"    {key}: [{', '.join(map(text, provider[key]))}]")
        if provider["tiers"]:
            pairs = ", ".join(f"{tier}: {factor}" for tier, factor in provider["tiers"].items())
            lines.append(f"    tiers: {{{pairs}}}")
        models = [*provider["own"], *provider["models"].values()]
        lines.append("    models:" if models else "    models: {}")
        seen = set()
        for model in models:
            id_ = free_id(model, seen)
            if id_ is not None:
                seen.add(id_)
                model.id = id_
                lines += model_lines(model)
    return "\n".join(lines) + "\n"
