package import LedgerModel

/// What a ledger's bills teach about estimates, by provider, model family and encoding.
package struct EstimateCalibrations: Sendable {
    private struct Key: Hashable {
        let provider: Name
        let family: Name?
        let encoding: Name
    }

    private var ratios: [Key: RatioHistogram] = [:]

    package init() {}

    package mutating func add(
        _ histogram: RatioHistogram, provider: Name, model: Name, encoding: Name
    ) {
        for family in [modelFamily(model), nil] {
            ratios[
                Key(provider: provider, family: family, encoding: encoding),
                default: RatioHistogram()
            ].merge(histogram)
        }
    }

    /// The calibration for a model's tokens counted with an encoding: from its family if that was
    /// billed often enough, else from all of the provider's models, else the default.
    package func calibration(
        provider: Name, model: Name, encoding: Name,
        standardBand: Double = EstimateCalibration.standardBand
    ) -> EstimateCalibration {
        let own = ratios[Key(provider: provider, family: modelFamily(model), encoding: encoding)]
        let wide = ratios[Key(provider: provider, family: nil, encoding: encoding)]
        return own?.calibration(basis: .family) ?? wide?.calibration(basis: .provider)
            ?? .standard(band: standardBand, observations: own?.total ?? 0)
    }

    /// Every family whose estimates were billed, ordered by name.
    package var families: [(provider: Name, family: Name, encoding: Name)] {
        ratios.keys.compactMap { key in
            key.family.map { (key.provider, $0, key.encoding) }
        }.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
    }
}

/// The name of a model without its release or seller:
/// `us.anthropic.claude-sonnet-4-5-20250929-v1:0` is `claude-sonnet-4-5`.
package func modelFamily(_ model: Name) -> Name {
    var text = Substring(model.string.lowercased())
    if let slash = text.lastIndex(of: "/") { text = text[text.index(after: slash)...] }
    // Leading regions and sellers, as Bedrock writes them: words of letters that end in a dot.
    while let dot = text.firstIndex(of: "."), text[..<dot].allSatisfy(\.isLetter) {
        text = text[text.index(after: dot)...]
    }
    if let at = text.firstIndex(of: "@") { text = text[..<at] }
    if let colon = text.firstIndex(of: ":") { text = text[..<colon] }
    var words = text.split(separator: "-", omittingEmptySubsequences: false)
    while words.count > 1, let last = words.last, isRelease(last, after: words) {
        words.removeLast()
    }
    let family = words.joined(separator: "-")
    return family.isEmpty ? model : Name(family)
}

/// Whether the last word of a model's name says which release it is: `latest`, `v1`, `001`,
/// `20250929`, or a part of `2025-09-29`.
private func isRelease(_ word: Substring, after words: [Substring]) -> Bool {
    if ["latest", "preview", "exp", "experimental"].contains(word) { return true }
    // `claude-v2` is a model; a version after a longer name is Bedrock's.
    if words.count > 2, word.first == "v", word.dropFirst().allSatisfy(\.isNumber) { return true }
    guard word.allSatisfy(\.isNumber) else { return false }
    if word.count >= 3 { return true }
    // The day or month of a date, which follows its year or the word preview.
    return word.count == 2
        && words.dropLast().suffix(2).contains {
            $0 == "preview" || $0.count == 4 && $0.hasPrefix("20")
        }
}
