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
