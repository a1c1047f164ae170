import LedgerTesting
import PriceBooks
import Server

/// Good requests for the calls of budgets, batches, the gateway, the cache and long runs.
extension RouteTests {
    static let budgets: [(call: String, path: String, body: String?, status: Int)] = [
        (
            "POST /api/v1/budgets", "/api/v1/budgets",
            #"{"name":"all","usd":"100","each":"user","window":"2 weeks","zone":"Europe/Berlin"}"#,
            201
        ),
        ("PUT /api/v1/budgets/{name}", "/api/v1/budgets/new", #"{"tokens":1000000}"#, 200),
        ("GET /api/v1/budgets", "/api/v1/budgets", nil, 200),
        (
            "POST /api/v1/budgets/impact", "/api/v1/budgets/impact",
            #"{"amount_usd":"0.5","provider":"openai","times":100,"dimensions":{"user":"u-1"}}"#,
            200
        ),
        ("GET /api/v1/budgets/{name}", "/api/v1/budgets/all?limit=5", nil, 200),
        (
            "POST /api/v1/budgets/{name}/top-up", "/api/v1/budgets/all/top-up",
            #"{"usd":12.5,"reason":"a launch"}"#, 200
        ),
        (
            "POST /api/v1/budgets/{name}/override", "/api/v1/budgets/all/override",
            #"{"usd":"7","windows":2}"#, 200
        ),
        ("POST /api/v1/budgets/{name}/reset", "/api/v1/budgets/all/reset?reason=test", "", 200),
        ("GET /api/v1/budgets/{name}/history", "/api/v1/budgets/all/history", nil, 200),
        ("GET /api/v1/me", "/api/v1/me?user=u-1", nil, 200),
        ("POST /api/v1/holds", "/api/v1/holds", hold("call-1"), 200),
        ("POST /api/v1/holds", "/api/v1/holds", hold("call-2"), 200),
        ("GET /api/v1/holds/{id}", "/api/v1/holds/call-1", nil, 200),
        ("GET /api/v1/alerts", "/api/v1/alerts?open=false", nil, 200),
        ("GET /api/v1/load", "/api/v1/load?by=app", nil, 200),
        ("GET /api/v1/scaling", "/api/v1/scaling", nil, 200),
        (
            "POST /api/v1/alerts/{id}/ack", "/api/v1/alerts/{alert}/ack",
            #"{"by":"ann","note":"on it"}"#, 200
        ),
        (
            "POST /api/v1/alerts/{id}/silence", "/api/v1/alerts/{alert}/silence",
            #"{"minutes":30}"#, 200
        ),
        (
            "POST /api/v1/holds/{id}/extend", "/api/v1/holds/call-1/extend",
            #"{"step":1,"amount_usd":"0.01"}"#, 200
        ),
        (
            "POST /api/v1/holds/{id}/settle", "/api/v1/holds/call-1/settle",
            #"{"usage":{"input_tokens":90,"output_tokens":40},"status":200,"latency_ms":12.5}"#, 200
        ),
        ("POST /api/v1/holds/{id}/release", "/api/v1/holds/call-2/release", "", 200),
        ("DELETE /api/v1/budgets/{name}", "/api/v1/budgets/new?reason=test", nil, 200),
        (
            "POST /api/v1/controls", "/api/v1/controls?reason=test",
            "controls:\n  small: {for: {app: search}, do: {max_tokens: 100}}\n", 201
        ),
        ("GET /api/v1/controls", "/api/v1/controls", nil, 200),
        ("DELETE /api/v1/controls/{name}", "/api/v1/controls/small?reason=test", nil, 200),
    ]

    static let batches: [(call: String, path: String, body: String?, status: Int)] = [
        ("GET /v1/files", "/v1/files?purpose=batch", nil, 200),
        ("GET /v1/files/{id}", "/v1/files/{file}", nil, 200),
        ("GET /v1/files/{id}/content", "/v1/files/{file}/content", nil, 200),
        (
            "POST /v1/batches", "/v1/batches",
            #"{"input_file_id":"{file}","endpoint":"/v1/chat/completions","completion_window":"24h"}"#,
            200
        ),
        ("GET /v1/batches", "/v1/batches?limit=1", nil, 200),
        ("GET /v1/batches/{id}", "/v1/batches/{batch}", nil, 200),
        ("POST /v1/batches/{id}/cancel", "/v1/batches/{batch}/cancel", "", 200),
        ("DELETE /v1/files/{id}", "/v1/files/{file}", nil, 200),
        ("POST /v1/messages/batches", "/v1/messages/batches", messages, 200),
        ("GET /v1/messages/batches", "/v1/messages/batches", nil, 200),
        ("GET /v1/messages/batches/{id}", "/v1/messages/batches/{messages}", nil, 200),
        (
            "POST /v1/messages/batches/{id}/cancel", "/v1/messages/batches/{messages}/cancel", "",
            200
        ),
        (
            "GET /v1/messages/batches/{id}/results", "/v1/messages/batches/{messages}/results",
            nil, 200
        ),
        ("DELETE /v1/messages/batches/{id}", "/v1/messages/batches/{messages}", nil, 200),
        ("POST /api/v1/batches/jobs", "/api/v1/batches/jobs", job, 202),
        ("GET /api/v1/batches/jobs", "/api/v1/batches/jobs?limit=5", nil, 200),
        ("GET /api/v1/batches/jobs/{id}", "/api/v1/batches/jobs/{job}", nil, 200),
        ("DELETE /api/v1/batches/jobs/{id}", "/api/v1/batches/jobs/{job}", nil, 200),
        (
            "GET /api/v1/batches/jobs/{id}/results", "/api/v1/batches/jobs/{job}/results", nil, 200
        ),
    ]

    /// Without providers nobody answers, and each is told so in its own dialect.
    static let gateway: [(call: String, path: String, body: String?, status: Int)] = [
        ("POST /v1/chat/completions", "/v1/chat/completions", chat, 503),
        ("POST /v1/completions", "/v1/completions", #"{"model":"a","prompt":"b"}"#, 503),
        ("POST /v1/embeddings", "/v1/embeddings", #"{"model":"a","input":"b"}"#, 503),
        ("POST /v1/responses", "/v1/responses", #"{"model":"a","input":"b"}"#, 503),
        ("POST /v1/messages", "/v1/messages?beta=true", chat, 529),
        ("POST /v1/messages/count_tokens", "/v1/messages/count_tokens", chat, 529),
        ("GET /v1/models", "/v1/models?limit=20", nil, 200),
        ("GET /api/hello", "/api/hello", nil, 200),
    ]

    static let chat =
        #"{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}"#
    static let job =
        #"{"endpoint":"/v1/chat/completions","dimensions":{"app":"a"},"requests":[{"body":\#(chat)}]}"#
    static let messages =
        #"{"requests":[{"custom_id":"a","params":{"model":"claude-haiku-4-5","max_tokens":9,"#
        + #""messages":[{"role":"user","content":"hi"}]}}]}"#

    /// Uploads a file of one request.
    static func upload(_ client: Client) async throws -> Answer {
        let line =
            #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":\#(chat)}"#
        let form = ["name=\"purpose\"\r\n\r\nbatch", "name=\"file\"\r\n\r\n\(line)\n"].map {
            "--x\r\nContent-Disposition: form-data; \($0)\r\n"
        }
        return try await client.post(
            "/v1/files", form.joined() + "--x--\r\n", type: "multipart/form-data; boundary=x",
            headers: [("x-tally-app", "a")])
    }

    static let question =
        #""api":"chat.completions","request":{"model":"gpt-4o","temperature":0,"messages":[]}"#

    static let hash = String(repeating: "a", count: 64)
    static let otherHash = String(repeating: "b", count: 64)
    static let cache: [(call: String, path: String, body: String?, status: Int)] = [
        ("POST /api/v1/cache/key", "/api/v1/cache/key", "{\(question)}", 200),
        (
            "POST /api/v1/cache/lookup", "/api/v1/cache/lookup",
            #"{\#(question),"dimensions":{"team":"x"},"x_tally_cache":"ttl=60","wait_ms":1}"#, 200
        ),
        (
            "POST /api/v1/cache/answers", "/api/v1/cache/answers",
            #"{\#(question),"answer":{"choices":[{"finish_reason":"stop"}]},"tags":["a"]}"#, 200
        ),
        ("POST /api/v1/cache/lookup", "/api/v1/cache/lookup", "{\(question)}", 200),
        (
            "GET /api/v1/cache/entries/{key}", "/api/v1/cache/entries/{cached}", nil, 200
        ),
        (
            "POST /api/v1/cache/verdicts", "/api/v1/cache/verdicts",
            #"{"asked":"\#(hash)","stored":"\#(otherHash)","same":false,"by":"person"}"#, 200
        ),
        ("POST /api/v1/cache/invalidate", "/api/v1/cache/invalidate", #"{"tag":"b"}"#, 200),
        ("DELETE /api/v1/cache/{key}", "/api/v1/cache/{cached}?reason=test", nil, 200),
    ]

    static func hold(_ id: String) -> String {
        #"{"request_id":"\#(id)","provider":"openai","model":"gpt-4o","dimensions":{"user":"u-1"}"#
            + #","usage":{"input_tokens":100,"output_tokens":50}}"#
    }

    static let runs: [(call: String, path: String, body: String?, status: Int)] = [
        ("GET /api/v1/rerates", "/api/v1/rerates", nil, 200),
        ("GET /api/v1/rerates/{id}", "/api/v1/rerates/{rerate}", nil, 200),
        ("DELETE /api/v1/rerates/{id}", "/api/v1/rerates/{rerate}", nil, 200),
        (
            "POST /api/v1/replays", "/api/v1/replays",
            #"{"book":"default","by":["model","day"],"since":"2025-06-01"}"#, 202
        ),
        (
            "POST /api/v1/replays", "/api/v1/replays",
            #"{"kind":"cache","policy":"memory: 1 MiB","by":["model","day"]}"#, 202
        ),
        (
            "POST /api/v1/replays", "/api/v1/replays",
            #"{"kind":"batching","policy":"jobs: [{for: {app: a}}]","by":["app"]}"#, 202
        ),
        (
            "POST /api/v1/replays", "/api/v1/replays",
            #"{"kind":"routing","policy":"tally_gateway: 1","by":["app"]}"#, 202
        ),
        (
            "POST /api/v1/replays", "/api/v1/replays",
            #"{"kind":"budgets","policy":"budgets: {a: {usd: 5}}","by":["app"]}"#, 202
        ),
        ("GET /api/v1/cache/warming", "/api/v1/cache/warming?budget_usd=2&days=7", nil, 200),
        ("GET /api/v1/replays", "/api/v1/replays", nil, 200),
        ("GET /api/v1/replays/{id}", "/api/v1/replays/{replay}", nil, 200),
        ("DELETE /api/v1/replays/{id}", "/api/v1/replays/{replay}", nil, 200),
        ("GET /api/v1/scenarios", "/api/v1/scenarios", nil, 200),
        ("DELETE /api/v1/scenarios/{name}", "/api/v1/scenarios/kept", nil, 204),
        ("POST /api/v1/tokens/count", "/api/v1/tokens/count", text, 200),
        ("POST /api/v1/tokens/explain", "/api/v1/tokens/explain", text, 200),
        ("POST /api/v1/tokens/encode", "/api/v1/tokens/encode", text, 200),
        (
            "POST /api/v1/tokens/decode", "/api/v1/tokens/decode",
            #"{"model":"gpt-4o","ids":[1,2]}"#, 200
        ),
        (
            "POST /api/v1/tokens/truncate", "/api/v1/tokens/truncate",
            #"{"model":"gpt-4o","text":"one two","max_tokens":1}"#, 200
        ),
        (
            "POST /api/v1/tokens/fit", "/api/v1/tokens/fit",
            #"{"chat":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}}"#, 200
        ),
        ("POST /api/v1/tokens/optimize", "/api/v1/tokens/optimize", text, 200),
        ("GET /healthz", "/healthz", nil, 200), ("GET /readyz", "/readyz", nil, 200),
        ("GET /metrics", "/metrics", nil, 200), ("GET /openapi.json", "/openapi.json", nil, 200),
        ("GET /", "/", nil, 200),
    ]

    static let text = #"{"model":"gpt-4o","text":"a text"}"#

    static func book(_ dollars: Int) -> String {
        """
        tally_prices: 1
        name: ours
        providers:
          openai:
            models:
              gpt-4o: {input_mtok: \(dollars), output_mtok: 10}

        """
    }
}
