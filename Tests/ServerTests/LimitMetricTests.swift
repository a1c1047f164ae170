import LedgerTesting
import Server
import Testing

/// What `/metrics` says of the service's own limits.
@Suite("Metrics of limits")
struct LimitMetricTests {
    @Test("the memory budget is shown with what it holds and what it refused")
    func memory() async throws {
        var limits = ServerLimits()
        limits.memoryBytesMax = 8 << 20
        try await InProcess.with(limits: limits) { service in
            let before = try await service.client.get("/metrics").text
            #expect(before.contains("tally_memory_limit_bytes 8388608\n"))
            #expect(before.contains("tally_refused_total{limit=\"memory\"} 0\n"))
            let spaces = String(repeating: " ", count: 2_400 << 10)
            for _ in 0..<3 {
                let answer = try await service.client.post("/api/v1/events", spaces + "[]")
                #expect(answer.status == 429)
            }
            let after = try await service.client.get("/metrics").text
            #expect(after.contains("tally_refused_total{limit=\"memory\"} 3\n"))
            #expect(after.contains("tally_memory_held_bytes 0\n"))
        }
    }

    @Test("the queues are shown with their limits from the start")
    func queues() async throws {
        try await InProcess.with { service in
            let text = try await service.client.get("/metrics").text
            let computing = service.parts.computing
            let limit = computing.threadCount + computing.waitingMax
            for line in [
                "tally_queue_limit{queue=\"computations\"} \(limit)",
                "tally_queue_limit{queue=\"sql\"} 8", "tally_queue_running{queue=\"sql\"} 0",
                "tally_queue_running{queue=\"computations\"} 0",
                "tally_queue_waiting{queue=\"computations\"} 0",
                "tally_refused_total{limit=\"computations\"} 0",
                "tally_refused_total{limit=\"sql\"} 0",
            ] {
                #expect(text.contains(line + "\n"), "\(line)")
            }
        }
    }

    @Test(
        "a page of events takes its memory before it is read, whatever it is asked for",
        arguments: [
            "limit=10000", "type=request.completed&limit=10000", "response_id=r&limit=1000",
        ])
    func pages(_ query: String) async throws {
        var limits = ServerLimits()
        limits.memoryBytesMax = 1 << 20
        try await InProcess.with(limits: limits) { service in
            #expect(try await service.client.ingest(EventText("a").text).counts == [1, 0, 0, 0])
            let answer = try await service.client.get("/api/v1/events?\(query)")
            #expect(answer.status == 429, "\(answer)")
            let small = query.split(separator: "&").dropLast().map(String.init) + ["limit=10"]
            let path = "/api/v1/events?" + small.joined(separator: "&")
            let fitting = try await service.client.get(path)
            #expect(fitting.status == 200, "\(fitting)")
            #expect(service.parts.memory.bytesHeld == 0)
        }
    }

    @Test("an eighth of the budget is for small requests, whatever large ones ask for")
    func smallRequests() throws {
        let budget = MemoryBudget(bytesMax: 8 << 20)
        let large = MemoryShare(of: budget)
        try large.grow(by: 7 << 20)
        #expect(throws: Overload.self) { try large.grow(by: 1) }
        let small = MemoryShare(of: budget)
        try small.grow(by: 256 << 10)
        #expect(throws: Overload.self) { try small.grow(by: 1) }
        let another = MemoryShare(of: budget)
        try another.grow(by: 1)
        #expect(budget.bytesHeld == (7 << 20) + (256 << 10) + 1 && budget.refused == 2)
    }
}
