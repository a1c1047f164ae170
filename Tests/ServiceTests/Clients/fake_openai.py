"""Answers like OpenAI's chat completions, and prints the port on which it does."""

import http.server
import json

USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 340,
    "total_tokens": 1540,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 128},
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        question = request["messages"][-1]["content"]
        if self.path != "/v1/chat/completions" or question == "fail":
            return self.send(429, "application/json", json.dumps({"error": {"type": "rate_limit"}}))
        answer = {"id": "chatcmpl-1", "model": "gpt-4o-mini-2024-07-18", "service_tier": "default"}
        if not request.get("stream"):
            message = {"role": "assistant", "content": f"You asked: {question}"}
            body = answer | {"choices": [{"index": 0, "message": message}], "usage": USAGE}
            return self.send(200, "application/json", json.dumps(body))
        chunks = [answer | {"choices": [{"delta": {"content": word}}], "usage": None}
                  for word in question.split()]
        if request.get("stream_options", {}).get("include_usage"):
            chunks.append(answer | {"choices": [], "usage": USAGE})
        events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        if question != "break off":
            events.append("data: [DONE]\n\n")
        else:
            events = events[:1]
        self.send(200, "text/event-stream", "".join(events))

    def send(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"port {server.server_port}", flush=True)
server.serve_forever()
