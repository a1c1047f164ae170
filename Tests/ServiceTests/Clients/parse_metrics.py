"""Parses Prometheus text strictly and prints each sample as JSON, one a line.

Every family must have a type, a help text, and a name that fits its type.

Usage: parse_metrics.py FILE
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
for family in text_string_to_metric_families(text):
    assert family.type != "unknown", f"{family.name} has no type"
    assert family.documentation, f"{family.name} has no help text"
    for sample in family.samples:
        # The parser takes _total off the name of a counter.
        assert family.type != "counter" or sample.name.endswith("_total"), sample.name
        assert family.type != "histogram" or family.name.endswith(("_seconds", "_bytes"))
        print(json.dumps({"name": sample.name, "labels": sample.labels, "value": sample.value}))
