"""Callers that ask before they spend, all at once; they go on when a service or its database dies.

Usage: holds_crowd.py SEED FIRST CALLS ABANDONED LEASED URL …

Each call holds 0.10 USD, asks again while it is refused, works for a moment, and then settles with a
call that costs 0.05, releases, or, one of ABANDONED (0: never), is never heard of again. Where holds are
LEASED (1), one that was lost with its instance is made anew; else (0) none may be lost. Prints as JSON
what became of the calls, and the refusals that said themselves that there was room.
"""

import collections
import http.client
import itertools
import json
import random
import sys
import threading
import time
import urllib.parse
from decimal import Decimal

HOLD = Decimal("0.1")
USAGE = {"usage": {"output_tokens": 5000}}

counts = collections.Counter()
false_refusals = []
failures = []


def send(hosts, path, body):
    """Sends until a service answers; the same body again does nothing twice."""
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(next(hosts), timeout=30)
        try:
            connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in (429, 503):
                return answer.status, json.loads(text)
            counts["busy"] += 1
        except (OSError, http.client.HTTPException):
            counts["lost connections"] += 1
        finally:
            connection.close()
        time.sleep(0.1)
    raise TimeoutError(path)


def hold_until_taken(name, chance, hosts):
    hold = {"request_id": name, "provider": "openai", "model": "gpt-4o", "amount_usd": str(HOLD)}
    while True:
        status, answer = send(hosts, "/api/v1/holds", hold)
        if status == 200:
            return
        if status != 402:
            raise ValueError(f"{status} {answer}")
        counts["refused"] += 1
        budget = answer["error"]["budget"]
        if Decimal(budget["spent_usd"]) + Decimal(budget["held_usd"]) + HOLD <= Decimal(
            budget["limit_usd"]
        ):
            false_refusals.append(budget)
        time.sleep(chance.uniform(0.2, 1))


def call(index, chance, hosts, abandoned, leased):
    name = f"crowd-{index}"
    hold_until_taken(name, chance, hosts)
    counts["held"] += 1
    while True:
        time.sleep(chance.uniform(0, 0.5))
        if abandoned and index % abandoned == 0:
            counts["abandoned"] += 1
            return
        end, body = ("release", {}) if index % 3 == 0 else ("settle", USAGE)
        status, answer = send(hosts, f"/api/v1/holds/{name}/{end}", body)
        if status == 200:
            counts[end] += 1
            return
        if status != 404 or not leased:
            raise ValueError(f"{end}: {status} {answer}")
        counts["lost holds"] += 1
        if end == "release":
            # Released by an instance that died before it could answer, or lost: nothing is held.
            return
        hold_until_taken(name, chance, hosts)


def caller(index, seed, hosts, abandoned, leased):
    try:
        call(index, random.Random(f"{seed} {index}"), hosts, abandoned, leased)
    except Exception as error:
        failures.append(f"call {index}: {error!r}")


def main(seed, first, calls, abandoned, leased, urls):
    hosts = [urllib.parse.urlparse(url).netloc for url in urls]
    threads = []
    for index in range(first, first + calls):
        turns = itertools.islice(itertools.cycle(hosts), index % len(hosts), None)
        threads.append(threading.Thread(target=caller, args=(index, seed, turns, abandoned, leased)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({**counts, "false_refusals": false_refusals, "failures": failures}))


if __name__ == "__main__":
    seed, first, calls, abandoned, leased = map(int, sys.argv[1:6])
    main(seed, first, calls, abandoned, bool(leased), sys.argv[6:])
