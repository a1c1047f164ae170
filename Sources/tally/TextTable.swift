import JSON

/// Rows under headings, as aligned text or JSON.
struct TextTable {
    private let headings: [String]
    private var rows: [[String?]] = []

    init(_ headings: [String]) {
        self.headings = headings
    }

    mutating func add(_ row: [String?]) {
        precondition(row.count == headings.count)
        rows.append(row)
    }

    /// Columns aligned, numbers to the right; what is longer than its neighbours is not cut.
    var text: String {
        let cells = rows.map { $0.map { $0 ?? "" } }
        let widths = headings.indices.map { column in
            cells.map { $0[column].count }.max().map { max($0, headings[column].count) }
                ?? headings[column].count
        }
        let isNumeric = headings.indices.map { column in
            !cells.isEmpty && cells.allSatisfy { $0[column].isEmpty || isNumber($0[column]) }
        }
        func line(_ row: [String]) -> String {
            let padded = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return isNumeric[column] ? space + row[column] : row[column] + space
            }
            let text = padded.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return line(headings) + line(rule) + cells.map(line).joined()
    }

    /// An array of objects; every value is a text or null.
    var json: String {
        var writer = JSONWriter()
        writer.array(of: rows) { writer, row in
            writer.object { writer in
                for (heading, value) in zip(headings, row) { writer.field(heading, value) }
            }
        }
        return writer.text + "\n"
    }

    private func isNumber(_ cell: String) -> Bool {
        cell.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 || $0 == 45 || $0 == 44 }
    }
}
