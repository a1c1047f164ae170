package import LedgerModel

/// A provider whose bills can be read.
package enum BilledProvider: String, CaseIterable, Sendable {
    case openai
    case anthropic
}

/// One line of a bill: a quantity and an amount, on one day.
package struct BillLine: Hashable, Sendable {
    /// The source of a line: costs have amounts, usage has counts.
    package enum Source: Hashable, Sendable { case costs, usage }

    package var source: Source
    /// Midnight UTC.
    package var day: Timestamp
    /// The name, which may be that of a model; nil if the line has none.
    package var model: Name?
    /// The line item as the provider writes it; empty if costs are not broken down.
    package var item = ""
    /// The service tier, `standard` for no particular one; nil if the bill does not say.
    package var tier: Name?
    /// Where the answer was made, `global` for nowhere in particular; nil where the bill does not
    /// say.
    package var region: Name?
    /// What is counted, without the parts that a bill counts apart (cached input is no input);
    /// nil where the line is only money.
    package var unit: UsageUnit?
    /// The quantity in stored counts; nil if the bill does not say.
    package var quantity: Int64?
    package var amount: ExactAmount?
    /// The possible rounding error of the amount: half of the last digit in the file.
    package var roundedBy = ExactAmount.zero
    /// The file's line, from one.
    package var line = 1

    package init(source: Source, day: Timestamp, line: Int = 1) {
        self.source = source
        self.day = day
        self.line = line
    }
}

/// The usage and charges that a provider reports for some days.
package struct Bill: Sendable {
    package let provider: BilledProvider
    package private(set) var lines: [BillLine] = []
    /// Midnights UTC, the end exclusive; days without a line are covered too, with nothing.
    package private(set) var period: Range<Timestamp>?
    /// Counts of results that no event can be compared with, by kind.
    package private(set) var omissions: [String: Int] = [:]
    /// SHA-256 of the only document, or of the digests of all, in order.
    package private(set) var digest = Digest.zero
    private var digests: [Digest] = []

    package init(provider: BilledProvider) {
        self.provider = provider
    }

    package var hasAmounts: Bool { lines.contains { $0.amount != nil } }
    package var hasQuantities: Bool { lines.contains { $0.quantity != nil } }

    mutating func add(_ line: BillLine) { lines.append(line) }

    /// Adds a line for each unit that has a count.
    mutating func add(
        _ counts: [(UsageUnit, Int64?)], of model: String?, tier: Name?, region: Name? = nil,
        on day: Timestamp, line: Int
    ) {
        for (unit, count) in counts {
            guard let count, count > 0 else { continue }
            var entry = BillLine(source: .usage, day: day, line: line)
            entry.model = model.map { Name($0) }
            entry.tier = tier
            entry.region = region
            entry.unit = unit
            entry.quantity = count
            lines.append(entry)
        }
    }

    mutating func omit(_ what: String) { omissions[what, default: 0] += 1 }

    mutating func cover(_ day: Timestamp) {
        let end = day.advanced(byMicroseconds: Timestamp.dayMicroseconds)
        period = min(period?.lowerBound ?? day, day)..<max(period?.upperBound ?? end, end)
    }

    /// Adds the digest of a document; false if it was already there.
    mutating func add(digest new: Digest) -> Bool {
        if digests.contains(new) { return false }
        digests.append(new)
        digest = digests.count == 1 ? new : Digest(hashing: digests.flatMap(\.bytes))
        return true
    }

    /// The bill limited to the days of a range.
    package func limited(since: Timestamp?, until: Timestamp?) -> Bill {
        var bill = self
        bill.lines.removeAll { line in
            since.map { line.day < $0 } ?? false || until.map { line.day >= $0 } ?? false
        }
        if let period {
            let start = max(period.lowerBound, since ?? period.lowerBound)
            let end = min(period.upperBound, until ?? period.upperBound)
            bill.period = start < end ? start..<end : nil
        }
        return bill
    }
}

/// Why a bill was refused; nothing of it is used.
package struct BillFault: Fault, Hashable, Sendable {
    package var kind: FaultKind { .invalid }

    package let document: String
    package let line: Int?
    package let reason: String

    package var description: String {
        document + (line.map { ", line \($0)" } ?? "") + ": " + reason
    }
}
