"""Joins the two sources into one book, and remembers every choice between them."""

import copy
import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from . import genai, litellm, names, tiers
from .units import MAIN, ORDER, exact, show, without_redundancy

# Names in OpenTelemetry and in the wild that the match clauses of genai-prices don't know.
OTHER_NAMES = {
    "azure": {"or": [{"starts_with": "azure"}, {"starts_with": "az."}]},
    "fireworks": {"starts_with": "fireworks"},
    "deepseek": {"contains": "deepseek"},
    "groq": {"equals": "groqcloud"},
    "mistral": {"or": [{"starts_with": "mistral"}, {"equals": "codestral"}]},
    "perplexity": {"starts_with": "perplexity"},
    "together": {"starts_with": "together"},
    "x-ai": {"or": [{"equals": "xai"}, {"equals": "x_ai"}, {"equals": "grok"}]},
    "azure_ai": {"or": [{"equals": "azure.ai.inference"}, {"equals": "az.ai.inference"},
                        {"equals": "azure-ai"}, {"equals": "azureai"}]},
}
# LiteLLM's names of providers, where they differ and no clause knows them.
LITELLM_NAMES = {
    "google": ["gemini", "vertex_ai"], "moonshotai": ["moonshot"], "voyageai": ["voyage"],
    "github-copilot": ["github_copilot"], "meta": ["meta_llama"],
}
CACHED = "cache_read_mtok"
# One seller under two names.
SAME_SELLER = {"azure": "azure_ai", "azure_ai": "azure"}
# Sellers that quote more than ISO dates in a name; the region comes before the model's name.
REGION_PATHS = ("azure", "aws", "azure_ai")


class Model:
    def __init__(self, id_, clause, periods, facts=None, hours=()):
        self.id = id_
        self.clause = clause
        self.names = []
        # [(date or "", rates)] of the standard prices, by date.
        self.periods = periods
        # Standard lists with hours, as genai-prices has them.
        self.hours = list(hours)
        # {tier: [(date or "", rates)]}
        self.facts = facts or {}
        self.regions = {}
        # Words of which LiteLLM gave the standard price.
        self.filled = set()
        self.region_lists = []
        # Lists of tiers that a decision adds.
        self.tier_lists = []
        # Lists that a decision gives in place of all others.
        self.lists = None

    def current(self, today):
        return tiers.in_force(today, self.periods)

    def accepts(self, other):
        """Takes what another entry of the name adds; False if the two contradict each other."""
        if len(self.periods) > 1 or self.hours != other.hours:
            return False
        pairs = [(self.periods[-1][1], other.periods[-1][1])]
        pairs += [(self.facts[tier][-1][1], facts[-1][1]) for tier, facts in other.facts.items()
                  if tier in self.facts]
        if any(word in ours and ours[word] != theirs[word]
               for ours, theirs in pairs for word in theirs):
            return False
        for ours, theirs in pairs:
            ours |= theirs
        for tier, facts in other.facts.items():
            self.facts.setdefault(tier, facts)
        return True

    def rates_of(self, tier, today):
        if tier is None:
            return self.current(today)
        return tiers.in_force(today, self.facts[tier]) if tier in self.facts else {}

    def move_bounds(self, moved):
        facts = [rates for dated in self.facts.values() for _, rates in dated]
        for rates in [rates for _, rates in self.periods] + facts:
            for word, bounds in rates.items():
                rates[word] = {moved.get(bound, bound): price for bound, price in bounds.items()}

    def price_lists(self):
        if self.lists is not None:
            return self.lists
        result = [({"from": date} if date else {}, rates) for date, rates in self.periods]
        result += self.hours
        for tier, facts in sorted(self.facts.items()):
            for date, end, rates in tiers.lists(facts, self.periods):
                conditions = ({"from": date} if date else {}) | ({"until": end} if end else {})
                result.append((conditions | {"tier": tier}, rates))
        result += self.tier_lists
        for region, tier, rates in self.region_lists:
            result.append(({"region": region} | ({"tier": tier} if tier else {}), rates))
        return result


def apart(key, entry, name):
    """A name of its own for an entry whose name another entry has: with its provider."""
    family = entry["litellm_provider"].split("-")[0]
    return key if key != name else f"{family}/{name}"


def fill_tiers(model):
    """Tiers of genai-prices that are one multiple also multiply what LiteLLM gave beside them."""
    for facts in model.facts.values():
        for date, fact in facts:
            standard = tiers.in_force(date, model.periods)
            ratios = {Fraction(fact[word][0]) / Fraction(standard[word][0]) for word in fact
                      if standard.get(word, {}).get(0)}
            if len(ratios) != 1:
                continue
            ratio, = ratios
            for word in model.filled & CONTAINED - set(fact):
                prices = {bound: exact(Fraction(price) * ratio)
                          for bound, price in standard.get(word, {}).items()}
                if prices and None not in prices.values():
                    fact[word] = prices


def decided(item):
    keys = ("from", "until", "hours", "weekdays", "tier")
    conditions = {key: item[key] for key in keys if key in item}
    return conditions, {word: {0: Decimal(item[word])} for word in ORDER if word in item}


def model_of(source, seller, today):
    standard = genai.standard_lists(source)
    periods = [(conditions.get("from", ""), rates) for conditions, rates in standard
               if "hours" not in conditions]
    hours = [item for item in standard if "hours" in item[0]]
    facts = genai.tier_facts(source)
    # What has no date is said of today's prices.
    begun = max(date for date, _ in periods if date <= today)
    facts = {tier: [(date or begun, rates) for date, rates in dated]
             for tier, dated in facts.items()}
    whole = genai.clause(source.match)
    return Model(source.id, names.narrowed(whole, seller), periods, facts, hours)


class Book:
    def __init__(self, providers, decisions, today):
        self.today = today
        self.decisions = decisions["decision"]
        self.sources = {provider.id: provider for provider in providers}
        self.providers = {}
        self.found = {}
        self.used = set()
        for provider in providers:
            if provider.id == "azure":
                self.add_provider("azure_ai", OTHER_NAMES["azure_ai"])
            match = OTHER_NAMES.get(provider.id) or genai.clause(provider.provider_match)
            others = [{"equals": name} for name in LITELLM_NAMES.get(provider.id, [])]
            if others:
                match = {"or": names.flat("or", [*([match] if match else []), *others])}
            entry = self.add_provider(provider.id, match)
            entry["model_match"] = genai.clause(provider.model_match)
            entry["fallback"] = list(provider.fallback_model_providers or [])
            for source in provider.models:
                model = model_of(source, provider.id, today)
                entry["models"][source.id] = model
                self.found[provider.id, source.id] = source
        # (source, seller, model, tier, word, what it says, reason)
        self.choices = []
        self.apply_lists()
        for provider in ("openai", "azure"):
            for model in self.providers[provider]["models"].values():
                for tier, facts in model.facts.items():
                    for date, rates in facts:
                        self.spread_cents("genai-prices", provider, model.id,
                                          tiers.in_force(date, model.periods), tier, rates)
        self.counts = Counter()
        # Prices of genai-prices' models that LiteLLM gave: (id of the rates, word).
        self.from_litellm = set()

    def add_provider(self, id_, match):
        same = [SAME_SELLER[id_]] if id_ in SAME_SELLER else []
        self.providers[id_] = {"match": match, "model_match": None, "fallback": [], "tiers": {},
                               "same_seller": same, "models": {}, "own": []}
        if id_ == "azure_ai":
            self.providers[id_]["fallback"] = list(
                self.sources["azure"].fallback_model_providers or [])
        return self.providers[id_]

    def apply_lists(self):
        """Decisions about single models of genai-prices."""
        for index, choice in enumerate(self.decisions):
            for model in self.providers[choice["provider"]]["models"].values():
                if not any(matches_glob(glob, model.id.lower()) for glob in choice["models"]):
                    continue
                if choice["prefer"] == "lists":
                    for _, rates in model.periods + model.hours:
                        for word, bounds in rates.items():
                            self.note("genai-prices", choice["provider"], model.id, None, word,
                                      bounds, choice["because"])
                    model.lists = [decided(item) for item in choice["lists"]]
                elif choice["prefer"] == "bounds":
                    self.choices.append(("genai-prices", choice["provider"], model.id, "*", "",
                                         "*", choice["because"]))
                    model.move_bounds({int(a): b for a, b in choice["bounds"].items()})
                model.regions |= {name: Decimal(factor)
                                  for name, factor in choice.get("regions", {}).items()}
                model.tier_lists += [decided(item) for item in choice.get("tiers", [])]
                if choice["prefer"] in ("lists", "bounds", "regions", "tiers"):
                    self.used.add(index)

    def finish(self):
        unused = [choice for index, choice in enumerate(self.decisions) if index not in self.used]
        if unused:
            raise SystemExit(f"these decisions match nothing: {unused}")
        for provider in self.providers.values():
            for model in [*provider["own"], *provider["models"].values()]:
                fill_tiers(model)
        add_regional(self)

    # --- finding ---------------------------------------------------------------------------

    def find(self, seller, name):
        """genai-prices' own model of a seller for a name, and whether it lists the very name."""
        for id_ in (seller, SAME_SELLER.get(seller)):
            source = self.sources.get(id_) and self.sources[id_].find_model(name)
            if source is not None:
                model = self.providers[id_]["models"][source.id]
                exact_name = source.id.lower() == name or f'"equals": {json.dumps(name)}' in (
                    json.dumps(genai.clause(source.match)).lower())
                return id_, model, source, exact_name
        return seller, None, None, False

    # --- adding LiteLLM --------------------------------------------------------------------

    def add(self, name, entry):
        seller = litellm.seller_of(entry)
        table = litellm.rates_of(entry)
        standard = table.get(None)
        if seller is None:
            return
        if not standard or "commitment" in name:
            self.note_unpriced(entry, name, "capacity is sold by the hour" if "commitment" in name
                               else "events count nothing that it prices")
            for tier, rates in table.items():
                for word, bounds in rates.items():
                    self.note("litellm", seller, litellm.model_name(name, entry, seller), tier,
                              word, bounds, "LiteLLM has no standard prices beside it")
            self.counts["litellm entries without a price that events count"] += 1
            return
        if not any(price for bounds in standard.values() for price in bounds.values()):
            self.note_unpriced(entry, name, "zero often means that the source doesn't know")
            self.counts["litellm entries at zero, left out"] += 1
            return
        model_name = litellm.model_name(name, entry, seller)
        if seller == "aws" and name.startswith("bedrock_mantle/"):
            self.counts["entries of Bedrock's other endpoint"] += 1
        owner, known, source, exact_name = self.find(seller, model_name.lower())
        regions = litellm.regions_of(entry)
        self.hours = litellm.off_peak_of(entry, standard)
        for tier, rates in table.items():
            if tier is not None:
                self.spread_cents("litellm", seller, model_name, standard, tier, rates)
        if known is None or not known.periods[0][1]:
            self.append(seller, model_name, name, table, regions,
                        history=self.history(seller, model_name.lower(), standard))
            return
        choice = self.decision(owner, known.id, model_name)
        if choice and choice["prefer"] != "lists" and not exact_name and (
                names.bedrock_region(model_name)):
            choice = None
        if choice and choice["prefer"] == "lists":
            self.names_of(owner, known, model_name)
            for word, bounds in standard.items():
                self.note("litellm", seller, model_name, None, word, bounds, choice["because"])
            for _, rates in self.hours:
                for word, bounds in rates.items():
                    self.note("litellm", seller, model_name, None, word, bounds,
                              choice["because"])
            return
        disagrees = self.disagrees(known, standard)
        if choice and choice["prefer"] in ("litellm", "genai-prices") and not disagrees:
            choice = None
        if choice is None and disagrees:
            if exact_name and owner == seller:
                choice = self.newer(known, source)
            else:
                # The seller's own entry for the very name says more than a pattern.
                self.append(seller, model_name, name, table, regions)
                return
        elif choice is None and self.differs(known, table, exact_name):
            # Another version of the model, with a tier or a cache price of its own; or the same
            # name at another of LiteLLM's providers.
            if exact_name:
                name = apart(name, entry, model_name)
                self.note_collision(owner, known, model_name, name, table)
                same = next(
                    (own for own in self.providers[owner]["own"] if own.id == name), None)
                if same:
                    same.regions = regions | same.regions
                    return
                model_name = name
            other = copy.deepcopy(known)
            self.complete(owner, other, model_name, table, regions, {"prefer": "litellm"},
                          whole=True, overrides=True)
            other.id, other.names, other.clause = model_name, [], {"equals": model_name}
            self.providers[owner]["own"].append(other)
            return
        if choice and choice["prefer"] == "litellm":
            self.replace(seller, known, model_name, name, table, regions, source, choice)
        else:
            self.complete(owner, known, model_name, table, regions,
                          choice or self.newer(known, source), whole=choice is None)

    def spread_cents(self, source, seller, name, standard, tier, rates):
        """Gives a tier its part of the cached price where OpenAI's page has that in whole cents."""
        words = {CACHED, "input_mtok"}
        if seller not in ("openai", "azure") or not words <= rates.keys() & standard.keys():
            return
        theirs = rates[CACHED]
        parts = {bound: tiers.part(rates, standard, CACHED, bound) for bound in theirs}
        rates[CACHED] = {bound: parts[bound] if parts[bound] and price == parts[bound].quantize(
            Decimal("0.01"), ROUND_HALF_UP) else price for bound, price in theirs.items()}
        if rates[CACHED] != theirs:
            self.note(source, seller, name, tier, CACHED, theirs,
                      "the tier's part of the standard price, which OpenAI shows in cents")

    def history(self, seller, name, standard):
        """The standard periods of a model that the seller resells at its owner's price today."""
        provider = self.sources.get(seller)
        for id_ in provider.fallback_model_providers or [] if provider else []:
            source = self.sources[id_].find_model(name)
            model = source and self.providers[id_]["models"][source.id]
            if model and model.lists is None and len(model.periods) > 1 and (
                    not self.disagrees(model, standard)):
                return copy.deepcopy(model.periods)
        return []

    def decision(self, seller, id_, name, word=None):
        for index, choice in enumerate(self.decisions):
            if seller != choice["provider"] or choice["prefer"] in ("bounds", "regions", "tiers") or (
                    word not in choice.get("keeps", [None])):
                continue
            if any(matches_glob(glob, text) for glob in choice["models"]
                   for text in (id_.lower(), name.lower())):
                self.used.add(index)
                return choice
        return None

    def disagrees(self, known, standard):
        current = known.current(self.today)
        return any(conflict(current.get(word), standard.get(word)) and not is_rounded(
            current.get(word), standard.get(word)) for word in MAIN)

    def note_collision(self, seller, known, name, key, table):
        for tier, rates in table.items():
            ours = known.rates_of(tier, self.today)
            for word, bounds in rates.items():
                if ours.get(word) != bounds:
                    self.note("litellm", seller, name, tier, word, bounds,
                              f"LiteLLM has the name at two providers; this is the price of {key}")

    def differs(self, known, table, exact_name):
        """Whether an entry contradicts a model in more than its main prices."""
        for tier, rates in table.items():
            facts = known.facts.get(tier, []) if tier else [("", known.current(self.today))]
            dated = [fact for start, fact in facts if start <= self.today]
            for word, theirs in rates.items():
                if dated and conflict(dated[-1].get(word), theirs) and (
                        not exact_name or (id(dated[-1]), word) in self.from_litellm):
                    return True
        return False

    def newer(self, known, source):
        date = genai.latest_date(source, self.today)
        if date:
            return {"prefer": "genai-prices", "because": f"genai-prices dates its price {date}"}
        return {"prefer": "litellm", "because": "genai-prices gives no date for its price, and "
                "LiteLLM's list is that of today"}

    # --- joining ---------------------------------------------------------------------------

    def note(self, source, seller, model, tier, word, bounds, because):
        for id_ in {seller, SAME_SELLER.get(seller, seller)}:
            self.choices.append((source, id_, model, tier or "", word, show(bounds), because))

    def note_unpriced(self, entry, name, because):
        provider = (entry.get("litellm_provider") or "").removesuffix("_converse")
        self.note("litellm", provider, name, None, "", {}, because)

    def note_bounds(self, seller, id_, name, tier, word, ours, theirs):
        if set(ours) - set(theirs):
            self.note("litellm", seller, name, tier, word, theirs,
                      "only genai-prices tells the price above that bound")
        if set(theirs) - set(ours):
            self.note("genai-prices", seller, id_, tier, word, ours,
                      "only LiteLLM tells the price above that bound")

    def complete(self, seller, merged, name, table, regions, choice, whole, overrides=False):
        """Adds what only LiteLLM has to a model; `whole` says that both agree on the rest."""
        standard = table[None]
        current = merged.current(self.today)
        added = dict(current)
        for word, theirs in standard.items():
            ours = current.get(word)
            if is_rounded(ours, theirs):
                self.note("litellm", seller, name, None, word, theirs, ROUNDED)
            elif conflict(ours, theirs):
                kept = self.decision(seller, merged.id, name, word)
                if kept:
                    self.note("litellm", seller, name, None, word, theirs, kept["because"])
                elif choice["prefer"] == "litellm":
                    added[word] = theirs
                    if not overrides:
                        self.note("genai-prices", seller, merged.id, None, word, ours,
                                  choice["because"])
                else:
                    self.note("litellm", seller, name, None, word, theirs, choice["because"])
            elif ours is None and any(theirs.values()):
                if word == "web_searches_kcount" or whole and word in CONTAINED:
                    added[word] = theirs
                elif not overrides:
                    self.note("litellm", seller, name, None, word, theirs, choice["because"]
                              if not whole else "genai-prices sells the model by another measure")
            elif ours and whole and set(ours) != set(theirs):
                added[word] = ours | theirs
                if not overrides:
                    self.note_bounds(seller, merged.id, name, None, word, ours, theirs)
            elif ours and set(ours) != set(theirs) and not overrides:
                self.note("litellm", seller, name, None, word, theirs, choice["because"])
        added = without_redundancy(added)
        for word, bounds in added.items():
            self.fill(merged, word, bounds, current)
        for tier, rates in table.items():
            if tier is not None and whole:
                self.add_tier(seller, merged, name, tier, rates, overrides)
            elif tier is not None:
                for word, bounds in rates.items():
                    self.note("litellm", seller, name, tier, word, bounds, choice["because"])
        merged.regions = regions | merged.regions
        self.names_of(seller, merged, name)

    def fill(self, model, word, bounds, current):
        """A price that only LiteLLM has: for the periods with today's prices."""
        for _, rates in model.periods:
            if rates is current:
                if rates.get(word) != bounds:
                    model.filled.add(word)
                    self.from_litellm.add((id(rates), word))
                rates[word] = bounds
            elif word not in rates and all(
                    rates.get(main) == current.get(main) for main in MAIN):
                rates[word] = bounds

    def add_tier(self, seller, known, name, tier, rates, overrides):
        standard = known.current(self.today)
        facts = known.facts.get(tier)
        dated = [(start, fact) for start, fact in facts or [] if start <= self.today]
        if facts and not dated:
            # Only a list of the future: LiteLLM has today's.
            known.facts[tier] = sorted([(self.start(known), rates), *facts], key=lambda f: f[0])
        elif facts:
            start, fact = dated[-1]
            for word, theirs in rates.items():
                ours = fact.get(word)
                if ours is None and standard.get(word) != theirs and word in CONTAINED:
                    fact[word] = theirs
                    self.from_litellm.add((id(fact), word))
                elif ours and set(theirs) != set(ours) and not conflict(ours, theirs):
                    fact[word] = ours | theirs
                    self.note_bounds(seller, known.id, name, tier, word, ours, theirs)
                elif overrides and conflict(ours, theirs):
                    fact[word] = theirs
                elif conflict(ours, theirs):
                    self.note("litellm", seller, name, tier, word, theirs,
                              f"genai-prices dates its price {start or 'earlier'}")
        else:
            known.facts[tier] = [(self.start(known), rates)]
            self.from_litellm |= {(id(rates), word) for word in rates}
            self.counts[f"tier {tier} added"] += 1

    def start(self, model):
        """When today's standard prices began."""
        return max(date for date, _ in model.periods
                   if date <= self.today)

    def replace(self, seller, known, name, key, table, regions, source, choice):
        """LiteLLM's prices in place of genai-prices', or after them from a date on."""
        for word, ours in known.current(self.today).items():
            if ours != table[None].get(word):
                self.note("genai-prices", seller, name, None, word, ours, choice["because"])
        before = [] if "from" not in choice else [
            (date, rates) for date, rates in known.periods if date < choice["from"]]
        self.append(seller, name, key, table, regions, before, choice.get("from", ""))

    def names_of(self, seller, model, name):
        if not names.matches(model.clause, name.lower()) and name not in model.names:
            model.names.append(name)

    def append(self, seller, name, key, table, regions, before=(), since="", history=()):
        if seller not in self.providers:
            self.add_provider(seller, None)
        provider = self.providers[seller]
        clause = {"equals": name}
        if name.startswith("ft:"):
            clause = {"version_of": name}
        standard = without_redundancy(table[None])
        model = Model(name, clause, [*before, (since, standard)],
                      {tier: [(since, rates)] for tier, rates in table.items() if tier})
        if history:
            begun = max(date for date, _ in history if date <= self.today)
            model.periods = [(date, standard if date == begun else rates)
                             for date, rates in history]
            model.facts = {tier: [(begun, rates)] for tier, rates in table.items() if tier}
        model.regions = regions
        model.hours = self.hours
        taken = next((own for own in provider["own"] if own.id.lower() == name.lower()), None)
        if taken:
            if taken.accepts(model):
                taken.regions = model.regions | taken.regions
            elif taken.price_lists() != model.price_lists():
                key = apart(key, {"litellm_provider": seller}, name)
                self.note_collision(seller, taken, name, key, table)
                model.id, model.clause = key, {"equals": key}
                if any(own.id == key for own in provider["own"]):
                    return
                provider["own"].append(model)
            return
        provider["own"].append(model)
        self.counts["models added from litellm"] += 1


CONTAINED = set(ORDER) - set(MAIN) - {
    "input_hours", "output_hours", "input_mchars", "images_kcount", "requests_kcount",
    "web_searches_kcount"}


def conflict(ours, theirs):
    """Whether two prices contradict each other; bounds that only one has are no contradiction."""
    if not ours or not theirs or not any(theirs.values()):
        return False
    shared = set(ours) & set(theirs)
    if any(ours[bound] != theirs[bound] for bound in shared):
        return True
    return len(ours) > 1 and len(theirs) > 1 and set(ours) != set(theirs)


ROUNDED = "LiteLLM's number is this one, rounded on the way"


def is_rounded(ours, theirs):
    """Whether two prices differ by less than two in a hundred, which no price change is."""
    return bool(ours and theirs and ours != theirs and set(ours) == set(theirs) and all(
        ours[bound] and abs(theirs[bound] - ours[bound]) < ours[bound] / 50 for bound in ours))


def matches_glob(glob, text):
    if glob.endswith("*"):
        return text.startswith(glob[:-1])
    return text == glob


# --- Regions -------------------------------------------------------------------------------


def add_regional(book):
    """Region paths (`us/gpt-4.1`, `eu-west-1/MODEL`) also price the plain name in that region."""
    for seller in REGION_PATHS:
        provider = book.providers[seller]
        for model in provider["own"]:
            region, slash, plain = model.id.partition("/")
            if not slash or "/" in plain or region not in {"us", "eu"} and not region[-1:].isdigit():
                continue
            base = find_final(book, seller, plain.lower())
            if base is not None and base is not model:
                add_region(base, region, model)


def find_final(book, seller, name):
    provider = book.providers[seller]
    for model in [*provider["own"], *provider["models"].values()]:
        if any(other.lower() == name for other in model.names) or (
                names.matches(model.clause, name)):
            return model
    return None


def add_region(base, region, model):
    if region in base.regions or any(region == other for other, *_ in base.region_lists):
        return
    standard, theirs = base.periods[-1][1], model.periods[-1][1]
    ratios = {Fraction(theirs[word][0]) / Fraction(standard[word][0]) for word in theirs
              if word.endswith("_mtok") and standard.get(word, {}).get(0)}
    if len(ratios) == 1:
        factor = exact(ratios.pop())
        if factor is not None and factor != 1 and -factor.as_tuple().exponent <= 6:
            base.regions[region] = factor
            return
    base.region_lists.append((region, None, theirs))
    for tier, facts in model.facts.items():
        base.region_lists.append((region, tier, facts[-1][1]))
