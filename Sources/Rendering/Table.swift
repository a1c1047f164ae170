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

    /// A text that is shortened for reading.
    package init(_ shown: String, exact: String) {
        plain = exact
        self.shown = shown
        self.exact = exact
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

    /// Whether the cell is unknown, empty or zero.
    fileprivate var saysNothing: Bool {
        guard let plain else { return bars.isEmpty }
        return plain.isEmpty || (isNumber && !plain.contains { ("1"..."9").contains($0) })
    }
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
    /// How people see it on a terminal; CSV and pages have every column under its own name.
    package var layout = Layout()
    /// The most rows that are shown to people; CSV has all.
    private let rowsShownMax: Int

    package struct Layout: Sendable {
        /// Shorter headings of columns.
        package var names: [String: String]
        /// Columns that are left out while lines are too wide, the first one first; and always if
        /// they are unknown, empty or zero in every row.
        package var expendable: [String]
        /// What to say if there are no rows, and what to do about it; nil for the headings.
        package var nothing: String?

        package init(
            names: [String: String] = [:], expendable: [String] = [], nothing: String? = nil
        ) {
            self.names = names
            self.expendable = expendable
            self.nothing = nothing
        }
    }

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
        layout = Row.layout
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
        table.layout = layout
        return table
    }

    /// The table with other headings for the given ones.
    package func renaming(_ names: [String: String]) -> Table {
        var table = Table(headings.map { names[$0] ?? $0 }, rowsShownMax: rowsShownMax)
        (table.rows, table.total, table.layout) = (rows, total, layout)
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
    /// The text with aligned columns, numbers to the right.
    ///
    /// Lines that are too wide lose expendable columns. On a terminal long texts are then wrapped;
    /// and if that is not enough, the table is folded: each row is a block with a line for each
    /// column. Elsewhere long cells stay on their line.
    package func text(_ style: TextStyle = TextStyle()) -> String {
        if rows.isEmpty, total == nil, let nothing = layout.nothing {
            return visibleLines(nothing) + "\n"
        }
        var lines = TableLines(self, telling, style)
        var dropped: [String] = []
        let foldsAlways = style.folding == .always
        for name in layout.expendable where !foldsAlways && lines.width > style.widthMax {
            guard lines.drop(name) else { continue }
            dropped.append(layout.names[name] ?? name)
        }
        if case .above(let columns) = style.folding { lines.wrap(to: columns) }
        let folds = foldsAlways || (style.folding != .never && lines.width > style.widthMax)
        if folds { lines = TableLines(self, telling, style) }
        var text = folds ? lines.folded : lines.unfolded
        if let remark { text += remark + "\n" }
        text += folds ? lines.foldedTotal : lines.unfoldedTotal
        if !folds, !dropped.isEmpty {
            text += style.weak(
                "left out for their width: \(dropped.joined(separator: ", ")) (--json has all)")
            text += "\n"
        }
        return text
    }

    /// The columns for a terminal: without bars, and without expendable ones that say nothing.
    private var telling: [Int] {
        let all = rows + (total.map { [$0] } ?? [])
        return headings.indices.filter { column in
            !rows.contains { !$0[column].bars.isEmpty }
                && !(layout.expendable.contains(headings[column])
                    && all.allSatisfy { $0[column].saysNothing })
        }
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
