"""Makes calls through a real SDK that some instrumentations watch at once, and exports their spans.

Usage: one_call_client.py URL KEY SDK[+INSTRUMENTATION…] …

SDK is `anthropic` or `openai`; an instrumentation is `openllmetry`, `openinference`, `openlit`,
`pydantic_ai`, `logfire` or `langfuse`. Each of these programs runs twice: with each span exported by itself, and
with all of them together. For each run its name, which is also its app's, and how many calls that
cost something reached the made-up provider are printed.

`langfuse` beside another instrumentation works as its documentation shows: the calls are made in an
observation of Langfuse's, so their spans have a parent.

Packages are imported once, and each run is a fork: nothing is instrumented before that.
"""

import asyncio
import contextlib
import http.server
import importlib
import itertools
import json
import os
import sys
import threading
import time
import traceback

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

MESSAGES = [{"role": "user", "content": "hello"}]
CLAUDE = {"input_tokens": 100, "output_tokens": 20, "cache_read_input_tokens": 50}
GPT = {"prompt_tokens": 150, "completion_tokens": 20, "total_tokens": 170,
       "prompt_tokens_details": {"cached_tokens": 50}}


class Provider(http.server.BaseHTTPRequestHandler):
    """Answers like Anthropic and OpenAI; each answer has an id of its own."""

    numbers = itertools.count(1)
    calls = 0
    # The usage at the end of Anthropic's streams; the API repeats the input there since 2025.
    last_usage = {"output_tokens": 20}

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path.endswith("/count_tokens"):
            return self.answer({"input_tokens": 100})
        Provider.calls += 1
        time.sleep(0.02)
        if self.path.endswith("/messages"):
            return self.message(request)
        if self.path.endswith("/embeddings"):
            return self.answer({
                "object": "list", "model": "text-embedding-3-small",
                "data": [{"object": "embedding", "index": 0, "embedding": [0.1]}],
                "usage": {"prompt_tokens": 8, "total_tokens": 8}})
        return self.completion(request)

    def message(self, request):
        message = {
            "id": f"msg_{next(self.numbers)}", "type": "message", "role": "assistant",
            "model": "claude-sonnet-4-5-20250929", "content": [{"type": "text", "text": "Hi"}],
            "stop_reason": "end_turn", "stop_sequence": None, "usage": CLAUDE}
        if not request.get("stream"):
            return self.answer(message)
        begun = message | {"content": [], "stop_reason": None,
                           "usage": CLAUDE | {"output_tokens": 1}}
        self.stream([
            {"type": "message_start", "message": begun},
            {"type": "content_block_start", "index": 0,
             "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0,
             "delta": {"type": "text_delta", "text": "Hi"}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "usage": self.last_usage,
             "delta": {"stop_reason": "end_turn", "stop_sequence": None}},
            {"type": "message_stop"}])

    def completion(self, request):
        answer = {"id": f"chatcmpl-{next(self.numbers)}", "created": 1,
                  "model": "gpt-4o-mini-2024-07-18"}
        if not request.get("stream"):
            choice = {"index": 0, "finish_reason": "stop",
                      "message": {"role": "assistant", "content": "Hi"}}
            return self.answer(
                answer | {"object": "chat.completion", "choices": [choice], "usage": GPT})
        answer["object"] = "chat.completion.chunk"
        choices = [
            [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}],
            [{"index": 0, "delta": {}, "finish_reason": "stop"}]]
        chunks = [answer | {"choices": choice} for choice in choices]
        if (request.get("stream_options") or {}).get("include_usage"):
            chunks.append(answer | {"choices": [], "usage": GPT})
        self.stream(chunks)

    def stream(self, events):
        lines = [f"event: {event['type']}\n" if "type" in event else "" for event in events]
        text = "".join(f"{line}data: {json.dumps(event)}\n\n"
                       for line, event in zip(lines, events))
        self.send(text + ("" if lines[0] else "data: [DONE]\n\n"), "text/event-stream")

    def answer(self, body):
        self.send(json.dumps(body), "application/json")

    def send(self, text, kind):
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def instrument(package, sdk):
    names = {"anthropic": "AnthropicInstrumentor", "openai": "OpenAIInstrumentor"}
    getattr(importlib.import_module(f"{package}.{sdk}"), names[sdk])().instrument()


def use_anthropic(provider):
    import anthropic

    client = anthropic.Anthropic(base_url=provider, api_key="x", max_retries=0)
    request = {"model": "claude-sonnet-4-5", "max_tokens": 50, "messages": MESSAGES}
    client.messages.create(**request)
    client.messages.create(**request)
    for _ in client.messages.create(stream=True, **request):
        pass
    client.messages.count_tokens(model=request["model"], messages=MESSAGES)


def use_openai(provider, module="openai"):
    client = importlib.import_module(module).OpenAI(
        base_url=f"{provider}/v1", api_key="x", max_retries=0)
    request = {"model": "gpt-4o-mini", "messages": MESSAGES}
    client.chat.completions.create(**request)
    client.chat.completions.create(**request)
    usage = {"include_usage": True}
    for _ in client.chat.completions.create(stream=True, stream_options=usage, **request):
        pass
    client.embeddings.create(model="text-embedding-3-small", input="hello")


async def use_agent(provider, sdk):
    from pydantic_ai import Agent

    Agent.instrument_all(True)
    if sdk == "anthropic":
        import anthropic
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        client = anthropic.AsyncAnthropic(base_url=provider, api_key="x")
        model = AnthropicModel(
            "claude-sonnet-4-5", provider=AnthropicProvider(anthropic_client=client))
    else:
        import openai
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai import OpenAIProvider

        client = openai.AsyncOpenAI(base_url=f"{provider}/v1", api_key="x")
        model = OpenAIChatModel("gpt-4o-mini", provider=OpenAIProvider(openai_client=client))
    agent = Agent(model)
    await agent.run("hello")
    async with agent.run_stream("hello") as answer:
        async for _ in answer.stream_text():
            pass


def around(tools):
    """What lies around the calls: an observation, if Langfuse is beside another tool."""
    if "langfuse" not in tools or len(tools) == 1:
        return contextlib.nullcontext()
    client = importlib.import_module("langfuse").get_client()
    return client.start_as_current_observation(name="work")


def run(name, is_each, url, key):
    sdk, *tools = name.split("+")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    provider = f"http://127.0.0.1:{server.server_port}"
    os.environ.update(
        OTEL_SERVICE_NAME=name, LANGFUSE_PUBLIC_KEY="pk-any", LANGFUSE_SECRET_KEY=key,
        LANGFUSE_HOST=url, LANGFUSE_BASE_URL=url)

    exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces", headers={"x-api-key": key})
    processor = (SimpleSpanProcessor if is_each else BatchSpanProcessor)(exporter)
    if "logfire" in tools:
        import logfire

        logfire.configure(
            send_to_logfire=False, console=False, service_name=name,
            additional_span_processors=[processor])
        getattr(logfire, f"instrument_{sdk}")()
    elif "langfuse" not in tools:
        traces = TracerProvider(resource=Resource.create({"service.name": name}))
        traces.add_span_processor(processor)
        trace.set_tracer_provider(traces)
    if "openlit" in tools:
        # It takes the provider of spans that is there, and the usage at the end of a stream.
        import openlit

        Provider.last_usage = CLAUDE
        openlit.init(application_name=name, disable_metrics=True, disable_events=True)
    if "openllmetry" in tools:
        instrument("opentelemetry.instrumentation", sdk)
    if "openinference" in tools:
        instrument("openinference.instrumentation", sdk)

    if "pydantic_ai" in tools:
        asyncio.run(use_agent(provider, sdk))
    elif sdk == "anthropic":
        use_anthropic(provider)
    else:
        with around(tools):
            use_openai(provider, "langfuse.openai" if "langfuse" in tools else "openai")
    if "langfuse" in tools:
        importlib.import_module("langfuse").get_client().flush()
    else:
        trace.get_tracer_provider().force_flush()
    print(name, Provider.calls, flush=True)


def main():
    url, key, *names = sys.argv[1:]
    # langfuse.openai and openlit instrument when they are imported or begin, so their runs do that.
    used = {part for name in names for part in name.split("+")}
    for package in ["anthropic", "openai", "pydantic_ai", "pydantic_ai.models.anthropic",
                    "pydantic_ai.models.openai", "logfire", "langfuse"]:
        if package.split(".")[0] in used:
            importlib.import_module(package)
    for name in names:
        for is_each in (False, True):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    run(name, is_each, url, key)
                    status = 0
                except Exception:
                    traceback.print_exc()
                finally:
                    os._exit(status)
            if os.waitpid(child, 0)[1] != 0:
                sys.exit(f"{name} failed")


main()
