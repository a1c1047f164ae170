internal import CLibPQ

extension Session {
    /// Runs one arbitrary statement and returns its rows as text, as psql would show them.
    ///
    /// Drops rows beyond `rowsMax` or `bytesMax` and sets `isTruncated`. To read on from there,
    /// declare a cursor and FETCH pieces. Outside a transaction the query stops at the limit;
    /// inside one, where stopping would end the transaction, it runs to its end.
    package func query(
        _ sql: String, rowsMax: Int = 10_000, bytesMax: Int = 64 << 20
    ) throws(PostgresError) -> TextResult {
        let link = active
        try link.checkMayStart()
        try link.sendUnnamed(sql, Parameters(), binary: false)
        let mayStop = !link.startedInTransaction
        try link.check(PQsetSingleRowMode(try link.opened()))
        try link.flush()
        var gathering = TextResult()
        var bytesLeft = bytesMax
        var failure: PostgresError?
        while let result = try link.nextResult() {
            switch result.status {
            case PGRES_SINGLE_TUPLE where !gathering.isTruncated:
                gathering.takeColumns(of: result)
                bytesLeft -= gathering.takeRow(of: result, unlessBeyond: rowsMax, bytesLeft)
                if gathering.isTruncated, mayStop {
                    try link.stop()
                    return gathering
                }
            case PGRES_SINGLE_TUPLE:
                break
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
                failure = failure ?? link.refusal(result, in: .sql(sql))
            case PGRES_COPY_IN:
                failure = Self.copyRefused
                try link.endCopy("not expected here")
            case PGRES_COPY_OUT:
                failure = Self.copyRefused
                try link.stopCopy()
            default:
                gathering.takeColumns(of: result)
                gathering.commandTag = result.commandTag
                gathering.affectedRows = result.affectedRows
            }
        }
        if let failure { throw link.isOpen ? failure : link.gone(failure) }
        return gathering
    }

    private static var copyRefused: PostgresError {
        PostgresError(.invalidParameter, "COPY gives no rows as text; use SELECT")
    }
}

/// The result of an arbitrary statement, as text.
package struct TextResult: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package let name: String
        package let type: OID
    }

    package fileprivate(set) var columns: [Column] = []
    /// nil is NULL.
    package fileprivate(set) var rows: [[String?]] = []
    package fileprivate(set) var isTruncated = false
    package fileprivate(set) var commandTag = ""
    package fileprivate(set) var affectedRows = 0

    fileprivate mutating func takeColumns(of result: borrowing QueryResult) {
        guard columns.isEmpty else { return }
        columns = (0..<result.columnCount).map { index in
            Column(name: result.columnName(index), type: result.columnType(index))
        }
    }

    /// Takes the result's only row if limits allow; returns its size.
    fileprivate mutating func takeRow(
        of result: borrowing QueryResult, unlessBeyond rowsMax: Int, _ bytesLeft: Int
    ) -> Int {
        var size = 0
        let row = (0..<result.columnCount).map { column in
            result.cell(row: 0, column: Int32(column)).map { bytes in
                size += bytes.count
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        if rows.count < rowsMax, size <= bytesLeft {
            rows.append(row)
        } else {
            isTruncated = true
        }
        return size
    }
}
