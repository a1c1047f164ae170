/// One query, one type: text, parameters and row shape together.
///
///     struct AdvanceHead: Statement {
///         static let sql = "UPDATE heads SET … WHERE ledger = $1 RETURNING position, hash"
///         static let columns = Columns(Int64.self, [UInt8]?.self)
///         let ledger: Int64
///         var parameters: Parameters { Parameters(ledger) }
///     }
///
/// A row is the tuple of the columns, unless the statement converts it:
///
///         static func row(_ cells: (Int64, [UInt8]?)) -> Head { Head(cells.0, cells.1) }
package protocol Statement: Sendable {
    associatedtype Shape: RowShape
    associatedtype Row = Shape.Cells

    /// Constant text: one statement, parameters as `$1`, `$2`, ….
    static var sql: String { get }
    static var columns: Shape { get }
    var parameters: Parameters { get }
    static func row(_ cells: Shape.Cells) throws(PostgresError) -> Row
}

extension Statement where Row == Shape.Cells {
    package static func row(_ cells: Shape.Cells) throws(PostgresError) -> Row { cells }
}

extension Statement {
    package var parameters: Parameters { Parameters() }
}

/// The columns of a statement; `Columns` is the only conformer.
package protocol RowShape: Sendable {
    associatedtype Cells
    /// The PostgreSQL types that the columns must have.
    var types: [OID] { get }
    /// Describes how the result's columns differ from these; nil if they don't.
    func mismatch(in result: borrowing QueryResult) -> String?
    func decode(
        _ result: borrowing QueryResult, row: Int
    ) throws(PostgresError) -> Cells
}

/// The types of a statement's columns, in order; `Columns()` for a statement without rows.
package struct Columns<each Column: PostgresDecodable>: RowShape {
    package typealias Cells = (repeat each Column)

    package init(_ types: repeat (each Column).Type) {}

    package var types: [OID] {
        var types: [OID] = []
        for column in repeat (each Column).self {
            types.append(column.postgresType)
        }
        return types
    }

    package func mismatch(in result: borrowing QueryResult) -> String? {
        let found = result.columnCount
        var index = 0
        for column in repeat (each Column).self {
            guard index < found else { break }
            let type = result.columnType(index)
            if !column.accepts(type) {
                return "column \(index + 1) (\(result.columnName(index))) is \(type), "
                    + "but \(column) reads \(column.postgresType)"
            }
            index += 1
        }
        // A function that returns void is called for its effect but still makes a column.
        while index < found, index == 0 || result.columnType(index) == .void {
            guard result.columnType(index) == .void else { break }
            index += 1
        }
        let wanted = types.count
        return index == found && wanted <= found
            ? nil : "it gives \(found) columns where \(wanted) were expected"
    }

    package func decode(
        _ result: borrowing QueryResult, row: Int
    ) throws(PostgresError) -> Cells {
        var column = 0
        return (repeat try result.value((each Column).self, row: row, column: &column))
    }
}
