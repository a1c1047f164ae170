import Foundation
import LedgerTesting
import Server
import Testing

@Suite("Long computations")
struct ComputePoolTests {
    /// A computation that goes on until it is told to end.
    private final class Stopped: Sendable {
        private let begun = DispatchSemaphore(value: 0)
        private let may = DispatchSemaphore(value: 0)

        @Sendable func work() {
            begun.signal()
            may.wait()
        }

        func awaitBegin() async {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { [begun] in
                    begun.wait()
                    continuation.resume()
                }
            }
        }

        func end() { may.signal() }
    }

    @Test("only so many wait, and further ones are refused at once")
    func queue() async throws {
        let pool = ComputePool(threadCount: 1, waitingMax: 1)
        let first = Stopped()
        async let running: Void = pool.run(first.work)
        await first.awaitBegin()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do { return try await pool.run { true } } catch is Overload { return false }
                }
            }
            // One of them waits for the first, so the other ends before it.
            let refused = try await group.next()
            #expect(refused == false)
            first.end()
            let run = try await group.next()
            #expect(run == true)
        }
        try await running
    }

    @Test("a caller who gives up does not wait for the end")
    func cancellation() async throws {
        let pool = ComputePool(threadCount: 1, waitingMax: 1)
        let endless = Stopped()
        let task = Task { try await pool.run(endless.work) }
        await endless.awaitBegin()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        endless.end()
    }

    @Test("ingest and health are served while every thread computes, and the queue is full")
    func others() async throws {
        var limits = ServerLimits()
        limits.computationsWaitingMax = 0
        try await InProcess.with(limits: limits) { service in
            let pool = service.parts.computing
            let job = Stopped()
            let tasks = (0..<64).map { _ in Task { try await pool.run(job.work) } }
            for _ in 0..<pool.threadCount { await job.awaitBegin() }
            let client = service.client
            let text = String(repeating: "some words to count ", count: 10_000)
            let refused = try await client.post(
                "/api/v1/tokens/count", #"{"model":"gpt-4o","text":"\#(text)"}"#)
            #expect(refused.status == 429)
            #expect(refused.header("retry-after") == "1")
            #expect(try await client.get("/healthz").status == 200)
            #expect(try await client.ingest(EventText("a").text).counts == [1, 0, 0, 0])
            #expect(
                try await client.post(
                    "/api/v1/tokens/count", #"{"model":"gpt-4o","text":"few"}"#
                ).status == 200)
            for _ in tasks { job.end() }
            for task in tasks { _ = await task.result }
        }
    }
}
