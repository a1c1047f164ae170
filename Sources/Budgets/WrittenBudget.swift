package import Calendars
package import LedgerModel

/// A budget as people write it, on the command line and in bodies.
package struct WrittenBudget: Sendable {
    package let name: String
    package var limits: WrittenAmounts
    package var window = "month"
    package var starts: String?
    /// The time zone of the windows; nil for that of the ledger.
    package var zone: String?
    /// Dimensions and their values.
    package var filter: [(dimension: String, value: String)] = []
    package var each: String?
    package var enforcement = BudgetDefinition.Enforcement.hard.rawValue
    package var holdSeconds: Int64?
    /// The mode of its holds.
    package var hold = HoldMode.stream.rawValue
    /// Output tokens of a slice, in the mode `stream`.
    package var slice: Int64?
    /// The part of the limits that only settlements may use, in percent.
    package var reserve: Int64?
    package var leases = false

    package init(name: String, limits: WrittenAmounts) {
        self.name = name
        self.limits = limits
    }

    /// - Parameter standard: the zone of a budget that names none: that of its ledger.
    package func definition(
        in standard: CalendarZone = .utc
    ) throws(BudgetInvalid) -> BudgetDefinition {
        let words = window.split(separator: " ", maxSplits: 1)
        let isRolling = words.count == 2 && words[0].lowercased() == WindowSchedule.rollingWord
        let (unit, count) = try WindowSchedule.period(isRolling ? String(words[1]) : window)
        var anchor: CalendarDay?
        if let starts {
            guard let day = CalendarDay(starts) else {
                throw .window("starts is \(starts): give a day such as 2026-04-01")
            }
            anchor = day
        }
        var definition = try BudgetDefinition(
            name: name, limits: try limits.limits(),
            schedule: try WindowSchedule(
                unit: unit, count: count, isRolling: isRolling, anchor: anchor,
                zone: zone ?? standard.name))
        for (name, value) in filter {
            let dimension = try Self.dimension(name)
            if value.isEmpty { throw .filter("\(name) has no value: write \(name)=VALUE") }
            definition.filter[dimension] = Name(value)
        }
        definition.each = try each.map(Self.dimension)
        if let each = definition.each, definition.filter[each] != nil {
            throw .filter("\(each.name) is fixed by the filter, so there is only one of them")
        }
        guard let word = BudgetDefinition.Enforcement(rawValue: enforcement) else {
            throw .filter("enforcement is \(enforcement): use hard, soft or shadow")
        }
        if isRolling, word == .hard {
            throw .window(
                "a rolling window cannot be hard: what it has spent falls by itself as time goes on, "
                    + "so a refusal could not say when there is room again; use --enforcement soft, "
                    + "or a window such as day")
        }
        definition.enforcement = word
        definition.hold = try holdRule()
        if let holdSeconds {
            guard 1...Int64(BudgetDefinition.holdSecondsMax) ~= holdSeconds else {
                throw .amount("\(holdSeconds)", member: "hold_seconds")
            }
            definition.holdSeconds = Int(holdSeconds)
        }
        definition.leases = leases
        return definition
    }

    private func holdRule() throws(BudgetInvalid) -> HoldRule {
        guard let mode = HoldMode(rawValue: hold) else {
            throw .hold(
                "hold is \(hold): use \(HoldMode.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if let slice {
            guard mode == .stream else {
                throw .hold("slice belongs to the mode stream: budget \(name) holds \(hold)")
            }
            guard 1...HoldRule.sliceMax ~= slice else { throw .amount("\(slice)", member: "slice") }
        }
        if let reserve {
            guard 0...HoldRule.reserveMax ~= reserve else {
                throw .hold("reserve is \(reserve): give 0 to \(HoldRule.reserveMax) percent")
            }
        }
        return HoldRule(mode: mode, slice: slice ?? HoldRule.sliceDefault, reserve: reserve)
    }

    private static func dimension(_ name: String) throws(BudgetInvalid) -> Dimension {
        if let dimension = Dimension(name: name) { return dimension }
        let names = Dimension.allCases.map(\.name)
        let help =
            Likeness.nearest(to: name, among: names).map { "did you mean \($0)?" }
            ?? "use \(names.joined(separator: ", "))"
        throw .filter("\(name) is not a dimension: \(help)")
    }
}

/// Amounts as people write them.
package struct WrittenAmounts: Sendable {
    package var usd: String?
    package var tokens: Int64?
    package var requests: Int64?

    package init(usd: String? = nil, tokens: Int64? = nil, requests: Int64? = nil) {
        self.usd = usd
        self.tokens = tokens
        self.requests = requests
    }

    package func limits() throws(BudgetInvalid) -> Limits {
        Limits(
            cost: try usd.map { text throws(BudgetInvalid) in try Self.money(text) },
            tokens: try tokens.map { count throws(BudgetInvalid) in
                try Self.positive(count, "tokens")
            },
            requests: try requests.map { count throws(BudgetInvalid) in
                try Self.positive(count, "requests")
            })
    }

    package func amounts() throws(BudgetInvalid) -> Amounts {
        let limits = try limits()
        return Amounts(
            cost: limits.cost ?? .zero, tokens: limits.tokens ?? 0,
            requests: limits.requests ?? 0)
    }

    /// The largest limit: 10²⁰ USD leave room for every sum.
    private static let usdMax = PicodollarSum(
        Int128(100_000_000_000_000_000_000) * 1_000_000_000_000)

    package static func money(
        _ text: String, _ member: String = "usd"
    ) throws(BudgetInvalid) -> PicodollarSum {
        guard let sum = PicodollarSum(usd: text), sum > .zero, sum <= usdMax else {
            throw .amount(text, member: member)
        }
        return sum
    }

    private static func positive(
        _ count: Int64, _ member: String
    ) throws(BudgetInvalid) -> Int64 {
        guard count > 0 else { throw .amount("\(count)", member: member) }
        return count
    }
}
