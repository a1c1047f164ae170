import Calendars
import JSON
package import LedgerModel

/// A budget as somebody defined it: whose usage counts, how much, and when it begins anew.
package struct BudgetDefinition: Hashable, Sendable {
    /// What happens when the limit is reached.
    package enum Enforcement: String, CaseIterable, Sendable {
        /// Holds that do not fit are refused.
        case hard
        /// Nothing is refused; answers and alerts say that the limit is passed.
        case soft
        /// Nothing is refused or said; `budgets show` tells what would have been.
        case shadow
    }

    package let name: Name
    /// The values that a request must have, by dimension; empty for all of the ledger.
    package var filter: [Dimension: Name] = [:]
    /// Each value of this dimension has the limits for itself.
    package var each: Dimension?
    package var limits: Limits
    package var schedule: WindowSchedule
    package var enforcement = Enforcement.hard
    /// How much of a call is set aside before it is made.
    package var hold = HoldRule()
    /// Seconds after which a hold without an outcome expires.
    package var holdSeconds = Self.holdSecondsDefault
    /// Whether instances may hand out parts of it from memory.
    package var leases = false
    /// More for a while.
    package var extra: Extra?
    /// Whether it was removed.
    package var isRetired = false

    /// What is added to the limits of windows that begin before a moment.
    package struct Extra: Hashable, Sendable {
        package let amounts: Amounts
        package let until: Timestamp

        package init(amounts: Amounts, until: Timestamp) {
            self.amounts = amounts
            self.until = until
        }
    }

    package static let nameBytesMax = 64
    package static let holdSecondsDefault = 600
    /// A day: an outcome's id is made of its hold's time.
    package static let holdSecondsMax = 86_400

    package init(
        name: String, limits: Limits, schedule: WindowSchedule
    ) throws(BudgetInvalid) {
        guard 1...Self.nameBytesMax ~= name.utf8.count, name.utf8.allSatisfy(Self.isNameByte)
        else { throw .name(name) }
        if limits.isEmpty { throw .noLimit(name) }
        self.name = Name(name)
        self.limits = limits
        self.schedule = schedule
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The limits of a window.
    package func limits(in window: Window) -> Limits {
        guard let extra, window.start < extra.until else { return limits }
        return limits + extra.amounts
    }

    /// Whether it counts the same requests in the same windows, but for resets.
    package func countsLike(_ other: BudgetDefinition) -> Bool {
        var schedule = schedule
        schedule.since = other.schedule.since
        return filter == other.filter && each == other.each && schedule == other.schedule
    }

    /// Whose row counts a request; nil if the budget does not count it.
    ///
    /// What a sub-agent does counts for the run that it belongs to.
    package func member(of dimensions: Dimensions) -> Member? {
        for (dimension, value) in filter where !dimensions.matches(dimension, value) { return nil }
        guard let each else { return .whole }
        let value = each == .agent ? dimensions.rootAgent : dimensions[each]
        return value.map { .value($0) } ?? .missing(each)
    }

    /// The dimensions that it looks at.
    package var looksAt: Set<Dimension> {
        var dimensions = Set(filter.keys)
        if let each { dimensions.insert(each) }
        if dimensions.contains(.agent) { dimensions.insert(.parentAgent) }
        return dimensions
    }

    package enum Member: Hashable, Sendable {
        /// The budget is not divided.
        case whole
        case value(Name)
        /// The request does not say to whom it belongs.
        case missing(Dimension)
    }
}

// MARK: - As facts of an event

extension BudgetDefinition {
    /// What a `budget.defined` event says.
    ///
    /// - Parameter change: what was done and by whom, beside the result.
    package func facts(
        number: Int, change: [(key: Name, value: Name)]
    ) throws(BudgetInvalid) -> Labels {
        var facts = change + [("budget", name), ("number", Name(String(number)))]
        for (dimension, value) in filter { facts.append((Name("filter." + dimension.name), value)) }
        func add(_ key: Name, _ value: String?) {
            if let value { facts.append((key, Name(value))) }
        }
        add("each", each?.name)
        add("usd", limits.cost?.description)
        add("tokens", limits.tokens.map { String($0) })
        add("requests", limits.requests.map { String($0) })
        add("window", schedule.unit.rawValue)
        add("periods", schedule.count == 1 ? nil : String(schedule.count))
        add("rolling", schedule.isRolling ? "true" : nil)
        add("starts", schedule.anchor?.description)
        add("zone", schedule.zone)
        add("since", schedule.since?.description)
        add("enforcement", enforcement.rawValue)
        add("hold", hold.mode.rawValue)
        add("slice", hold.slice == HoldRule.sliceDefault ? nil : String(hold.slice))
        add("reserve", hold.reserve == 0 ? nil : String(hold.reserve))
        add("hold_seconds", String(holdSeconds))
        if let extra {
            add("extra_usd", extra.amounts.cost.description)
            add("extra_tokens", String(extra.amounts.tokens))
            add("extra_requests", String(extra.amounts.requests))
            add("extra_until", extra.until.description)
        }
        if leases { add("lease", "true") }
        if isRetired { add("retired", "true") }
        do { return try Labels(facts) } catch { throw .tooLong(error) }
    }

    /// Reads the facts of an event; nil for those of another version.
    package init?(_ facts: Labels) {
        func amount(_ key: Name) -> PicodollarSum? {
            facts[key].flatMap { PicodollarSum(usd: $0.string) }
        }
        func integer(_ key: Name) -> Int64? { facts[key].flatMap { Int64($0.string) } }
        func time(_ key: Name) -> Timestamp? {
            facts[key].flatMap { Timestamp(rfc3339: $0.string) }
        }
        guard let name = facts["budget"],
            let unit = facts["window"].flatMap({ WindowSchedule.Unit(rawValue: $0.string) }),
            let schedule = try? WindowSchedule(
                unit: unit, count: Int(integer("periods") ?? 1),
                isRolling: facts["rolling"] != nil,
                anchor: facts["starts"].flatMap { CalendarDay($0.string) },
                zone: facts["zone"]?.string ?? "UTC", since: time("since"))
        else { return nil }
        self.name = name
        self.schedule = schedule
        limits = Limits(
            cost: amount("usd"), tokens: integer("tokens"), requests: integer("requests"))
        for dimension in Dimension.allCases {
            if let value = facts[Name("filter." + dimension.name)] { filter[dimension] = value }
        }
        each = facts["each"].flatMap { Dimension(name: $0.string) }
        enforcement = facts["enforcement"].flatMap { Enforcement(rawValue: $0.string) } ?? .hard
        // Definitions without a mode are older than modes, which is a stream's.
        hold = HoldRule(
            mode: facts["hold"].flatMap { HoldMode(rawValue: $0.string) } ?? .stream,
            slice: integer("slice") ?? HoldRule.sliceDefault, reserve: integer("reserve") ?? 0)
        holdSeconds = integer("hold_seconds").map { Int($0) } ?? Self.holdSecondsDefault
        if let until = time("extra_until") {
            extra = Extra(
                amounts: Amounts(
                    cost: amount("extra_usd") ?? .zero, tokens: integer("extra_tokens") ?? 0,
                    requests: integer("extra_requests") ?? 0), until: until)
        }
        leases = facts["lease"] != nil
        isRetired = facts["retired"] != nil
    }
}

extension PicodollarSum {
    /// Reads an amount of US dollars without rounding; nil if it is none.
    package init?(usd text: String) {
        var text = text
        let read = text.withUTF8 {
            ExactDecimal.read($0, scale: 12, digitsMax: ExactDecimal.wideDigitsMax)
        }
        guard case .value(let amount) = read else { return nil }
        self.init(amount)
    }
}
