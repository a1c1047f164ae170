/// A file in which records are found one after another: lines, rows or JSON values.
struct RecordFile: ~Copyable {
    private var source: FileSource
    private var buffer: RecordBuffer
    private var phase = ImportProgress.Phase.reading
    private let report: (ImportProgress) -> Void

    init(
        _ source: consuming FileSource, recordBytesMax: Int,
        report: @escaping (ImportProgress) -> Void
    ) {
        self.source = source
        buffer = RecordBuffer(recordBytesMax: recordBytesMax)
        self.report = report
    }

    var path: String { source.path }

    var progress: ImportProgress {
        ImportProgress(
            phase: phase, bytesRead: source.bytesRead, totalBytes: source.totalBytes)
    }

    /// The bytes read but not consumed; valid until more is read.
    var unread: UnsafeMutableRawBufferPointer { buffer.unread }

    mutating func consume(_ count: Int) { buffer.consume(count) }

    /// Makes sure that the file can be read twice, and begins the pass that numbers its rows.
    mutating func beginNumbering() throws(ImportFault) {
        if !source.canRewind { source = try source.spooled() }
        phase = .numbering
    }

    /// Starts again from the first byte.
    mutating func startOver() throws(ImportFault) {
        try source.rewind()
        buffer.startOver()
        phase = .reading
    }

    func malformed(_ reason: String) -> ImportFault {
        .malformed(path: source.path, line: buffer.line, reason: reason)
    }

    /// A record in the buffer; its bytes stay valid until the next one is sought.
    struct Record {
        let bytes: UnsafeMutableRawBufferPointer
        let line: Int
        var problem: String?
    }

    /// Reads more; false at the end of the file.
    mutating func fill() throws(ImportFault) -> Bool {
        let hasMore = try buffer.fill(from: &source)
        report(progress)
        return hasMore
    }

    /// Finds the next record; nil at the end of the file.
    mutating func nextRecord(
        _ end: (UnsafeRawBufferPointer) -> RecordEnd
    ) throws(ImportFault) -> Record? {
        while true {
            let unread = buffer.unread
            let line = buffer.line
            switch end(UnsafeRawBufferPointer(unread)) {
            case .found(let content, let length):
                buffer.consume(length)
                return Record(bytes: prefix(unread, content), line: line)
            case .open(let isQuoted):
                if try fill() { continue }
                if buffer.isFull { return try skipLongRecord() }
                if unread.isEmpty { return nil }
                if isQuoted { return skipOpenQuote() }
                buffer.consume(unread.count)
                return Record(bytes: unread, line: line)
            }
        }
    }

    /// Skips a line that is too long for an event.
    private mutating func skipLongRecord() throws(ImportFault) -> Record {
        let record = Record(
            bytes: prefix(buffer.unread, 0), line: buffer.line,
            problem: "it is longer than \(buffer.recordBytesMax) bytes, or a quotation "
                + "mark in it is not closed")
        repeat {
            if case .found(_, let length) = endOfLine(UnsafeRawBufferPointer(buffer.unread)) {
                buffer.consume(length)
                break
            }
            buffer.consume(buffer.unread.count)
        } while try fill()
        return record
    }

    /// Skips only the line with a quotation that the file never closes: the rows after it are good.
    private mutating func skipOpenQuote() -> Record {
        let unread = buffer.unread
        let record = Record(
            bytes: prefix(unread, 0), line: buffer.line,
            problem: "a quotation mark that opens here is not closed")
        if case .found(_, let length) = endOfLine(UnsafeRawBufferPointer(unread)) {
            buffer.consume(length)
        } else {
            buffer.consume(unread.count)
        }
        return record
    }

    private func prefix(
        _ bytes: UnsafeMutableRawBufferPointer, _ count: Int
    ) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
    }

    /// The bytes from here on: as many as recognising a file takes, or up to the end of a line.
    mutating func peek() throws(ImportFault) -> UnsafeRawBufferPointer {
        while true {
            let unread = UnsafeRawBufferPointer(buffer.unread)
            if unread.count >= Self.peekedBytes || unread.contains(0x0A) { return unread }
            if try !fill() { return UnsafeRawBufferPointer(buffer.unread) }
        }
    }

    private static let peekedBytes = 64 * 1_024

    mutating func skipByteOrderMark() throws(ImportFault) {
        while buffer.unread.count < 3, try fill() {}
        if buffer.unread.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.consume(3) }
    }

    /// Skips white space; returns the byte after it, nil at the end.
    mutating func skipSpace() throws(ImportFault) -> UInt8? {
        while true {
            let unread = buffer.unread
            let space = unread.prefix {
                $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D
            }.count
            buffer.consume(space)
            if space < unread.count { return unread[space] }
            if try !fill() { return nil }
        }
    }

    /// The next line and its length with its end, without passing over it.
    mutating func peekLine() throws(ImportFault) -> (UnsafeRawBufferPointer, Int) {
        while true {
            let unread = UnsafeRawBufferPointer(buffer.unread)
            if case .found(let content, let length) = endOfLine(unread) {
                return (UnsafeRawBufferPointer(rebasing: unread[..<content]), length)
            }
            if try !fill() { return (unread, unread.count) }
        }
    }
}
