/// How a report is written for the place where people read it.
package struct TextStyle: Sendable {
    /// Whether money has all of its digits; otherwise it is rounded for reading.
    package var isExact = false
    package var hasColors = false
    package var folding = Folding.never

    /// When the columns of a row are written below each other.
    package enum Folding: Sendable, Equatable {
        case never, always
        /// If a line would have more characters.
        case above(columns: Int)
    }

    package init() {}

    /// The width of lines where nobody says how many characters fit.
    package static let usualWidth = 100

    /// The characters that a line of a table may have before columns are left out.
    var widthMax: Int {
        if case .above(let columns) = folding { columns } else { Self.usualWidth }
    }

    /// Sentences, on a terminal broken between words.
    func prose(_ text: String, indented indentation: String = "") -> String {
        let lines = visibleLines(text).split(separator: "\n", omittingEmptySubsequences: false)
        guard case .above(let columns) = folding else {
            return lines.map { indentation + $0 }.joined(separator: "\n")
        }
        let width = columns - indentation.count
        return lines.flatMap { wrapped(String($0), to: width, breaksWords: false) }
            .map { indentation + $0 }.joined(separator: "\n")
    }

    func good(_ text: String) -> String { painted("32", text) }
    func bad(_ text: String) -> String { painted("31", text) }
    func strong(_ text: String) -> String { painted("1", text) }
    func weak(_ text: String) -> String { painted("2", text) }

    func toned(_ text: String, _ tone: Tone?) -> String {
        switch tone {
        case .good: good(text)
        case .bad: bad(text)
        case nil: text
        }
    }

    private func painted(_ code: String, _ text: String) -> String {
        hasColors && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
