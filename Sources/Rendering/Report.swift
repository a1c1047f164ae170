/// A result that people get as a text or as a page, and programs as JSON.
package protocol Reportable: Renderable {
    var report: Report { get }
}

/// Rows of one kind, which JSON has under their name.
package protocol ListedObject: RenderableObject {
    /// Such as `keys`.
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

/// A result for people: the same parts for a terminal and for a page.
package struct Report: Sendable {
    package var heading = ""
    /// What kind of report it is, above the heading of a page.
    package var kicker = ""
    /// Of what: a time, a part of the ledger.
    package var subject = ""
    package var cards: [Card] = []
    package var parts: [Part] = []
    /// What it all says; on a page it stands first, on a terminal last.
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
        /// Labels and values, one a line.
        case facts([(label: String, value: String)])
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
    /// The first table; nil where there is none.
    package var table: Table? {
        for case .table(let table) in parts { return table }
        return nil
    }

    /// As a terminal shows it, with a line feed at its end.
    package var text: String {
        let blocks = parts.compactMap(\.text)
        // A sentence about a table stands right below it, and apart from notes.
        var hasNotes = false
        if case .notes? = parts.last(where: { $0.text != nil }) { hasNotes = true }
        let end = verdict.isEmpty ? "" : (hasNotes ? "\n" : "") + visibleLines(verdict) + "\n"
        return blocks.joined(separator: "\n") + end
    }
}

extension Report.Part {
    /// Nil where there is nothing to say.
    fileprivate var text: String? {
        switch self {
        case .table(let table): return table.text
        case .notes(_, let lines) where lines.isEmpty: return nil
        case .notes(let title, let lines):
            return ([title + ":"] + lines.map { "  " + visible($0) }).joined(separator: "\n") + "\n"
        case .facts(let facts):
            let width = facts.map(\.label.count).max() ?? 0
            return facts.map { label, value in
                label + String(repeating: " ", count: width - label.count + 2) + value + "\n"
            }.joined()
        case .text(let text): return text.isEmpty ? nil : visibleLines(text) + "\n"
        }
    }
}

// MARK: - Numbers in sentences

/// A whole number with its thousands apart: `1,234,567`.
package func grouped(_ number: some BinaryInteger) -> String {
    grouped(numeral: String(number))
}

/// The same of the whole part of a decimal.
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
