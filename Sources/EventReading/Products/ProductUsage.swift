import JSON
import LedgerModel
import SIMDJSON

// The counts and labels of a product's row.

extension ProductMapper {
    /// Fills in the usage; all counts zero means that nobody counted.
    mutating func readUsage(_ draft: inout RowDraft) throws(Refusal) {
        var usage = Usage()
        let counting = rule(draft.event.event.dimensions)
        var isNamed = false
        for rule in mapping.usage {
            if case .named(let paths) = rule {
                isNamed = try readNamed(paths, by: counting, &usage, &draft)
            } else {
                try read(rule, &usage)
            }
        }
        guard usage.units.contains(where: { usage.value($0) != 0 }) else { return }
        if !isNamed { usage = try settled(usage, by: counting) }
        for unit in usage.units { draft.event.set(unit: unit, count: usage.value(unit)) }
    }

    /// The counts under the reading that the row's total shows, or else the product's own.
    private func settled(_ usage: Usage, by rule: CountRule) throws(Refusal) -> Usage {
        var told = ToldCounts(usage: usage)
        told.total = try counted(mapping.counting.total, .inputTokens)
        if !mapping.counting.plain.isEmpty {
            told.plainSum = try sum(mapping.counting.plain, .inputTokens)
        }
        return try told.usage(by: rule, advice: RowDraft.countAdvice)
    }

    private func rule(_ dimensions: Dimensions) -> CountRule {
        var rule = CountRules.completed(
            mapping.counting.rule, of: dimensions[.provider]?.string ?? "",
            dimensions[.model]?.string ?? "")
        if let reading { rule.settle(reading) }
        return rule
    }

    private func read(
        _ rule: ProductMapping.Count, _ usage: inout Usage
    ) throws(Refusal) {
        switch rule {
        case .count(let unit, let paths):
            guard let count = try counted(paths, unit) else { return }
            usage[unit] = count
        case .countUnless(let condition, let unit, let paths):
            if try !holds(condition) { usage[unit] = try counted(paths, unit) }
        case .sum(let unit, let parts):
            guard parts.contains(where: { row.value($0) != nil }) else { return }
            usage[unit] = try sum(parts, unit)
        case .difference(let unit, let paths, let less):
            guard let count = try counted(paths, unit) else { return }
            usage[unit] = try subtract(counted(less, unit) ?? 0, from: count, unit)
        case .without(let unit, let paths, let parts):
            guard let count = try counted(paths, unit) else { return }
            usage[unit] = try add(count, sum(parts, unit), unit)
        case .named: break
        }
    }

    private func counted(_ paths: RowPaths, _ unit: UsageUnit) throws(Refusal) -> Int64? {
        guard let text = try row.text(paths) else { return nil }
        return try counted(text, unit, paths.first?.name ?? unit.name)
    }

    private func counted(
        _ text: Text, _ unit: UsageUnit, _ name: String
    ) throws(Refusal) -> Int64 {
        switch ExactDecimal.read(text, scale: unit.scale == 1 ? 0 : 6) {
        case .value(let count): return Int64(count)
        case .notANumber: throw Refusal("\(name) \(quoted(text)) is not a number")
        case .tooFine: throw Refusal("\(name) is \(shortened(text)): expected a whole number")
        case .tooLarge: throw Refusal("\(name) is \(shortened(text)): that is too large")
        }
    }

    private func sum(_ parts: [RowPaths], _ unit: UsageUnit) throws(Refusal) -> Int64 {
        var sum: Int64 = 0
        for paths in parts { sum = try add(sum, counted(paths, unit) ?? 0, unit) }
        return sum
    }

    private func add(_ a: Int64, _ b: Int64, _ unit: UsageUnit) throws(Refusal) -> Int64 {
        // Each is below 10^18; a sum too large for an event is refused later.
        let (sum, overflows) = a.addingReportingOverflow(b)
        if overflows { throw Refusal("\(unit.name) adds up to more than an event can hold") }
        return sum
    }

    private func subtract(
        _ part: Int64, from whole: Int64, _ unit: UsageUnit
    ) throws(Refusal) -> Int64 {
        guard part <= whole else {
            throw Refusal("\(unit.name) would be \(whole) less \(part), which is negative")
        }
        return whole - part
    }

    // MARK: Counts by name

    /// Whether there are counts by name; they win over others.
    private mutating func readNamed(
        _ paths: RowPaths, by rule: CountRule, _ usage: inout Usage, _ draft: inout RowDraft
    ) throws(Refusal) -> Bool {
        guard case .json(let object) = row.value(paths), object.kind == .object else {
            return false
        }
        var counts = NamedCounts()
        for (key, value) in object.members where value.kind != .null {
            let name = String(decoding: key.text, as: UTF8.self)
            try counts.add(
                name, try counted(row.scalar(.json(value), name), .inputTokens, name))
        }
        let own = try counts.usage(by: rule)
        for unit in own.units { usage[unit] = own[unit] }
        if let tier = counts.tier {
            try draft.set(.field(.dimension(.serviceTier)), keep(tier))
        }
        return !own.isEmpty
    }
}

// MARK: - Labels

extension ProductMapper {
    /// The cost of a row according to the product; it is never our charge.
    static let costLabel = "recorded_cost_usd"
    /// The number of labels that did not fit.
    private static let droppedLabel = "labels_dropped"

    /// Adds labels in the order of the rules while they fit.
    mutating func readLabels(_ draft: inout RowDraft) throws(Refusal) {
        var room = LabelRoom()
        for rule in mapping.labels {
            switch rule {
            case .text(let name, let paths):
                guard let text = try row.text(paths) else { continue }
                try room.add(keep(name), text, to: &draft)
            case .cost(let paths):
                guard let text = try row.text(paths) else { continue }
                guard ExactDecimal.read(text, scale: 0, rounding: .halfEven) != .notANumber else {
                    throw Refusal("\(paths.first?.name ?? "") \(quoted(text)) is not a number")
                }
                try room.add(keep(Self.costLabel), text, to: &draft)
            case .list(let name, let paths):
                guard case .json(let array) = row.value(paths), array.kind == .array else {
                    continue
                }
                var texts: [String] = []
                for element in array.elements where element.kind != .null {
                    let text = try row.scalar(.json(element), name)
                    texts.append(String(decoding: text, as: UTF8.self))
                }
                if texts.isEmpty { continue }
                try room.add(keep(name), keep(texts.joined(separator: ",")), to: &draft)
            case .members(let paths, let except):
                guard case .json(let object) = row.value(paths), object.kind == .object else {
                    continue
                }
                try addMembers(of: object, except: except, &room, &draft)
            }
        }
        if room.dropped > 0 {
            try draft.set(.label(Self.droppedLabel), keep(String(room.dropped)))
        }
    }

    private mutating func addMembers(
        of object: JSONValue, except: Set<String>, _ room: inout LabelRoom,
        _ draft: inout RowDraft
    ) throws(Refusal) {
        for (key, value) in object.members {
            switch value.kind {
            case .null, .object, .array: continue
            default: break
            }
            let name = String(decoding: key.text, as: UTF8.self)
            if except.contains(name.lowercased()) { continue }
            try NativeEvent.requireWhole(key, "a key of the labels")
            try room.add(key.text, row.scalar(.json(value), name), to: &draft)
        }
    }
}

/// The room left for labels, less that for the count of those that did not fit.
private struct LabelRoom {
    private var count = Labels.countMax - 1
    private var bytes = Labels.bytesMax - 24
    private var names: Set<String> = []
    private(set) var dropped = 0

    mutating func add(_ name: Text, _ value: Text, to draft: inout RowDraft) throws(Refusal) {
        if name.isEmpty || value.isEmpty { return }
        let key = String(decoding: name, as: UTF8.self)
        guard count > 0, name.count + value.count <= bytes, names.insert(key).inserted else {
            dropped += 1
            return
        }
        count -= 1
        bytes -= name.count + value.count
        try draft.set(.label(key), value)
    }
}
