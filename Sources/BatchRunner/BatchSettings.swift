package import Batching
import LedgerModel

/// How batches are kept and worked on.
package struct BatchSettings: Sendable {
    /// How long files, batches and results are kept.
    package var kept: Duration = .seconds(30 * 86_400)
    /// What the files and requests of a ledger may take.
    package var bytesMax: Int64 = 10_000_000_000
    /// What one job may take; a job is in memory while it is sent, though never two at once.
    package var jobBytesMax = 64_000_000
    /// How long a single request waits for others, and with how many it waits no longer.
    package var singleWait: Duration = .seconds(60)
    package var singleCountMax: Int64 = 1_000
    /// Jobs that one instance works on at once.
    package var workersMax = 4
    /// How often an instance looks for jobs that are due.
    package var look: Duration = .milliseconds(500)
    /// The silence of an instance after which another takes its jobs.
    package var term: Duration = .seconds(10)
    package var pace = BatchJob.Pace()

    package init() {}

    /// Asks providers as soon, and then as often at first.
    package mutating func poll(every time: Duration) {
        pace.pollFirst = time
        pace.pollMax = max(time, pace.pollMax)
        pace.settling = min(time * 2, pace.settling)
    }

    /// Requests of one batch, whatever jobs they become.
    package static let linesMax = 100_000
    package static let lineBytesMax = 16 << 20
    package static let customIDBytesMax = 256
    package static let fileBytesMax = 200_000_000
    /// A batch that comes as one JSON object.
    package static let bodyBytesMax = 64 << 20
    package static let nameBytesMax = 256
}

extension Duration {
    var wholeMilliseconds: Int64 { Int64(self / .milliseconds(1)) }
    var micros: Int64 { Int64(self / .microseconds(1)) }
}

extension Timestamp {
    func after(_ time: Duration) -> Timestamp { advanced(byMicroseconds: time.micros) }
}
