import Replay
import Synchronization

/// The last progress that was reported.
final class Seen: Sendable {
    private let state = Mutex<(done: Int64, total: Int64)>((0, 0))

    func set(_ done: Int64, _ total: Int64) { state.withLock { $0 = (done, total) } }

    var done: Int64 { state.withLock { $0.done } }
    var total: Int64 { state.withLock { $0.total } }
}

/// Every progress that was reported, in order.
final class Progressed: Sendable {
    private let state = Mutex<[Int64]>([])

    func add(_ done: Int64) { state.withLock { $0.append(done) } }
    var all: [Int64] { state.withLock { $0 } }
}

/// Texts, in order of arrival.
final class Texts: Sendable {
    private let state = Mutex<[String]>([])

    func add(_ text: String) { state.withLock { $0.append(text) } }
    var all: [String] { state.withLock { $0 } }
}

/// The last report.
final class Reports: Sendable {
    private let state = Mutex<ReplayReport?>(nil)

    func add(_ report: ReplayReport) { state.withLock { $0 = report } }
    var last: ReplayReport? { state.withLock { $0 } }
}
