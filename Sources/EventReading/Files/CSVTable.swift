/// A whole CSV with a header, for tables of a few thousand rows; events are streamed instead.
package struct CSVTable: Sendable {
    package struct Row: Sendable {
        /// The line on which the row starts, from one.
        package let line: Int
        package let cells: [String]
    }

    package let columns: [String]
    package let rows: [Row]

    /// Reads RFC 4180 in UTF-8, with any separator that `CSVRow` knows; blank lines are left out.
    ///
    /// - Parameter path: what an error calls the file.
    package init(_ bytes: [UInt8], path: String) throws(ImportFault) {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let read = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(ImportFault) in try Self.rows(of: buffer, path: path) }
        }
        var rows = try read.get()
        guard let header = rows.first else {
            throw .malformed(path: path, line: 1, reason: "the file is empty")
        }
        rows.removeFirst()
        for row in rows where row.cells.count != header.cells.count {
            throw .malformed(
                path: path, line: row.line,
                reason: "the row has \(row.cells.count) columns, the header "
                    + "\(header.cells.count)")
        }
        columns = header.cells
        self.rows = rows
    }

    private static func rows(
        of bytes: UnsafeMutableRawBufferPointer, path: String
    ) throws(ImportFault) -> [Row] {
        var rows: [Row] = []
        var cells: [Text] = []
        let (reader, header) = opening(UnsafeRawBufferPointer(bytes))
        var start = header
        var line = 1 + bytes[..<header].count { $0 == 10 }
        while start < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            let content: Int
            let length: Int
            switch reader.end(UnsafeRawBufferPointer(rest)) {
            case .found(let found, let whole): (content, length) = (found, whole)
            case .open(let isQuoted):
                if isQuoted {
                    throw .malformed(
                        path: path, line: line, reason: "a quotation mark is not closed")
                }
                (content, length) = (rest.count, rest.count)
            }
            let row = UnsafeMutableRawBufferPointer(rebasing: rest[..<content])
            let breaks = UnsafeRawBufferPointer(rebasing: rest[..<length]).count { $0 == 10 }
            if !UnsafeRawBufferPointer(row).isBlank {
                if let column = reader.split(row, into: &cells) {
                    throw .malformed(
                        path: path, line: line,
                        reason: "column \(column) has text after its closing quotation mark")
                }
                rows.append(
                    Row(line: line, cells: cells.map { String(decoding: $0, as: UTF8.self) }))
            }
            line += breaks
            start += length
        }
        return rows
    }

    /// How the rows are separated, and where the header begins.
    private static func opening(_ bytes: UnsafeRawBufferPointer) -> (CSVRow, start: Int) {
        var start = 0
        while start < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            var (content, length) = (rest.count, rest.count)
            if case .found(let found, let whole) = endOfLine(rest) {
                (content, length) = (found, whole)
            }
            let line = UnsafeRawBufferPointer(rebasing: rest[..<content])
            if let declared = CSVRow(declaration: line) { return (declared, start + length) }
            if !line.isBlank { return (CSVRow(header: line), start) }
            start += length
        }
        return (CSVRow(), 0)
    }
}

extension FileSource {
    /// Reads a whole file, expanded if it is compressed; `-` is standard input.
    static func whole(_ path: String, bytesMax: Int) throws(ImportFault) -> [UInt8] {
        var source = try FileSource(path: path, pieceBytes: 256 << 10)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { piece.deallocate() }
        var bytes: [UInt8] = []
        while true {
            let count = try source.read(into: piece)
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
            guard bytes.count <= bytesMax else {
                throw .malformed(
                    path: path, line: 1, reason: "the file is larger than \(bytesMax >> 20) MiB")
            }
        }
    }
}

/// Reads whole files for other modules.
package enum WholeFile {
    package static func read(_ path: String, bytesMax: Int) throws(ImportFault) -> [UInt8] {
        try FileSource.whole(path, bytesMax: bytesMax)
    }
}
