internal import BuiltIn
import LedgerModel
import UsageExtraction

/// Why a book differs from a source, price by price.
///
/// The built-in ones are the choices that `scripts/make-default-price-book.py` made between its
/// sources, one a line: source, provider, model, tier, measure, what the source says, and the
/// reason.
package struct PriceReasons: Sendable {
    struct Choice: Hashable, Sendable {
        let source: String
        let provider: String
        /// In lower case; `*` at its end stands for anything.
        let model: String
        let tier: String
        let unit: UsageUnit?
        /// Prices as in files: `2.5, 5 above 200000`.
        let says: String
        let because: String
    }

    private var choices: [String: [Choice]] = [:]
    /// The last date in the source's file of which the book was made, by source.
    private var lastDates: [String: Timestamp] = [:]

    package init() {}

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                takeHeader(line)
                continue
            }
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                .map(String.init)
            guard fields.count == 7 else { continue }
            let choice = Choice(
                source: fields[0], provider: fields[1], model: fields[2].lowercased(),
                tier: fields[3], unit: Quote(word: fields[4])?.unit, says: fields[5],
                because: fields[6])
            choices[choice.provider, default: []].append(choice)
        }
    }

    /// Takes `# last date: genai-prices 2027-01-01`; passes over any other remark.
    private mutating func takeHeader(_ line: Substring) {
        let words = line.split(separator: " ")
        guard words.count == 5, words[1] == "last", words[2] == "date:" else { return }
        lastDates[String(words[3])] = Timestamp(rfc3339: String(words[4]), zoneIsOptional: true)
    }

    /// Why any price of a source may differ: it is older than the file of which the book was made.
    func reasonOfAge(of source: PriceFile.Reading) -> String? {
        guard let last = lastDates[source.format.rawValue] else { return nil }
        let dates = source.book.providers.flatMap(\.models).flatMap(\.prices).compactMap(\.from)
        guard let latest = dates.max(), latest < last else { return nil }
        return "the file ends at \(latest.dayDescription); the book was made of one that reaches "
            + "\(last.dayDescription)"
    }

    /// The choices of which the built-in book was made.
    package static let builtIn = PriceReasons(String(cString: built_in_price_disagreements()))

    /// Why a price of the source is not the book's; nil if no reason is known.
    func reason(
        for row: BookDifference.Row, of id: String, in format: PriceFile.Format
    ) -> String? {
        let found = (choices[row.provider] ?? []).first { choice in
            choice.source == format.rawValue && choice.covers(row, of: id)
        }
        if let found { return found.because }
        if let price = row.second, price == .zero {
            return "zero often means that the source doesn't know the price"
        }
        return nil
    }

    /// What the sources say otherwise about a model's unit.
    func choices(of provider: String, unit: UsageUnit, tier: String?) -> [Choice] {
        (choices[provider] ?? []).filter { $0.unit == unit && $0.tier == tier ?? "" }
    }
}

extension PriceReasons.Choice {
    fileprivate func covers(_ row: BookDifference.Row, of id: String) -> Bool {
        guard isNamed(row.model.lowercased()) || isNamed(id.lowercased()),
            tier == row.tier ?? "" || tier == "*", unit == row.unit || says == "*"
        else { return false }
        guard says != "*" else { return true }
        guard let price = row.price(of: .second) else { return says.isEmpty }
        return prices.contains(price)
    }

    /// Every price in `2.5, 5 above 200000`.
    var prices: [String] {
        says.split(separator: ",").compactMap { level in
            level.split(separator: " ").first.map(String.init)
        }
    }

    private func isNamed(_ name: String) -> Bool {
        model.hasSuffix("*") ? name.hasPrefix(model.dropLast()) : model == name
    }
}
