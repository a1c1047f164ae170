package import Tokenizing

/// Cuts a text to a number of tokens without cutting a grapheme cluster: a character with its
/// accents and joiners is kept or dropped as a whole.
package enum TextCut {
    /// The mark that tells the model that something is missing.
    package static let mark = " […]"

    /// A beginning that, with the mark after it, takes at most `limit` tokens, about the longest
    /// (found by bisection); nil if not even one character fits.
    package static func cut(
        _ text: String, to limit: Int, _ counter: TokenCounter, mark: String = mark
    ) -> String? {
        if counter.count(text) <= limit { return text }
        guard limit > 0, !text.isEmpty else { return nil }
        func fits(_ byte: Int) -> Bool {
            counter.count(String(text.utf8.prefix(byte)).map { $0 + mark } ?? text) <= limit
        }
        // A token takes about four bytes, so the first guess is usually close; from there the
        // distance doubles, so that a long text is not counted many times.
        var fitting = 0
        var tooLong = text.utf8.count
        var guess = limit.multipliedReportingOverflow(by: 4).partialValue
        while true {
            var byte = characterStart(in: text, atByte: min(guess, tooLong - 1))
            if byte <= fitting { byte = characterEnd(in: text, afterByte: fitting) }
            if byte >= tooLong { break }
            if fits(byte) { fitting = byte } else { tooLong = byte }
            guess = (fitting + tooLong) / 2
            if fitting > 0 { guess = min(guess, fitting * 2) }
        }
        return fitting == 0 ? nil : String(text.utf8.prefix(fitting)).map { $0 + mark }
    }

    /// The offset of the first byte of the character that a byte belongs to.
    private static func characterStart(in text: String, atByte byte: Int) -> Int {
        let index = text.utf8.index(text.startIndex, offsetBy: max(0, byte))
        // Going forward starts at the character's beginning, so going back ends there.
        let start = text.index(before: text.index(after: index))
        return text.utf8.distance(from: text.startIndex, to: start)
    }

    private static func characterEnd(in text: String, afterByte byte: Int) -> Int {
        let index = text.utf8.index(text.startIndex, offsetBy: byte)
        return text.utf8.distance(from: text.startIndex, to: text.index(after: index))
    }
}
