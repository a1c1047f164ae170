import Batching
import Foundation
import LedgerModel
import Pricing
import Resilience
import Routing
import Testing

@Suite("Batching policies as files")
struct PolicyFileTests {
    private func refusal(_ text: String) -> PriceFileError? {
        do throws(PriceFileError) {
            _ = try BatchingPolicyFile.read(text)
            return nil
        } catch { return error }
    }

    @Test("every setting is read")
    func whole() throws {
        let file = try BatchingPolicyFile.read(
            """
            classes:
            - {name: fast, weight: 8, patience: 2s}
            - {name: slow, weight: 1, patience: 10m}
            upstreams:
              openai:
                retries: {share: 0.1, start: 5, saved_max: 50}
                breaker: {window: 20s, failed_share: 0.4, failures_min: 9, open_first: 500ms, open_max: 1m}
              local:
            lanes:
              chat: {upstream: local, calls: 3}
              embeddings: {upstream: openai, call: {requests: 64, bytes: 2 MiB}, latency_goal: 750ms, wait: 20ms, size: 16}
            open: {requests: 100, bytes: 10 MB}
            tenant_share: 2
            allowance_tokens: 10
            class_allowance_tokens: 20
            sharers_max: 4
            replay_bytes_max: 4 KiB
            detached_bytes_max: 1 MiB
            attempts_max: 3
            backoff: {first: 100ms, max: 3s}
            jobs:
            - {for: {app: [reports, digests], label.kind: nightly}, window: 30m, size: 500}
            - for: {environment: staging}
            """)
        let policy = file.policy
        #expect(policy.classes.map(\.name) == ["fast", "slow"])
        #expect(policy.classes[1].patience == .seconds(600) && policy.classes[0].weight == 8)
        #expect(
            file.upstreamNames == ["openai", "local"] && file.laneNames == ["chat", "embeddings"])
        #expect(policy.lanes[0].upstream == 1 && policy.lanes[0].callsMax == 3)
        #expect(policy.lanes[1].call == Amount(requests: 64, tokens: 300_000, bytes: 2 << 20))
        #expect(policy.lanes[1].waitMax == .milliseconds(20) && policy.lanes[1].sizeFixed == 16)
        #expect(
            policy.upstreams[0].retries.share == 0.1 && policy.upstreams[0].breaker.failuresMin == 9
        )
        #expect(policy.upstreams[0].breaker.openFirst == .milliseconds(500))
        #expect(policy.upstreams[1].retries.share == RetryBudget.Policy().share)
        #expect(policy.open.requests == 100 && policy.open.bytes == 10_000_000)
        #expect(policy.attemptsMax == 3 && policy.backoff.max == .seconds(3))
        #expect(policy.replayBytesMax == 4_096 && policy.sharersMax == 4 && policy.tenantShare == 2)
        #expect(file.jobs.map(\.window) == [.seconds(1_800), .seconds(3_600)])
        #expect(file.jobs.map(\.size) == [500, nil])
        _ = try RequestBatcher(policy, seed: 1)
    }

    @Test("what is left out is as usual")
    func standards() throws {
        let file = try BatchingPolicyFile.read("tenant_share: 8")
        #expect(file.policy.tenantShare == 8 && file.laneNames == ["chat", "embeddings"])
        #expect(file.embeddings?.merges == true && file.jobs.isEmpty)
        #expect(file.policy.classes.count == 3)
        _ = try RequestBatcher(file.policy, seed: 1)
        _ = try RequestBatcher(BatchingPolicyFile.standard.policy, seed: 1)
    }

    @Test(
        "what is wrong is said where it stands",
        arguments: [
            ("classes: []", 1, 10), ("class: {}", 1, 1), ("lanes:\n  chat: {calls: 0}", 2, 17),
            ("lanes:\n  chat: {upstream: nowhere}", 2, 20), ("tenant_share: many", 1, 15),
            ("backoff: {first: 5}", 1, 18), ("backoff: {first: 5h}", 1, 18),
            ("open: {bytes: 5 KM}", 1, 15), ("jobs:\n- {window: 1h}", 2, 3),
            ("jobs:\n- for: {apps: x}", 2, 9), ("jobs:\n- for: {app: []}", 2, 14),
            ("jobs:\n- {for: {app: x}, window: 30d}", 2, 27),
            ("classes:\n- {name: a}\n- {name: a}", 3, 3),
            ("upstreams: {a: {retries: {share: 2}}}", 1, 34),
            ("attempts_max: [", nil, nil),
        ] as [(String, Int?, Int?)])
    func errors(_ text: String, line: Int?, column: Int?) throws {
        let error = try #require(refusal(text), "\(text) was taken")
        if let line { #expect(error.line == line && error.column == column, "\(error)") }
        #expect(error.kind == .invalid)
    }

    @Test("the example and the one in the documentation are read")
    func examples() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let example = try String(
            contentsOf: package.appending(path: "Examples/batching.yaml"), encoding: .utf8)
        let file = try BatchingPolicyFile.read(example)
        #expect(file.laneNames == ["chat", "messages", "embeddings"] && file.jobs.count == 2)
        let page = try String(
            contentsOf: package.appending(path: "docs/batching.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst()
            .map { $0.components(separatedBy: "\n```")[0] }
            .filter { !$0.hasPrefix("tally_gateway") }
        #expect(blocks.count == 1)
        for block in blocks {
            let file = try BatchingPolicyFile.read(block)
            _ = try RequestBatcher(file.policy, seed: 1)
            #expect(!file.jobs.isEmpty)
        }
    }

    @Test("a selector asks for each of its dimensions and labels")
    func selectors() throws {
        let file = try BatchingPolicyFile.read(
            "jobs:\n- for: {app: [reports, digests], label.kind: nightly}")
        let selector = try #require(file.jobs.first?.selector)
        func covers(_ app: Name?, _ kind: Name?) -> Bool {
            selector.covers({ $0 == .app ? app : nil }, label: { $0 == "kind" ? kind : nil })
        }
        #expect(covers("reports", "nightly") && covers("digests", "nightly"))
        #expect(!covers("chat", "nightly") && !covers("reports", nil) && !covers(nil, "nightly"))
    }
}
