package import LedgerModel

/// What the service may use: memory, time and connections.
///
/// Tests set small ones, so that an attack takes seconds.
package struct ServerLimits: Sendable {
    /// Bytes that all requests may hold at a time, then 429.
    package var memoryBytesMax = 1 << 30
    /// Long computations that wait for a thread, then 429.
    package var computationsWaitingMax = 32
    /// Connections at a time; further ones wait until one is closed.
    package var connectionsMax = 1_000
    package var times = ConnectionTimes.Limits()

    /// Bytes of the head of a request.
    static let headBytesMax = 64 << 10

    package init() {}

    /// File descriptors that are left for the database, files and standard streams.
    private static let descriptorsLeft = 128

    /// The limits with as many connections as the process may open files.
    package func withConnections(below descriptorsMax: Int) -> ServerLimits {
        var limits = self
        limits.connectionsMax = max(16, min(connectionsMax, descriptorsMax - Self.descriptorsLeft))
        return limits
    }
}

/// Why a request is refused that might be served a moment later.
package enum Overload: Fault {
    case memory(bytesMax: Int)
    case computations(max: Int)

    package var kind: FaultKind { .busy(retryAfter: .seconds(1)) }

    package var description: String {
        switch self {
        case .memory(let bytesMax):
            "the requests in progress hold all of the \(bytesMax) bytes that they may: try again "
                + "shortly"
        case .computations(let max): "\(max) long computations wait already: try again shortly"
        }
    }
}
