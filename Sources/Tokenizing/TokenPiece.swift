/// A token of a text with its place, to show to people.
package struct TokenPiece: Sendable {
    package let id: TokenID
    package let bytes: [UInt8]
    /// The place of its first byte in the text.
    package let start: Int

    /// Nil if the token begins or ends inside a character.
    package var text: String? { String(validating: bytes, as: UTF8.self) }

    package var hexadecimal: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The most tokens that are listed.
    package static let listedMax = 10_000

    /// The tokens of a text, at most `listedMax` of them, and their total number.
    package static func pieces(
        of text: String, _ tokenizer: Tokenizer
    ) -> (pieces: [TokenPiece], count: Int) {
        let ids = tokenizer.encode(text)
        var place = 0
        let pieces = ids.prefix(listedMax).map { id in
            let bytes = tokenizer.bytes(of: id) ?? []
            defer { place += bytes.count }
            return TokenPiece(id: id, bytes: bytes, start: place)
        }
        return (pieces, ids.count)
    }
}
