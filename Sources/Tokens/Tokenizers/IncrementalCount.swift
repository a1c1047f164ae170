/// The tokens of a text that grows at its end, such as a stream.
///
/// What lies before a place where the text would be split whatever followed is counted once; each
/// call counts only what came after the last such place.
package struct IncrementalCount: Sendable {
    private let tokenizer: Tokenizer
    /// Tokens of what can't change any more.
    private var settled = 0
    /// What lies behind the last settled place.
    private var tail: [UInt8] = []
    private var tailCount: Int? = 0

    package init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    package mutating func append(_ text: String) {
        append(utf8: Array(text.utf8))
    }

    /// A character may be cut anywhere; its rest is expected next.
    package mutating func append(utf8 bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let unread = max(tail.count - 1, 0)
        tail += bytes
        tailCount = nil
        guard let place = settledPlace(from: unread) else { return }
        settled += count(tail[..<place])
        tail.removeFirst(place)
    }

    /// The tokens so far, as `Tokenizer.count` of everything would give them.
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

    /// The last place between a letter or digit and a blank. All rules split there whatever stands
    /// around it: blanks only begin a piece or follow other white space.
    private func settledPlace(from start: Int) -> Int? {
        guard tokenizer.splitting.splitsBeforeBlanks, !tokenizer.specials.hasOrdinary else {
            return nil
        }
        for place in stride(from: tail.count - 1, to: max(start, 1) - 1, by: -1)
        where tail[place] == 0x20 {
            let before = tail[place - 1] | 0x20
            if before &- 0x61 < 26 || before &- 0x30 < 10 { return place }
        }
        return nil
    }
}
