#!/usr/bin/env python3
"""Writes labelled pairs of questions, one JSON object a line: a, b, same, kind.

    scripts/make-likeness-pairs.py ../shared/data/prompts-arena-hard.jsonl 7 > pairs.jsonl

The pairs are made by rules from the prompts and from the lists below; the second argument seeds the
choice. Kinds whose label is true keep the meaning (courtesies, contractions, case, synonyms, frames of
questions, small edits of long texts); the others change it (word order, negation, numbers, names,
direction, tense, quantity, comparison, subject, code).
"""
import json
import random
import re
import sys

NAMES = "Paris Rome London Berlin Madrid Tokyo Boston Chicago Lisbon Vienna Oslo Dublin".split()
FIRMS = "Apple Samsung Google Oracle Microsoft IBM Nokia Intel Adobe Netflix Uber Tesla".split()
PEOPLE = "Alice Bob Carol David Emma Frank Grace Henry Irene Jack Karen Louis".split()
LANGUAGES = "English German French Spanish Italian Polish Dutch Swedish Turkish Greek".split()
THINGS = """reset my password|cancel my subscription|install python on windows|change my phone number
|download my invoices|update my billing address|export my data as csv|delete a branch in git
|connect my printer to wifi|boil an egg|learn to play the guitar|remove a stain from a carpet
|write a cover letter|reverse a list in python|merge two tables in excel|renew my passport
|open a bank account online|train for a marathon|fix a flat tire|grow tomatoes indoors
|set up a home network|file my taxes|sort a dictionary by value|mount a usb drive in linux
|improve my sleep|clean a cast iron pan|save money for a house|lower my cholesterol
|start a podcast|find the median of an array""".replace("\n", "").split("|")
NOUNS = "wallet passport laptop kitchen garden bicycle airport museum hospital library bridge tower".split()
VERBS = "beat praise follow sue acquire replace defeat influence invite blame".split()
PAIRS_OF_WORDS = [("safe", "dangerous"), ("legal", "illegal"), ("enable", "disable"), ("increase", "decrease"),
                  ("import", "export"), ("encrypt", "decrypt"), ("best", "worst"), ("largest", "smallest"),
                  ("before", "after"), ("with", "without"), ("all", "some"), ("first", "last"), ("buy", "sell")]


def frames(thing):
    return [f"How do I {thing}?", f"how can I {thing}", f"How do I {thing}? Thanks",
            f"Can you please tell me how to {thing}?", f"What is the way to {thing}?", f"How to {thing}?",
            f"please tell me how do i {thing}", f"What's the way to {thing}?", f"hi, how can i {thing}?"]


def same(rng, prompts):
    kind = rng.choice(["frame", "courtesy", "contraction", "case", "synonym", "edit", "article", "numeral"])
    thing = rng.choice(THINGS)
    if kind == "frame":
        a, b = rng.sample(frames(thing), 2)
    elif kind == "courtesy":
        text = rng.choice(prompts)[:400]
        a, b = text, rng.choice(["Please ", "Could you please ", "Hello, "]) + text[:1].lower() + text[1:]
    elif kind == "contraction":
        name = rng.choice(NAMES)
        a, b = f"What is the population of {name}?", f"What's the population of {name}"
    elif kind == "case":
        text = rng.choice([p for p in prompts if len(p) < 300])
        a, b = text, text.rstrip(".?! ") + rng.choice(["", ".", "?", " "])
    elif kind == "synonym":
        x, y = rng.choice([("buy", "purchase"), ("fix", "repair"), ("choose", "select"), ("find", "locate")])
        noun = rng.choice(NOUNS)
        a, b = f"Where can I {x} a {noun}?", f"Where can I {y} a {noun}?"
    elif kind == "edit":
        words = max(prompts, key=lambda p: rng.random() * (150 < len(p) < 4000)).split()
        changed = list(words)
        for _ in range(max(1, len(words) * 3 // 100)):
            spot = rng.randrange(len(changed))
            changed[spot] = changed[spot].swapcase() if rng.random() < .5 else changed[spot] + ","
        a, b = " ".join(words), " ".join(changed)
    elif kind == "article":
        noun = rng.choice(NOUNS)
        a, b = f"What is the price of the {noun}?", f"What is the price of a {noun}?"
    else:
        n, w = rng.choice([("5", "five"), ("12", "twelve"), ("25", "twenty five"), ("100", "one hundred")])
        noun = rng.choice(NOUNS)
        a, b = f"Name {n} uses of a {noun}", f"Name {w} uses of a {noun}."
    return a, b, kind


def different(rng, prompts):
    kind = rng.choice(["order", "order", "passive", "direction", "translate", "negation", "number", "name",
                       "opposite", "tense", "question", "subject", "code", "swap", "quantity", "extra"])
    x, y = rng.sample(rng.choice([NAMES, FIRMS, PEOPLE]), 2)
    verb, noun, thing = rng.choice(VERBS), rng.choice(NOUNS), rng.choice(THINGS)
    if kind == "order":
        a, b = rng.choice([
            (f"Did {x} {verb} {y}?", f"Did {y} {verb} {x}?"),
            (f"why did {x.lower()} {verb} {y.lower()}", f"why did {y.lower()} {verb} {x.lower()}"),
            (f"Is {x} bigger than {y}?", f"Is {y} bigger than {x}?"),
            (f"What can {x} learn from {y}?", f"What can {y} learn from {x}?"),
            (f"{noun} in front of the house", "house in front of the " + noun),
            (f"Which {noun}s have a red door but no blue wall", f"Which {noun}s have a blue door but no red wall"),
        ])
    elif kind == "passive":
        a, b = f"Who knows why {x} {verb}s {y}?", f"Who knows why {x} is {verb}ed by {y}?"
    elif kind == "direction":
        a, b = rng.choice([(f"flights from {x} to {y}", f"flights to {x} from {y}"),
                           (f"How do I convert miles to kilometers", f"How do I convert kilometers to miles"),
                           (f"How do I get into the {noun}", f"How do I get out of the {noun}")])
    elif kind == "translate":
        s, t = rng.sample(LANGUAGES, 2)
        text = rng.choice(prompts)[:120]
        a, b = f"Translate from {s} to {t}: {text}", f"Translate from {t} to {s}: {text}"
    elif kind == "negation":
        a, b = rng.choice([(f"Is it safe to leave the {noun}?", f"Is it not safe to leave the {noun}?"),
                           (f"Why should I {thing}?", f"Why should I never {thing}?"),
                           (f"Things to do in {x}", f"Things not to do in {x}"),
                           (f"foods you can eat with a {noun}", f"foods you can't eat with a {noun}")])
    elif kind == "number":
        text = rng.choice([p for p in prompts if re.search(r"\d", p)])
        spot = rng.choice(list(re.finditer(r"\d+", text)))
        a, b = text, text[:spot.start()] + str(int(spot[0][:9]) + rng.randint(1, 9)) + text[spot.end():]
        if rng.random() < .5:
            w, v = rng.sample(["two", "three", "seven", "10", "twenty", "6"], 2)
            a, b = f"Name {w} uses of a {noun}", f"Name {v} uses of a {noun}"
    elif kind == "name":
        a, b = f"What is the population of {x}?", f"What is the population of {y}?"
    elif kind == "opposite":
        u, v = rng.choice(PAIRS_OF_WORDS)
        a, b = f"tell me how to {thing} {u} the {noun}", f"tell me how to {thing} {v} the {noun}"
    elif kind == "tense":
        a, b = rng.choice([(f"Who is the head of {x}?", f"Who was the head of {x}?"),
                           (f"What does {x} do?", f"What will {x} do?")])
    elif kind == "question":
        a, b = rng.choice([(f"Why is the {noun} closed?", f"Is the {noun} closed?"),
                           (f"When was {x} founded?", f"Where was {x} founded?"),
                           (f"How much is a {noun}?", f"How old is a {noun}?")])
    elif kind == "subject":
        other = rng.choice([n for n in NOUNS if n != noun])
        a, b = rng.choice([(f"how do i clean a {noun}", f"how do i clean a {other}"),
                           (f"what is a {noun}", f"what is a {other}"),
                           (f"best {noun} for beginners", f"best {other} for beginners")])
    elif kind == "code":
        a, b = rng.choice([("What does `a[i]` do in C?", "What does `a[j]` do in C?"),
                           ("How do I sort in C++?", "How do I sort in C#?"),
                           (f"Explain sort_{noun}()", f"Explain sort_{x.lower()}()"),
                           ("What is x + y?", "What is x - y?"), ("when is a < b", "when is a > b")])
    elif kind == "swap":
        words = rng.choice([p for p in prompts if 60 < len(p) < 300]).split()
        long = [i for i, w in enumerate(words) if w.isalpha() and len(w) > 3]
        if len(long) < 2:
            return different(rng, prompts)
        i, j = rng.sample(long, 2)
        if words[i].lower() == words[j].lower():
            return different(rng, prompts)
        swapped = list(words)
        swapped[i], swapped[j] = words[j], words[i]
        a, b = " ".join(words), " ".join(swapped)
    elif kind == "quantity":
        a, b = rng.choice([(f"Do all {noun}s need repair?", f"Do some {noun}s need repair?"),
                           (f"Which {noun} is the most expensive?", f"Which {noun} is the least expensive?"),
                           (f"only {x} may enter the {noun}", f"even {x} may enter the {noun}")])
    else:
        a, b = rng.choice([(f"What is the best {noun}?", f"What is the best cheap {noun}?"),
                           (f"How do I {thing}?", f"How do I {thing} on a mac?"),
                           (f"how do i {thing}", f"how do i {thing} quickly for free")])
    return a, b, kind


def main():
    prompts = [json.loads(line)["prompt"] for line in open(sys.argv[1])]
    rng = random.Random(int(sys.argv[2]))
    seen = set()
    while len(seen) < 2_000:
        is_same = rng.random() < .5
        a, b, kind = (same if is_same else different)(rng, prompts)
        if a == b or (a, b) in seen:
            seen.add((a, b))
            continue
        seen.add((a, b))
        print(json.dumps({"a": a, "b": b, "same": is_same, "kind": kind}, ensure_ascii=False))


main()
