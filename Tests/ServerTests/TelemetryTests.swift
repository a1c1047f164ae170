import Access
import Foundation
import LedgerTesting
import Postgres
import Server
import Testing

/// OTLP over HTTP: what is refused, and how.
@Suite("OpenTelemetry calls")
struct TelemetryTests {
    private static let span = """
        {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"t"},"spans":[\
        {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"0000000000000001",\
        "name":"chat gpt-4o-mini","kind":3,"startTimeUnixNano":"1764003600123456789",\
        "endTimeUnixNano":"1764003600935956789","attributes":[\
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\
        {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},\
        {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o-mini"}},\
        {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1200"}}]}]}]}]}
        """

    @Test("a span is booked once, and an unauthorized sender gets a google.rpc.Status")
    func access() async throws {
        try await InProcess.with { service in
            for _ in 0..<2 {
                let answer = try await service.client.post("/v1/traces", Self.span)
                #expect(answer.status == 200 && answer.text == "{}")
            }
            #expect(try await service.client.storedIDs().count == 1)
            let reader = service.client.with(key: try await service.makeKey([.read]))
            let noKey = try await service.client.post("/v1/traces", Self.span)
            #expect(try noKey.status == 401 && noKey.json.code == 16)
            let forbidden = try await reader.post("/v1/logs", "{}")
            #expect(try forbidden.status == 403 && forbidden.json.code == 7)
        }
    }

    @Test("errors are google.rpc.Status in the encoding of the request, and store nothing")
    func errors() async throws {
        try await InProcess.withClient { client in
            let broken = try await client.post("/v1/traces", #"{"resourceSpans":[{]}"#)
            #expect(broken.status == 400)
            #expect(broken.header("content-type") == "application/json")
            #expect(try broken.json.code == 3)
            #expect(try broken.json.message.contains("cannot be read at byte"))
            for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
                let truncated = try await client.post(
                    path, bytes: [0x0A, 0x05, 0x12], type: "application/x-protobuf")
                #expect(truncated.status == 400)
                #expect(truncated.header("content-type") == "application/x-protobuf")
                // code (1) = 3, then message (2).
                #expect(truncated.text.utf8.starts(with: [0x08, 0x03, 0x12]))
                #expect(truncated.text.contains("a field is longer than its container"))
                let empty = try await client.post(path, bytes: [], type: "application/x-protobuf")
                #expect(empty.status == 200 && empty.text.isEmpty)
            }
            let text = try await client.post("/v1/traces", "x", type: "text/plain")
            #expect(text.status == 415)
            #expect(try text.json.message.contains("application/x-protobuf"))
            let corrupt = try await client.post(
                "/v1/traces", "x", headers: [("content-encoding", "gzip")])
            #expect(corrupt.status == 400)
            let large = String(repeating: " ", count: 32 << 20) + "{}"
            #expect(try await client.post("/v1/traces", large).status == 413)
            #expect(try await client.storedIDs() == [])
        }
    }

    @Test("Langfuse's SDK signs with its two keys, of which the secret one is ours")
    func basicAuthentication() async throws {
        try await InProcess.with { service in
            let key = try await service.makeKey([.ingest])
            let path = "/api/public/otel/v1/traces"
            func post(_ credentials: String) async throws -> Int {
                let encoded = Data(credentials.utf8).base64EncodedString()
                return try await service.client.post(
                    path, Self.span, headers: [("authorization", "Basic \(encoded)")]
                ).status
            }
            #expect(try await post("pk-lf-1:\(key)") == 200)
            #expect(try await post("pk-lf-1:wrong") == 401)
            #expect(try await post("without a colon") == 401)
        }
    }

    @Test("a database that is away is 503 with Retry-After, in the shape of OTLP")
    func away() async throws {
        try await InProcess.with { service in
            await service.parts.pool.close()
            // An unknown key has to be looked up.
            let answer = try await service.client.with(key: "tally_new")
                .post("/v1/traces", Self.span)
            #expect(answer.status == 503 && answer.header("retry-after") == "2")
            #expect(try answer.json.code == 14)
        }
    }
}
