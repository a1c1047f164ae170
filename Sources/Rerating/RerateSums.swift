import FoundationEssentials
import LedgerModel
import Pricing
import Synchronization

/// How far a re-rating has come, and what it found until there: its checkpoint.
struct RerateSums: Codable, Sendable {
    /// Where the history ends that is looked at: the head of the first time.
    let end: Int64
    /// The numbers of the pages that are done, and the grid that they lie on.
    private(set) var pages: Set<Int64> = []
    let pageRows: Int64
    private(set) var report = RerateReport()
    /// What was taken from allowances in these pages, which then are the first ones.
    private var taken: [AllowanceMeter.Taken] = []

    init(end: Int64, pageRows: Int64) {
        self.end = end
        self.pageRows = pageRows
        report.position = end
    }

    var used: [AllowanceMeter.Pool: Int64] { AllowanceMeter.used(taken) }

    mutating func add(
        _ page: Int64, _ report: RerateReport, used: [AllowanceMeter.Pool: Int64]
    ) {
        pages.insert(page)
        self.report += report
        taken = AllowanceMeter.taken(used)
    }

    var checkpoint: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("texts and whole numbers can always be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Nil for a text that another version of the program wrote: then the re-rating begins anew.
    init?(checkpoint: String) {
        guard let sums = try? JSONDecoder().decode(Self.self, from: Data(checkpoint.utf8)) else {
            return nil
        }
        self = sums
    }
}

/// Where the workers put what they have done.
final class RerateProgress: Sendable {
    private let state: Mutex<RerateSums>

    init(_ sums: RerateSums) {
        state = Mutex(sums)
    }

    var sums: RerateSums { state.withLock { $0 } }

    func add(_ page: Int64, _ report: RerateReport, used: [AllowanceMeter.Pool: Int64]) {
        state.withLock { $0.add(page, report, used: used) }
    }
}
