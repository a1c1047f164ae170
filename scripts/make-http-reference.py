#!/usr/bin/env python3
"""Prints docs/http.md: every call of the service, from its OpenAPI document.

Usage: scripts/make-http-reference.py OPENAPI.json > docs/http.md

The document is what GET /openapi.json of a running service answers. A test compares the page with
it, so whoever changes a call runs this again.
"""

import json
import sys

HEADER = """\
# HTTP reference

Made from `GET /openapi.json` by `scripts/make-http-reference.py`; a running service answers that document, with schemas and examples
of every response. Times are RFC 3339, money is exact decimal text, unknown is null. Errors are
`{"error":{"message","type","param","code"}}`. `HEAD` works wherever `GET` does; another method is 405.

| call | does | scope |
|---|---|---|
"""


def words(schema):
    """What a value may be, in a few words."""
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(words(part) for part in schema[word]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("format") or schema.get("type", "any")
    if isinstance(kind, list):
        kind = " or ".join(kind)
    if kind == "array":
        kind = f"list of {words(schema.get('items', {}))}"
    bounds = [f"{name} {schema[key]}" for name, key in
              (("at least", "minimum"), ("at most", "maximum")) if key in schema and abs(schema[key]) < 1e12]
    return " ".join([kind, *bounds])


def members(operation):
    """(name, where, words, description, required) of all parameters and members of the body."""
    for parameter in operation.get("parameters", []):
        yield (parameter["name"], parameter["in"], words(parameter["schema"]),
               parameter.get("description", ""), parameter.get("required", False))
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content.get("schema", {})
        required = schema.get("required", [])
        for name, member in schema.get("properties", {}).items():
            yield (name, "body", words(member), member.get("description", ""), name in required)
        break


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    calls = [(path, method, operation) for path, methods in sorted(document["paths"].items())
             for method, operation in methods.items()]
    print(HEADER, end="")
    for path, method, operation in calls:
        anchor = operation["operationId"]
        print(f"| [`{method.upper()} {path}`](#{anchor}) | {cell(operation['summary'])} | "
              f"{cell(operation.get('description', ''))} |")
    for path, method, operation in calls:
        listed = list(members(operation))
        if not listed:
            continue
        print(f"\n## {operation['operationId']}\n\n`{method.upper()} {path}`: "
              f"{cell(operation['summary'])}.\n")
        print("| member | in | is | meaning |\n|---|---|---|---|")
        for name, place, kind, meaning, required in listed:
            star = " (required)" if required else ""
            print(f"| `{name}`{star} | {place} | {cell(kind)} | {cell(meaning)} |")


main()
