package import LedgerModel
import SIMDJSON

/// Reads the events of a file of any size in constant memory, one after another.
///
/// gzip and Zstandard are recognised by their first bytes. A bad line, row or element is refused by
/// itself; an error that hides where the next one starts ends the reading and names its line.
package struct EventFileReader: ~Copyable {
    private enum Layout {
        case unopened
        case lines
        case array
        case values
        case rows
        case finished
    }

    private let format: ImportFormat
    private let mapping: ImportMapping
    private let now: Timestamp
    private let limits: ImportLimits
    private var records: RecordFile
    private var layout = Layout.unopened
    /// How a table's cells are separated.
    private var csv = CSVRow()
    private var tape = JSONTape()
    private var mapper: RowMapper?
    private var occurrences: Occurrences?
    private var product: ProductMapper?
    /// Rows of a product's last record that are still to be returned, the next one last.
    private var waiting: [ReadItem] = []
    private var succession = Succession()
    /// How many rows of another product were passed over, by reason.
    package private(set) var passedOver: [String: Int] = [:]
    private var index = 0
    private var isFirstElement = true
    private let telemetry: TelemetryMapper
    /// The export request being read; its bytes are those of the last record.
    private var request: TelemetryRequest?
    private var requestLine = 0
    /// Counts the spans and log records that are no events.
    package private(set) var ignored = TelemetryTally()

    /// Opens a file; `-` is standard input.
    ///
    /// - Parameter progress: called after each piece read, in both passes.
    package init(
        path: String, format: ImportFormat, mapping: ImportMapping = .none, now: Timestamp,
        telemetry: TelemetrySettings = .standard, limits: ImportLimits = ImportLimits(),
        progress: @escaping (ImportProgress) -> Void = { _ in }
    ) throws(ImportFault) {
        if !mapping.isEmpty, [.native, .cloudevents, .otlpJSON].contains(format) {
            throw .mapping("--map and --set apply to csv and ndjson, not to \(format.rawValue)")
        }
        if format.product != nil, !mapping.columns.isEmpty {
            throw .mapping(
                "--map does not apply to \(format.rawValue), whose columns are known; use --set "
                    + "for what its rows do not contain")
        }
        try self.init(
            FileSource(path: path, pieceBytes: limits.pieceBytes), format, mapping, now,
            TelemetryMapper(telemetry), limits, progress)
    }

    private init(
        _ source: consuming FileSource, _ format: ImportFormat, _ mapping: ImportMapping,
        _ now: Timestamp, _ telemetry: TelemetryMapper, _ limits: ImportLimits,
        _ report: @escaping (ImportProgress) -> Void
    ) {
        records = RecordFile(source, recordBytesMax: format.recordBytesMax, report: report)
        self.format = format
        self.mapping = mapping
        self.now = now
        self.telemetry = telemetry
        self.limits = limits
    }

    package var progress: ImportProgress { records.progress }

    /// Returns the next event or why it was refused; nil at the end.
    ///
    /// The first call checks the mapping against the header and reads a whole table once to number
    /// its rows; it throws if the mapping does not fit.
    package mutating func next() throws(ImportFault) -> ReadItem? {
        while true {
            if let item = nextOfRequest() { return item }
            let item: ReadItem?
            switch layout {
            case .unopened:
                try open()
                continue
            case _ where format.product != nil: return try nextOfProduct()
            case .finished: return nil
            case .lines: item = try nextLine()
            case .array: item = try nextElement()
            case .values: item = try nextValue()
            case .rows: item = try nextRow()
            }
            // An export request was opened: its records come first.
            if item == nil, request != nil { continue }
            return item
        }
    }

    /// Reads up to `max` events; nil at the end.
    package mutating func next(max: Int) throws(ImportFault) -> [ReadItem]? {
        var items: [ReadItem] = []
        while items.count < max, let item = try next() { items.append(item) }
        return items.isEmpty ? nil : items
    }

    private mutating func item(
        _ result: Result<Event, Rejection>, line: Int, span: SpanName? = nil
    ) -> ReadItem {
        defer { index += 1 }
        return ReadItem(index: index, line: line, result: result, span: span)
    }

    private mutating func rejected(_ reason: String, line: Int) -> ReadItem {
        item(.failure(Rejection(id: nil, reason: reason)), line: line)
    }
}

// MARK: - JSON

extension EventFileReader {
    private mutating func open() throws(ImportFault) {
        // A table is read twice, so what can't be is kept aside before anything is read.
        let isTable = format.product == nil && (format == .csv || !mapping.isEmpty)
        if isTable { try records.beginNumbering() }
        if let reason = ImportFormat.refusal(ofContent: try records.peek()) {
            throw malformed(reason)
        }
        if format.product != nil { return try openProduct() }
        if isTable { return try openRows() }
        try records.skipByteOrderMark()
        let first = try records.skipSpace()
        try refuseOthers()
        guard format != .ndjson, let first else {
            layout = .lines
            return
        }
        if first == UInt8(ascii: "[") {
            records.consume(1)
            layout = .array
        } else {
            layout = startsWithLoneBrace ? .values : .lines
        }
    }

    /// Whether the first line is only an opening brace: an object on several lines.
    private var startsWithLoneBrace: Bool {
        guard case .found(let content, _) = endOfLine(UnsafeRawBufferPointer(records.unread)),
            records.unread.first == UInt8(ascii: "{")
        else { return false }
        return UnsafeRawBufferPointer(rebasing: records.unread[1..<max(1, content)]).isBlank
    }

    private mutating func read(_ record: UnsafeRawBufferPointer) -> Result<Event, Rejection> {
        let (now, format) = (now, format)
        return tape.readLine(record) { value in
            format == .cloudevents
                ? CloudEvent.read(value, at: now) : NativeEvent.read(value, at: now)
        }
    }

    /// The event of a record; nil for an export request, whose records come one by one.
    private mutating func event(
        _ bytes: UnsafeRawBufferPointer, line: Int
    ) -> ReadItem? {
        guard format == .otlpJSON else { return item(read(bytes), line: line) }
        requestLine = line
        do throws(BodyFault) {
            let value = try tape.document(bytes)
            guard let signal = JSONTelemetry.signal(of: value) else {
                return rejected(
                    "this is not an export request: expected resourceSpans, resourceLogs or "
                        + "resourceMetrics", line: line)
            }
            request = try TelemetryRequest(json: value, signal, telemetry)
            return nil
        } catch {
            return rejected("\(error)", line: line)
        }
    }

    private mutating func nextOfRequest() -> ReadItem? {
        guard let (result, span) = request?.next(telemetry, at: now, &ignored) else {
            request = nil
            return nil
        }
        return item(result, line: requestLine, span: span)
    }

    private mutating func nextLine() throws(ImportFault) -> ReadItem? {
        while let record = try records.nextRecord(endOfLine) {
            if let problem = record.problem { return rejected(problem, line: record.line) }
            let bytes = UnsafeRawBufferPointer(record.bytes)
            if bytes.isBlank { continue }
            return event(bytes, line: record.line)
        }
        return nil
    }

    private mutating func nextElement() throws(ImportFault) -> ReadItem? {
        guard let record = try nextElementRecord() else { return nil }
        return event(UnsafeRawBufferPointer(record.bytes), line: record.line)
    }

    private mutating func nextElementRecord() throws(ImportFault) -> RecordFile.Record? {
        guard var byte = try records.skipSpace() else { throw malformed("the array is not closed") }
        if !isFirstElement, byte != UInt8(ascii: "]") {
            guard byte == UInt8(ascii: ",") else {
                throw malformed("expected a comma or the end of the array")
            }
            records.consume(1)
            guard let next = try records.skipSpace() else {
                throw malformed("expected a value after the comma")
            }
            // Helicone's export tool puts a comma after the last row too.
            if next == UInt8(ascii: "]"), format != .helicone {
                throw malformed("expected a value after the comma")
            }
            byte = next
        }
        isFirstElement = false
        if byte == UInt8(ascii: "]") {
            records.consume(1)
            if try records.skipSpace() != nil {
                throw malformed("there is something after the array")
            }
            layout = .finished
            return nil
        }
        return try nextValueRecord()
    }

    private mutating func nextValue() throws(ImportFault) -> ReadItem? {
        guard let record = try nextValueRecord() else { return nil }
        return event(UnsafeRawBufferPointer(record.bytes), line: record.line)
    }

    private mutating func nextValueRecord() throws(ImportFault) -> RecordFile.Record? {
        guard let byte = try records.skipSpace() else { return nil }
        guard byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"), byte != UInt8(ascii: "}"),
            let record = try records.nextRecord(endOfValue)
        else { throw malformed("expected a value") }
        if let problem = record.problem {
            throw .malformed(path: records.path, line: record.line, reason: problem)
        }
        return record
    }

    private func malformed(_ reason: String) -> ImportFault { records.malformed(reason) }
}

// MARK: - Rows

extension EventFileReader {
    /// Reads the header, and numbers the rows that have no id of their own.
    private mutating func openRows() throws(ImportFault) {
        mapper = try openTable()
        var counter = Occurrences.Counter(runRecordsMax: limits.sortedRowsMax)
        while let record = try records.nextRecord(rowEnd) {
            if let digest = readRow(record)?.digest { try counter.add(digest) }
        }
        occurrences = try counter.finish()
        try records.startOver()
        mapper = try openTable()
        layout = .rows
    }

    private var rowEnd: (UnsafeRawBufferPointer) -> RecordEnd {
        if format == .csv { return csv.end }
        return endOfLine
    }

    /// Reads up to the first row.
    private mutating func openTable() throws(ImportFault) -> RowMapper {
        try records.skipByteOrderMark()
        guard format == .csv else { return try RowMapper(objects: mapping) }
        if let first = try records.peek().first, first == UInt8(ascii: "{") {
            try refuseOthers()
            throw malformed("this is JSON, not a CSV: use --format ndjson")
        }
        let header = try readHeader()
        // Columns that somebody mapped need no other name for their file.
        if !mapping.columns.isEmpty { return try RowMapper(mapping, header: header, of: csv) }
        do throws(ImportFault) {
            return try RowMapper(mapping, header: header, of: csv)
        } catch {
            try refuse(RowOutline(header: header))
            throw error
        }
    }

    private mutating func readHeader() throws(ImportFault) -> [String] {
        try findSeparator()
        guard let record = try records.nextRecord(csv.end) else {
            throw malformed("the file is empty: expected a header with the names of the columns")
        }
        var cells: [Text] = []
        if record.problem != nil || csv.split(record.bytes, into: &cells) != nil {
            throw malformed("the header cannot be split into columns")
        }
        return cells.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Passes over blank lines and a line such as `sep=;`, and finds what separates the cells.
    private mutating func findSeparator() throws(ImportFault) {
        while true {
            let (line, length) = try records.peekLine()
            if length == 0 { return }
            if let declared = CSVRow(declaration: line) {
                csv = declared
                return records.consume(length)
            }
            guard line.isBlank else {
                csv = CSVRow(header: line)
                return
            }
            records.consume(length)
        }
    }

    private struct Row {
        var problem: String?
        var digest: Digest?
    }

    /// Hands a record to the mapper; nil for a blank line.
    private mutating func readRow(_ record: RecordFile.Record) -> Row? {
        if let problem = record.problem { return Row(problem: problem) }
        if UnsafeRawBufferPointer(record.bytes).isBlank { return nil }
        do throws(Refusal) {
            try mapper?.read(record.bytes)
        } catch {
            return Row(problem: error.reason)
        }
        return Row(digest: mapper?.needsID == true ? mapper?.digest() : nil)
    }

    private mutating func nextRow() throws(ImportFault) -> ReadItem? {
        while let record = try records.nextRecord(rowEnd) {
            guard let row = readRow(record) else { continue }
            if let problem = row.problem { return rejected(problem, line: record.line) }
            var id: String?
            if let digest = row.digest, let number = try occurrences?.next(digest) {
                id = "\(digest.description.prefix(32))-\(number)"
            }
            guard let result = mapper?.event(generatedID: id, at: now) else { break }
            return item(result, line: record.line)
        }
        layout = .finished
        if occurrences?.isConsistent == false { throw .changedWhileRead(path: records.path) }
        return nil
    }
}

// MARK: - Files of another kind

extension EventFileReader {
    /// Refuses a file of another product in one sentence, before anything of it is taken.
    private mutating func refuseOthers() throws(ImportFault) {
        let start = try records.peek()
        if start.first == UInt8(ascii: "[") || start.first == UInt8(ascii: "{") {
            return try refuse(RowOutline(json: start))
        }
        let (line, _) = try records.peekLine()
        try refuse(RowOutline(header: CSVRow(header: line).names(in: line)))
    }

    private func refuse(_ row: RowOutline) throws(ImportFault) {
        guard let reason = format.refusal(of: row) else { return }
        throw .malformed(path: records.path, line: 1, reason: reason)
    }
}

// MARK: - Other products

extension EventFileReader {
    /// Tells a CSV from JSON, and rows on single lines from a page over several.
    private mutating func openProduct() throws(ImportFault) {
        guard let mapping = format.product else { return }
        product = try ProductMapper(
            mapping, constants: self.mapping.constants, reading: self.mapping.reading, now: now)
        try records.skipByteOrderMark()
        let first = try records.skipSpace()
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") { try refuseOthers() }
        switch first {
        case UInt8(ascii: "["):
            records.consume(1)
            layout = .array
        case UInt8(ascii: "{"):
            layout = try firstLineIsWhole() ? .lines : .values
        case nil: throw malformed("the file is empty")
        default:
            let header = try readHeader()
            try refuse(RowOutline(header: header))
            product?.use(header: header, of: csv)
            layout = .rows
        }
    }

    private mutating func firstLineIsWhole() throws(ImportFault) -> Bool {
        while true {
            let bytes = UnsafeRawBufferPointer(records.unread)
            if let answer = isFirstLineWhole(bytes) { return answer }
            if try !records.fill() { return true }
        }
    }

    private mutating func nextOfProduct() throws(ImportFault) -> ReadItem? {
        while true {
            if let item = succession.next(atEnd: layout == .finished) { return item }
            if let item = waiting.popLast() {
                guard format.product?.replacesRows == true else { return item }
                if succession.hold(item) { passedOver[Succession.reason, default: 0] += 1 }
                continue
            }
            guard let record = try nextProductRecord() else {
                layout = .finished
                if succession.isEmpty { return nil }
                continue
            }
            if let problem = record.problem { return rejected(problem, line: record.line) }
            if !UnsafeRawBufferPointer(record.bytes).isBlank { take(record) }
        }
    }

    private mutating func nextProductRecord() throws(ImportFault) -> RecordFile.Record? {
        switch layout {
        case .rows: try records.nextRecord(csv.end)
        case .lines: try records.nextRecord(endOfLine)
        case .array: try nextElementRecord()
        case .values: try nextValueRecord()
        case .unopened, .finished: nil
        }
    }

    private mutating func take(_ record: RecordFile.Record) {
        var outcomes: [(ProductMapper.Outcome, line: Int)] = []
        if layout == .rows {
            if let outcome = product?.read(cells: record.bytes) { outcomes = [(outcome, 0)] }
        } else {
            product?.read(json: UnsafeRawBufferPointer(record.bytes)) { outcomes.append(($0, $1)) }
        }
        for (outcome, line) in outcomes {
            switch outcome {
            case .read(let result): waiting.append(item(result, line: record.line + line))
            case .passedOver(let reason): passedOver[reason, default: 0] += 1
            }
        }
        waiting.reverse()
    }
}
