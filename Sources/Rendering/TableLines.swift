/// A table whose cells are text already.
struct TableLines {
    private let style: TextStyle
    private let names: [String]
    private let head: [String]
    private let rows: [[String]]
    private let total: [String]?
    private let tones: [[Tone?]]
    private let isNumeric: [Bool]
    private var widths: [Int]
    /// The columns that are shown, by their number in the others.
    private var columns: [Int]

    private static let gap = "  "
    /// The width below which texts are not wrapped.
    private static let wrappedMin = 24

    /// - Parameter shown: the columns of the table to show.
    init(_ table: Table, _ shown: [Int], _ style: TextStyle) {
        let rows = table.rowsShown.map { row in shown.map { row[$0].text(style) } }
        let total = table.total.map { row in shown.map { row[$0].text(style) } }
        names = shown.map { table.headings[$0] }
        let head = names.map { visible(table.layout.names[$0] ?? $0) }
        self.style = style
        self.head = head
        self.rows = rows
        self.total = total
        tones = (table.rowsShown + (table.total.map { [$0] } ?? [])).map { row in
            shown.map { row[$0].tone }
        }
        isNumeric = shown.map { table.isNumeric($0) }
        let all = [head] + rows + (total.map { [$0] } ?? [])
        widths = shown.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        columns = Array(shown.indices)
    }

    /// The characters in a line.
    var width: Int {
        columns.reduce(0) { $0 + widths[$1] } + Self.gap.count * max(0, columns.count - 1)
    }

    /// Leaves out a column; returns whether it was there.
    mutating func drop(_ name: String) -> Bool {
        guard let index = columns.firstIndex(where: { names[$0] == name }), columns.count > 1
        else { return false }
        columns.remove(at: index)
        return true
    }

    /// Narrows the columns with the longest texts until a line fits, if it can.
    mutating func wrap(to limit: Int) {
        var narrowed = widths
        var excess = width - limit
        while excess > 0 {
            let widest = columns.filter { !isNumeric[$0] }.max { narrowed[$0] < narrowed[$1] }
            guard let widest, narrowed[widest] > Self.wrappedMin else { return }
            narrowed[widest] -= 1
            excess -= 1
        }
        widths = narrowed
    }

    var unfolded: String {
        line(head) { style.strong($1) } + rule
            + rows.indices.map { row in line(rows[row]) { toned($1, row, $0) } }.joined()
    }

    var unfoldedTotal: String {
        guard let total else { return "" }
        return (rows.count > 1 ? rule : "") + line(total) { toned($1, rows.count, $0) }
    }

    private var rule: String {
        let dashes = widths.map { String(repeating: "-", count: $0) }
        return line(dashes) { $1 }
    }

    private func toned(_ text: String, _ row: Int, _ column: Int) -> String {
        let isUnknown = text.drop { $0 == " " } == Cell.unknown.shown
        return isUnknown ? style.weak(text) : style.toned(text, tones[row][column])
    }

    /// A row as one line, or as several if a text is wrapped.
    private func line(_ cells: [String], _ paint: (Int, String) -> String) -> String {
        let parts = cells.indices.map { wrapped(cells[$0], to: widths[$0]) }
        let height = columns.map { parts[$0].count }.max() ?? 1
        return (0..<max(1, height)).map { number in
            oneLine(parts.map { number < $0.count ? $0[number] : "" }, paint)
        }.joined()
    }

    private func oneLine(_ cells: [String], _ paint: (Int, String) -> String) -> String {
        guard let last = columns.last(where: { !cells[$0].isEmpty }) else { return "\n" }
        return columns.prefix { $0 <= last }.map { column in
            let cell = cells[column]
            let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
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

/// A text in lines of at most some characters, broken between words where it can be.
///
/// - Parameter breaksWords: whether longer words are broken too; others keep a line of their own.
func wrapped(_ text: String, to width: Int, breaksWords: Bool = true) -> [String] {
    guard text.count > width, width > 0 else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        if !line.isEmpty, line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
        while breaksWords, line.count > width {
            lines.append(String(line.prefix(width)))
            line = String(line.dropFirst(width))
        }
    }
    return lines + [line]
}
