internal import CLibPQ

/// Owns a `PGresult` and frees it exactly once.
package struct QueryResult: ~Copyable {
    private let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    package var rowCount: Int { Int(PQntuples(pointer)) }
    package var columnCount: Int { Int(PQnfields(pointer)) }
    package var parameterCount: Int { Int(PQnparams(pointer)) }

    package func columnType(_ column: Int) -> OID {
        OID(PQftype(pointer, Int32(column)))
    }

    package func parameterType(_ parameter: Int) -> OID {
        OID(PQparamtype(pointer, Int32(parameter)))
    }

    package func columnName(_ column: Int) -> String {
        PQfname(pointer, Int32(column)).map { String(cString: $0) } ?? "?"
    }

    /// The rows that INSERT, UPDATE, DELETE, MERGE, COPY or SELECT touched; 0 for the rest.
    package var affectedRows: Int {
        Int(String(cString: PQcmdTuples(pointer))) ?? 0
    }

    /// `INSERT 0 1`, `COMMIT`, `ROLLBACK`, ….
    package var commandTag: String {
        String(cString: PQcmdStatus(pointer))
    }

    /// A cell without a copy, valid as long as the result; nil for NULL.
    @inline(__always)
    func cell(row: Int32, column: Int32) -> UnsafeRawBufferPointer? {
        let length = PQgetlength(pointer, row, column)
        if length == 0, PQgetisnull(pointer, row, column) != 0 { return nil }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(pointer, row, column), count: Int(length))
    }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// The server's error with the details for its reader.
    func error(in statement: String?) -> PostgresError {
        let state = field("C")
        let code = state.map(SQLState.code(for:)) ?? .other
        var message = field("M") ?? Link.trimmed(PQresultErrorMessage(pointer))
        if message.isEmpty { message = "the server refused without saying why" }
        if let remedy = SQLState.remedy(for: code) { message += "; \(remedy)" }
        var error = PostgresError(
            code, message, sqlState: state, detail: field("D"), constraint: field("n"),
            statement: statement)
        error.position = field("P").flatMap { Int($0) }
        if let hint = field("H") {
            error.detail = [error.detail, hint].compactMap { $0 }.joined(separator: "; ")
        }
        return error
    }

    /// An error field by the letter that the protocol gives it.
    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(pointer, Int32(code.value)).map { String(cString: $0) }
    }
}

extension QueryResult {
    /// Reads one cell as `Value`; the caller has checked the column's type.
    @inline(__always)
    func value<Value: PostgresDecodable>(
        _: Value.Type, row: Int, column: inout Int
    ) throws(PostgresError) -> Value {
        defer { column += 1 }
        do {
            guard let bytes = cell(row: Int32(row), column: Int32(column)) else {
                return try Value.postgresNull()
            }
            return try Value(postgres: bytes, type: columnType(column))
        } catch {
            throw named(error, column: column)
        }
    }

    private func named(_ error: PostgresError, column: Int) -> PostgresError {
        var error = error
        error.message = "column \(column + 1) (\(columnName(column))): \(error.message)"
        return error
    }
}
