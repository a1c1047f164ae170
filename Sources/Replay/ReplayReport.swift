package import LedgerModel
import Pricing

/// The result of a replay.
package struct ReplayReport: Sendable {
    package let request: ReplayRequest
    package var rows: [Row] = []
    package var total = Sums()
    /// Rows of the ledger that were read.
    package var eventsRead: Int64 = 0
    /// The position of the ledger up to which the report holds.
    package var position: Int64 = 0
    package var facts = Facts()
    /// Whether the recorded books reproduce the bookings; nil under other books.
    package var check: RecordedCheck?

    init(request: ReplayRequest) {
        self.request = request
    }

    package struct Row: Sendable {
        /// A value for each grouping, in order; nil if the dimension is missing.
        package let values: [Name?]
        package let sums: Sums
    }

    package struct Sums: Codable, Hashable, Sendable {
        package var requests: Int64 = 0
        /// The sum booked: charges and their adjustments.
        package var recorded = PicodollarSum.zero
        /// The sum of the same requests under the replayed prices.
        package var replayed = PicodollarSum.zero
        /// Charged requests without a price, as booked and as replayed.
        package var unpricedBefore: Int64 = 0
        package var unpricedAfter: Int64 = 0
        /// Charged requests without a price on either side or on both; they cannot be compared.
        package var notCompared: Int64 = 0
        /// The parts of the two sums whose requests have no price on the other side.
        package var recordedAlone = PicodollarSum.zero
        package var replayedAlone = PicodollarSum.zero

        package init() {}

        /// The sums of the requests that have a price on both sides.
        package var compared: (recorded: PicodollarSum, replayed: PicodollarSum) {
            (recorded - recordedAlone, replayed - replayedAlone)
        }

        /// What the requests with a price on both sides would cost more; nil if there are none.
        package var difference: PicodollarSum? {
            let (recorded, replayed) = compared
            if notCompared > 0, recorded == .zero, replayed == .zero { return nil }
            return replayed - recorded
        }

        /// The difference as a percentage of what the compared requests cost, with two decimals;
        /// nil if that is nothing.
        package var percent: String? {
            guard let difference, compared.recorded.amount > 0 else { return nil }
            // Sums have at most 27 digits, so four more fit into 128 bits.
            let hundredths = dividedHalfEven(
                difference.amount * 10_000, by: compared.recorded.amount)
            return fixed(hundredths, scale: 2)
        }

        static func += (a: inout Sums, b: Sums) {
            a.requests += b.requests
            a.recorded += b.recorded
            a.replayed += b.replayed
            a.unpricedBefore += b.unpricedBefore
            a.unpricedAfter += b.unpricedAfter
            a.notCompared += b.notCompared
            a.recordedAlone += b.recordedAlone
            a.replayedAlone += b.replayedAlone
        }
    }
}

extension ReplayReport {
    /// The name of the prices in a sentence.
    package var pricesName: String {
        var text =
            switch request.prices {
            case .book(let book): "price book \"\(book.name)\""
            case .schedule: "the ledger's own prices"
            case .recorded: "the recorded books"
            }
        if request.whatIf.rules.isEmpty, let target = request.whatIf.otherwise {
            text += ", all on \(target)"
        } else if request.whatIf.mapsModels {
            text += ", on other models"
        }
        if !request.whatIf.discounts.isEmpty { text += ", at a discount" }
        return text
    }
}

/// Whether the recorded books reproduce every charge bit for bit.
package struct RecordedCheck: Codable, Hashable, Sendable {
    /// Charges that were computed again from their requests and books.
    package var charges: Int64 = 0
    /// Adjustments in the range; they are not computed again but taken as booked.
    package var adjustments: Int64 = 0
    /// Requests in the range that should have a charge but have none; negative if there are too
    /// many charges.
    package var uncharged: Int64 = 0
    package var problemCount: Int64 = 0
    /// The first problems, by position.
    package var problems: [Problem] = []

    package static let problemsMax = 20

    package var isExact: Bool { problemCount == 0 && uncharged == 0 }

    package struct Problem: Codable, Hashable, Sendable, CustomStringConvertible {
        package let position: Int64
        package let charge: EventID
        package let what: String
        package var description: String { "position \(position), charge \(charge): \(what)" }
    }

    mutating func add(_ problem: Problem) {
        problemCount += 1
        problems.append(problem)
        problems.sort { $0.position < $1.position }
        if problems.count > Self.problemsMax { problems.removeLast() }
    }

    mutating func add(_ other: RecordedCheck) {
        charges += other.charges
        adjustments += other.adjustments
        uncharged += other.uncharged
        let others = other.problemCount - Int64(other.problems.count)
        for problem in other.problems { add(problem) }
        problemCount += others
    }
}

/// Writes `value` × 10^-scale with all its decimals.
package func fixed(_ value: Int128, scale: Int) -> String {
    let digits = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    let fraction = scale == 0 ? "" : "." + padded.suffix(scale)
    return (value < 0 ? "-" : "") + padded.dropLast(scale) + fraction
}
