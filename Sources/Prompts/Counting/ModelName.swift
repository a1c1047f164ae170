/// The plain name of a model, without prefixes of gateways and vendors and without version
/// suffixes.
///
/// `azure/eu/gpt-4o-2024-08-06`, `ft:gpt-4o-2024-08-06:acme::id`,
/// `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `models/gemini-2.5-pro` and
/// `openrouter/openai/gpt-4o:free` are counted like their plain names.
package struct ModelName: Hashable, Sendable {
    /// Lower case, without vendor, region, deployment and version marks.
    package let base: String
    /// The name as it was given.
    package let given: String

    /// The longest name that is looked up.
    package static let bytesMax = 512

    package init(_ given: String) {
        self.given = given
        var name = given.lowercased()
        if name.hasPrefix("ft:") { name = String(name.dropFirst(3).prefix { $0 != ":" }) }
        name = name.split(separator: "/").last.map(String.init) ?? name
        name = String(name.prefix { $0 != ":" }).replacing("@", with: "-")
        name = Self.withoutBedrock(name)
        base = name.hasPrefix("gpt-35") ? "gpt-3.5" + name.dropFirst(6) : name
    }

    /// Removes Bedrock's region and vendor before the name and its version after it.
    private static func withoutBedrock(_ name: String) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false)[...]
        if parts.count > 2, ["us", "eu", "apac", "global", "us-gov", "jp", "au"].contains(parts[0])
        {
            parts = parts.dropFirst()
        }
        let vendors: Set<Substring> = [
            "anthropic", "mistral", "deepseek", "openai", "qwen", "google", "meta", "amazon",
        ]
        if parts.count > 1, let vendor = parts.first, vendors.contains(vendor) {
            parts = parts.dropFirst()
        }
        let rest = parts.joined(separator: ".")
        guard rest.hasPrefix("claude-") else { return rest }
        for version in ["-v1", "-v2"] where rest.hasSuffix(version) {
            return String(rest.dropLast(version.count))
        }
        return rest
    }

    /// Whether the name is `prefix`, or continues after it with a new word.
    func begins(with prefix: String) -> Bool {
        guard base.hasPrefix(prefix) else { return false }
        let rest = base.utf8.dropFirst(prefix.utf8.count)
        return prefix.utf8.last == UInt8(ascii: "-") || rest.isEmpty
            || rest.first == UInt8(ascii: "-")
    }
}
