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
    let workspace: Workspace

    init(_ vocabulary: Vocabulary, _ text: TextBytes) {
        self.vocabulary = vocabulary
        self.text = text
        workspace = vocabulary.workspaces.take()
    }

    deinit { vocabulary.workspaces.give(workspace) }

    /// The number of tokens of a piece that is not one token; they are in `tokens` until the next
    /// call.
    func encode(from start: Int, to end: Int) -> Int {
        let length = end - start
        workspace.reserve(length)
        let (stack, dead) = (workspace.stack, workspace.dead)
        dead.initialize(repeating: 0, count: length / 64 + 1)
        var (count, trials) = (0, 1)
        var place = start
        var (rank, size) = vocabulary.longestMatch(in: text, from: start, limit: length)
        defer { workspace.trials = trials }
        while true {
            trials &+= 1
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
                trials &+= 1
                // Nothing fits here: this place leads nowhere, and the token before was too long.
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

    /// How often the last call looked for a token.
    var trials: Int { workspace.trials }

    var tokens: UnsafePointer<UInt32> { UnsafePointer(workspace.stack) }

    @inline(__always)
    private func stayApart(_ first: UInt32, _ second: UInt32) -> Bool {
        // Ranks are below 2^22, so the pair with its answer is one word, and never zero.
        let pair = (UInt64(first) << 32 | UInt64(second) + 1) << 1
        let slot =
            workspace.pairs
            + Int((pair &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- Workspace.pairsBits))
        if slot.pointee | 1 == pair | 1 { return slot.pointee & 1 != 0 }
        let answer = vocabulary.stayApart(first, second)
        slot.pointee = pair | (answer ? 1 : 0)
        return answer
    }
}
