"""What genai-prices says: providers, models, dated lists, tiers."""

import re
from decimal import Decimal

# genai-prices' key -> ours; None is a unit that events don't count.
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
TIERS = ("service_tier", "processing", "speed")
# Tiers that ask for the standard prices.
STANDARD = {"default", "standard", "auto", "on_demand"}


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


def standard_lists(model):
    """(conditions, rates), of which the last in force wins."""
    if not isinstance(model.prices, list):
        return [({}, rates_of(model.prices))]
    lists = [(conditions_of(item.constraint), rates_of(item.prices)) for item in model.prices]
    # The first applies where no later one does, whatever its own constraint.
    lists[0] = ({}, lists[0][1])
    return lists


def tier_facts(model):
    """{tier: [(date or "", rates)]}, by date."""
    facts = {}
    # There the first variant wins, so a later one with the same date says nothing.
    for variant in model.price_variants or []:
        (key, value), *rest = variant.when.items()
        if rest or key not in TIERS or value in STANDARD:
            continue
        date = conditions_of(variant.constraint).get("from", "")
        dates = facts.setdefault(value, {})
        dates.setdefault(date, rates_of(variant.prices))
    return {tier: sorted(dates.items()) for tier, dates in facts.items()}


def latest_date(model, today):
    """The latest date that genai-prices gives for its facts, by `today`; None if none."""
    dates = re.findall(r"\b20\d\d-\d\d-\d\d\b", model.price_comments or "")
    dates += [conditions["from"] for conditions, _ in standard_lists(model)
              if "from" in conditions]
    return max((date for date in dates if date <= today), default=None)


def clause(match):
    """A match clause as plain data."""
    if match is None:
        return None
    (key, value), = match.__dict__.items()
    key = key.rstrip("_")
    return {key: [clause(item) for item in value] if key in ("or", "and") else value}
