import JSON
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
        /// The source's own total, which shows how its counts include each other.
        case totalTokens

        var name: String {
            switch self {
            case .field(let field): field.name
            case .label(let name): "labels.\(name)"
            case .detail(let name): "detail.\(name)"
            case .stage(let name): "stages.\(name)"
            case .lossyStage(let name): "lossy_stages.\(name)"
            case .totalTokens: "total_tokens"
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
    /// How the rows count, if `--set counts` says so.
    let reading: CountReading?

    package static let none = ImportMapping(columns: [], constants: [])

    init(columns: [Column], constants: [Constant], reading: CountReading? = nil) {
        self.reading = reading
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
        var reading: CountReading?
        for option in set {
            if option.hasPrefix(Self.countsOption) {
                guard reading == nil else { throw .mapping("counts is given twice") }
                reading = try Self.reading(option)
                continue
            }
            let (target, value) = try Self.parse(option, "--set")
            if target == .field(.id) {
                throw .mapping("--set \(option) would give every row the same id: use --map")
            }
            constants.append(Constant(target: target, value: value))
        }
        self.init(columns: columns, constants: constants, reading: reading)
        try checkForDoubles()
        try checkConstants()
    }

    package var isEmpty: Bool { columns.isEmpty && constants.isEmpty && reading == nil }

    private static let countsOption = "counts="

    /// The words of `--set counts=`.
    private static let readings: [(word: String, reading: CountReading)] = [
        ("inclusive", []), ("exclusive", .cached), ("exclusive:cached", .cached),
        ("exclusive:reasoning", .reasoning), ("exclusive:all", [.cached, .reasoning]),
    ]

    private static func reading(_ option: String) throws(ImportFault) -> CountReading {
        let word = option.dropFirst(countsOption.count)
        guard let found = readings.first(where: { $0.word == word }) else {
            throw .mapping(
                "--set \(option): expected counts= and one of "
                    + readings.map(\.word).joined(separator: ", "))
        }
        return found.reading
    }

    /// The names that `--map` and `--set` accept.
    package static let fieldNames =
        EventField.scalars.map(\.name)
        + ["total_tokens", "labels.NAME", "detail.NAME", "stages.NAME", "lossy_stages.NAME"]

    static func target(named name: String) -> Target? {
        for (prefix, make) in [
            ("labels.", Target.label), ("detail.", Target.detail), ("stages.", Target.stage),
            ("lossy_stages.", Target.lossyStage),
        ] where name.hasPrefix(prefix) && name != prefix {
            return make(String(name.dropFirst(prefix.count)))
        }
        let plain = name.hasPrefix("usage.") ? String(name.dropFirst("usage.".count)) : name
        if plain == Target.totalTokens.name { return .totalTokens }
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
            let nearest = Likeness.nearest(to: name, among: fieldNames)
            throw .mapping(
                "\(flag) \(option): there is no field \(name)"
                    + (nearest.map { ": did you mean \($0)?" }
                        ?? "; the fields are " + fieldNames.joined(separator: ", ")))
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
    private var total: Int64?

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
        case .totalTokens: total != nil
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
        case .totalTokens:
            guard case .value(let count) = ExactDecimal.read(trimmed(text), scale: 0),
                (0...Int128(Usage.countMax)).contains(count)
            else {
                throw Refusal("total_tokens is \(shortened(text)): expected a whole number")
            }
            total = Int64(count)
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

    /// - Parameter reading: how the source is known to count; nil if nobody said so.
    mutating func finish(
        at now: Timestamp, reading: CountReading?
    ) throws(Refusal) -> Event {
        try settleCounts(reading)
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

    /// What somebody can do who knows how a file counts.
    static let countAdvice =
        "add --set counts=exclusive if cached tokens stand beside the input (exclusive:reasoning "
        + "and exclusive:all for reasoning beside the output), or counts=inclusive"

    /// Makes the counts inclusive: the total decides, or else the one who imports.
    private mutating func settleCounts(_ reading: CountReading?) throws(Refusal) {
        let usage = event.event.usage
        if usage.isEmpty { return }
        let dimensions = event.event.dimensions
        var rule = CountRules.completed(
            CountRule(), of: dimensions[.provider]?.string ?? "", dimensions[.model]?.string ?? "")
        if let reading { rule.settle(reading) }
        let settled = try ToldCounts(usage: usage, total: total).usage(
            by: rule, advice: Self.countAdvice)
        do throws(UsageContradiction) { try settled.validate() } catch {
            guard case .partsExceedWhole = error else { throw Refusal(error.description) }
            throw Refusal("\(error); \(Self.countAdvice)")
        }
        for unit in settled.units { event.set(unit: unit, count: settled.value(unit)) }
    }

    private func trimmed(_ text: Text) -> Text {
        var text = text[...]
        while text.first == 0x20 { text = text.dropFirst() }
        while text.last == 0x20 { text = text.dropLast() }
        return Text(rebasing: text)
    }
}
