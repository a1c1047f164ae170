import BatchRunner
import Batching
import JSON
import LedgerModel
import Providers
import Resilience
import TestUpstream
import Testing

@Suite("The batcher at work", .timeLimit(.minutes(1)))
struct LiveBatcherTests {
    private static func with(
        _ script: UpstreamScript = UpstreamScript(), lane: LanePolicy, path: String,
        _ body: (LiveBatcher, TestUpstream) async throws -> Void
    ) async throws {
        let clock = NightClock()
        let upstream = TestUpstream(script, clock: { clock.now })
        try await Night.withProvider(upstream) { port in
            let set = try Night.providers(port)
            let client = ProviderClient(try #require(set["openai"]), of: set)
            let begun = ContinuousClock.now
            let batcher = try LiveBatcher(
                BatchingPolicy(lanes: [lane]), targets: [LiveTarget(client, path)], seed: 1,
                clock: {
                    Moment(microseconds: Int64((ContinuousClock.now - begun) / .microseconds(1)))
                })
            try await body(batcher, upstream)
            await client.close()
        }
    }

    private static let merging = LanePolicy.merging(
        callsMax: 1, call: Amount(requests: 64, tokens: 100_000, bytes: 1 << 20),
        latencyGoal: .seconds(1))

    private static func submission(_ sharing: Sharing? = nil) -> Submission {
        Submission(lane: 0, tenant: Tenant(1), tokens: 8, bytes: 64, sharing: sharing)
    }

    @Test("embeddings merge, and each gets its own")
    func embeddings() async throws {
        var script = UpstreamScript()
        script.latencyMilliseconds = 20
        try await Self.with(script, lane: Self.merging, path: "/v1/embeddings") {
            batcher, upstream in
            let bodies = (0..<20).map {
                Array(#"{"model":"text-embedding-3-small","input":"text \#($0)"}"#.utf8)
            }
            let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for body in bodies {
                    let ticket = try await batcher.submit(body, as: Self.submission())
                    group.addTask { try await batcher.answer(to: ticket) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 20)
            for answer in answers {
                #expect(try JSONTree(parsing: answer)["data"]?.items?.count == 1)
            }
            #expect(upstream.calls["POST /v1/embeddings", default: 0] < 10)
            #expect(await batcher.counts.answered == 20)
        }
    }

    @Test("followers of a streamed answer read all of it, also a slow one")
    func streams() async throws {
        var script = UpstreamScript()
        script.latencyMilliseconds = 50
        let body = Array(
            #"{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hi"}]}"#
                .utf8)
        let sharing = Sharing(request: .init(1, 2, 3, 4), isDeterministic: true)
        try await Self.with(script, lane: .single(callsMax: 2), path: "/v1/chat/completions") {
            batcher, upstream in
            let first = try await batcher.submit(
                body, as: Self.submission(sharing), isStreamed: true)
            let second = try await batcher.submit(
                body, as: Self.submission(sharing), isStreamed: true)
            var text: [UInt8] = []
            while let piece = try await batcher.next(of: first) { text += piece }
            #expect(String(decoding: text, as: UTF8.self).hasSuffix("data: [DONE]\n\n"))
            #expect(try await batcher.answer(to: second) == text)
            #expect(upstream.calls["POST /v1/chat/completions"] == 1)
        }
    }

    @Test("draining answers what is called, and takes no more")
    func drain() async throws {
        var script = UpstreamScript()
        script.latencyMilliseconds = 30
        try await Self.with(script, lane: Self.merging, path: "/v1/embeddings") { batcher, _ in
            let body = Array(#"{"model":"text-embedding-3-small","input":"a"}"#.utf8)
            let ticket = try await batcher.submit(body, as: Self.submission())
            async let answer = batcher.answer(to: ticket)
            await batcher.drain(within: .seconds(20))
            #expect(try await !answer.isEmpty)
            await #expect(throws: SubmissionRefused.closing) {
                try await batcher.submit(body, as: Self.submission())
            }
        }
    }

    @Test("an error that does not pass is told once it is known")
    func errors() async throws {
        var script = UpstreamScript()
        script.errorRate = 1
        script.errorStatus = 400
        try await Self.with(script, lane: .single(callsMax: 1), path: "/v1/embeddings") {
            batcher, _ in
            let ticket = try await batcher.submit(
                Array(#"{"model":"m","input":"a"}"#.utf8), as: Self.submission())
            await #expect(throws: LiveBatcher.Failed.upstream(CallFailure(.refused, status: 400))) {
                try await batcher.answer(to: ticket)
            }
        }
    }
}
