"""An application that is its own gateway: it asks the cache before it asks a provider.

Usage: cache_gateway.py FIRST_URL SECOND_URL

Two instances of the service are asked in turns. Prints as JSON what was found, how often the provider was
asked, and how long each instance gave an answer after it was forgotten.
"""

import concurrent.futures
import json
import sys
import time
import urllib.error
import urllib.request

PROVIDER = {
    "chat.completions": {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": "Köln, \"am\" Rhein."}}],
        "usage": {"prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49}},
    "messages": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
        "content": [{"type": "tool_use", "id": "t", "name": "weather", "input": {"city": "Köln"}}],
        "stop_reason": "tool_use", "stop_sequence": None,
        "usage": {"input_tokens": 40, "output_tokens": 9}},
}
REQUESTS = {
    "chat.completions": {"model": "gpt-4o", "temperature": 0, "messages": [
        {"role": "user", "content": "Where is the cathedral?"}]},
    "messages": {"model": "claude-sonnet-4-5", "temperature": 0, "max_tokens": 100, "messages": [
        {"role": "user", "content": "How is the weather?"}], "tools": [{"name": "weather"}]},
}
asked = 0


def call(url, method, path, body=None):
    """A call to the service: its JSON and its headers."""
    request = urllib.request.Request(
        url + "/api/v1/cache" + path, method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer), answer.headers
    except urllib.error.HTTPError as error:
        raise ValueError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def question(api, team="growth", stream=False):
    request = dict(REQUESTS[api])
    if stream:
        request["stream"] = True
        if api == "chat.completions":
            request["stream_options"] = {"include_usage": True}
    provider = "openai" if api == "chat.completions" else "anthropic"
    return {"api": api, "request": request,
            "dimensions": {"app": "guide", "team": team, "user": "u-1", "provider": provider}}


def complete(url, api):
    """What every call of the application does: the cache, else the provider, whose answer it keeps."""
    global asked
    found, _ = call(url, "POST", "/lookup", {**question(api), "wait_ms": 10_000})
    if found["outcome"] == "hit":
        return json.loads(found["body"])
    asked += 1
    time.sleep(0.3)
    answer = PROVIDER[api]
    body = {**question(api), "body": json.dumps(answer), "tags": [api], "template": "guide@3"}
    if found["fill"] and found["fill"]["turn"] == "yours":
        body["fill_token"] = found["fill"]["token"]
    stored, _ = call(url, "POST", "/answers", body)
    if stored["outcome"] != "stored":
        raise ValueError(f"not stored: {stored}")
    return answer


def streamed(url, api):
    """The answer that a stream from the cache tells."""
    found, _ = call(url, "POST", "/lookup", question(api, stream=True))
    if found["content_type"] != "text/event-stream":
        raise ValueError(f"no stream: {found}")
    data = [json.loads(line[6:]) for line in found["body"].split("\n")
            if line.startswith("data: {")]
    if api == "messages":
        parts = [event["delta"].get("partial_json", "") for event in data
                 if event["type"] == "content_block_delta"]
        return {"text": json.loads("".join(parts)), "usage": data[-2]["usage"]["output_tokens"]}
    text = "".join(choice["delta"].get("content") or "" for chunk in data
                   for choice in chunk["choices"])
    return {"text": text, "usage": data[-1]["usage"]["completion_tokens"]}


def seconds_until_missed(urls, api, since):
    """How long after it was forgotten each instance still gave the answer."""
    waited = []
    for url in urls:
        while call(url, "POST", "/lookup", {**question(api), "fill": False})[0]["outcome"] != "miss":
            if time.monotonic() - since > 20:
                raise TimeoutError(f"{url} gives an answer that was forgotten")
            time.sleep(0.01)
        waited.append(time.monotonic() - since)
    return waited


def main(first, second):
    urls = [first, second]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        crowd = list(pool.map(lambda index: complete(urls[index % 2], "chat.completions"), range(12)))
    result = {
        "same": all(answer == PROVIDER["chat.completions"] for answer in crowd),
        "asked_by_a_crowd": asked,
        "message": complete(first, "messages") == complete(second, "messages"),
        "streams": {api: streamed(second, api) for api in REQUESTS},
    }
    found, headers = call(second, "POST", "/lookup", question("chat.completions"))
    key = headers["x-tally-cache-key"]
    result["headers"] = [headers["cache-control"], headers["vary"], key == found["key"]]
    result["other_team"] = call(
        first, "POST", "/lookup", {**question("chat.completions", "sales"), "fill": False}
    )[0]["outcome"]
    entry, _ = call(first, "GET", "/entries/" + key)
    result["entry"] = [entry["template"], entry["tags"], len(entry["readers"]) > 1]

    begun = time.monotonic()
    gone, _ = call(first, "DELETE", "/" + key + "?reason=wrong")
    result["readers"] = sorted({(reader["what"], reader["user"]) for reader in gone["readers"]})
    result["seconds_after_delete"] = seconds_until_missed(urls, "chat.completions", begun)
    begun = time.monotonic()
    call(second, "POST", "/invalidate", {"tag": "messages", "reason": "a new tool"})
    result["seconds_after_tag"] = seconds_until_missed(urls, "messages", begun)
    result["asked"] = asked
    complete(second, "chat.completions")
    result["asked_again"] = asked
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
