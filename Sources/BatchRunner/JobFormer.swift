import Batching
import LedgerModel
import Postgres

/// Makes jobs of what waits, one lane after another.
struct JobFormer: Sendable {
    let pool: Pool
    let service: BatchService

    /// Bytes around a request in a job's file, at most.
    private static let wrapBytes = 512
    /// After this, a lane that could not be made jobs is tried again.
    private static let pause: Duration = .seconds(60)

    /// Forms the jobs of one lane; false if none is due.
    func formNext(at now: Timestamp) async throws -> Bool {
        guard let lane = try await pool.session({ try $0.first(FindLane(now: now)) }) else {
            return false
        }
        do { return try await form(lane, at: now) } catch {
            let postpone = PostponeLane(
                ledger: lane.0, lane: lane.1, until: now.after(Self.pause))
            _ = try? await pool.session { try $0.execute(postpone) }
            throw error
        }
    }

    private func form(_ lane: FindLane.Row, at now: Timestamp) async throws -> Bool {
        let (ledger, name, provider, endpoint, facts, face) = lane
        let api: BatchAPI = endpoint == BatchEndpoint.anthropic ? .anthropic : .openAI
        let max = JobMax(
            requests: api.jobMax.requests,
            bytes: min(api.jobMax.bytes, service.settings.jobBytesMax))
        let isSingle = face == BatchOrder.Face.single.rawValue
        let sizeMax = service.settings.singleCountMax
        let makeID = service.makeID
        let count = try await pool.transaction { session in
            let batches = try session.run(LockLane(ledger: ledger, lane: name, now: now))
            if batches.isEmpty { return 0 }
            let free = try session.run(
                FindFreeLines(ledger: ledger, batches: batches.map { $0.0 }))
            let oldest = batches.map { $0.1 }.min() ?? now
            let wait = (now.microseconds - oldest.microseconds) / 1_000
            for group in Self.groups(free, max) {
                let id = makeID()
                let job = BatchJob(
                    api: api, tag: PublicID.digits(id) + "-0", requests: group.lines.count, at: now)
                try session.execute(
                    InsertJob(
                        ledger: ledger, job: id, provider: provider, endpoint: endpoint,
                        model: group.model, facts: isSingle ? Self.shared(facts) : facts,
                        lines: Int32(group.lines.count), record: job.record,
                        formedBy: isSingle && Int64(batches.count) < sizeMax ? "time" : "size",
                        waited: wait, now: now))
                try session.execute(
                    PlaceLines(
                        ledger: ledger, job: id, batches: group.lines.map(\.batch),
                        lines: group.lines.map(\.line),
                        places: group.lines.indices.map { Int32($0) }))
            }
            return batches.count
        }
        return count > 0
    }

    private struct Group {
        let model: String
        var lines: [(batch: EventID, line: Int32)] = []
        var bytes = 0
    }

    /// As few jobs as the limits allow; each has one model, as OpenAI wants it.
    private static func groups(
        _ lines: [(EventID, Int32, String, Int32)], _ max: JobMax
    ) -> [Group] {
        var groups: [Group] = []
        var open: [String: Int] = [:]
        for (batch, line, model, bytes) in lines {
            let size = Int(bytes) + wrapBytes
            if let index = open[model], groups[index].lines.count < max.requests,
                groups[index].bytes + size <= max.bytes
            {
                groups[index].lines.append((batch, line))
                groups[index].bytes += size
            } else {
                open[model] = groups.count
                groups.append(Group(model: model, lines: [(batch, line)], bytes: size))
            }
        }
        return groups
    }

    /// What single requests of one lane have in common.
    private static func shared(_ facts: String) -> String {
        let all = BatchFacts(json: facts)
        var dimensions = Dimensions()
        for dimension in [Dimension.team, .app] {
            dimensions[dimension] = all.dimensions[dimension]
        }
        return BatchFacts(dimensions: dimensions).json
    }
}
