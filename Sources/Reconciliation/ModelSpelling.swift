import LedgerModel

/// The names under which a model of a bill may be known: consoles show `Claude Haiku 3.5` for what
/// requests call `claude-3-5-haiku-20241022`.
enum ModelSpelling {
    /// Spellings to look up in a price book, the bill's own first.
    static func candidates(_ name: String) -> [String] {
        let plain = withoutRemarks(name.lowercased())
        let dashed = withDashes(plain, dots: true)
        let parts = Parts(withoutDate(dashed))
        var seen: Set<String> = []
        return [
            name, dashed, withoutDate(plain), withoutDate(dashed),
            withDashes(plain, dots: false), parts.versionAfterMaker, parts.versionLast,
        ].filter { seen.insert($0).inserted }
    }

    /// What is the same for all spellings of a model that the book does not know.
    static func key(_ name: String) -> String {
        Parts(withoutDate(withDashes(name.lowercased(), dots: true))).versionLast
    }

    /// Leaves out `(latest)` and the like.
    private static func withoutRemarks(_ name: String) -> String {
        let bare = name.prefix { $0 != "(" }
        let isWhole = bare.isEmpty || !name.hasSuffix(")")
        return isWhole ? name : String(bare.reversed().drop { $0 == " " }.reversed())
    }

    private static func withDashes(_ name: String, dots: Bool) -> String {
        String(name.map { $0 == " " || dots && $0 == "." ? "-" : $0 })
    }

    /// A name's words and the numbers of its version, which stand before or after the family:
    /// `claude-3-5-haiku`, `claude-haiku-3-5`.
    private struct Parts {
        private let words: [Substring]
        private let numbers: [Substring]

        init(_ name: String) {
            let parts = name.split(separator: "-")
            numbers = parts.filter(Self.isVersion)
            words = parts.filter { !Self.isVersion($0) }
        }

        private static func isVersion(_ part: Substring) -> Bool {
            part.utf8.count <= 2 && part.utf8.allSatisfy { (48...57).contains($0) }
        }

        var versionAfterMaker: String {
            (words.prefix(1) + numbers + words.dropFirst()).joined(separator: "-")
        }

        var versionLast: String { (words + numbers).joined(separator: "-") }
    }
}

/// Requests often name the model, and bills its snapshot: `gpt-4o-mini-2024-07-18`.
func withoutDate(_ name: String) -> String {
    for length in ["-2024-07-18".count, "-20240718".count] where name.count > length {
        let digits = name.suffix(length).filter { $0 != "-" }
        let date = "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6))"
        if name.suffix(length).hasPrefix("-20"), digits.count == 8,
            Timestamp(rfc3339: date, zoneIsOptional: true) != nil
        {
            return String(name.dropLast(length))
        }
    }
    return name
}
