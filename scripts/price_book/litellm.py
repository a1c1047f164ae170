"""What LiteLLM says: entries with today's prices of every tier."""

import re
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from .units import MAIN, exact, tidy

# LiteLLM's measure -> our word and what its price is multiplied by; longer names first.
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

# LiteLLM's provider -> genai-prices'.
SELLERS = {
    "azure_text": "azure", "bedrock": "aws", "bedrock_converse": "aws", "bedrock_mantle": "aws",
    "gemini": "google", "xai": "x-ai", "together_ai": "together", "codestral": "mistral",
    "text-completion-codestral": "mistral", "moonshot": "moonshotai", "voyage": "voyageai",
    "github_copilot": "github-copilot", "text-completion-openai": "openai",
    "cohere_chat": "cohere", "meta_llama": "meta",
}
FAMILIES = {"vertex_ai": "google", "fireworks_ai": "fireworks"}
# `regional_processing_uplift_multiplier_eu`: what precedes the region.
UPLIFT = "regional_processing_uplift_multiplier_"


def seller_of(entry):
    name = entry.get("litellm_provider")
    if name is None:
        return None
    for family, seller in FAMILIES.items():
        if name == family or name.startswith(family + "-"):
            return seller
    return SELLERS.get(name, name)


def model_name(name, entry, seller):
    """`azure/gpt-4o` is LiteLLM's name; the provider calls it `gpt-4o`."""
    provider = entry["litellm_provider"]
    prefixes = {provider, provider.split("-")[0], seller, "bedrock", "vertex_ai", "gemini"}
    head, _, rest = name.partition("/")
    return rest if rest and head in prefixes else name


def regions_of(entry):
    """Factors by region; `*` is any that is not named."""
    regions = {}
    for region, factor in entry.get("provider_specific_entry", {}).items():
        if region in ("us", "eu"):
            regions[region] = factor
    for key, factor in entry.items():
        if key.startswith(UPLIFT):
            regions[key.removeprefix(UPLIFT)] = factor
    if "regional_endpoint_uplift_multiplier" in entry:
        regions |= {"global": Decimal(1), "*": entry["regional_endpoint_uplift_multiplier"]}
    return regions


def rates_of(entry):
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
    for word in [word for word, bounds in standard.items() if 0 not in bounds]:
        del standard[word]
    tiers = {tier: whole_tier(rates, standard) for tier, rates in table.items() if tier}
    fast = entry.get("provider_specific_entry", {}).get("fast")
    if fast and "fast" not in tiers:
        tiers["fast"] = {word: {bound: price * fast for bound, price in bounds.items()}
                         for word, bounds in standard.items() if word.endswith("_mtok")}
    result = {tier: rates for tier, rates in tiers.items() if rates}
    if standard:
        result[None] = dict(standard)
    return result


def whole_tier(rates, standard):
    """The prices of a tier, its first level worked out from the others where it is missing.

    A tier whose base can't be told is left out: the standard price must not fill it.
    """
    ratios = {Fraction(price) / Fraction(standard[word][bound]) for word, bounds in rates.items()
              for bound, price in bounds.items() if standard.get(word, {}).get(bound)}
    ratio = ratios.pop() if len(ratios) == 1 else None
    whole = {word: dict(bounds) for word, bounds in rates.items()}
    for word in set(whole) | {word for word in MAIN if any(standard.get(word, {}).values())}:
        bounds = whole.setdefault(word, {})
        if 0 in bounds:
            continue
        base = standard.get(word, {}).get(0)
        price = exact(Fraction(base) * ratio) if ratio and base else None
        if price is None:
            return None
        bounds[0] = price
    return whole


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


DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def off_peak_of(entry, standard):
    """Standard lists with hours and weekdays, in UTC as the file says."""
    prices = entry.get("off_peak_pricing")
    if not prices:
        return []
    table = defaultdict(lambda: defaultdict(dict))
    for key, value in prices.items():
        put(table, key, value, None)
    lists = []
    for window in prices["windows"]:
        hours = window["hours_utc"]
        days = [DAYS[int(day) - 1] for day in window.get("weekdays", [])]
        for part in hours if isinstance(hours, list) else [hours]:
            start, _, end = part.partition("-")
            conditions = {} if start == end else {"hours": part}
            lists.append((conditions | ({"weekdays": days} if days else {}),
                          standard | dict(table[None])))
    return lists
