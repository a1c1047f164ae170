package import JSON
package import LedgerModel

/// Whether something is as it should be.
package enum Tone: String, Sendable {
    case good, bad
}

/// The content of one cell of a table.
package struct Cell: Sendable {
    /// The value in CSV; nil if it is unknown.
    let plain: String?
    /// The value as people read it.
    package let shown: String
    /// The same with all digits, if `shown` is rounded.
    private let exact: String?
    let isNumber: Bool
    package var tone: Tone?
    /// Lengths from 0 to 1, which a page draws one above the other.
    var bars: [Double] = []

    package init(_ text: String) {
        plain = text
        shown = text
        exact = nil
        isNumber = false
    }

    /// - Parameters:
    ///   - shown: the number as people read it, with thousands separators, or rounded.
    ///   - exact: the same with all digits, if it is rounded.
    package init(number: String, shown: String? = nil, exact: String? = nil) {
        plain = number
        self.shown = shown ?? number
        self.exact = exact
        isNumber = true
    }

    /// - Parameter isSigned: whether people see a plus.
    package init(money: PicodollarSum, isSigned: Bool = false) {
        self.init(
            number: money.description, shown: dollars(money, isSigned: isSigned),
            exact: isSigned && money > .zero ? "+\(money)" : money.description)
    }

    package init(bars: [Double]) {
        plain = nil
        shown = ""
        exact = nil
        isNumber = false
        self.bars = bars
    }

    private init() {
        plain = nil
        shown = "–"
        exact = nil
        isNumber = false
    }

    /// An unknown value, which is not zero.
    package static let unknown = Cell()
    package static let empty = Cell("")

    func text(_ style: TextStyle) -> String {
        visible(style.isExact ? exact ?? shown : shown)
    }

    /// Whether the cell is a number, or empty, which says nothing about its column.
    fileprivate var fitsNumbers: Bool { isNumber || plain == nil || plain == "" }
}

extension Cell: Renderable {
    package static var schema: JSONSchema { .any }
    package var cell: Cell { self }
    package func write(to json: inout JSONWriter) { json.value(plain) }
}

/// Rows under headings, for terminals, CSV and pages.
package struct Table: Sendable {
    package let headings: [String]
    package private(set) var rows: [[Cell]] = []
    /// The last row, with the totals.
    package var total: [Cell]?
    /// The most rows that are shown to people; CSV has all.
    private let rowsShownMax: Int

    package init(_ headings: [String], rowsShownMax: Int = .max) {
        self.headings = headings
        self.rowsShownMax = rowsShownMax
    }

    /// Makes a table of a shape's columns; columns whose names depend on the rows come at the place
    /// of their member.
    package init<Row: RenderableObject>(
        _ rows: [Row], total: Row? = nil, rowsShownMax: Int = .max
    ) {
        let shape = Row.shape
        let all = total.map { rows + [$0] } ?? rows
        var headings: [String] = []
        for member in shape.members {
            let seen =
                member.headings.isEmpty
                ? all.flatMap { member.cells($0).map(\.heading) } : member.headings
            for heading in seen where !headings.contains(heading) { headings.append(heading) }
        }
        self.init(headings, rowsShownMax: rowsShownMax)
        func cells(_ row: Row) -> [Cell] {
            let named = shape.members.flatMap { $0.cells(row) }
            let byHeading = Dictionary(
                named.map { ($0.heading, $0.cell) }, uniquingKeysWith: { first, _ in first })
            return headings.map { byHeading[$0] ?? .unknown }
        }
        self.rows = rows.map(cells)
        self.total = total.map(cells)
    }

    package mutating func add(_ cells: [Cell]) {
        precondition(cells.count == headings.count)
        rows.append(cells)
    }

    /// The table without those of the given columns that are empty in every row.
    package func droppingEmpty(_ names: Set<String>) -> Table {
        let kept = headings.indices.filter { column in
            !names.contains(headings[column])
                || rows.contains { $0[column].plain?.isEmpty == false }
        }
        var table = Table(kept.map { headings[$0] }, rowsShownMax: rowsShownMax)
        table.rows = rows.map { row in kept.map { row[$0] } }
        table.total = total.map { row in kept.map { row[$0] } }
        return table
    }

    /// The table with other headings for the given ones.
    package func renaming(_ names: [String: String]) -> Table {
        var table = Table(headings.map { names[$0] ?? $0 }, rowsShownMax: rowsShownMax)
        (table.rows, table.total) = (rows, total)
        return table
    }

    package mutating func replace(_ row: Int, _ column: Int, by cell: Cell) {
        rows[row][column] = cell
    }

    var rowsShown: [[Cell]] { Array(rows.prefix(rowsShownMax)) }

    /// A sentence with the number of rows that are not shown; nil if all are.
    var remark: String? {
        let hidden = rows.count - rowsShown.count
        return hidden > 0 ? "and \(grouped(hidden)) more rows" : nil
    }

    /// Whether a column is numeric, and so aligned to the right.
    func isNumeric(_ column: Int) -> Bool {
        let cells = (rowsShown + (total.map { [$0] } ?? [])).map { $0[column] }
        return cells.contains { $0.isNumber } && cells.allSatisfy(\.fitsNumbers)
    }
}

// MARK: - Text

extension Table {
    /// The text with aligned columns, numbers to the right; long cells are not cut.
    ///
    /// Folded, each row is a block with a line for each column.
    package func text(_ style: TextStyle = TextStyle()) -> String {
        let lines = TableLines(self, style)
        let folds =
            switch style.folding {
            case .never: false
            case .always: true
            case .above(let columns): lines.width > columns
            }
        var text = folds ? lines.folded : lines.unfolded
        if let remark { text += remark + "\n" }
        return text + (folds ? lines.foldedTotal : lines.unfoldedTotal)
    }
}

/// A table whose cells are text already.
private struct TableLines {
    private let style: TextStyle
    private let head: [String]
    private let rows: [[String]]
    private let total: [String]?
    private let tones: [[Tone?]]
    private let isNumeric: [Bool]
    private let widths: [Int]

    private static let gap = "  "

    init(_ table: Table, _ style: TextStyle) {
        let columns = table.headings.indices.filter { column in
            !table.rows.contains { !$0[column].bars.isEmpty }
        }
        let rows = table.rowsShown.map { row in columns.map { row[$0].text(style) } }
        let total = table.total.map { row in columns.map { row[$0].text(style) } }
        let head = columns.map { visible(table.headings[$0]) }
        self.style = style
        self.head = head
        self.rows = rows
        self.total = total
        tones = (table.rowsShown + (table.total.map { [$0] } ?? [])).map { row in
            columns.map { row[$0].tone }
        }
        isNumeric = columns.map { table.isNumeric($0) }
        let all = [head] + rows + (total.map { [$0] } ?? [])
        widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    }

    /// The characters in a line.
    var width: Int { widths.reduce(0, +) + Self.gap.count * max(0, widths.count - 1) }

    var unfolded: String {
        line(head) { style.strong($1) } + rule
            + rows.indices.map { row in line(rows[row]) { toned($1, row, $0) } }.joined()
    }

    var unfoldedTotal: String {
        guard let total else { return "" }
        return (rows.count > 1 ? rule : "") + line(total) { toned($1, rows.count, $0) }
    }

    private var rule: String { line(widths.map { String(repeating: "-", count: $0) }) { $1 } }

    private func toned(_ text: String, _ row: Int, _ column: Int) -> String {
        let isUnknown = text.drop { $0 == " " } == Cell.unknown.shown
        return isUnknown ? style.weak(text) : style.toned(text, tones[row][column])
    }

    private func line(_ cells: [String], _ paint: (Int, String) -> String) -> String {
        let last = cells.indices.last { !cells[$0].isEmpty } ?? 0
        return cells.indices.prefix(last + 1).map { column in
            let cell = cells[column]
            let space = String(repeating: " ", count: widths[column] - cell.count)
            if isNumeric[column] { return space + paint(column, cell) }
            return paint(column, cell) + (column == last ? "" : space)
        }.joined(separator: Self.gap) + "\n"
    }

    var folded: String {
        rows.indices.map { block("\($0 + 1)", rows[$0], $0) }.joined()
    }

    var foldedTotal: String { total.map { block("total", $0, rows.count) } ?? "" }

    private func block(_ title: String, _ cells: [String], _ row: Int) -> String {
        let width = head.map(\.count).max() ?? 0
        return style.weak("-- \(title) " + String(repeating: "-", count: max(2, width))) + "\n"
            + cells.indices.map { column in
                style.strong(head[column])
                    + String(repeating: " ", count: width - head[column].count) + Self.gap
                    + toned(cells[column], row, column) + "\n"
            }.joined()
    }
}

/// A text in which characters that would disturb a terminal are made visible.
package func visible(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        let isControl =
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0: true
            // They reorder what is around them.
            case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
            default: false
            }
        shown.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(shown)
}

/// The same for a text with several lines.
package func visibleLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
        .joined(separator: "\n")
}

// MARK: - CSV

extension Table {
    /// CSV by RFC 4180; an unknown value is an empty field.
    ///
    /// - Parameter end: the end of lines; a line feed alone for tools of a shell.
    package func csv(endingLinesWith end: String = "\r\n") -> String {
        let lines =
            [headings] + (rows + (total.map { [$0] } ?? [])).map { $0.map { $0.plain ?? "" } }
        return lines.map { $0.map(Self.quoted).joined(separator: ",") + end }.joined()
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            return cell
        }
        let doubled = cell.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"\(doubled.joined(separator: "\"\""))\""
    }
}
