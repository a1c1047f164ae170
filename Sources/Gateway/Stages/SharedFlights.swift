import Batching

/// Calls that requests wait for or share, on this instance.
final class SharedFlights: Sendable {
    init(_ file: BatchingPolicyFile) throws(PolicyRefused) {}
}
