package import JSON

/// What of a prompt stays the same while a conversation goes on: tools, instructions, and, where those
/// are too short for a provider's prompt cache, the first message of the conversation itself.
///
/// Calls with equal beginnings should reach the same provider and key, whose cache has them.
package enum StablePrefix {
    /// Below about 1,024 tokens no provider caches a beginning, so that it need not be shared.
    static let sharedBytesMin = 4_096
    /// What stands behind is not looked at: whoever agrees in that much agrees.
    static let bytesMax = 32_768

    /// A hash that is the same in every process; nil for a call without a prompt.
    ///
    /// Embeddings have an `input` as well; who asks for those need not ask for its hash. It knows the
    /// members of OpenAI's and Anthropic's APIs: `tools`, `system`, `instructions`,
    /// `messages`, `input` and `prompt`.
    package static func hash(of body: JSONTree) -> UInt64? {
        guard case .object(let members) = body else { return nil }
        var (hash, isPrompt) = (StableHash(), false)
        var turns: [JSONTree] = []
        for member in members {
            switch member.key {
            case "tools", "system", "instructions": hash.add(member.value, max: bytesMax)
            case "messages", "input", "prompt":
                isPrompt = true
                switch member.value {
                case .array(let items): turns = items
                case let single: turns = [single]
                }
            default: break
            }
        }
        guard isPrompt else { return nil }
        var rest = turns[...]
        while let first = rest.first, isInstruction(first), hash.bytes < bytesMax {
            hash.add(first, max: bytesMax)
            rest = rest.dropFirst()
        }
        if hash.bytes < sharedBytesMin, let first = rest.first { hash.add(first, max: bytesMax) }
        return hash.value
    }

    private static func isInstruction(_ turn: JSONTree) -> Bool {
        switch turn["role"]?.string {
        case "system", "developer": true
        default: false
        }
    }
}

/// A hash of texts that is the same in every process and on every machine, eight bytes at a time.
///
/// Not for what an attacker may choose freely: whoever collides reaches the same provider, no more.
struct StableHash {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// How many bytes of texts were added.
    private(set) var bytes = 0

    mutating func add(_ word: UInt64) {
        // Both halves of the product: every bit of either factor reaches the result.
        let (high, low) = (value ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        value = high ^ low ^ (word &* 0x9FB2_1C65_1E98_DF25)
    }

    mutating func add(_ text: String, max: Int = .max) {
        var text = text
        let room = Swift.max(0, max - bytes)
        bytes += text.withUTF8 { whole -> Int in
            let part = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(whole).prefix(room))
            var place = 0
            while place + 8 <= part.count {
                add(
                    UInt64(
                        littleEndian: part.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                place += 8
            }
            var last: UInt64 = 0
            for index in place..<part.count { last = last << 8 | UInt64(part[index]) }
            // The length keeps texts apart that end in zeros.
            add(last ^ UInt64(whole.count) << 56)
            return part.count
        }
    }

    /// A value with everything in it, until as many bytes were added.
    mutating func add(_ tree: JSONTree, max: Int) {
        guard bytes < max else { return }
        // Values without text take time as well.
        bytes += 1
        switch tree {
        case .null: add(1)
        case .boolean(let flag): add(flag ? 2 : 3)
        case .number(let text), .text(let text): add(text, max: max)
        case .array(let items):
            add(5)
            for item in items { add(item, max: max) }
        case .object(let members):
            add(7)
            // Where a provider's cache ends, and nothing of the prompt itself.
            for member in members where member.key != "cache_control" {
                add(member.key)
                add(member.value, max: max)
            }
        }
    }
}
