import Benchmarks
import LedgerModel
import Testing

@Suite("The workloads of benchmarks")
struct WorkloadTests {
    @Test("the wide one has a company's apps, users and models, a few common and most rare")
    func wide() throws {
        let requests = Self.requests(.wide, 40_000)
        func values(_ dimension: Dimension) -> [Name: Int] {
            requests.reduce(into: [:]) { $0[$1.dimensions[dimension] ?? "", default: 0] += 1 }
        }
        #expect(values(.app).count == 40)
        #expect(values(.team).count == 8)
        #expect(values(.feature).count == 5)
        #expect(values(.model).count == 8)
        #expect(values(.user).count > 8_000)
        // The square of a random number: the first of 8 has sqrt(1/8) of all.
        let common = Double(values(.model)["gpt-4o"] ?? 0) / 40_000
        #expect(abs(common - 0.354) < 0.02)
        let mean = requests.reduce(0) { $0 + ($1.usage[.inputTokens] ?? 0) } / 40_000
        #expect(abs(mean - 1_500) < 60)
        let latencies = requests.compactMap(\.latency).sorted()
        #expect(abs(latencies[20_000] - 665_000) < 30_000)
        for request in requests { try request.validate() }
    }

    @Test("it is spread over 110 days, however many requests there are")
    func days() throws {
        for count in [100, 5_000] {
            let requests = Self.requests(.wide, count)
            let first = try #require(requests.first).occurredAt
            let last = try #require(requests.last).occurredAt
            let days = Double(last.microseconds - first.microseconds) / 86_400e6
            #expect(abs(days - 110) < 2)
        }
    }

    @Test("the same seed gives the same requests", arguments: WorkloadKind.allCases)
    func seeded(kind: WorkloadKind) {
        #expect(Self.requests(kind, 200) == Self.requests(kind, 200))
    }

    @Test("the repository has its own prompts")
    func prompts() throws {
        let prompts = try PromptCorpus.own().prompts
        #expect(prompts.count >= 60)
        #expect(Set(prompts).count == prompts.count)
    }

    private static func requests(_ kind: WorkloadKind, _ count: Int) -> [Event] {
        var options = Benchmarks.Options(now: Timestamp(year: 2026, month: 11, day: 28))
        options.workload = kind
        var workload = Workload(options, count: count)
        return workload.requests(count)
    }
}
