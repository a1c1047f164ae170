"""Calls a made-up OpenAI server through a real instrumentation and exports what that saw over OTLP.

Usage: opentelemetry_client.py URL INSTRUMENTATION

INSTRUMENTATION is the package below opentelemetry.instrumentation: `openai_v2`, `genai.openai` or
`openai`. Everything else comes from OpenTelemetry's own variables. The spans, log records and
metrics are exported twice, as an exporter does that lost the first answer; prints how each went.
"""

import http.server
import importlib
import json
import sys
import threading

import openai
from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 340,
    "total_tokens": 1540,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 128},
}
MODEL = "gpt-4o-mini-2024-07-18"


class FakeOpenAI(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if request["model"] == "broken":
            self.answer({"error": {"message": "no", "type": "server_error"}}, status=500)
        elif self.path.endswith("/embeddings"):
            vector = {"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}
            usage = {"prompt_tokens": 8, "total_tokens": 8}
            self.answer({"object": "list", "model": request["model"], "data": [vector], "usage": usage})
        elif request.get("stream"):
            self.stream()
        else:
            self.answer(completion("chat.completion", "message", USAGE))

    def stream(self):
        pieces = [
            completion("chat.completion.chunk", "delta", None),
            completion("chat.completion.chunk", "delta", USAGE) | {"choices": []},
        ]
        lines = [json.dumps(piece) for piece in pieces] + ["[DONE]"]
        self.send("".join(f"data: {line}\n\n" for line in lines), "text/event-stream", 200)

    def answer(self, body, status=200):
        self.send(json.dumps(body), "application/json", status)

    def send(self, text, kind, status):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


def completion(kind, part, usage):
    message = {"role": "assistant", "content": "Hello"}
    return {
        "id": "chatcmpl-1", "object": kind, "created": 1, "model": MODEL, "service_tier": "default",
        "choices": [{"index": 0, part: message, "finish_reason": "stop"}], "usage": usage,
    }


def call_models(base_url):
    client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
    messages = [{"role": "user", "content": "Hello"}]
    # An agent around its calls, which reports the sum of what they used.
    with trace.get_tracer("agents").start_as_current_span("invoke_agent shopkeeper") as agent:
        agent.set_attribute("gen_ai.operation.name", "invoke_agent")
        agent.set_attribute("gen_ai.provider.name", "openai")
        agent.set_attribute("gen_ai.request.model", "gpt-4o-mini")
        agent.set_attribute("gen_ai.usage.input_tokens", 2400)
        client.chat.completions.create(model="gpt-4o-mini", messages=messages)
        stream = client.chat.completions.create(
            model="gpt-4o-mini", messages=messages, stream=True,
            stream_options={"include_usage": True})
        for _ in stream:
            pass
    client.embeddings.create(model="text-embedding-3-small", input="Hello")
    try:
        client.chat.completions.create(model="broken", messages=messages)
    except openai.InternalServerError:
        pass


def main(url, instrumentation):
    spans = InMemorySpanExporter()
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(tracers)
    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(endpoint=url + "/v1/metrics", compression=Compression.Gzip))
    meters = MeterProvider([reader])
    metrics.set_meter_provider(meters)
    importlib.import_module("opentelemetry.instrumentation." + instrumentation).OpenAIInstrumentor(
    ).instrument()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeOpenAI)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    call_models(f"http://127.0.0.1:{server.server_port}/v1")

    exporter = OTLPSpanExporter(endpoint=url + "/v1/traces", compression=Compression.Gzip)
    for time in ["first", "again"]:
        print(f"spans {time}\t{exporter.export(spans.get_finished_spans()).name}")
    print(f"metrics\t{meters.force_flush()}")


main(*sys.argv[1:])
