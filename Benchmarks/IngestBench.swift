import JSON
import LedgerModel
import LedgerSQL
package import Postgres

/// A service that a benchmark has started.
package struct RunningService: Sendable {
    /// An IPv4 address; the load is sent without TLS.
    package let host: String
    package let port: UInt16
    package let key: String?
    /// The process whose memory counts.
    package let processID: Int32
    package let stop: @Sendable () async throws -> Void

    package init(
        host: String, port: UInt16, key: String?, processID: Int32,
        stop: @escaping @Sendable () async throws -> Void
    ) {
        self.host = host
        self.port = port
        self.key = key
        self.processID = processID
        self.stop = stop
    }
}

extension Benchmarks {
    private static let eventsPerBatch = 2_000
    private static let batchCallers = 4
    private static let singleCallers = 64
    private static let singleCallsMax = 200_000
    private static let path = "/api/v1/events"

    /// Events over HTTP: first in batches, then one per call from many callers.
    ///
    /// The limit of the batches is a COPY of the same rows into an empty table.
    ///
    /// - Parameter start: starts a service in a separate process on an empty, migrated database.
    package func ingest(
        start: @Sendable (PostgresConfiguration) async throws -> RunningService
    ) async throws -> BenchmarkReport {
        var (batchRuns, singleRuns): ([BenchmarkReport.Run], [BenchmarkReport.Run]) = ([], [])
        var facts: [BenchmarkReport.Fact] = []
        var machine: Machine?
        var refusals: Int64 = 0
        for number in 1...options.runs {
            log("ingest: run \(number) of \(options.runs)")
            let run = try await BenchmarkDatabase.withScratch(on: server, schema) { database in
                machine = try await database.machine()
                let service = try await start(database.configuration)
                do {
                    let result = try await ingestRun(database, service)
                    try await service.stop()
                    return result
                } catch {
                    try? await service.stop()
                    throw error
                }
            }
            let months = run.months
            let limit = try await BenchmarkDatabase.copyInSeconds(
                run.rows, months: months, on: server, schema)
            batchRuns.append(
                BenchmarkReport.Run(
                    events: run.stored, seconds: run.batches.seconds,
                    limit: Double(run.stored) / limit, latency: run.batches.latencies.summary))
            singleRuns.append(
                BenchmarkReport.Run(
                    events: Int64(run.singleCalls), seconds: run.singles.seconds, limit: nil,
                    latency: run.singles.latencies.summary))
            refusals += run.batches.refusals + run.singles.refusals
            facts = run.facts
        }
        var report = BenchmarkReport(name: "ingest", runs: batchRuns)
        report.facts = facts + [BenchmarkReport.Fact("refusals", Double(refusals))]
        report.machine = machine
        report.also = [BenchmarkReport(name: "ingest one a call", runs: singleRuns)]
        return report
    }

    private struct IngestRun: Sendable {
        let batches: HTTPLoad.Outcome
        let singles: HTTPLoad.Outcome
        let singleCalls: Int
        /// Rows from the batches: requests and their charges.
        let stored: Int64
        let rows: [[UInt8]]
        let months: [Timestamp]
        let facts: [BenchmarkReport.Fact]
    }

    private func ingestRun(
        _ database: BenchmarkDatabase, _ service: RunningService
    ) async throws -> IngestRun {
        let (batchTape, singleTape, months) = tapes(for: service)
        try await database.settle()
        let batches = try await HTTPLoad.run(
            batchTape, callers: Self.batchCallers, host: service.host, port: service.port)
        let stored = try await database.storedEvents()
        guard stored >= options.requests else {
            throw BenchmarkFailure("\(options.requests) events were sent, \(stored) are stored")
        }
        let rows = try await database.rows()
        let bytes = try await database.bytesPerEvent(stored)
        try await database.settle()
        let singles = try await HTTPLoad.run(
            singleTape, callers: Self.singleCallers, host: service.host, port: service.port)
        let all = try await database.storedEvents()
        guard all - stored >= singleTape.count else {
            throw BenchmarkFailure("\(singleTape.count) events were sent, \(all - stored) stored")
        }
        var facts = [BenchmarkReport.Fact("bytes_per_event", bytes)]
        if let peak = peakMegabytes(ofProcess: service.processID) {
            facts.append(BenchmarkReport.Fact("service_peak_mb", peak))
        }
        return IngestRun(
            batches: batches, singles: singles, singleCalls: singleTape.count, stored: stored,
            rows: rows, months: months, facts: facts)
    }

    /// The requests of both parts, ready to be sent, and the months of their events.
    private func tapes(
        for service: RunningService
    ) -> (batches: RequestTape, singles: RequestTape, months: [Timestamp]) {
        var workload = Workload(options, count: options.requests)
        var (batches, singles) = (RequestTape(), RequestTape())
        var months: Set<Timestamp> = []
        var left = options.requests
        while left > 0 {
            var body: [UInt8] = []
            for _ in 0..<min(left, Self.eventsPerBatch) {
                let event = workload.request()
                months.insert(event.id.time.month.start)
                event.appendJSONLine(to: &body)
            }
            batches.post(body, to: Self.path, host: service.host, key: service.key)
            left -= min(left, Self.eventsPerBatch)
        }
        let calls = min(options.requests, Self.singleCallsMax)
        workload = Workload(options, count: calls, seed: 2)
        for _ in 0..<calls {
            var body: [UInt8] = []
            workload.request().appendJSONLine(to: &body)
            singles.post(body, to: Self.path, host: service.host, key: service.key)
        }
        return (batches, singles, months.sorted())
    }
}

extension Event {
    /// The event as an application would send it, with a line end.
    fileprivate func appendJSONLine(to body: inout [UInt8]) {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("id", id.description)
            json.field("type", kind.name)
            json.field("occurred_at", occurredAt.description)
            for dimension in Dimension.allCases {
                if let value = dimensions[dimension] { json.field(dimension.name, value.string) }
            }
            if let status { json.field("status", status) }
            json.key("usage")
            json.object { json in
                for unit in usage.units { json.field(unit.name, usage.value(unit)) }
            }
            if let latency { json.field("latency_ms", raw: decimal(Int128(latency), scale: 3)) }
            if let time = timeToFirstToken {
                json.field("time_to_first_token_ms", raw: decimal(Int128(time), scale: 3))
            }
        }
        json.endLine()
        body += json.bytes
    }
}
