import JSON
import LedgerModel
import SIMDJSON

/// Reads records of another product's export, and maps their rows to events.
struct ProductMapper: ~Copyable {
    /// The outcome of one row.
    enum Outcome {
        case read(Result<Event, Rejection>)
        /// Neither a request nor a fault; counted by reason.
        case passedOver(String)
    }

    let mapping: ProductMapping
    private let now: Timestamp
    let row: SourceRow
    private var tape = JSONTape()
    /// What `--set` supplies for rows that lack it.
    private let constants: [(target: ImportMapping.Target, value: ByteStorage)]
    /// How `--set counts` says that rows count; nil if it does not.
    let reading: CountReading?
    /// Texts made here, kept until the event is made.
    private var made: [ByteStorage] = []

    init(
        _ mapping: ProductMapping, constants: [ImportMapping.Constant], reading: CountReading?,
        now: Timestamp
    ) throws(ImportFault) {
        for constant in constants {
            guard constant.target != .field(.type), constant.target != .field(.occurredAt) else {
                throw .mapping(
                    "--set \(constant.target.name): the rows of this format already contain it")
            }
        }
        self.mapping = mapping
        self.reading = reading
        self.now = now
        row = SourceRow(jsonColumns: mapping.jsonColumns)
        self.constants = constants.map {
            ($0.target, ByteStorage(copying: Array($0.value.utf8)))
        }
    }

    func use(header: [String], of csv: CSVRow) { row.use(header: header, of: csv) }

    // MARK: Records

    /// Reads a CSV row, whose bytes may change.
    mutating func read(cells record: UnsafeMutableRawBufferPointer) -> Outcome {
        do throws(Refusal) {
            try row.begin(cells: record)
        } catch {
            return .read(.failure(Rejection(id: nil, reason: error.reason)))
        }
        return outcome()
    }

    /// Reads a JSON record, a row or a page of them; counts lines from its start.
    mutating func read(
        json record: UnsafeRawBufferPointer, _ take: (Outcome, _ line: Int) -> Void
    ) {
        do {
            _ = try tape.open(record)
        } catch {
            let reason = "this is not JSON at byte \(error.offset): \(error.reason)"
            return take(.read(.failure(Rejection(id: nil, reason: reason))), 0)
        }
        var lines = LineCounter(record)
        while let value = tape.next() {
            for scopes in Self.rows(of: value, around: [], mapping.rows[...]) {
                take(outcome(of: scopes), lines.line(of: scopes))
            }
        }
    }

    /// Descends into the arrays that hold rows; an object without any is a row.
    ///
    /// Each row comes with the objects around it, innermost first.
    private static func rows(
        of value: JSONValue, around scopes: [JSONValue], _ arrays: ArraySlice<RowPath>
    ) -> [[JSONValue]] {
        let scopes = [value] + scopes
        for (index, array) in zip(arrays.indices, arrays) {
            guard let rows = value.member(Array(array.name.utf8)), rows.kind == .array else {
                continue
            }
            return rows.elements.flatMap {
                Self.rows(of: $0, around: scopes, arrays[(index + 1)...])
            }
        }
        return [scopes]
    }

    private mutating func outcome(of scopes: [JSONValue]) -> Outcome {
        guard let first = scopes.first, first.kind == .object else {
            let reason = "a row must be an object, not \(scopes.first?.kindName ?? "nothing")"
            return .read(.failure(Rejection(id: nil, reason: reason)))
        }
        do throws(Refusal) {
            try row.begin(scopes)
        } catch {
            return .read(.failure(Rejection(id: nil, reason: error.reason)))
        }
        return outcome()
    }

    // MARK: The event of a row

    private mutating func outcome() -> Outcome {
        made.removeAll(keepingCapacity: true)
        var draft = RowDraft()
        do throws(Refusal) {
            for verdict in mapping.verdicts {
                guard try holds(verdict.conditions) else { continue }
                switch verdict.outcome {
                case .passOver(let reason): return .passedOver(reason)
                case .refuse(let reason): throw Refusal(reason)
                case .kind(let kind):
                    try draft.set(.field(.type), keep(kind.name))
                    return .read(.success(try event(&draft)))
                }
            }
            throw Refusal("the row does not tell its kind")
        } catch {
            return .read(
                .failure(Rejection(id: draft.event.idText, reason: error.reason)))
        }
    }

    private mutating func event(_ draft: inout RowDraft) throws(Refusal) -> Event {
        try identify(&draft)
        for rule in mapping.fields {
            guard let text = try text(of: rule.value) else { continue }
            try draft.set(.field(rule.field), text)
        }
        try readUsage(&draft)
        try readLabels(&draft)
        for constant in constants where !draft.has(constant.target) {
            try draft.set(constant.target, constant.value.text)
        }
        guard let model = draft.event.event.dimensions[.model] else {
            throw Refusal(
                "it names no model, so nothing can price it: add --set model=NAME if it is known")
        }
        if draft.event.event.dimensions[.provider] == nil {
            throw Refusal(
                "the provider of model \"\(model)\" is unknown: add --set provider=NAME")
        }
        return try draft.finish(at: now, reading: nil)
    }

    private mutating func identify(_ draft: inout RowDraft) throws(Refusal) {
        var source = keep(mapping.source)
        if let constant = constants.first(where: { $0.target == .field(.source) }) {
            source = constant.value.text
        }
        let id: Text?
        switch mapping.identity {
        case .column(let paths): id = try row.text(paths)
        case .facts(let kinds, let times, let others):
            id = try composedID(kinds, times, others)
        }
        draft.event.set(identity: id, source: source)
    }

    /// Times and booleans are normalized, since OpenAI's CSV and API write them differently.
    private mutating func composedID(
        _ kinds: [(name: String, paths: RowPaths)], _ times: [RowPaths],
        _ others: [(name: String, paths: RowPaths)]
    ) throws(Refusal) -> Text {
        var words = kinds.first { row.value($0.paths) != nil }.map { [$0.name] } ?? []
        for paths in times {
            if let time = try time(paths) { words.append(time.description) }
        }
        for (name, paths) in others {
            guard let text = try row.text(paths) else { continue }
            let value = String(decoding: text, as: UTF8.self)
            words.append(
                "\(name)=\(value == "True" || value == "False" ? value.lowercased() : value)")
        }
        return keep(words.joined(separator: " "))
    }

    mutating func keep(_ text: String) -> Text {
        let storage = ByteStorage(copying: Array(text.utf8))
        made.append(storage)
        return storage.text
    }
}

// MARK: - Conditions

extension ProductMapper {
    private func holds(_ conditions: [ProductMapping.Condition]) throws(Refusal) -> Bool {
        for condition in conditions {
            guard try holds(condition) else { return false }
        }
        return true
    }

    func holds(_ condition: ProductMapping.Condition) throws(Refusal) -> Bool {
        switch condition {
        case .isPresent(let paths): return row.value(paths) != nil
        case .isAbsent(let paths): return row.value(paths) == nil
        case .isOneOf(let paths, let words):
            guard let word = try word(paths) else { return false }
            return words.contains(word)
        case .isNoneOf(let paths, let words):
            guard let word = try word(paths) else { return false }
            return !words.contains(word)
        case .endsWith(let paths, let endings):
            guard let word = try word(paths) else { return false }
            return endings.contains { word.hasSuffix($0) }
        case .isIn(let paths, let range):
            guard let text = try row.text(paths),
                case .value(let number) = ExactDecimal.read(text, scale: 0)
            else { return false }
            return range ~= Int64(number)
        case .isAhead(let paths):
            guard let time = try time(paths) else { return false }
            return time > now
        case .isReversed(let start, let end):
            guard let start = try time(start), let end = try time(end) else { return false }
            return end <= start
        }
    }

    private func word(_ paths: RowPaths) throws(Refusal) -> String? {
        try row.text(paths).map { String(decoding: $0, as: UTF8.self).lowercased() }
    }
}

// MARK: - Values

extension ProductMapper {
    private mutating func text(
        of value: ProductMapping.Value
    ) throws(Refusal) -> Text? {
        switch value {
        case .first(let paths): return try row.text(paths)
        case .named(let paths, let names):
            guard let text = try row.text(paths) else { return nil }
            let word = String(decoding: text, as: UTF8.self).lowercased()
            return names[word].map { keep($0) } ?? text
        case .matched(let paths, let names):
            guard let word = try word(paths) else { return nil }
            let found = names.first { word.hasPrefix($0.part) || word.hasSuffix($0.part) }
            return found.map { keep($0.name) }
        case .when(let condition, let paths):
            return try holds(condition) ? row.text(paths) : nil
        case .word(let word, let condition, let paths):
            return try holds(condition) ? keep(word) : row.text(paths)
        case .time(let paths):
            return try time(paths).map { keep($0.description) }
        case .duration(let paths, let from, let to, let unless):
            return try duration(paths, from, to, unless)
        case .provider(let paths, let models):
            return try provider(paths, models).map { keep($0) }
        case .either(let values):
            for value in values {
                if let text = try text(of: value) { return text }
            }
            return nil
        case .model(let paths, let providers):
            return try model(paths, providers)
        }
    }

    private mutating func duration(
        _ paths: RowPaths, _ from: RowPaths, _ to: RowPaths, _ unless: RowPaths
    ) throws(Refusal) -> Text? {
        if let text = try row.text(paths) { return text }
        guard let start = try time(from), let end = try time(to), end >= start,
            try time(unless) != end
        else { return nil }
        return keep(decimal(Int128(end.microseconds - start.microseconds), scale: 3))
    }

    private func provider(
        _ paths: RowPaths, _ models: RowPaths
    ) throws(Refusal) -> String? {
        let names = (given: try word(paths), model: try word(models))
        return ProviderNames.provider(names.given, model: names.model)
            ?? (names.model == nil ? nil : mapping.usualProvider)
    }

    private mutating func model(
        _ paths: RowPaths, _ providers: RowPaths
    ) throws(Refusal) -> Text? {
        guard let text = try row.text(paths) else { return nil }
        let name = String(decoding: text, as: UTF8.self)
        var seller = try word(providers)
        if seller == nil { seller = try provider(providers, paths) }
        return keep(seller.map { ModelNames.plain(name, of: $0) } ?? name)
    }

    private func time(_ paths: RowPaths) throws(Refusal) -> Timestamp? {
        guard let text = try row.text(paths) else { return nil }
        if let time = Timestamp(rfc3339: text, zoneIsOptional: true) { return time }
        let time = Timestamp(sinceEpoch: text)
        if let time, time >= .earliest { return time }
        if let advice = SpreadsheetDate.advice(of: text, in: paths.first?.name ?? "the time") {
            throw Refusal(advice)
        }
        if let time { return time }
        throw Refusal(
            "\(paths.first?.name ?? "the time") \(quoted(text)) is not a time: expected RFC 3339 "
                + "or seconds since 1970")
    }
}

extension Timestamp {
    /// A time in seconds, milliseconds or microseconds since 1970, told apart by size: 10^11
    /// seconds is the year 5138, 10^11 milliseconds is 1973.
    init?(sinceEpoch text: Text) {
        guard case .value(let whole) = ExactDecimal.read(text, scale: 0, rounding: .halfEven)
        else { return nil }
        let scale = whole < 100_000_000_000 ? 6 : whole < 100_000_000_000_000 ? 3 : 0
        guard case .value(let value) = ExactDecimal.read(text, scale: scale, rounding: .halfEven)
        else { return nil }
        self.init(unixMicroseconds: Int64(value))
    }
}

/// Counts the lines before each row of a record, starting from the previous row.
private struct LineCounter {
    private let record: UnsafeRawBufferPointer
    private var passed = 0
    private var lines = 0

    init(_ record: UnsafeRawBufferPointer) {
        self.record = record
    }

    /// The line on which a row starts, from 0; the record's own if the record is the row.
    mutating func line(of scopes: [JSONValue]) -> Int {
        guard let row = scopes.first, row.kind == .object, let start = record.baseAddress,
            let place = row.source.baseAddress
        else { return lines }
        let offset = place - start
        guard passed <= offset, offset <= record.count else { return lines }
        for byte in record[passed..<offset] where byte == UInt8(ascii: "\n") { lines += 1 }
        passed = offset
        return lines
    }
}
