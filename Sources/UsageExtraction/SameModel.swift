/// Whether the model that answered is the one that was asked.
package enum SameModel {
    /// Whether a name in an answer is one of the model that was asked.
    ///
    /// A model answers under its own name, with its date (`gpt-4o` as `gpt-4o-2024-08-06`), or
    /// without what the seller put in front or behind (`us.anthropic.claude-x-v1:0`). Any other name
    /// is another model's, such as that of a fallback.
    ///
    /// - Parameters:
    ///   - answered: as the answer says.
    ///   - asked: as the request says.
    package static func answers(_ answered: String, as asked: String) -> Bool {
        let (answered, asked) = (last(answered), last(asked))
        if LowercasedName(answered).isVersion(of: asked) { return true }
        // `-latest` is whichever it is today.
        for alias in ["-latest", ":latest"] where asked.hasSuffix(alias) {
            let base = String(asked.dropLast(alias.count))
            if LowercasedName(answered).isVersion(of: base) { return true }
        }
        // Bedrock puts regions and makers before, and revisions behind the name.
        guard let start = asked.firstRange(of: answered) else { return false }
        let (before, behind) = (asked[..<start.lowerBound], asked[start.upperBound...])
        return (before.isEmpty || before.hasSuffix("."))
            && (behind.isEmpty || behind.hasPrefix("-v") || behind.hasPrefix(":"))
    }

    /// The name in lower case, without the road to it.
    private static func last(_ name: String) -> String {
        name.lowercased().split(separator: "/").last.map(String.init) ?? ""
    }
}
