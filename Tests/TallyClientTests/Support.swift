import Foundation
import LedgerModel
import LedgerTesting
import Logging
import Spooling
import Synchronization
import TallyClient

extension UsageRecord {
    /// A good record, identified by a number.
    static func numbered(_ number: Int, model: String = "gpt-4o-mini") -> UsageRecord {
        UsageRecord(
            provider: "openai", model: model,
            usage: UsageCounts(inputTokens: number + 1, outputTokens: 1),
            attribution: Attribution(app: "tests"))
    }
}

extension RecordEncoder {
    /// The time of everything by default.
    static let now = Timestamp(year: 2026, month: 11, day: 24)

    static func line(
        _ record: UsageRecord, defaults: Attribution = Attribution(), entropy: UInt64 = 1,
        at now: Timestamp = RecordEncoder.now
    ) throws -> Line {
        try RecordEncoder(defaults: defaults).encode(record, at: now, entropy: (entropy, entropy))
    }
}

extension Spool.Limits {
    static let small = Spool.Limits(spoolBytesMax: 1 << 20, segmentBytesMax: 4_096)
}

extension Spool {
    /// All waiting records, as texts.
    func everything() throws -> [String] {
        let parcel = try read(recordsMax: .max, bytesMax: .max)
        return parcel.lines.indices.map { String(decoding: parcel.line($0), as: UTF8.self) }
    }
}

/// Collects what a client reports.
final class Reports: Sendable {
    private let state = Mutex<[TallyClient.Report]>([])

    var all: [TallyClient.Report] { state.withLock { $0 } }
    func add(_ report: TallyClient.Report) { state.withLock { $0.append(report) } }
    func add(_ report: SpoolReport) { add(TallyClient.Report(report)) }
}

/// A bare journal for tests that look at reports.
func journal(_ reports: Reports) -> Journal {
    Journal(logger: .silent, onReport: { reports.add($0) })
}

/// Lends a directory that is removed afterwards.
func withDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
    let path = FileManager.default.temporaryDirectory.path + "/tally-spool-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

extension Logger {
    static var silent: Logger { Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() } }
}
