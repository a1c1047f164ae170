internal import Synchronization

/// A bounded set of connections, lent to one body at a time, first come, first served.
///
/// Connections are opened when first wanted. While the server can't be reached, callers get
/// `connectionFailed` at once and opening is retried with growing pauses. Beyond `waitersMax`
/// callers, or after `waitMax`, the error is `poolExhausted`.
package final class Pool: Sendable {
    fileprivate struct State: ~Copyable {
        var machine: PoolStateMachine
        var connections: [UInt64: Connection] = [:]
        var waiting: [UInt64: CheckedContinuation<Leased, any Error>] = [:]
        var drainers: [CheckedContinuation<Void, Never>] = []
        var lastFailure: PostgresError?
        var lastID: UInt64 = 0

        mutating func nextID() -> UInt64 {
            lastID += 1
            return lastID
        }
    }

    fileprivate struct Leased {
        let id: UInt64
        let connection: Connection
    }

    private let configuration: PostgresConfiguration
    private let size: Int
    private let waitMax: Duration
    private let chance: @Sendable () -> Double
    private let state: Mutex<State>

    /// - Parameters:
    ///   - waitersMax: how many may wait for a connection at a time.
    ///   - waitMax: how long each of them waits.
    ///   - chance: a number in 0..<1, for spreading retries.
    package init(
        _ configuration: PostgresConfiguration, size: Int, waitersMax: Int = 1_024,
        waitMax: Duration = .seconds(5),
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.configuration = configuration
        self.size = size
        self.waitMax = waitMax
        self.chance = chance
        state = Mutex(State(machine: PoolStateMachine(size: size, waitersMax: waitersMax)))
    }

    /// How many connections are in each state, and how many callers wait.
    package var counts: (idle: Int, leased: Int, opening: Int, waiters: Int) {
        state.withLock { $0.machine.counts }
    }

    /// As `Connection.session`; the deadline includes waiting for a connection.
    @discardableResult
    package func session<T: Sendable>(
        deadline: Duration? = nil, _ body: sending (Session) throws -> T
    ) async throws -> T {
        let start = ContinuousClock.now
        let leased = try await lease(within: deadline)
        defer { release(leased) }
        return try await leased.connection.session(
            deadline: Self.left(of: deadline, since: start), body)
    }

    /// As `Connection.transaction`; the deadline includes waiting for a connection.
    @discardableResult
    package func transaction<T: Sendable>(
        isolation: Connection.Isolation = .readCommitted, readOnly: Bool = false,
        deadline: Duration? = nil, _ body: sending (Session) throws -> T
    ) async throws -> T {
        let start = ContinuousClock.now
        let leased = try await lease(within: deadline)
        defer { release(leased) }
        return try await leased.connection.transaction(
            isolation: isolation, readOnly: readOnly,
            deadline: Self.left(of: deadline, since: start), body)
    }

    /// Lends a connection for several sessions in a row.
    ///
    /// Don't use it afterwards.
    @discardableResult
    package func withConnection<T>(
        _ body: (Connection) async throws -> T
    ) async throws -> T {
        let leased = try await lease(within: nil)
        defer { release(leased) }
        return try await body(leased.connection)
    }

    /// Stops lending, refuses those who wait, and returns once all connections are closed.
    package func close() async {
        let (idle, refused) = state.withLock { state in
            let (idle, waiters) = state.machine.close()
            return (
                idle.compactMap { state.connections.removeValue(forKey: $0) },
                waiters.compactMap { state.waiting.removeValue(forKey: $0) }
            )
        }
        refused.forEach { $0.resume(throwing: Self.closed) }
        for connection in idle { await connection.close() }
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if state.machine.isDrained { return true }
                state.drainers.append(continuation)
                return false
            }
            if isDrained { continuation.resume() }
        }
    }

    private static func left(
        of deadline: Duration?, since start: ContinuousClock.Instant
    ) -> Duration? {
        deadline.map { $0 - start.duration(to: .now) }
    }
}

// MARK: - Leasing

extension Pool {
    private func lease(within deadline: Duration?) async throws -> Leased {
        let waitMax = min(self.waitMax, deadline ?? self.waitMax)
        while true {
            let leased = try await take(waitMax)
            // A restarted server has closed its end of all idle connections.
            if leased.connection.isUsable { return leased }
            release(leased)
        }
    }

    private func take(_ waitMax: Duration) async throws -> Leased {
        let waiter = state.withLock { $0.nextID() }
        let timer = Mutex<Task<Void, Never>?>(nil)
        defer { timer.withLock { $0?.cancel() } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard wait(as: waiter, continuation) else { return }
                timer.withLock { timer in
                    timer = Task {
                        try? await Task.sleep(for: waitMax)
                        giveUp(waiter, exhausted("no connection became free in \(waitMax)"))
                    }
                }
                // The handler below may have run before there was anything to give up.
                if Task.isCancelled { giveUp(waiter, Self.cancelled) }
            }
        } onCancel: {
            giveUp(waiter, Self.cancelled)
        }
    }

    /// Performs what the state machine says; returns whether the caller has to wait.
    private func wait(
        as waiter: UInt64, _ continuation: CheckedContinuation<Leased, any Error>
    ) -> Bool {
        var result: Result<Leased, any Error>?
        var opens = false
        state.withLock { state in
            switch state.machine.lease(for: waiter, at: .now) {
            case .use(let id):
                result = .success(state.leased(id))
            case .refuse(.closed):
                result = .failure(Self.closed)
            case .refuse(.tooManyWaiters):
                result = .failure(exhausted("too many callers are already waiting"))
            case .refuse(.unreachable):
                result = .failure(state.lastFailure ?? Self.unreachable)
            case .wait(let opening):
                state.waiting[waiter] = continuation
                opens = opening
            }
        }
        if let result { continuation.resume(with: result) }
        if opens { open() }
        return result == nil
    }

    private func giveUp(_ waiter: UInt64, _ error: @autoclosure () -> PostgresError) {
        let continuation = state.withLock { state in
            state.machine.gaveUp(waiter) ? state.waiting.removeValue(forKey: waiter) : nil
        }
        continuation?.resume(throwing: error())
    }

    private func release(_ leased: Leased) {
        let isUsable = leased.connection.isUsable
        let effects = state.withLock { state in
            let handover = state.machine.released(leased.id, isUsable: isUsable)
            return state.effects(of: handover, leased)
        }
        perform(effects)
    }

    /// Opens a connection in a separate task: the caller who needed it may give up.
    private func open() {
        Task {
            do throws(PostgresError) {
                let connection = try await Connection.open(configuration)
                let effects = state.withLock { state in
                    let id = state.nextID()
                    state.connections[id] = connection
                    let handover = state.machine.opened(id)
                    return state.effects(of: handover, Leased(id: id, connection: connection))
                }
                perform(effects)
            } catch {
                openingFailed(error)
            }
        }
    }

    private func openingFailed(_ error: PostgresError) {
        let chance = chance()
        let (refused, retriesAfter, drainers) = state.withLock { state in
            state.lastFailure = error
            let failure = state.machine.openingFailed(at: .now, chance: chance)
            let refused = failure.refuses.compactMap { state.waiting.removeValue(forKey: $0) }
            return (refused, failure.retriesAfter, state.takeDrainers())
        }
        refused.forEach { $0.resume(throwing: error) }
        drainers.forEach { $0.resume() }
        guard let retriesAfter else { return }
        Task {
            try? await Task.sleep(for: retriesAfter)
            if state.withLock({ $0.machine.retry() }) { open() }
        }
    }

    private func perform(_ effects: Effects) {
        if let (leased, continuation) = effects.gift { continuation.resume(returning: leased) }
        effects.refused.forEach { $0.resume(throwing: effects.error) }
        effects.drainers.forEach { $0.resume() }
        if effects.opens { open() }
    }

    /// What remains to do outside the lock.
    fileprivate struct Effects {
        var gift: (Leased, CheckedContinuation<Leased, any Error>)?
        var refused: [CheckedContinuation<Leased, any Error>] = []
        var error = Pool.unreachable
        var drainers: [CheckedContinuation<Void, Never>] = []
        var opens = false
    }

    // MARK: - Errors

    private func exhausted(_ reason: String) -> PostgresError {
        PostgresError(
            .poolExhausted,
            "all \(size) connections are in use and \(reason); "
                + "raise the pool size, or look for slow transactions")
    }

    private static var closed: PostgresError {
        PostgresError(.closed, "the connection pool is closed")
    }

    private static var cancelled: PostgresError {
        PostgresError(.cancelled, "cancelled while waiting for a connection")
    }

    fileprivate static var unreachable: PostgresError {
        PostgresError(
            .connectionFailed, "the database can't be reached; check that the server is running")
    }
}

extension Pool.State {
    fileprivate func leased(_ id: UInt64) -> Pool.Leased {
        guard let connection = connections[id] else {
            preconditionFailure("the state machine leased a connection that isn't there")
        }
        return Pool.Leased(id: id, connection: connection)
    }

    fileprivate mutating func effects(
        of handover: PoolStateMachine.Handover, _ leased: Pool.Leased
    ) -> Pool.Effects {
        var effects = Pool.Effects()
        switch handover {
        case .give(_, let waiter):
            if let continuation = waiting.removeValue(forKey: waiter) {
                effects.gift = (leased, continuation)
            }
        case .park:
            break
        case .discard:
            // Dropping the last reference closes it.
            connections[leased.id] = nil
            let (opens, refuses) = machine.replace(at: .now)
            effects.opens = opens
            effects.refused = refuses.compactMap { waiting.removeValue(forKey: $0) }
            if let lastFailure { effects.error = lastFailure }
        }
        effects.drainers = takeDrainers()
        return effects
    }

    fileprivate mutating func takeDrainers() -> [CheckedContinuation<Void, Never>] {
        guard machine.isDrained else { return [] }
        defer { drainers = [] }
        return drainers
    }
}
