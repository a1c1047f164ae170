"""Sends usage with the cloudevents and requests packages, as their documentation shows.

Usage: cloudevents_client.py URL. Prints one line a request: mode, status, body.
"""

import datetime
import sys

import requests
from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent as NewCloudEvent
from cloudevents.v1.conversion import to_binary, to_json, to_structured
from cloudevents.v1.http import CloudEvent

url = sys.argv[1] + "/api/v1/events"


def attributes(number):
    return {
        "id": f"python-{number}",
        "source": "https://example.org/shop",
        "type": "request.completed",
        "subject": "user 1",
    }


def data(output_tokens=20):
    return {
        "app": "python",
        "provider": "openai",
        "model": "gpt-4o",
        "usage": {"input_tokens": 1000, "output_tokens": output_tokens},
    }


def event(number, output_tokens=20):
    time = {"time": "2025-06-01T12:00:00.5Z"}
    return CloudEvent(attributes(number) | time, data(output_tokens))


def new_event(number):
    """The same, with the interface of version 2 of the package."""
    moment = datetime.datetime(2025, 6, 1, 12, 0, 0, 500_000, datetime.timezone.utc)
    more = {"time": moment, "specversion": "1.0", "datacontenttype": "application/json"}
    if number > 1:
        # Version 1 sends such texts in headers as they are, which HTTP does not allow.
        more["subject"] = "user é, 100 %"
    return NewCloudEvent(attributes(number) | more, data())


def send(mode, headers, body):
    answer = requests.post(url, headers=headers, data=body, timeout=30)
    print(f"{mode}\t{answer.status_code}\t{answer.text}")


def send_batch(mode, events):
    body = b"[" + b",".join(to_json(one) for one in events) + b"]"
    send(mode, {"content-type": "application/cloudevents-batch+json"}, body)


def send_new(mode, message):
    send(mode, message.headers, message.body)


send("structured", *to_structured(event(1)))
send("binary", *to_binary(event(2)))
send_batch("batch", [event(3), event(4)])
send("again", *to_structured(event(1)))
send("again in binary mode", *to_binary(event(1)))
send("conflict", *to_structured(event(1, output_tokens=21)))
send_batch("mixed batch", [event(5), event(1, output_tokens=22)])
send_new("new structured", http.to_structured(new_event(6), JSONFormat()))
send_new("new binary", http.to_binary(new_event(7), JSONFormat()))
send_new("new again", http.to_binary(new_event(1), JSONFormat()))
