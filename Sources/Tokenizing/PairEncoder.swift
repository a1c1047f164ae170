/// Byte pair encoding by backtracking, after Hendrik van Antwerpen's and Alexander Neubeck's article
/// "So many tokens, so little time" (GitHub, 2024).
///
/// Merging pairs in order of rank is quadratic or needs a heap. But a sequence of tokens is the
/// result of merging if and only if every two neighbours stay separate when they are encoded on
/// their own. So we take the longest token that stays separate from the previous one, or else
/// shorter ones, and backtrack if there is none; a place that led nowhere is marked and never tried
/// again, so the work is linear in the bytes. We differ in how the longest token is found: by the
/// lengths of tokens with these first bytes, and a hash table, instead of an automaton.
struct PairEncoder: ~Copyable {
    private let vocabulary: Vocabulary
    private let text: TextBytes
    private var stack: UnsafeMutablePointer<UInt32>
    /// A bit for each place that leads nowhere.
    private var dead: UnsafeMutablePointer<UInt64>
    private var capacity: Int
    /// For long pieces: cached results of `stayApart`, since pairs recur.
    private var answers: UnsafeMutablePointer<UInt64>?

    private static let answersCount = 4_096

    /// Pieces up to this length use memory that is allocated once for a text.
    private static let usualBytes = 256

    init(_ vocabulary: Vocabulary, _ text: TextBytes) {
        self.vocabulary = vocabulary
        self.text = text
        capacity = Self.usualBytes
        stack = .allocate(capacity: capacity)
        dead = .allocate(capacity: capacity / 64 + 1)
    }

    deinit {
        stack.deallocate()
        dead.deallocate()
        answers?.deallocate()
    }

    /// Encodes a piece that is not a single token and returns the number of its tokens, which are
    /// in `tokens` until the next call.
    mutating func encode(from start: Int, to end: Int) -> Int {
        let length = end - start
        reserve(length)
        dead.initialize(repeating: 0, count: length / 64 + 1)
        var count = 0
        var place = start
        var (rank, size) = vocabulary.longestMatch(in: text, from: start, limit: length)
        while true {
            let next = place + size - start
            let isOpen = dead[next >> 6] >> UInt64(next & 63) & 1 == 0
            if isOpen, count == 0 || stayApart(stack[count - 1], rank) {
                stack[count] = rank
                count += 1
                place += size
                if place == end { return count }
                (rank, size) = vocabulary.longestMatch(in: text, from: place, limit: end - place)
                continue
            }
            (rank, size) = vocabulary.longestMatch(in: text, from: place, limit: size - 1)
            while rank == Vocabulary.none {
                // No token fits here: this place leads nowhere, and the previous token was too
                // long.
                precondition(count > 0, "every text has an encoding")
                let index = place - start
                dead[index >> 6] |= 1 << UInt64(index & 63)
                count -= 1
                size = vocabulary.length(of: stack[count])
                place -= size
                (rank, size) = vocabulary.longestMatch(in: text, from: place, limit: size - 1)
            }
        }
    }

    var tokens: UnsafePointer<UInt32> { UnsafePointer(stack) }

    @inline(__always)
    private func stayApart(_ first: UInt32, _ second: UInt32) -> Bool {
        guard let answers else { return vocabulary.stayApart(first, second) }
        // Ranks are below 2^22, so the pair with its result is one word, which is never zero.
        let pair = (UInt64(first) << 32 | UInt64(second) + 1) << 1
        let slot = Int((pair &* 0x9E37_79B9_7F4A_7C15) >> 52)
        if answers[slot] | 1 == pair | 1 { return answers[slot] & 1 != 0 }
        let answer = vocabulary.stayApart(first, second)
        answers[slot] = pair | (answer ? 1 : 0)
        return answer
    }

    private mutating func reserve(_ length: Int) {
        guard length > capacity else { return }
        if answers == nil {
            answers = .allocate(capacity: Self.answersCount)
            answers?.initialize(repeating: 0, count: Self.answersCount)
        }
        stack.deallocate()
        dead.deallocate()
        capacity = length
        stack = .allocate(capacity: capacity)
        dead = .allocate(capacity: capacity / 64 + 1)
    }
}
