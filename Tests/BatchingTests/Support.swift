import Batching
import LedgerTesting
import Resilience
import Testing

/// A moment in milliseconds.
func at(_ milliseconds: Int) -> Moment { Moment(microseconds: Int64(milliseconds) * 1_000) }

func digest(_ number: Int) -> Digest { Digest(UInt64(number), 1, 2, 3) }

/// A request as a test wants it.
func request(
    tokens: Int = 100, tenant: Int = 1, priority: Int = 0, deadline: Moment? = nil,
    lane: Int = 0, sharing: Sharing? = nil
) -> Submission {
    Submission(
        lane: lane, tenant: Tenant(tenant), priority: priority, deadline: deadline,
        tokens: tokens, bytes: tokens * 4, sharing: sharing)
}

/// A batcher with the last event's actions at hand.
struct Stand {
    var batcher: RequestBatcher
    private(set) var actions: [BatcherAction] = []
    private(set) var outcomes: [Ticket: Outcome] = [:]
    private(set) var running: [UpstreamCall] = []
    private(set) var isDrained = false
    /// When the batcher wants to be woken.
    private(set) var wake = Moment.never
    /// Outcomes beyond the first of a request.
    private(set) var repeated = 0

    init(_ policy: BatchingPolicy, seed: UInt64 = 1) throws {
        batcher = try RequestBatcher(policy, seed: seed)
    }

    /// One call at a time, one request each.
    static func single(
        callsMax: Int = 1, _ change: (inout BatchingPolicy) -> Void = { _ in }
    ) throws -> Stand {
        var policy = BatchingPolicy(lanes: [.single(callsMax: callsMax)])
        change(&policy)
        return try Stand(policy)
    }

    /// Calls of up to `size` requests.
    static func merging(
        _ size: Int, callsMax: Int = 1, _ change: (inout BatchingPolicy) -> Void = { _ in }
    ) throws -> Stand {
        var lane = LanePolicy.merging(
            callsMax: callsMax, call: Amount(requests: size, tokens: 100_000, bytes: 1_000_000),
            latencyGoal: .seconds(1))
        lane.sizeFixed = size
        var policy = BatchingPolicy(lanes: [lane])
        change(&policy)
        return try Stand(policy)
    }

    mutating func submit(_ submission: Submission, at now: Moment) throws -> Ticket {
        actions = []
        defer { note() }
        return try batcher.submit(submission, at: now, &actions)
    }

    mutating func cancel(_ ticket: Ticket, at now: Moment) {
        actions = []
        batcher.cancel(ticket, at: now, &actions)
        note()
    }

    mutating func tick(at now: Moment) {
        actions = []
        if wake <= now { wake = .never }
        batcher.tick(at: now, &actions)
        note()
    }

    mutating func drain(until: Moment, at now: Moment) {
        actions = []
        batcher.drain(until: until, at: now, &actions)
        note()
    }

    mutating func answer(_ call: UpstreamCall, _ answer: CallAnswer, at now: Moment) {
        actions = []
        running.removeAll { $0.id == call.id }
        batcher.answered(call.id, answer, at: now, &actions)
        note()
    }

    /// Everything in the call worked.
    mutating func succeed(_ call: UpstreamCall, at now: Moment) {
        answer(call, .results(call.members.map { _ in .success(tokens: nil) }), at: now)
    }

    mutating func fail(
        _ call: UpstreamCall, _ errorClass: ErrorClass, retryAfter: Duration? = nil,
        at now: Moment
    ) {
        answer(call, .failed(CallFailure(errorClass, retryAfter: retryAfter)), at: now)
    }

    mutating func receive(_ piece: String, of call: UpstreamCall, at now: Moment) {
        actions = []
        batcher.received(Array(piece.utf8), of: call.id, at: now, &actions)
        note()
    }

    mutating func read(_ ticket: Ticket, at now: Moment) -> String {
        actions = []
        let pieces = batcher.read(ticket, at: now, &actions)
        note()
        return String(decoding: pieces.joined(), as: UTF8.self)
    }

    /// The calls that the last event began.
    var started: [UpstreamCall] {
        actions.compactMap { if case .start(let call) = $0 { call } else { nil } }
    }

    private mutating func note() {
        for action in actions {
            switch action {
            case .start(let call): running.append(call)
            case .stop(let id): running.removeAll { $0.id == id }
            case .complete(let ticket, let outcome):
                if outcomes.updateValue(outcome, forKey: ticket) != nil { repeated += 1 }
            case .drained: isDrained = true
            case .wake(let moment): wake = moment
            case .pause, .resume, .readable: break
            }
        }
    }
}

extension SeededGenerator {
    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < share
    }
}
