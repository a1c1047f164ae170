/// What may follow a model's name without making another model of it.
///
/// Dates (`-20250805`, `-2025-08-05`, `-05-06`, `-0805`, `-2407`, `-250805`), Google's numbers
/// (`-001`), revisions (`-v1:0`, `:0`, `:200k`) and the words of previews and aliases. Anything
/// else names a neighbour: `claude-opus-4-10` is no version of `claude-opus-4-1`, nor is
/// `gemini-2.5-pro-ultra` one of `gemini-2.5-pro`. After the name of a fine-tuned model, `ft:`, its
/// owner and suffix may follow.
struct VersionSuffix {
    private var rest: ArraySlice<UInt8>
    private let isFineTuned: Bool

    private static let words: Set<String> = [
        "latest", "preview", "exp", "experimental", "beta", "default",
    ]

    init(_ bytes: ArraySlice<UInt8>, isFineTuned: Bool) {
        rest = bytes
        self.isFineTuned = isFineTuned
    }

    /// Whether the whole suffix is one of a version.
    func isVersion() -> Bool {
        var suffix = self
        var hasDate = false
        while let separator = suffix.rest.first {
            guard "-@:".utf8.contains(separator) else { return false }
            if isFineTuned, separator == UInt8(ascii: ":") { return true }
            let part = suffix.nextPart()
            if Self.words.contains(part) { continue }
            let isRevision = separator == UInt8(ascii: ":")
            if isRevision, Self.isSmallNumber(part) { continue }
            if part.first == "v", Self.isSmallNumber(part.dropFirst()) {
                let isNumbered = suffix.rest.first == UInt8(ascii: ":")
                guard hasDate || isNumbered else { return false }
                continue
            }
            guard suffix.isDate(part) else { return false }
            hasDate = true
        }
        return true
    }

    private mutating func nextPart() -> String {
        rest = rest.dropFirst()
        let part = rest.prefix { !"-@:".utf8.contains($0) }
        rest = rest.dropFirst(part.count)
        return String(decoding: part, as: UTF8.self)
    }

    /// Whether a part is a date, or begins one of several parts, which are then taken.
    private mutating func isDate(_ part: String) -> Bool {
        guard part.utf8.allSatisfy(Self.isDigit), let number = Int(part) else { return false }
        switch part.utf8.count {
        case 2: return Self.isMonth(number) && takesDigits([2, 4])
        case 3: return number < 100
        case 4:
            if number / 100 == 20, takesDigits([2]) { return takesDigits([2]) }
            return Self.isMonth(number / 100) && number % 100 <= 31
                || (20...39).contains(number / 100) && Self.isMonth(number % 100)
        case 6: return (20...39).contains(number / 10_000) && Self.isMonth(number / 100 % 100)
        case 8: return number / 1_000_000 == 20 && Self.isMonth(number / 100 % 100)
        default: return false
        }
    }

    /// Takes `-` and a number with one of these lengths, if it comes next.
    private mutating func takesDigits(_ lengths: [Int]) -> Bool {
        guard rest.first == UInt8(ascii: "-") else { return false }
        let digits = rest.dropFirst().prefix(while: Self.isDigit)
        let end = rest.dropFirst(1 + digits.count).first
        guard lengths.contains(digits.count), end.map("-@:".utf8.contains) ?? true else {
            return false
        }
        rest = rest.dropFirst(1 + digits.count)
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isMonth(_ number: Int) -> Bool { (1...12).contains(number) }

    /// `0`, `12`, `200k`.
    private static func isSmallNumber(_ part: some StringProtocol) -> Bool {
        let digits = part.hasSuffix("k") ? String(part.dropLast()) : String(part)
        return (1...4).contains(digits.utf8.count) && digits.utf8.allSatisfy(isDigit)
    }
}

extension LowercasedName {
    /// Whether the name, or the end of a resource's name, is `base` or a version of it.
    func isVersion(of base: String) -> Bool {
        [0, resourceStart].contains { start in
            has(base, at: start)
                && VersionSuffix(
                    bytes[(start + base.utf8.count)...], isFineTuned: base.hasPrefix("ft:")
                ).isVersion()
        }
    }

    /// Where the model begins in a name such as `arn:aws:bedrock:…/MODEL` or `publishers/…/MODEL`; 0
    /// in any other, since `us-gov-west-1/MODEL` is a name of its own.
    private var resourceStart: Int {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return 0 }
        let isResource =
            string.hasPrefix("arn:") || bytes[..<slash].suffix(6) == ArraySlice("models".utf8)
        return isResource ? slash + 1 : 0
    }
}
