/// The lengths of earlier answers that bear on one request, from the whole ledger down to the same
/// shape.
package struct LengthHistory: Sendable {
    /// What an earlier request had in common with this one; each level contains the next.
    package enum Level: Int16, CaseIterable, Sendable {
        case ledger
        case model
        /// The same application and model.
        case app
        case feature
        case shape

        package var name: String { "\(self)" }
    }

    /// A stretch of time, such as a day; lengths drift from one to the next.
    package struct Period: Sendable {
        /// How many periods ago; 0 is the current one.
        package let age: Int
        package let lengths: LengthHistogram

        package init(age: Int, lengths: LengthHistogram) {
            precondition(age >= 0)
            self.age = age
            self.lengths = lengths
        }
    }

    /// By level, the most recent period first.
    private(set) var periods: [[Period]] = Array(repeating: [], count: Level.allCases.count)

    package init() {}

    package init(_ periods: [Level: [Period]]) {
        for (level, periods) in periods { self[level] = periods }
    }

    package subscript(level: Level) -> [Period] {
        get { periods[Int(level.rawValue)] }
        set { periods[Int(level.rawValue)] = newValue.sorted { $0.age < $1.age } }
    }

    package func observations(_ level: Level) -> Int64 {
        self[level].reduce(0) { $0 + $1.lengths.total }
    }

    /// The weight of a period relative to the one after it: half is left after two weeks of days.
    package static let decay = 0.95

    /// The counts of a level from periods of these ages; older ones weigh less.
    func weights(_ level: Level, ages: Range<Int> = 0..<Int.max) -> [Double] {
        var weights: [Double] = []
        for period in self[level] where ages.contains(period.age) {
            let counts = period.lengths.counts
            while weights.count < counts.count { weights.append(0) }
            let weight = Self.power(Self.decay, period.age)
            for (bucket, count) in counts.enumerated() where count > 0 {
                weights[bucket] += weight * Double(count)
            }
        }
        return weights
    }

    /// The age up to which the latest periods hold a third of a level's observations; nil if no
    /// earlier ones are left to learn from.
    func recent(_ level: Level) -> Int? {
        let total = observations(level)
        var held: Int64 = 0
        for period in self[level] {
            held += period.lengths.total
            if held * 3 >= total { return held < total ? period.age : nil }
        }
        return nil
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, factor, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }
}
