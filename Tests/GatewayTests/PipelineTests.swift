import Booking
import EventStore
import Gateway
import HTTPTypes
import JSON
import LedgerModel
import LoadManagement
import Logging
import NIOCore
import Providers
import Routing
import StoreTesting
import TestUpstream
import Testing

/// Requests through the whole pipeline to a made-up provider, on a real ledger.
@Suite("The life of a request", .timeLimit(.minutes(2)))
struct PipelineTests {
    private static func with(
        _ script: UpstreamScript = UpstreamScript(),
        _ body: @escaping @Sendable (BooksBench, GatewayService) async throws -> Void
    ) async throws {
        try await BooksBench.with { bench in
            let upstream = TestUpstream(script, clock: { BooksBench.now })
            var logger = Logger(label: "test")
            logger.logLevel = .error
            let quiet = logger
            let (ports, port) = AsyncStream<Int>.makeStream()
            let task = Task { try await upstream.serve(logger: quiet) { port.yield($0) } }
            defer { task.cancel() }
            var iterator = ports.makeAsyncIterator()
            let file = """
                tally_providers: 1
                providers:
                  openai: {base_url: "http://127.0.0.1:\(try #require(await iterator.next()))/v1", keys: {main: {env: KEY}}}
                """
            let set = ProviderSet.load(
                try ProviderFile.read(file), environment: ["KEY": "secret"]
            ).set
            let clients = ProviderClients(set)
            let policy = GatewayPolicy()
            let gateway = GatewayService(
                policy: policy, clients: clients,
                load: LoadManager(policy: policy, providers: set), books: bench.books(),
                keys: IdempotencyKeys(pool: bench.pool, now: { BooksBench.now }),
                savings: try SavingStages(now: { BooksBench.now }, makeID: BooksBench.newID),
                seed: 1, now: { BooksBench.now }, makeID: BooksBench.newID)
            try await body(bench, gateway)
            await clients.close()
        }
    }

    private static func text(_ answer: GatewayAnswer) async throws -> String {
        switch answer.body {
        case .whole(let body): return String(buffer: body)
        case .stream(let read):
            var text = ""
            try await read { text += String(buffer: $0) }
            return text
        case .refusal(let error): throw error
        }
    }

    private static func request(_ bench: BooksBench, streamed: Bool) -> GatewayRequest {
        let body = Array(
            #"{"model":"small","stream":\#(streamed),"messages":[{"role":"user","content":"hi"}]}"#
                .utf8)
        return GatewayRequest(
            id: BooksBench.newID(), api: .chatCompletions,
            headers: [.contentType: "application/json"], body: body,
            json: try? JSONTree(parsing: body), ledger: bench.ledger.store.id, key: nil,
            dimensions: Dimensions(), labels: nil, arrivedAt: BooksBench.now)
    }

    @Test("an answer comes with its cost, and its charge is in the ledger by then")
    func whole() async throws {
        try await Self.with { bench, gateway in
            let answer = await gateway.answer(Self.request(bench, streamed: false))
            let body = try await Self.text(answer)
            #expect(answer.status == 200, "\(body)")
            #expect(try JSONTree(parsing: body.utf8)["choices"]?.items?.count == 1)
            for name in ["x-tally-request-id", "x-tally-cost-usd", "x-tally-provider"] {
                let field = try #require(HTTPField.Name(name))
                #expect(answer.headers[field] != nil, "\(name)")
            }
            #expect(try await bench.kinds() == [.requestCompleted, .chargeRated])
        }
    }

    @Test("a stream ends with its cost; the usage that nobody asked for is not in it")
    func stream() async throws {
        try await Self.with { bench, gateway in
            let answer = await gateway.answer(Self.request(bench, streamed: true))
            let text = try await Self.text(answer)
            #expect(answer.status == 200, "\(text)")
            #expect(!text.contains("prompt_tokens"))
            let frames = text.split(separator: "\n\n")
            #expect(frames.dropLast().last == "data: [DONE]")
            #expect(frames.last?.contains("x-tally-cost-usd=") == true)
            #expect(try await bench.kinds() == [.requestCompleted, .chargeRated])
        }
    }

    @Test("a provider's error passes as it is, and is booked without a charge of money")
    func refused() async throws {
        var script = UpstreamScript()
        (script.errorRate, script.errorStatus) = (1, 400)
        try await Self.with(script) { bench, gateway in
            let answer = await gateway.answer(Self.request(bench, streamed: false))
            #expect(answer.status == 400)
            let text = try await Self.text(answer)
            #expect(text.contains("error"))
            let failed = try await bench.events(.requestFailed)
            #expect(failed.count == 1)
        }
    }
}
