import JSON
import LedgerModel

/// Writes JSON so that equal values have equal bytes: a letter for the type, lengths before texts
/// and containers, members in the order of their keys.
struct CanonicalWriter {
    private(set) var bytes: [UInt8] = []
    /// The first address found: what lies there may change.
    private(set) var address: String?
    private let skipped: String?
    private let textBytesMax: Int

    /// - Parameters:
    ///   - skipping: a member that is left out wherever it stands.
    ///   - textBytesMax: longer texts are replaced by their SHA-256.
    init(skipping skipped: String?, textBytesMax: Int) {
        self.skipped = skipped
        self.textBytesMax = textBytesMax
    }

    static func areEqual(_ a: JSONTree, _ b: JSONTree) -> Bool {
        var first = CanonicalWriter(skipping: nil, textBytesMax: .max)
        var second = first
        guard (try? first.value(a)) != nil, (try? second.value(b)) != nil else { return false }
        return first.bytes == second.bytes
    }

    mutating func tag(_ letter: Unicode.Scalar) { bytes.append(UInt8(ascii: letter)) }

    mutating func text(_ text: String) {
        if text.utf8.count > textBytesMax {
            tag("h")
            bytes += Digest(hashing: text.utf8).bytes
        } else {
            tag("s")
            length(text.utf8.count)
            bytes += text.utf8
        }
    }

    mutating func value(_ tree: JSONTree) throws(CacheFault) {
        switch tree {
        case .null: tag("z")
        case .boolean(let flag): tag(flag ? "t" : "f")
        case .number(let text): number(text)
        case .text(let text): self.text(text)
        case .array(let items):
            tag("a")
            length(items.count)
            for item in items { try value(item) }
        case .object(let members): try object(members)
        }
    }

    mutating func object(_ members: [JSONTree.Member]) throws(CacheFault) {
        let kept = members.filter { $0.key != skipped }
            .map { (name: Name($0.key), value: $0.value) }
            .sorted { $0.name < $1.name }
        for (left, right) in zip(kept, kept.dropFirst()) where left.name == right.name {
            throw .repeatedMember(left.name.string)
        }
        tag("o")
        length(kept.count)
        for (name, value) in kept {
            text(name.string)
            if address == nil, RequestFields.addresses.contains(name.string),
                let text = value.string, name == "file_id" || text.hasPrefix("http")
            {
                address = name.string
            }
            try self.value(value)
        }
    }

    /// A number by its exact value: its digits without zeros at the ends, and a power of ten.
    ///
    /// One whose exponent has more than 15 digits keeps its spelling.
    private mutating func number(_ spelling: String) {
        let lower = spelling.lowercased()
        let parts = lower.split(separator: "e", maxSplits: 1)
        var digits = Array((parts.first ?? "").utf8)
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        let exponentText = parts.count > 1 ? String(parts[1]) : "0"
        guard exponentText.utf8.count <= 16, var power = Int(exponentText) else {
            tag("x")
            return text(lower)
        }
        if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
            power -= digits.count - point - 1
            digits.remove(at: point)
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            power += 1
        }
        digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        tag("n")
        guard !digits.isEmpty else { return text("0") }
        text((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self) + "e\(power)")
    }

    private mutating func length(_ count: Int) {
        withUnsafeBytes(of: UInt64(count).bigEndian) { bytes += $0 }
    }
}
