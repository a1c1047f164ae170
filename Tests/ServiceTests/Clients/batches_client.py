"""Has requests done in batches through the SDKs of OpenAI and Anthropic, and prints what came.

Usage: batches_client.py URL KEY openai|anthropic submit COUNT | fetch BATCH | refuse

`submit` prints the id of a batch of COUNT requests; `fetch` waits for its end and prints its state, and
how many requests succeeded and failed; `refuse` asks for a model without a batch rate.
"""

import io
import json
import sys
import time

import anthropic
import openai

URL, KEY, SDK, WHAT = sys.argv[1:5]
HEADERS = {"x-tally-app": "nightly", "x-tally-team": "growth", "x-tally-label-run": "7"}


def chat(number, model="gpt-4o-mini"):
    return {"model": model, "max_tokens": 8,
            "messages": [{"role": "user", "content": f"question {number}"}]}


class OpenAI:
    def __init__(self):
        self.client = openai.OpenAI(
            base_url=URL + "/v1", api_key=KEY, default_headers=HEADERS, max_retries=5)

    def submit(self, count, model="gpt-4o-mini"):
        lines = [json.dumps({"custom_id": f"q-{n}", "method": "POST",
                             "url": "/v1/chat/completions", "body": chat(n, model)})
                 for n in range(count)]
        file = self.client.files.create(
            file=("questions.jsonl", io.BytesIO("\n".join(lines).encode())), purpose="batch")
        assert file.id in [f.id for f in self.client.files.list()], "the file is listed"
        assert self.client.files.content(file.id).text.count("custom_id") == count
        batch = self.client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h",
            metadata={"night": "1"})
        assert batch.metadata == {"night": "1"}
        return batch.id

    def fetch(self, id):
        def look():
            batch = self.client.batches.retrieve(id)
            return batch if batch.status in ("completed", "expired", "cancelled", "failed") else None

        batch = wait(look)
        succeeded = failed = 0
        if batch.output_file_id:
            shown = self.client.files.retrieve(batch.output_file_id)
            assert (shown.id, shown.purpose) == (batch.output_file_id, "batch_output"), shown
            for line in self.client.files.content(batch.output_file_id).text.splitlines():
                answer = json.loads(line)
                assert answer["response"]["body"]["choices"][0]["message"]["content"]
                succeeded += 1
        if batch.error_file_id:
            failed = len(self.client.files.content(batch.error_file_id).text.splitlines())
        assert id in [b.id for b in self.client.batches.list()]
        return batch.status, succeeded, failed


class Anthropic:
    def __init__(self):
        self.client = anthropic.Anthropic(
            base_url=URL, api_key=KEY, default_headers=HEADERS, max_retries=5)

    def submit(self, count, model="claude-haiku-4-5"):
        return self.client.messages.batches.create(requests=[
            {"custom_id": f"q-{n}", "params": chat(n, model)} for n in range(count)]).id

    def fetch(self, id):
        def look():
            batch = self.client.messages.batches.retrieve(id)
            return batch if batch.processing_status == "ended" else None

        wait(look)
        results = [r.result.type for r in self.client.messages.batches.results(id)]
        assert id in [b.id for b in self.client.messages.batches.list()]
        return "ended", results.count("succeeded"), len(results) - results.count("succeeded")


def wait(look):
    for _ in range(600):
        try:
            found = look()
        except (openai.APIConnectionError, anthropic.APIConnectionError):
            found = None  # The service is being started again.
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit("the batch does not end")


client = OpenAI() if SDK == "openai" else Anthropic()
if WHAT == "submit":
    print(client.submit(int(sys.argv[5])))
elif WHAT == "fetch":
    print(*client.fetch(sys.argv[5]))
else:
    try:
        client.submit(1, "no-such-model")
    except (openai.BadRequestError, anthropic.BadRequestError) as error:
        print("refused:", error.body.get("message") or error.body["error"]["message"])
