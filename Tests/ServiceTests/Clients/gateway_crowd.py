"""Callers of models, all at once, who go on when an instance of the gateway dies.

Usage: gateway_crowd.py SEED CALLS CALLERS KEY URL …

Each caller makes its share of CALLS, streamed or not, chat completions or messages, each at the next URL. A
call whose answer broke off is made again, as another request. Prints as JSON the ids of the requests whose
answers were received in full, and how many were not. Every line on standard error is a part of the calls done.
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

counts = collections.Counter()
received = []
failures = []


def body(kind, text, stream):
    asked = {"messages": [{"role": "user", "content": text}], "max_tokens": 32}
    if stream:
        asked["stream"] = True
    return {"model": "gpt-4o-mini" if kind == "chat" else "claude-haiku-4-5", **asked}


def ask(host, key, kind, text, stream):
    """Returns the request's id if its answer came in full; raises if it broke off."""
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        path = "/v1/chat/completions" if kind == "chat" else "/v1/messages"
        connection.request("POST", path, json.dumps(body(kind, text, stream)), {
            "content-type": "application/json", "authorization": "Bearer " + key,
            "x-tally-app": "crowd"})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            counts[f"status {answer.status}"] += 1
            return None
        if stream:
            end = b"data: [DONE]" if kind == "chat" else b"event: message_stop"
            if end not in said or b"cost" not in said.rsplit(b"\n\n", 2)[-2]:
                raise OSError("a stream without its end")
        else:
            json.loads(said)
        return answer.getheader("x-tally-request-id")
    finally:
        connection.close()


def call(index, chance, hosts, key):
    kind, stream = chance.choice(["chat", "message"]), chance.random() < 0.5
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            found = ask(next(hosts), key, kind, f"call {index} of the crowd", stream)
            if found:
                received.append(found)
                return
        except (OSError, http.client.HTTPException, ValueError):
            counts["broken"] += 1
        time.sleep(0.1)
    raise TimeoutError(f"call {index}")


def caller(number, seed, calls, callers, key, hosts):
    chance = random.Random(f"{seed} {number}")
    turns = itertools.islice(itertools.cycle(hosts), number % len(hosts), None)
    try:
        for index in range(number, calls, callers):
            call(index, chance, turns, key)
            if index % 20 == 0:
                print("20 calls", file=sys.stderr, flush=True)
    except Exception as error:
        failures.append(f"caller {number}: {error!r}")


def main(seed, calls, callers, key, urls):
    hosts = [urllib.parse.urlparse(url).netloc for url in urls]
    threads = [threading.Thread(target=caller, args=(n, seed, calls, callers, key, hosts))
               for n in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"received": received, "failures": failures, "outcomes": counts}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:])
