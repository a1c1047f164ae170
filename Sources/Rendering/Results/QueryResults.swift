package import Audit
import JSON
import LedgerModel

/// The result of a query: columns with their types, rows as objects, and whether a limit truncated
/// it.
extension AuditResult: RenderableObject, Reportable {
    package static let shape = Shape<AuditResult> {
        Member("columns", \.columns)
        Member("rows", \.objects)
        Member("truncated", \.isTruncated)
    }

    private var objects: [NamedValues<QueryCell>] {
        rows.map { row in
            NamedValues(
                zip(columns, row).map {
                    ($0.name, QueryCell(text: $1, type: $0.type, name: $0.name))
                })
        }
    }

    /// NDJSON: one object on each line.
    package var ndjson: String { objects.map { $0.json + "\n" }.joined() }

    package var table: Table {
        var table = Table(columns.map(\.name))
        for row in rows {
            table.add(
                zip(columns, row).map { QueryCell(text: $1, type: $0.type, name: $0.name).cell })
        }
        return table
    }

    package var report: Report {
        Report(
            .table(table),
            verdict: "(\(counted(rows.count, "row"))"
                + (isTruncated ? ", more were cut off: raise --limit)" : ")"))
    }
}

extension AuditColumn: RenderableObject {
    package static let shape = Shape<AuditColumn> {
        Member("name", \.name)
        Member("type", \.type)
    }
}

/// A cell as PostgreSQL writes it (nil for NULL), with its type.
private struct QueryCell: Renderable {
    let text: String?
    let type: String
    /// The name of its column.
    let name: String

    static var schema: JSONSchema { .any }

    var cell: Cell {
        guard let text else { return .unknown }
        switch type {
        case "numeric" where name == "usd" || name.hasSuffix("_usd"):
            return money(text)
        case _ where Self.wholeTypes.contains(type) || Self.otherNumbers.contains(type):
            return Cell(number: text)
        default: return Cell(text)
        }
    }

    /// A column of dollars by its name; digits below a picodollar are never shown rounded.
    private func money(_ text: String) -> Cell {
        let point = text.firstIndex(of: ".") ?? text.endIndex
        let cut =
            text[point...].count > 13
            ? text.prefix(upTo: text.index(point, offsetBy: 13)) : text[...]
        guard let amount = scaledDecimal(cut, scale: 12) else { return Cell(number: text) }
        return Cell(number: text, shown: dollars(PicodollarSum(amount)), exact: text)
    }

    /// Exact numbers with decimals stay text, because many readers would convert them to floating
    /// point.
    func write(to json: inout JSONWriter) {
        guard let text else { return json.value(raw: "null") }
        switch type {
        case "bool", "boolean": json.value(text == "t")
        case "json", "jsonb": json.value(raw: text)
        case _ where Self.wholeTypes.contains(type): json.value(raw: text)
        case "float4", "float8", "real", "double precision": json.value(Double(text))
        default: json.value(text)
        }
    }

    private static let wholeTypes: Set = [
        "int2", "int4", "int8", "smallint", "integer", "bigint",
    ]
    private static let otherNumbers: Set = [
        "numeric", "float4", "float8", "real", "double precision",
    ]
}
