/// What the pool does next, decided without doing it: no clock, no randomness, no I/O.
///
/// A connection is being opened, idle, or leased. Waiters are served first come, first served.
/// Nobody waits while a connection is idle.
package struct PoolStateMachine {
    package typealias ConnectionID = UInt64
    package typealias WaiterID = UInt64
    package typealias Instant = ContinuousClock.Instant

    package enum Lease: Equatable {
        case use(ConnectionID)
        case wait(opening: Bool)
        case refuse(Refusal)
    }

    package enum Refusal: Equatable {
        case closed
        case tooManyWaiters
        /// Opening just failed, and there is no other connection to wait for.
        case unreachable
    }

    package enum Handover: Equatable {
        case give(ConnectionID, to: WaiterID)
        case park
        case discard
    }

    package struct Failure: Equatable {
        package var refuses: [WaiterID] = []
        package var retriesAfter: Duration?
    }

    private let size: Int
    private let waitersMax: Int
    private var idle: [ConnectionID] = []
    private var leased: Set<ConnectionID> = []
    private var opening = 0
    private var waiters: [WaiterID] = []
    private var failures = 0
    private var retryAt: Instant?
    package private(set) var isClosed = false

    package static let backoffFirst: Duration = .milliseconds(50)
    package static let backoffMax: Duration = .seconds(2)

    package init(size: Int, waitersMax: Int) {
        precondition(size > 0, "a pool has at least one connection")
        precondition(waitersMax >= 0, "a number of waiters isn't negative")
        self.size = size
        self.waitersMax = waitersMax
    }

    package var counts: (idle: Int, leased: Int, opening: Int, waiters: Int) {
        (idle.count, leased.count, opening, waiters.count)
    }

    package var isDrained: Bool { isClosed && leased.isEmpty && opening == 0 }

    /// Somebody wants a connection.
    package mutating func lease(for waiter: WaiterID, at now: Instant) -> Lease {
        if isClosed { return .refuse(.closed) }
        // The one used last is the warmest.
        if let id = idle.popLast() {
            leased.insert(id)
            return .use(id)
        }
        let isBackingOff = retryAt.map { now < $0 } ?? false
        if isBackingOff, leased.isEmpty, opening == 0 { return .refuse(.unreachable) }
        let startsOpening = !isBackingOff && mayOpen(for: waiters.count + 1)
        // A caller who starts an opening does not lengthen the queue.
        if waiters.count >= waitersMax, !startsOpening { return .refuse(.tooManyWaiters) }
        waiters.append(waiter)
        if startsOpening { opening += 1 }
        return .wait(opening: startsOpening)
    }

    /// A connection was opened.
    package mutating func opened(_ id: ConnectionID) -> Handover {
        opening -= 1
        failures = 0
        retryAt = nil
        return handOver(id)
    }

    /// Opening failed.
    ///
    /// `chance` is uniform in 0..<1 and spreads many clients' retries.
    package mutating func openingFailed(at now: Instant, chance: Double) -> Failure {
        opening -= 1
        failures += 1
        let delay = Self.backoff(failures: failures, chance: chance)
        retryAt = now + delay
        guard opening == 0 else { return Failure() }
        // Those waiting for an existing connection may keep waiting; another attempt is due in case
        // nobody returns it soon.
        if !idle.isEmpty || !leased.isEmpty { return Failure(retriesAfter: delay) }
        defer { waiters = [] }
        return Failure(refuses: waiters)
    }

    /// The time for another attempt has come; returns whether to open one.
    package mutating func retry() -> Bool {
        guard !isClosed, mayOpen(for: waiters.count) else { return false }
        opening += 1
        return true
    }

    /// A leased connection came back.
    package mutating func released(_ id: ConnectionID, isUsable: Bool) -> Handover {
        leased.remove(id)
        return isUsable ? handOver(id) : .discard
    }

    /// A waiter gave up; false if it no longer waits.
    package mutating func gaveUp(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// After discarding a broken connection: whom to refuse, or whether to open another one.
    package mutating func replace(at now: Instant) -> (opens: Bool, refuses: [WaiterID]) {
        guard !isClosed, !waiters.isEmpty else { return (false, []) }
        if let retryAt, now < retryAt {
            guard leased.isEmpty, opening == 0 else { return (false, []) }
            defer { waiters = [] }
            return (false, waiters)
        }
        guard mayOpen(for: waiters.count) else { return (false, []) }
        opening += 1
        return (true, [])
    }

    /// Stops leasing; returns what to close and whom to refuse.
    package mutating func close() -> (idle: [ConnectionID], refuses: [WaiterID]) {
        isClosed = true
        defer {
            idle = []
            waiters = []
        }
        return (idle, waiters)
    }

    private func mayOpen(for wanting: Int) -> Bool {
        opening < wanting && idle.count + leased.count + opening < size
    }

    private mutating func handOver(_ id: ConnectionID) -> Handover {
        if isClosed { return .discard }
        guard let waiter = waiters.first else {
            idle.append(id)
            return .park
        }
        waiters.removeFirst()
        leased.insert(id)
        return .give(id, to: waiter)
    }

    /// Doubles with each failure up to the maximum, then picks between half of that and all of it.
    package static func backoff(failures: Int, chance: Double) -> Duration {
        let doubled = backoffFirst * (1 << min(failures - 1, 10))
        return min(doubled, backoffMax) * (0.5 + chance / 2)
    }
}
