extension ImportFormat {
    /// What a file holds, told by its content: by the names in its first row.
    ///
    /// JSON that nothing tells apart is taken for native events, or for objects of the caller if
    /// columns are mapped; any other text is a CSV. Standard input can be read only once, so it is
    /// taken for native events.
    package static func recognized(
        atPath path: String, mapping: ImportMapping
    ) throws(ImportFault) -> ImportFormat {
        if path == "-" { return .native }
        let source = try FileSource(path: path, pieceBytes: ImportLimits().pieceBytes)
        var records = RecordFile(source, recordBytesMax: RecordBuffer.recordBytesMax) { _ in }
        if refusal(ofContent: try records.peek()) != nil { return .native }
        try records.skipByteOrderMark()
        let first = try records.skipSpace()
        guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else {
            if first == nil { return .native }
            let (line, _) = try records.peekLine()
            let row = RowOutline(header: CSVRow(header: line).names(in: line))
            return known(row, mapping) ?? .csv
        }
        let row = RowOutline(json: try records.peek())
        return known(row, mapping) ?? (mapping.columns.isEmpty ? .native : .ndjson)
    }

    /// The format of a product's own names, unless the caller says what they mean.
    private static func known(_ row: RowOutline, _ mapping: ImportMapping) -> ImportFormat? {
        guard mapping.columns.isEmpty else { return nil }
        return KnownExport.all.first { $0.recognizes(row) }?.format
    }
}
