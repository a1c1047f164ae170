import LedgerModel

/// Which column feeds which field of an event, and which fields are the same for all rows.
package struct ImportMapping: Hashable, Sendable {
    /// A field that a column can feed: an event field, a label, a detail or a stage.
    enum Target: Hashable, Sendable {
        case field(EventField)
        case label(String)
        case detail(String)
        case stage(String)
        case lossyStage(String)

        var name: String {
            switch self {
            case .field(let field): field.name
            case .label(let name): "labels.\(name)"
            case .detail(let name): "detail.\(name)"
            case .stage(let name): "stages.\(name)"
            case .lossyStage(let name): "lossy_stages.\(name)"
            }
        }
    }

    struct Column: Hashable, Sendable {
        let target: Target
        let column: String
    }

    struct Constant: Hashable, Sendable {
        let target: Target
        let value: String
    }

    /// Sorted by field name: the order in which a row's digest is taken.
    let columns: [Column]
    let constants: [Constant]

    package static let none = ImportMapping(columns: [], constants: [])

    init(columns: [Column], constants: [Constant]) {
        self.columns = columns.sorted { Name($0.target.name) < Name($1.target.name) }
        self.constants = constants
    }

    /// Reads the values of `--map FIELD=COLUMN` and `--set FIELD=VALUE`.
    package init(map: [String], set: [String]) throws(ImportFault) {
        var columns: [Column] = []
        var constants: [Constant] = []
        for option in map {
            let (target, column) = try Self.parse(option, "--map")
            if column.isEmpty { throw .mapping("--map \(option) names no column") }
            columns.append(Column(target: target, column: column))
        }
        for option in set {
            let (target, value) = try Self.parse(option, "--set")
            if target == .field(.id) {
                throw .mapping("--set \(option) would give every row the same id: use --map")
            }
            constants.append(Constant(target: target, value: value))
        }
        self.init(columns: columns, constants: constants)
        try checkForDoubles()
        try checkConstants()
    }

    package var isEmpty: Bool { columns.isEmpty && constants.isEmpty }

    /// The names that `--map` and `--set` accept.
    package static let fieldNames =
        EventField.scalars.map(\.name)
        + ["labels.NAME", "detail.NAME", "stages.NAME", "lossy_stages.NAME"]

    static func target(named name: String) -> Target? {
        for (prefix, make) in [
            ("labels.", Target.label), ("detail.", Target.detail), ("stages.", Target.stage),
            ("lossy_stages.", Target.lossyStage),
        ] where name.hasPrefix(prefix) && name != prefix {
            return make(String(name.dropFirst(prefix.count)))
        }
        let plain = name.hasPrefix("usage.") ? String(name.dropFirst("usage.".count)) : name
        return fields[plain].map(Target.field)
    }

    private static let fields = Dictionary(
        uniqueKeysWithValues: EventField.scalars.map { ($0.name, $0) })

    private static func parse(
        _ option: String, _ flag: String
    ) throws(ImportFault) -> (Target, String) {
        guard let equals = option.firstIndex(of: "=") else {
            throw .mapping("\(flag) \(option) has no equals sign: expected FIELD=…")
        }
        let name = String(option[..<equals])
        guard let target = target(named: name) else {
            throw .mapping(
                "\(flag) \(option): there is no field \(name); the fields are "
                    + fieldNames.joined(separator: ", "))
        }
        return (target, String(option[option.index(after: equals)...]))
    }

    private func checkForDoubles() throws(ImportFault) {
        var seen: Set<Target> = []
        for target in columns.map(\.target) + constants.map(\.target)
        where !seen.insert(target).inserted {
            throw .mapping("\(target.name) is given twice: map it or set it, once")
        }
    }

    /// Refuses constants with which no row could be read.
    private func checkConstants() throws(ImportFault) {
        for constant in constants {
            let text = ByteStorage(copying: Array(constant.value.utf8))
            var draft = RowDraft()
            do { try draft.set(constant.target, text.text) } catch {
                throw .mapping("--set \(constant.target.name): \(error.reason)")
            }
        }
    }

    /// Refuses, before reading, a mapping under which every row would be refused.
    func checkCompleteness() throws(ImportFault) {
        let known = Set(columns.map(\.target) + constants.map(\.target))
        var required: [EventField] = [.type, .occurredAt]
        let type = constants.first { $0.target == .field(.type) }?.value
        if type?.hasPrefix("request.") == true {
            required += [.dimension(.provider), .dimension(.model)]
        }
        let missing = required.filter { !known.contains(.field($0)) }.map(\.name)
        if missing.isEmpty { return }
        throw .mapping(
            "no column supplies \(missing.joined(separator: ", ")): add --map FIELD=COLUMN or "
                + "--set FIELD=VALUE, such as --set type=request.completed")
    }
}

/// An event being built from the cells of one row.
struct RowDraft {
    var event = EventDraft()
    private var labels: [(key: Name, value: Name)] = []
    private var detail: [(key: Name, value: Name)] = []
    private var stages: [(stage: Name, saved: Int64)] = []
    private var lossyStages: [(stage: Name, saved: Int64)] = []

    init() {
        event.zoneIsOptional = true
    }

    /// Whether a field already has a value.
    func has(_ target: ImportMapping.Target) -> Bool {
        switch target {
        case .label(let key): labels.contains { $0.key == Name(key) }
        case .detail(let key): detail.contains { $0.key == Name(key) }
        case .stage(let key): stages.contains { $0.stage == Name(key) }
        case .lossyStage(let key): lossyStages.contains { $0.stage == Name(key) }
        case .field(let field): event.has(field)
        }
    }

    /// Sets a field from a cell; skips an empty cell.
    mutating func set(_ target: ImportMapping.Target, _ text: Text) throws(Refusal) {
        if text.isEmpty { return }
        switch target {
        case .label(let key): labels.append((Name(key), name(text)))
        case .detail(let key): detail.append((Name(key), name(text)))
        case .stage(let key):
            stages.append((Name(key), try savedTokens(trimmed(text), target.name)))
        case .lossyStage(let key):
            lossyStages.append((Name(key), try savedTokens(trimmed(text), target.name)))
        case .field(let field):
            switch field {
            case .occurredAt:
                let text = trimmed(text)
                let time = Timestamp(sinceEpoch: text)
                if time.map({ $0 < .earliest }) ?? true,
                    let advice = SpreadsheetDate.advice(of: text, in: field.name)
                {
                    throw Refusal(advice)
                }
                if let time { return event.set(time: time) }
                try event.set(field, text: text)
            case .unit, .status, .latency, .timeToFirstToken, .tokensBefore, .tokensAfter,
                .usefulOutputTokens, .quality:
                try event.set(field, text: trimmed(text))
            default: try event.set(field, text: text)
            }
        }
    }

    mutating func finish(at now: Timestamp) throws(Refusal) -> Event {
        do throws(Labels.Refusal) {
            if !labels.isEmpty { event.set(labels: try Labels(labels)) }
            if !detail.isEmpty { event.set(detail: try Labels(detail)) }
        } catch {
            throw Refusal(error.description)
        }
        do throws(StageSavings.Refusal) {
            if !stages.isEmpty { event.set(stages: try StageSavings(stages)) }
            if !lossyStages.isEmpty { event.set(lossyStages: try StageSavings(lossyStages)) }
        } catch {
            throw Refusal("stages \(error)")
        }
        return try event.finish(at: now)
    }

    private func trimmed(_ text: Text) -> Text {
        var text = text[...]
        while text.first == 0x20 { text = text.dropFirst() }
        while text.last == 0x20 { text = text.dropLast() }
        return Text(rebasing: text)
    }
}
