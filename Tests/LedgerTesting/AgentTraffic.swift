package import LedgerModel

/// Requests of agents' sessions, and what a simulated provider's prompt cache makes of them.
///
/// The cache keeps the start of every prompt (system prompt and tools) and the last prompt of each
/// session, for a time to live that every use begins anew, on each machine by itself.
package struct AgentTraffic {
    /// What goes wrong with the cache.
    package enum Fault: CaseIterable, Sendable {
        case none
        /// The prompts of each session begin with something of their own.
        case promptStart
        /// The prompts of each request do.
        case promptStartEachTime
        /// Seven of ten sessions are with a model that caches nothing.
        case newModel
        /// Each turn goes to any of four regions.
        case ways
        /// Each turn goes to any of six machines, which nothing tells.
        case alternation
        /// Most turns come ten minutes after the one before.
        case pauses
        /// Nothing is asked to be cached.
        case unmarked
        /// Sessions have two turns instead of about twelve.
        case shorterSessions
        /// The cache gives less of everything, for no reason that can be seen.
        case unseen
    }

    package struct Request: Sendable {
        package let at: Timestamp
        package let session: Int
        package let model: Name
        package let region: Name
        package let input: Int64
        package let read: Int64
        package let write: Int64
    }

    package var random: SeededGenerator
    package var systemTokens: Int64 = 18_000
    package var turnsMean = 12.0
    package var timeToLive: Int64 = 300
    private var session = 0
    private var warm: [Place: Int64] = [:]

    /// What a machine has: the start of prompts (session 0), or those of a session.
    private struct Place: Hashable {
        let session: Int
        let model: Name
        let machine: Int
    }

    package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// The requests of sessions that begin in an hour, in the order of time.
    package mutating func sessions(
        _ count: Int, from hour: Timestamp, _ fault: Fault = .none
    ) -> [Request] {
        struct Running { var session: Int, model: Name, left: Int, next: Int64, input: Int64 }
        var running = (0..<count).map { _ in
            session += 1
            let turns =
                fault == .shorterSessions
                ? 2 : max(1, Int((turnsMean * exponential()).rounded()))
            let isNew = fault == .newModel && Double.random(in: 0..<1, using: &random) < 0.7
            return Running(
                session: session, model: isNew ? "opus-next" : "opus", left: turns,
                next: Int64.random(in: 0..<3_600_000_000, using: &random),
                input: systemTokens + Int64.random(in: 500..<4_000, using: &random))
        }
        var requests: [Request] = []
        while let index = running.indices.min(by: { running[$0].next < running[$1].next }) {
            let one = running[index]
            let region = fault == .ways ? Int.random(in: 0..<4, using: &random) : 0
            let machine =
                fault == .alternation ? 10 + Int.random(in: 0..<6, using: &random) : region
            let read = self.read(
                one.session, one.model, machine, input: one.input, at: one.next, hour, fault)
            requests.append(
                Request(
                    at: hour.advanced(byMicroseconds: one.next), session: one.session,
                    model: one.model, region: Name("region-\(region)"), input: one.input,
                    read: read,
                    write: fault == .unmarked || one.model == "opus-next" ? 0 : one.input - read))
            let pause = fault == .pauses ? 0.8 : 0.04
            let isPause = Double.random(in: 0..<1, using: &random) < pause
            running[index].next +=
                isPause ? 700_000_000 : 5_000_000 + Int64(40_000_000 * exponential())
            running[index].input += Int64.random(in: 300..<2_500, using: &random)
            running[index].left -= 1
            if running[index].left == 0 { running.remove(at: index) }
        }
        return requests
    }

    private mutating func read(
        _ session: Int, _ model: Name, _ machine: Int, input: Int64, at time: Int64,
        _ hour: Timestamp, _ fault: Fault
    ) -> Int64 {
        let now = hour.microseconds + time
        let own = Place(session: session, model: model, machine: machine)
        let start = Place(session: 0, model: model, machine: machine)
        func lives(_ place: Place) -> Bool {
            (lastUse[place]).map { abs(now - $0) <= timeToLive * 1_000_000 } ?? false
        }
        var read: Int64 = 0
        if lives(own) {
            read = warm[own] ?? 0
        } else if lives(start) {
            read = min(input, systemTokens)
        }
        switch fault {
        case .promptStart: if !lives(own) { read = 0 }
        case .promptStartEachTime, .unmarked: read = 0
        case .newModel: if model == "opus-next" { read = 0 }
        case .unseen: read = read * 7 / 10
        default: break
        }
        warm[own] = input
        lastUse[own] = now
        lastUse[start] = now
        return min(read, input)
    }

    private var lastUse: [Place: Int64] = [:]

    private mutating func exponential() -> Double {
        // Sixteen sums of a uniform number would be normal; two give a long enough tail here.
        let (a, b) = (
            Double.random(in: 0.05..<1, using: &random), Double.random(in: 0.05..<1, using: &random)
        )
        return a / b * 0.6
    }
}

extension AgentTraffic.Request {
    /// Its event; the same request has the same id.
    package func event(app: Name) -> Event {
        let id = ExternalID(source: "agents", id: Name("\(session)/\(at.microseconds)"))
        var event = Event(id: id.eventID(at: at), kind: .requestCompleted, occurredAt: at)
        event.dimensions = [
            .app: app, .provider: "acme", .model: model, .region: region,
            .session: Name("session-\(session)"),
        ]
        event.usage = [
            .inputTokens: input, .cacheReadInputTokens: read, .cacheWriteInputTokens: write,
            .outputTokens: 100,
        ]
        return event
    }
}
