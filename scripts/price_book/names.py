"""Which names mean a model.

genai-prices' clauses `starts_with` and `contains` reach neighbours (`claude-opus-4-1` reaches
`claude-opus-4-10`); ours, `version_of`, takes only versions of a model. What they matched and both
sources know is added name by name.
"""

import re

REGIONS = ("global.", "us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "in.", "ca.")
VENDORS = ("anthropic.", "amazon.", "meta.", "mistral.", "openai.", "qwen.", "google.", "nvidia.",
           "deepseek.", "writer.", "moonshotai.", "zai.")
PARTIAL_DATE = re.compile(r"-(20\d\d-?|0)$")
# Prefixes that stand for families whose members cost the same.
FAMILIES = {"gemma-3-", "gemma-3n", "gpt-4o-mini-2024-07-18.ft-"}


def narrowed(clause, seller):
    """A clause of genai-prices without its reach into neighbours."""
    if clause is None:
        return None
    (key, value), = clause.items()
    if key in ("or", "and"):
        return {key: flat(key, [narrowed(item, seller) for item in value])}
    if key == "starts_with" and value not in FAMILIES:
        return whole_names(value)
    if key == "ends_with":
        return {"equals": value} if seller == "aws" else version(value)
    if key == "contains" and seller == "aws":
        return {"or": [version(name) for name in bedrock_names(value)]}
    if key == "contains" and seller in ("google", "azure", "anthropic"):
        return whole_names(value)
    if key == "contains" and seller == "cohere":
        return {"or": [version(value), version(f"c4ai-{value}")]}
    return clause


def whole_names(value):
    """`claude-opus-4-0` is an alias, and the beginning of no date: both readings."""
    plain = PARTIAL_DATE.sub("", value).rstrip("-@")
    if plain != value and value.endswith("-0"):
        return {"or": [version(value), version(plain)]}
    return version(plain)


def version(name):
    return {"version_of": name}


def flat(key, clauses):
    result = []
    for clause in clauses:
        inner = clause.get(key)
        for item in inner if inner else [clause]:
            if item not in result:
                result.append(item)
    return result


def bedrock_names(value):
    """A model's ids in its home region; regional ones are names of their own."""
    if value.startswith(REGIONS):
        return [value]
    if value.startswith(VENDORS):
        return [value, f"us.{value}"]
    vendor = "anthropic." if value.startswith("claude") else "amazon."
    return [value, vendor + value, f"us.{vendor}{value}"]


def bedrock_region(name):
    """Whether a name says where it is served: `eu.amazon.nova-pro-v1:0`, `us-east-1/MODEL`."""
    return name.startswith(REGIONS) or "/" in name


def matches(clause, name):
    """Whether a clause matches a lower-case name; an independent reading of Swift's MatchClause."""
    (key, value), = clause.items()
    if key == "or":
        return any(matches(item, name) for item in value)
    if key == "and":
        return all(matches(item, name) for item in value)
    if key == "regex":
        return re.search(value, name) is not None
    value = value.lower()
    if key == "equals":
        return name == value
    if key == "starts_with":
        return name.startswith(value)
    if key == "ends_with":
        return name.endswith(value)
    if key == "contains":
        return value in name
    return is_version(name, value)


MONTH, DAY = r"(?:0[1-9]|1[0-2])", r"(?:0\d|[12]\d|3[01])"
DATE = (rf"(?:20\d\d-\d\d-\d\d|20\d\d{MONTH}\d\d|[23]\d{MONTH}\d\d|{MONTH}{DAY}|[23]\d{MONTH}"
        rf"|{MONTH}-\d{{4}}|{MONTH}-\d\d|0\d\d)")
WORD = "(?:latest|preview|exp|experimental|beta|default)"
REVISION = r"(?::\d{1,4}k?)"
SUFFIX = re.compile(
    rf"(?:[-@:]{WORD}|{REVISION}|[-@:]v\d{{1,4}}(?=:))*"
    rf"(?:[-@:]{DATE}(?:[-@:]{WORD}|[-@:]{DATE}|[-@:]v\d{{1,4}}|{REVISION})*)?"
    rf"(?:[-@:]{WORD}|{REVISION})*")


def is_version(name, base):
    candidates = [name]
    head, slash, rest = name.rpartition("/")
    if slash and (name.startswith("arn:") or head.endswith("models")):
        candidates.append(rest)
    for candidate in candidates:
        if not candidate.startswith(base):
            continue
        suffix = candidate[len(base):]
        if base.startswith("ft:"):
            start = suffix.find(":")
            suffix = suffix if start < 0 else suffix[:start]
        if SUFFIX.fullmatch(suffix):
            return True
    return False
