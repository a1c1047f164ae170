/// A result that is shown to people as text or as a page, and to programs as JSON.
package protocol Reportable: Renderable {
    var report: Report { get }
}

/// A row of a list that JSON holds under a name.
package protocol ListedObject: RenderableObject {
    /// The name of the list, such as `keys`.
    static var listName: String { get }
}

package struct Listing<Row: ListedObject>: RenderableObject, Reportable {
    let rows: [Row]

    package init(_ rows: [Row]) {
        self.rows = rows
    }

    package static var shape: Shape<Self> { Shape { Member(Row.listName, \.rows) } }
    package var report: Report { Report(parts: Row.parts(of: rows)) }
}

extension Array: Reportable where Element: RenderableObject {
    package var report: Report { Report(parts: Element.parts(of: self)) }
}

/// A result for people, with the same parts on a terminal and on a page.
package struct Report: Sendable {
    package var heading = ""
    /// The kind of report, shown above the heading of a page.
    package var kicker = ""
    /// What it covers: a time, a part of the ledger.
    package var subject = ""
    package var cards: [Card] = []
    package var parts: [Part] = []
    /// The conclusion: first on a page, last on a terminal.
    package var verdict = ""
    package var tone: Tone?
    package var footer = ""

    package struct Card: Sendable {
        let label: String
        let value: String
        let note: String
        let tone: Tone?

        package init(_ label: String, _ value: String, _ note: String = "", _ tone: Tone? = nil) {
            self.label = label
            self.value = value
            self.note = note
            self.tone = tone
        }
    }

    package enum Part: Sendable {
        case table(Table)
        /// Paragraphs under a title.
        case notes(title: String, [String])
        /// Labels and values, one on each line.
        case facts([(label: String, value: Cell)])
        case text(String)
    }

    package init() {}

    package init(_ parts: Part..., verdict: String = "") {
        self.init(parts: parts, verdict: verdict)
    }

    package init(parts: [Part], verdict: String = "") {
        self.parts = parts
        self.verdict = verdict
    }
}

// MARK: - Text and CSV

extension Report {
    /// The first table; nil if there is none.
    package var table: Table? {
        for case .table(let table) in parts { return table }
        return nil
    }

    /// The text for people, ending with a line feed.
    package func text(_ style: TextStyle = TextStyle()) -> String {
        let blocks = parts.compactMap { $0.text(style) }
        // A sentence about a table comes directly below it, separated from notes.
        var hasNotes = false
        if case .notes? = parts.last(where: { $0.text(style) != nil }) { hasNotes = true }
        let end =
            verdict.isEmpty
            ? "" : (hasNotes ? "\n" : "") + style.toned(style.prose(verdict), tone) + "\n"
        return blocks.joined(separator: "\n") + end
    }
}

extension Report.Part {
    /// Nil if there is nothing to say.
    fileprivate func text(_ style: TextStyle) -> String? {
        switch self {
        case .table(let table): return table.text(style)
        case .notes(_, let lines) where lines.isEmpty: return nil
        case .notes(let title, let lines):
            let shown = lines.map { style.prose(visible($0), indented: "  ") }
            return ([style.strong(title + ":")] + shown).joined(separator: "\n") + "\n"
        case .facts(let facts):
            let width = facts.map(\.label.count).max() ?? 0
            return facts.map { label, value in
                label + String(repeating: " ", count: width - label.count + 2)
                    + value.text(style) + "\n"
            }.joined()
        case .text(let text): return text.isEmpty ? nil : visibleLines(text) + "\n"
        }
    }
}

// MARK: - Numbers in sentences

/// A whole number with thousands separators: `1,234,567`.
package func grouped(_ number: some BinaryInteger) -> String {
    grouped(numeral: String(number))
}

/// A decimal with thousands separators in its whole part.
package func grouped(numeral: String) -> String {
    let sign = numeral.hasPrefix("-") ? "-" : ""
    let digits = numeral.dropFirst(sign.count).prefix { $0 != "." }
    var text = sign
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text + numeral.drop { $0 != "." }
}

/// `1 request`, `2,000 requests`.
package func counted(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}
