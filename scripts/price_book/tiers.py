"""Tiers through time.

A source gives a tier's prices from a date on, or today's. Tiers are sold as multiples of the
standard prices (a batch costs half), so when the standard prices change the tier changes with
them. Where input and output don't have one ratio that isn't so, and the tier has a price only
where a source gives one.
"""

from fractions import Fraction

from .units import MAIN, at, exact


def lists(facts, periods):
    """[(from or "", until or None, rates)] of one tier.

    facts: [(date or "", rates)], by date; periods: the same of the standard prices.
    """
    dates = sorted({date for date, _ in periods} | {date for date, _ in facts})
    result = []
    for date in dates:
        rates = rates_at(date, facts, periods)
        if result and result[-1][1] == rates:
            continue
        result.append((date, rates))
    words = {word for _, rates in result for word in rates or {}}
    finished = []
    for (date, rates), (end, _) in zip(result, result[1:] + [(None, None)]):
        if rates is None:
            continue
        standard = in_force(date, periods)
        # A later list of the tier changes the units that it names: all name the same ones.
        whole = {word: rates.get(word) or standard.get(word) for word in words}
        finished.append((date, end, {word: bounds for word, bounds in whole.items() if bounds}))
    gaps = any(rates is None for _, rates in result)
    return [(date, end if gaps else None, rates) for date, end, rates in finished]


def in_force(date, lists_):
    found = [rates for start, rates in lists_ if start <= date]
    return found[-1] if found else lists_[0][1]


def rates_at(date, facts, periods):
    standard = in_force(date, periods)
    begun = max(start for start, _ in periods if start <= date or start == periods[0][0])
    known = [(start, rates) for start, rates in facts if start <= date]
    # What a source says of this very period, or of another one from which it follows.
    if known and known[-1][0] >= begun and known[-1][0] != "" or len(periods) == 1 and known:
        return known[-1][1]
    start, rates = known[-1] if known else facts[0]
    reference = in_force(start, periods)
    if reference == standard:
        return rates
    return multiple(rates, reference, standard)


def part(rates, standard, word, bound):
    """The price of a tier above a bound, if it is the tier's part of the standard price."""
    size = bound + 1
    main = Fraction(at(rates["input_mtok"], size)) / Fraction(at(standard["input_mtok"], size))
    return exact(Fraction(at(standard[word], size)) * main)


def multiple(rates, reference, standard):
    """The tier's rates over other standard prices; None if it is no multiple of them."""
    ratios = {Fraction(rates[word][0]) / Fraction(reference[word][0]) for word in MAIN
              if word in rates and reference.get(word, {}).get(0)}
    if len(ratios) != 1:
        return None
    main = ratios.pop()
    result = {}
    for word, bounds in rates.items():
        if word not in reference or word not in standard:
            continue
        result[word] = {}
        for bound, old in standard[word].items():
            size = bound + 1
            was = at(reference[word], size)
            ratio = Fraction(at(bounds, size)) / Fraction(was) if was else main
            price = exact(Fraction(old) * ratio)
            if price is None:
                return None
            result[word][bound] = price
    return result
