import JSON
package import LedgerModel

/// What an experiment compares, and how certain it must be.
package struct ExperimentDefinition: Hashable, Sendable {
    /// One of the ways that are compared; the first arm is the control.
    package struct Arm: Hashable, Sendable {
        package let name: Name
        /// Its share of the units relative to other arms; 0 gets none.
        package let weight: Int64
    }

    /// What is assigned to an arm as a whole.
    package enum Unit: String, CaseIterable, Sendable { case request, session, user }

    /// What is compared.
    package enum Metric: String, CaseIterable, Sendable {
        case cost, latency, failure, quality

        /// Whether effects are ratios, not differences.
        package var isRelative: Bool { self == .cost || self == .latency }
        package var isBetterLower: Bool { self != .quality }

        var defaultEffect: Int64 {
            switch self {
            case .cost, .latency: 50_000
            case .failure: 10_000
            case .quality: 20_000
            }
        }
    }

    /// A metric with the smallest effect that matters, in millionths.
    package struct Goal: Hashable, Sendable {
        package let metric: Metric
        package let smallestEffect: Int64
    }

    package let name: Name
    package let arms: [Arm]
    package let unit: Unit
    /// The first decides; none of the others may get worse.
    package let goals: [Goal]
    /// How often an experiment without an effect may still find one, in millionths.
    package let errorRate: Int64
    /// Units that each arm must have before means are compared.
    package let unitsMin: Int64

    package static let nameBytesMax = 64
    package static let armsMax = 8
    package static let weightMax: Int64 = 1_000_000
    package static let errorRateDefault: Int64 = 50_000
    package static let unitsMinDefault: Int64 = 100
    /// With fewer units a mean is not close enough to normal.
    package static let unitsMinFloor: Int64 = 30

    package var control: Arm { arms[0] }
    package var challengers: ArraySlice<Arm> { arms.dropFirst() }

    /// - Parameters:
    ///   - arms: `control=50,short=50`, or only names for equal weights; the control first.
    ///   - metrics: `cost:5%,failure:0.01`; the smallest effect may be left out.
    ///   - errorRate: a decimal, or nil for 0.05.
    package init(
        name: String, arms: String, unit: String, metrics: String, errorRate: String? = nil,
        unitsMin: Int64? = nil
    ) throws(ExperimentRefusal) {
        guard Self.isName(name) else { throw .badName(name) }
        guard let unit = Unit(rawValue: unit) else { throw .unknownUnit(unit) }
        self.name = Name(name)
        self.unit = unit
        self.arms = try Self.read(arms: arms)
        goals = try Self.read(goals: metrics)
        let rate = try errorRate.map { text throws(ExperimentRefusal) in
            guard let rate = Self.fraction(text), (1_000...200_000).contains(rate) else {
                throw .badErrorRate(text)
            }
            return rate
        }
        self.errorRate = rate ?? Self.errorRateDefault
        self.unitsMin = unitsMin ?? Self.unitsMinDefault
        guard (Self.unitsMinFloor...1_000_000).contains(self.unitsMin) else {
            throw .badUnitsMin(self.unitsMin)
        }
    }

    /// Whether another definition only changes weights.
    package func hasSameRules(as other: ExperimentDefinition) -> Bool {
        name == other.name && unit == other.unit && goals == other.goals
            && errorRate == other.errorRate && unitsMin == other.unitsMin
            && arms.map(\.name) == other.arms.map(\.name)
    }
}

// MARK: - Texts

extension ExperimentDefinition {
    package var armsText: String {
        arms.map { "\($0.name)=\($0.weight)" }.joined(separator: ",")
    }

    package var metricsText: String {
        goals.map { "\($0.metric.rawValue):\(decimal(Int128($0.smallestEffect), scale: 6))" }
            .joined(separator: ",")
    }

    package var errorRateText: String { decimal(Int128(errorRate), scale: 6) }

    /// The facts of an `experiment.defined` event.
    package func facts(revision: Int) throws(ExperimentRefusal) -> Labels {
        do {
            return try Labels([
                ("experiment", name), ("arms", Name(armsText)), ("unit", Name(unit.rawValue)),
                ("metrics", Name(metricsText)), ("error_rate", Name(errorRateText)),
                ("units_min", Name(String(unitsMin))), ("revision", Name(String(revision))),
            ])
        } catch {
            throw .tooLong(error)
        }
    }

    /// Reads the facts back; nil for another program's.
    init?(facts: Labels) {
        guard let name = facts["experiment"], let arms = facts["arms"], let unit = facts["unit"],
            let metrics = facts["metrics"], let rate = facts["error_rate"],
            let unitsMin = facts["units_min"].flatMap({ Int64($0.string) }),
            let read = try? ExperimentDefinition(
                name: name.string, arms: arms.string, unit: unit.string, metrics: metrics.string,
                errorRate: rate.string, unitsMin: unitsMin)
        else { return nil }
        self = read
    }

    private static func isName(_ text: String) -> Bool {
        (1...nameBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            }
    }

    private static func read(arms text: String) throws(ExperimentRefusal) -> [Arm] {
        var arms: [Arm] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            let name = String(sides.first ?? "")
            guard isName(name) else { throw .badName(name) }
            var weight: Int64 = 1
            if sides.count > 1 {
                guard sides.count == 2, let given = Int64(sides[1]),
                    (0...weightMax).contains(given)
                else { throw .badWeight(String(part)) }
                weight = given
            }
            if arms.contains(where: { $0.name == Name(name) }) { throw .twice(name) }
            arms.append(Arm(name: Name(name), weight: weight))
        }
        guard (2...armsMax).contains(arms.count) else { throw .armCount(arms.count) }
        if arms.allSatisfy({ $0.weight == 0 }) { throw .noWeight }
        return arms
    }

    private static func read(goals text: String) throws(ExperimentRefusal) -> [Goal] {
        var goals: [Goal] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: ":", omittingEmptySubsequences: false)
            let name = String(sides.first ?? "")
            guard let metric = Metric(rawValue: name) else { throw .unknownMetric(name) }
            var effect = metric.defaultEffect
            if sides.count > 1 {
                guard sides.count == 2, let given = fraction(String(sides[1])),
                    (1...1_000_000).contains(given)
                else { throw .badEffect(String(part)) }
                effect = given
            }
            if goals.contains(where: { $0.metric == metric }) { throw .twice(name) }
            goals.append(Goal(metric: metric, smallestEffect: effect))
        }
        return goals
    }

    /// Millionths of a decimal or percentage; nil for anything else or anything finer.
    private static func fraction(_ text: String) -> Int64? {
        let isPercent = text.hasSuffix("%")
        let number = isPercent ? text.dropLast() : text[...]
        return scaledDecimal(number, scale: isPercent ? 4 : 6).flatMap { Int64(exactly: $0) }
    }
}

/// Why an experiment is not defined, changed or stopped, with what was found.
package enum ExperimentRefusal: Error, Hashable, Sendable {
    case badName(String)
    case armCount(Int)
    case badWeight(String)
    case noWeight
    case twice(String)
    case unknownUnit(String)
    case unknownMetric(String)
    case badEffect(String)
    case badErrorRate(String)
    case badUnitsMin(Int64)
    case tooLong(Labels.Refusal)
    case unknown(String)
    case otherRules(String)
    case alreadyStopped(String)
    case noSuchArm(String, arms: String)
    case emptyUnit
}

extension ExperimentRefusal: Fault {
    package var kind: FaultKind {
        switch self {
        case .unknown: .notFound
        case .otherRules, .alreadyStopped: .conflict
        default: .invalid
        }
    }

    package var description: String {
        switch self {
        case .badName(let name):
            "\"\(name.prefix(80))\" is not a name: expected 1 to "
                + "\(ExperimentDefinition.nameBytesMax) letters, digits, hyphens, dots or "
                + "underscores"
        case .armCount(let count):
            "an experiment has 2 to \(ExperimentDefinition.armsMax) arms, not \(count): write "
                + "control=50,short=50, the control first"
        case .badWeight(let text):
            "\(text) has no weight: add a whole number from 0 to "
                + "\(ExperimentDefinition.weightMax), such as control=50"
        case .noWeight: "every arm has weight 0, so no arm can be assigned"
        case .twice(let name): "\(name) is given twice"
        case .unknownUnit(let unit): "\(unit) is not a unit: expected request, session or user"
        case .unknownMetric(let name):
            "\(name) is not a metric: choose cost, latency, failure or quality"
        case .badEffect(let text):
            "\(text) has no smallest effect: write cost:5% or failure:0.01"
        case .badErrorRate(let text): "the error rate \(text) does not lie between 0.001 and 0.2"
        case .badUnitsMin(let count):
            "\(count) is not a minimum of units: choose \(ExperimentDefinition.unitsMinFloor) to "
                + "1000000"
        case .tooLong(let refusal): "the definition is too long: its \(refusal)"
        case .unknown(let name): "there is no experiment \(name): see tally experiments list"
        case .otherRules(let name):
            "experiment \(name) exists with other rules, and only weights may change: stop it and "
                + "choose another name"
        case .alreadyStopped(let name):
            "experiment \(name) is stopped: choose another name for a new one"
        case .noSuchArm(let arm, let arms): "there is no arm \(arm): the arms are \(arms)"
        case .emptyUnit: "the unit is empty: give the id of a request, session or user"
        }
    }
}
