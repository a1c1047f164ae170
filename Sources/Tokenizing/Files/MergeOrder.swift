/// Sorts the tokens of a file into the order in which merging makes them, and finds the two parts
/// of each.
///
/// A file may list several merges that give the same token; merging the token's own bytes shows
/// which of them happens. Tokens that merging never makes are listed separately.
struct MergeOrder {
    /// Tokens as bytes.
    let tokens: [[UInt8]]
    /// Splits a token into its initial units: bytes, or characters.
    let units: ([UInt8]) -> [[UInt8]]
    private let indices: [[UInt8]: UInt32]
    /// The place of a merge in the list, and its result, by the pair.
    private var merges: [UInt64: (order: UInt32, token: UInt32)] = [:]
    private var listed: UInt32 = 0

    init(
        tokens: [[UInt8]], units: @escaping ([UInt8]) -> [[UInt8]]
    ) throws(TokenizerFault) {
        self.tokens = tokens
        self.units = units
        var indices: [[UInt8]: UInt32] = [:]
        indices.reserveCapacity(tokens.count)
        for (index, token) in tokens.enumerated() {
            guard indices.updateValue(UInt32(index), forKey: token) == nil else {
                throw TokenizerFault("\(quoted(token)) is in it twice")
            }
        }
        self.indices = indices
    }

    /// Adds a merge for any two tokens whose bytes together are a token, in the order of the
    /// tokens.
    mutating func mergeAllPairs() {
        for (index, token) in tokens.enumerated() where token.count > 1 {
            for cut in 1..<token.count {
                guard let left = indices[Array(token[..<cut])],
                    let right = indices[Array(token[cut...])]
                else { continue }
                merges[Self.pair(left, right)] = (UInt32(index), UInt32(index))
            }
        }
    }

    mutating func merge(_ left: [UInt8], _ right: [UInt8]) throws(TokenizerFault) {
        guard let first = indices[left], let second = indices[right],
            let token = indices[left + right]
        else {
            throw TokenizerFault(
                "it merges \(quoted(left)) and \(quoted(right)), which are not both tokens")
        }
        merges[Self.pair(first, second)] = (listed, token)
        listed += 1
    }

    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }

    struct Ordered {
        /// Indices of tokens by rank: units, then merged tokens, then those that are never made.
        var order: [UInt32] = []
        var mergeable = 0
        /// Ranks of the left and of the right parts.
        var left: [UInt32] = []
        var right: [UInt32] = []
    }

    func ordered() -> Ordered {
        var result = Ordered()
        var made: [(order: UInt32, token: UInt32, left: UInt32, right: UInt32)] = []
        var rest: [UInt32] = []
        for (index, token) in tokens.enumerated() {
            let parts = units(token)
            if parts.count == 1 {
                result.order.append(UInt32(index))
            } else if let last = lastMerge(of: parts), last.token == index {
                made.append((last.order, UInt32(index), last.left, last.right))
            } else {
                rest.append(UInt32(index))
            }
        }
        made.sort { $0.order < $1.order }
        result.left = result.order.indices.map(UInt32.init)
        var ranks = [UInt32](repeating: 0, count: tokens.count)
        for (rank, index) in result.order.enumerated() { ranks[Int(index)] = UInt32(rank) }
        for (rank, merge) in made.enumerated() {
            ranks[Int(merge.token)] = UInt32(result.order.count + rank)
        }
        result.right = result.left + made.map { ranks[Int($0.right)] }
        result.left += made.map { ranks[Int($0.left)] }
        result.order += made.map(\.token)
        result.mergeable = result.order.count
        result.order += rest
        let alone = (result.mergeable..<result.order.count).map(UInt32.init)
        result.left += alone
        result.right += alone
        return result
    }

    private typealias Merge = (order: UInt32, token: UInt32, left: UInt32, right: UInt32)

    /// Merges the units of one token as an encoder would; returns the last merge if one token is
    /// left.
    private func lastMerge(of units: [[UInt8]]) -> Merge? {
        var parts: [UInt32] = []
        for unit in units {
            guard let index = indices[unit] else { return nil }
            parts.append(index)
        }
        var last: Merge?
        while parts.count > 1 {
            var best: (place: Int, order: UInt32, token: UInt32)?
            for place in 0..<parts.count - 1 {
                guard let merge = merges[Self.pair(parts[place], parts[place + 1])] else {
                    continue
                }
                if best.map({ merge.order < $0.order }) ?? true {
                    best = (place, merge.order, merge.token)
                }
            }
            guard let best else { return nil }
            last = (best.order, best.token, parts[best.place], parts[best.place + 1])
            parts[best.place] = best.token
            parts.remove(at: best.place + 1)
        }
        return last
    }
}

/// A token as shown in messages.
func quoted(_ token: [UInt8]) -> String {
    "“" + String(decoding: token.prefix(60), as: UTF8.self) + "”"
}
