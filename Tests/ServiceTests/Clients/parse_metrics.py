"""Parses Prometheus text strictly and prints each sample as JSON, one a line.

Usage: parse_metrics.py FILE
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
for family in text_string_to_metric_families(text):
    assert family.type != "unknown", f"{family.name} has no type"
    for sample in family.samples:
        print(json.dumps({"name": sample.name, "value": sample.value}))
