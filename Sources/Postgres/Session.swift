internal import CLibPQ

/// The handle that the body of `session` or `transaction` works with.
///
/// It isn't `Sendable` and ends with the body, so everything inside runs in sequence on the
/// connection's own thread, with no `await` between BEGIN and COMMIT.
package final class Session {
    let link: Link
    private var savepoints = 0
    private var isOver = false

    init(link: Link) {
        self.link = link
    }

    func end() {
        isOver = true
    }

    /// Every method gets the link here, so a session kept beyond its body is a bug that stops the
    /// process instead of work on somebody else's connection.
    var active: Link {
        precondition(!isOver, "a session is over when its body has returned")
        return link
    }

    package var backendPID: Int32 { link.canceller.backendPID }
    package var isInTransaction: Bool { link.isInTransaction }

    /// Runs a statement; all its rows are held in memory, so bound it with LIMIT or use `stream`.
    package func run<S: Statement>(_ statement: S) throws(PostgresError) -> [S.Row] {
        let result = try active.run(statement)
        return try result.rows(of: S.self)
    }

    /// The first row, if there is one.
    package func first<S: Statement>(_ statement: S) throws(PostgresError) -> S.Row? {
        let result = try active.run(statement)
        try result.check(S.self)
        return result.rowCount == 0 ? nil : try result.row(0, of: S.self)
    }

    /// The only row; throws if there are more or fewer.
    package func one<S: Statement>(_ statement: S) throws(PostgresError) -> S.Row {
        let result = try active.run(statement)
        try result.check(S.self)
        guard result.rowCount == 1 else {
            throw PostgresError(
                .decoding, "\(result.rowCount) rows where exactly one was expected",
                statement: StatementLabel.type(S.self).text)
        }
        return try result.row(0, of: S.self)
    }

    /// Runs a statement for its effect; returns how many rows it touched.
    @discardableResult
    package func execute<S: Statement>(_ statement: S) throws(PostgresError) -> Int {
        try active.run(statement).affectedRows
    }

    /// Runs one or several statements without parameters; returns how many rows the last one
    /// touched.
    ///
    /// Several form one transaction, unless they say otherwise.
    @discardableResult
    package func execute(_ sql: String) throws(PostgresError) -> Int {
        try active.checkMayStart()
        try active.sendText(sql)
        return try active.collect(in: .sql(sql)).affectedRows
    }

    /// Runs a text derived from a declaration; returns how many rows it touched.
    ///
    /// For a constant text, use a `Statement`.
    @discardableResult
    package func execute(
        derived sql: String, _ parameters: Parameters
    ) throws(PostgresError) -> Int {
        let link = active
        try link.checkMayStart()
        try link.sendUnnamed(sql, parameters)
        return try link.collect(in: .sql(sql)).affectedRows
    }

    /// Runs the body in a savepoint, so it can be undone alone within the transaction.
    ///
    /// Rethrows the body's error after rolling back to the savepoint.
    @discardableResult
    package func savepoint<T>(_ body: () throws -> T) throws -> T {
        precondition(isInTransaction, "a savepoint needs a transaction")
        savepoints += 1
        defer { savepoints -= 1 }
        let name = "tally_\(savepoints)"
        try execute("SAVEPOINT \(name)")
        do {
            let value = try body()
            try execute("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // If this fails too, the transaction is lost anyway, and the first error says why.
            _ = try? execute("ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    /// The server's types for a text's parameters and columns.
    ///
    /// - Parameter parameterTypes: the known ones; the server infers the rest.
    package func describe(
        _ sql: String, parameterTypes: [OID] = []
    ) throws(PostgresError) -> StatementDescription {
        let link = active
        let connection = try link.opened()
        let types = parameterTypes.map(\.rawValue)
        try link.check(PQsendPrepare(connection, "", sql, Int32(types.count), types))
        _ = try link.collect(in: .sql(sql))
        try link.check(PQsendDescribePrepared(connection, ""))
        let result = try link.collect(in: .sql(sql))
        let columns = 0..<result.columnCount
        return StatementDescription(
            parameters: (0..<result.parameterCount).map { result.parameterType($0) },
            columns: columns.map { result.columnType($0) },
            columnNames: columns.map { result.columnName($0) })
    }
}

@available(*, unavailable)
extension Session: Sendable {}

/// The server's description of a statement.
package struct StatementDescription: Sendable, Equatable {
    package let parameters: [OID]
    package let columns: [OID]
    package let columnNames: [String]
}

extension QueryResult {
    /// Refuses columns other than the statement's, naming statement and column.
    func check<S: Statement>(_: S.Type) throws(PostgresError) {
        if let mismatch = S.columns.mismatch(in: self) {
            throw PostgresError(
                .decoding, "\(mismatch); change the statement's columns or its text",
                statement: StatementLabel.type(S.self).text)
        }
    }

    func row<S: Statement>(_ row: Int, of _: S.Type) throws(PostgresError) -> S.Row {
        do {
            return try S.row(try S.columns.decode(self, row: row))
        } catch {
            var error = error
            error.statement = error.statement ?? StatementLabel.type(S.self).text
            throw error
        }
    }

    func rows<S: Statement>(of _: S.Type) throws(PostgresError) -> [S.Row] {
        try check(S.self)
        var rows: [S.Row] = []
        rows.reserveCapacity(rowCount)
        for index in 0..<rowCount {
            rows.append(try row(index, of: S.self))
        }
        return rows
    }
}
