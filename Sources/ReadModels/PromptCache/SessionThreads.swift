import LedgerModel

/// Where a thread of a session stands after its last request, and what it read and wrote so far.
struct SessionThread: Hashable, Sendable {
    var lastPosition: Int64
    var lastAt: Int64
    var lastInput: Int64
    var lastRoute: Int64
    var wasLost: Bool
    var firstAt: Int64
    var sums = Sums()

    struct Sums: Hashable, Sendable {
        var requests: Int64 = 0
        var input: Int64 = 0
        var read: Int64 = 0
        var write: Int64 = 0
        var writeHour: Int64 = 0
        var readable: Int64 = 0
        var missed: Int64 = 0
    }

    /// How a turn follows, as its class and how much of its input was in the turn before.
    ///
    /// That is an upper bound: what two requests share is at most the shorter of them, and after a
    /// conversation was compacted it is less.
    struct Step {
        var kind: Turn.Class
        var readable: Int64 = 0
        var missed: Int64 = 0
        var warm: Int64 = 0
        var isLost = false
        var isRecovered = false
    }

    private static let minute: Int64 = 60_000_000
    /// How often a cache of five minutes has to be read to stay.
    private static let warmEvery: Int64 = 270_000_000
    private static let hour = Timestamp.hourMicroseconds
    /// Providers cache nothing that is shorter.
    static let readableMin: Int64 = 1_024

    /// - Parameter thread: as the turn before left it; nil for none.
    static func follow(_ turn: Turn, _ thread: inout SessionThread?) -> Step {
        let time = turn.place.time
        if let before = thread,
            before.lastPosition < turn.position - PromptCache.memoryPositions
        {
            thread = nil
        }
        var step = Step(kind: .first)
        if let before = thread {
            step.kind = kind(of: turn, after: before)
            if step.kind != .first {
                let read = turn.read ?? 0
                step.readable = min(before.lastInput, turn.input)
                step.missed = max(0, step.readable - read)
                step.warm = step.readable * (max(0, time - before.lastAt) / warmEvery)
                step.isLost = step.readable >= readableMin && read * 2 < step.readable
                step.isRecovered = before.wasLost && read * 4 >= step.readable * 3
            }
        }
        var after =
            thread
            ?? SessionThread(
                lastPosition: 0, lastAt: 0, lastInput: 0, lastRoute: 0, wasLost: false,
                firstAt: time)
        after.lastPosition = turn.position
        after.lastAt = time
        after.firstAt = min(after.firstAt, time)
        after.lastInput = turn.input
        after.lastRoute = turn.route
        after.wasLost = step.isLost
        after.sums.add(turn, step)
        thread = after
        return step
    }

    private static func kind(of turn: Turn, after before: SessionThread) -> Turn.Class {
        // Reports come out of order at times; what is a little early follows at once.
        let gap = turn.place.time - before.lastAt
        if gap > 24 * hour || gap < -24 * hour { return .first }
        if gap > hour { return .later }
        if gap > 5 * minute { return .withinHour }
        return turn.route == before.lastRoute ? .within5Minutes : .moved
    }
}

extension SessionThread.Sums {
    fileprivate mutating func add(_ turn: Turn, _ step: SessionThread.Step) {
        requests &+= 1
        input &+= turn.input
        read &+= turn.read ?? 0
        write &+= turn.write ?? 0
        writeHour &+= turn.writeHour ?? 0
        readable &+= step.readable
        missed &+= step.missed
    }
}

/// The threads of a page as one version of the read model follows them, by their numbers.
package struct SessionThreads: Sendable {
    private var threads: [SessionThread?] = []
    private var bases: [Int32?] = []
    private var digests: [Digest] = []
    /// What its row says, once it is named.
    private(set) var rows: [Row] = []

    struct Row: Sendable {
        let digest: Digest
        let thread: SessionThread
        /// Session, agent, model, app, provider, service tier and region.
        let names: [String?]
    }

    /// Looks up those that came since.
    mutating func extend(
        to known: FieldBlocks, load: ([Digest]) throws -> [Int: SessionThread]
    ) throws {
        let first = digests.count
        if known.count == first { return }
        for number in first..<known.count {
            var bytes: [UInt8] = []
            known.withFields(of: Int32(number)) {
                for field in $0 { bytes.appendField(raw: field) }
            }
            digests.append(Digest(hashing: bytes))
        }
        let found = try load(Array(digests[first...]))
        threads += (0..<(known.count - first)).map { found[$0] }
        bases += [Int32?](repeating: nil, count: known.count - first)
    }

    /// Follows a turn, and tells what it says.
    mutating func follow(
        _ turn: Turn, fact: inout Fact, place: inout FactPlace,
        number: (Turn.Class) -> Int32
    ) {
        let step = SessionThread.follow(turn, &threads[Int(turn.thread)])
        bases[Int(turn.thread)] = turn.place.base
        place = turn.place
        place.aspects[Aspect.turn.rawValue] = number(step.kind)
        fact.removeAll()
        fact[.requests] = 1
        fact[.usage(.inputTokens)] = turn.input
        fact[.usage(.cacheReadInputTokens)] = turn.read
        fact[.usage(.cacheWriteInputTokens)] = turn.write
        fact[.usage(.cacheWriteOneHourInputTokens)] = turn.writeHour
        if step.kind == .first { return }
        fact[.readableTokens] = step.readable
        fact[.missedTokens] = step.missed
        fact[.warmTokens] = step.warm
        if step.isLost { fact[.lostTurns] = 1 }
        if step.isRecovered { fact[.recoveredTurns] = 1 }
    }

    /// Makes the rows of those that had a turn.
    mutating func name(by known: FieldBlocks, _ fields: borrowing PageFields) {
        rows = []
        for (number, base) in bases.enumerated() {
            guard let base, let thread = threads[number] else { continue }
            let own = known.fields(of: Int32(number))
            let of = fields.base.fields(of: base)
            let named: [Dimension] = [.app, .provider, .serviceTier, .region]
            let names =
                own
                + named.map { name in
                    Dimension.base.firstIndex(of: name).flatMap { of[$0] }
                }
            rows.append(
                Row(
                    digest: digests[number], thread: thread,
                    names: names.map { $0.map { String(decoding: $0, as: UTF8.self) } }))
        }
        // In one order everywhere, as sets of dimensions are.
        rows.sort { $0.digest.bytes.lexicographicallyPrecedes($1.digest.bytes) }
    }
}
