/// The tokens of a text that grows at its end, such as a stream.
///
/// Text before a place at which it is split, whatever follows, is counted once; each call counts
/// only the text after the last such place.
package struct IncrementalCount: Sendable {
    private let tokenizer: Tokenizer
    private let settles: Bool
    /// Tokens of the text that can no longer change.
    private var settled = 0
    /// The text after the last settled place.
    private var tail: [UInt8] = []
    private var tailCount: Int? = 0

    package init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        settles = tokenizer.settlesAtBlanks
    }

    package mutating func append(_ text: String) {
        append(utf8: Array(text.utf8))
    }

    /// Appends bytes; a character may be cut anywhere, and its rest is expected next.
    package mutating func append(utf8 bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let unread = max(tail.count - 3, 0)
        tail += bytes
        tailCount = nil
        guard let place = settledPlace(from: unread) else { return }
        settled += count(tail[..<place])
        tail.removeFirst(place)
    }

    /// The tokens so far: the same as `Tokenizer.count` of everything.
    package var count: Int {
        mutating get {
            let tokens = tailCount ?? count(tail[...])
            tailCount = tokens
            return settled + tokens
        }
    }

    private func count(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBufferPointer { tokenizer.count(utf8: $0) }
    }

    /// The last place at which every rule splits, whatever surrounds it: between a letter or digit
    /// and a blank, or between an ideograph and a comma or full stop of its script.
    private func settledPlace(from start: Int) -> Int? {
        guard settles else { return nil }
        for place in stride(from: tail.count - 1, to: max(start, 1) - 1, by: -1) {
            if tail[place] == 0x20 {
                let before = tail[place - 1] | 0x20
                if before &- 0x61 < 26 || before &- 0x30 < 10 { return place }
            } else if tail[place] >= 0xE3, isStop(place), isAfterIdeograph(place) {
                return place
            }
        }
        return nil
    }

    /// Whether the character is U+3001, U+3002 or U+FF0C.
    private func isStop(_ place: Int) -> Bool {
        guard place + 2 < tail.count else { return false }
        return switch (tail[place], tail[place + 1], tail[place + 2]) {
        case (0xE3, 0x80, 0x81), (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x8C): true
        default: false
        }
    }

    /// Whether the previous character is in U+5000 to U+9FFF, which are all ideographs.
    private func isAfterIdeograph(_ place: Int) -> Bool {
        place >= 3 && (0xE5...0xE9).contains(tail[place - 3])
            && tail[place - 2] & 0xC0 == 0x80 && tail[place - 1] & 0xC0 == 0x80
    }
}

extension Tokenizer {
    /// Whether a blank after a letter always begins a piece and changes nothing before it.
    fileprivate var settlesAtBlanks: Bool {
        splitting.isByRule && normalization.steps.allSatisfy { $0 == .composed }
            && !specials.all.contains { $0.isOrdinary && $0.text.contains(0x20) }
    }
}
