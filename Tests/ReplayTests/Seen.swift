import Synchronization

/// The last progress that was reported.
final class Seen: Sendable {
    private let state = Mutex<(done: Int64, total: Int64)>((0, 0))

    func set(_ done: Int64, _ total: Int64) { state.withLock { $0 = (done, total) } }

    var done: Int64 { state.withLock { $0.done } }
    var total: Int64 { state.withLock { $0.total } }
}
