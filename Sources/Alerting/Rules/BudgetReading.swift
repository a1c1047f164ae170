package import LedgerModel

/// What a budget looks like at a moment.
///
/// Alerts know budgets only by this: whoever keeps them hands them over, and so do rules with a
/// limit of their own.
package struct BudgetReading: Hashable, Sendable {
    package enum Unit: Hashable, Sendable {
        /// In picodollars.
        case money
        /// Of something, such as tokens or requests.
        case count(String)
    }

    package let name: Name
    package let unit: Unit
    package let limit: Int128
    package let spent: Int128
    /// Held for requests that are under way; a part of what is left, not of what is spent.
    package let held: Int128
    /// The time that the limit is for; nil for one that is never reset.
    package let window: Range<Timestamp>?
    /// Requests that were refused in the window.
    package let refusals: Int64
    /// What it counts, as far as spend is kept by it: for naming the biggest contributors.
    package let filters: [Dimension: Name]

    package init(
        name: Name, unit: Unit, limit: Int128, spent: Int128, held: Int128 = 0,
        window: Range<Timestamp>?, refusals: Int64 = 0, filters: [Dimension: Name] = [:]
    ) {
        self.name = name
        self.unit = unit
        self.limit = limit
        self.spent = spent
        self.held = held
        self.window = window
        self.refusals = refusals
        self.filters = filters
    }

    /// An amount for people.
    package func shown(_ amount: Int128) -> String {
        switch unit {
        case .money: "\(PicodollarSum(amount)) USD"
        case .count(let what): "\(amount) \(what)"
        }
    }

    /// The name of the window in alerts: the day or the time that it starts at.
    var windowName: Name {
        guard let start = window?.lowerBound else { return "" }
        return Name(start.timeOfDay == 0 ? start.dayDescription : start.description)
    }
}

/// What a budget will have spent at the end of its window, if things go on as they do.
package protocol Forecaster: Sendable {
    /// Nil if nothing can be said.
    func spentAtEnd(of reading: BudgetReading, in ledger: LedgerID) async throws -> Int128?
}

/// What each budget had spent at some moments of the last hours: enough to tell how fast it is used.
///
/// An increase from one moment to the next is spend, whatever the windows; where a window began in
/// between, all that the new one has is.
package struct ReadingHistory: Hashable, Sendable {
    struct Sample: Hashable, Sendable {
        let at: Timestamp
        let start: Int64
        let spent: Int128
    }

    private(set) var samples: [Name: [Sample]] = [:]

    /// Moments closer together than this are merged once they are past.
    private static let spacing: Int64 = 60_000_000
    private static let spacingLate: Int64 = 600_000_000
    private static let lateAfter: Int64 = 2_400_000_000
    private static let keptFor: Int64 = 22_200_000_000

    package init() {}

    /// Notes the readings of a moment; budgets that are no more are forgotten.
    ///
    /// - Parameter readings: each under a key of its own.
    package mutating func note(
        _ readings: [(key: Name, reading: BudgetReading)], at now: Timestamp
    ) {
        var noted: [Name: [Sample]] = [:]
        for (key, reading) in readings {
            let sample = Sample(
                at: now, start: reading.window?.lowerBound.microseconds ?? 0, spent: reading.spent)
            noted[key] = Self.thinned(samples[key] ?? [], at: now) + [sample]
        }
        samples = noted
    }

    /// From the oldest on, so that what is kept stays where it is.
    private static func thinned(_ samples: [Sample], at now: Timestamp) -> [Sample] {
        var kept: [Sample] = []
        for sample in samples where sample.at < now {
            let age = now.microseconds - sample.at.microseconds
            if age > keptFor { continue }
            let spacing = age > lateAfter ? spacingLate : spacing
            if let last = kept.last,
                sample.at.microseconds - last.at.microseconds < spacing
            {
                continue
            }
            kept.append(sample)
        }
        return kept
    }

    /// What was spent in the last seconds, as far as moments were noted: never more than it was.
    package func spent(by key: Name, inLast seconds: Int64, at now: Timestamp) -> Int128 {
        let since = now.advanced(byMicroseconds: -seconds * 1_000_000)
        let recent = (samples[key] ?? []).filter { $0.at >= since }
        return zip(recent, recent.dropFirst()).reduce(0) { sum, pair in
            let (a, b) = pair
            return sum + (a.start == b.start ? b.spent - a.spent : b.spent)
        }
    }

    // MARK: As text

    /// One line a budget: its name in hexadecimal digits, and time, start and sum of each moment.
    package init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first, let name = Self.decoded(first) else { continue }
            samples[name] = words.dropFirst().compactMap { word in
                let parts = word.split(separator: ":")
                guard parts.count == 3, let at = Int64(parts[0]), let start = Int64(parts[1]),
                    let spent = Int128(parts[2])
                else { return nil }
                return Sample(at: Timestamp(microseconds: at), start: start, spent: spent)
            }
        }
    }

    package var text: String {
        samples.sorted { $0.key < $1.key }.map { name, samples in
            ([Self.encoded(name)]
                + samples.map { "\($0.at.microseconds):\($0.start):\($0.spent)" })
                .joined(separator: " ")
        }.joined(separator: "\n")
    }

    private static func encoded(_ name: Name) -> String {
        "x" + name.string.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func decoded(_ text: Substring) -> Name? {
        let digits = Array(text.utf8.dropFirst())
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
        }
        return Name(String(decoding: bytes, as: UTF8.self))
    }
}
