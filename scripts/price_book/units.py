"""Words of a price file, and what contains what."""

from decimal import Context, Decimal
from fractions import Fraction

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
MAIN = ("input_mtok", "output_mtok")


def tidy(value):
    """Twelve digits: what is beyond them is the noise of floats."""
    return Context(prec=12).create_decimal(value)


def number(value):
    return format(Decimal(value).normalize(), "f")


def exact(fraction):
    """A fraction as a decimal; None if it has no short form."""
    value = Context(prec=15).divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
    return value if Fraction(value) == fraction else None


def at(bounds, size):
    """The price of a unit for a request with so many input tokens."""
    return bounds[max(bound for bound in bounds if bound == 0 or bound < size)]


def show(bounds):
    return ", ".join(number(price) + (f" above {bound}" if bound else "")
                     for bound, price in sorted(bounds.items()))


def without_redundancy(rates):
    """Leaves out what costs the same as what contains it."""
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
