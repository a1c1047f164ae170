internal import CLibPQ
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Cancels what a connection is running, from any thread.
///
/// A cancel request names no query: it hits whatever the backend runs when it arrives. So each use
/// of the connection is a numbered run, only the current run can be cancelled, and a run doesn't
/// end before its requests are delivered: a late one would hit the next user of a pooled
/// connection.
final class Canceller: Sendable {
    /// Proof of Sendable: libpq documents that a PGcancel is only read by PQcancel, which may be
    /// called from any thread, and it is freed with the last reference to the canceller.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private struct State: ~Copyable {
        var handle: Handle?
        var running: UInt64?
        var lastRun: UInt64 = 0
        var isRequested = false
        var ended: DispatchSemaphore?
        var socket: Int32 = -1
        var backendPID: Int32 = 0
    }

    private let state = Mutex(State())
    private let deliveries = DispatchGroup()
    /// Becomes readable on a cancel request, so that a poll(2) on an idle socket wakes up.
    let wake = WakePipe()

    /// How long the end of a run waits for a request's delivery.
    static let deliveryMax: DispatchTimeInterval = .seconds(5)
    /// How often to repeat a cancel, which is lost if it reaches the backend before its query.
    private static let repeatAfter: DispatchTimeInterval = .milliseconds(100)

    deinit {
        state.withLock { state in
            if let handle = state.handle { PQfreeCancel(handle.pointer) }
        }
    }

    func attach(_ connection: OpaquePointer) {
        let handle = PQgetCancel(connection).map { Handle(pointer: $0) }
        let socket = PQsocket(connection)
        let backendPID = PQbackendPID(connection)
        state.withLock { state in
            state.handle = handle
            state.socket = socket
            state.backendPID = backendPID
        }
    }

    func detach() {
        state.withLock { $0.socket = -1 }
    }

    var backendPID: Int32 { state.withLock { $0.backendPID } }

    /// Whether the socket is open and silent.
    ///
    /// A byte on an idle connection is nearly always the server's goodbye, so this detects a dead
    /// connection without a round trip.
    var isQuiet: Bool {
        state.withLock { state in
            guard state.socket >= 0 else { return false }
            var descriptor = pollfd(fd: state.socket, events: Int16(POLLIN), revents: 0)
            return poll(&descriptor, 1, 0) == 0
        }
    }

    var isOpen: Bool { state.withLock { $0.socket >= 0 } }

    func reserveRun() -> UInt64 {
        state.withLock { state in
            state.lastRun += 1
            return state.lastRun
        }
    }

    func begin(_ run: UInt64) {
        state.withLock { state in
            state.running = run
            state.isRequested = false
        }
        wake.drain()
    }

    /// Whether somebody asked to cancel the current run.
    var isRequested: Bool { state.withLock { $0.running != nil && $0.isRequested } }

    /// Ends the run; false if a request is still undelivered after a while, which makes the
    /// connection unfit for reuse.
    func end() -> Bool {
        let ended = state.withLock { state -> DispatchSemaphore? in
            state.running = nil
            return state.ended.take()
        }
        guard let ended else { return true }
        ended.signal()
        return deliveries.wait(timeout: .now() + Self.deliveryMax) == .success
    }

    /// Cancels the given run, or the current one; does nothing if it is over.
    func request(_ run: UInt64? = nil) {
        let semaphore = DispatchSemaphore(value: 0)
        let mayRequest = state.withLock { state -> Bool in
            guard let running = state.running, run == nil || run == running,
                !state.isRequested
            else { return false }
            state.isRequested = true
            state.ended = semaphore
            deliveries.enter()
            return true
        }
        guard mayRequest else { return }
        wake.signal()
        DispatchQueue.global().async { [self] in
            repeat {
                deliver()
            } while semaphore.wait(timeout: .now() + Self.repeatAfter)
                == .timedOut
            deliveries.leave()
        }
    }

    /// Sends one request from the connection's own thread and waits for it, but not for ever:
    /// PQcancel blocks, and the network may be dead.
    ///
    /// Returns false if it isn't delivered yet.
    func deliverSoon() -> Bool {
        let delivered = DispatchSemaphore(value: 0)
        deliveries.enter()
        DispatchQueue.global().async { [self] in
            deliver()
            delivered.signal()
            deliveries.leave()
        }
        return delivered.wait(timeout: .now() + Self.deliveryMax) == .success
    }

    private func deliver() {
        guard let handle = state.withLock({ $0.handle }) else { return }
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = PQcancel(handle.pointer, message.baseAddress, Int32(message.count))
        }
    }
}
