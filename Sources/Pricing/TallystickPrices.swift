import LedgerModel
import UsageExtraction

/// Our own price files, described in docs/prices.md.
enum TallystickPrices {
    /// The key in every such file; its value is the version of the format.
    static let marker = "tally_prices"
    static let nameBytesMax = 256

    static func read(_ root: FileNode) throws(PriceFileError) -> (
        name: String, providers: [ProviderDraft], terms: TermsDraft
    ) {
        var name: String?
        var drafts: [ProviderDraft] = []
        var terms = TermsDraft()
        for entry in try root.entries() {
            switch entry.key {
            case marker:
                guard try entry.value.text(marker) == "1" else {
                    throw entry.value.error("\(marker) must be 1, the only version")
                }
            case "name":
                name = try entry.value.text("name")
            case "providers":
                for provider in try entry.value.entries("providers") {
                    drafts.append(try self.provider(provider))
                }
            default:
                guard try terms.take(entry) else {
                    throw unknown(
                        entry, "in a price file", ["name", "providers"] + TermsDraft.sections)
                }
            }
        }
        guard let name, !name.isEmpty, name.utf8.count <= nameBytesMax else {
            throw root.error("a price book needs a name of at most \(nameBytesMax) bytes")
        }
        return (name, drafts, terms)
    }

    private static func provider(_ entry: FileNode.Entry) throws(PriceFileError) -> ProviderDraft {
        var draft = ProviderDraft(
            provider: Provider(id: entry.key.lowercased()), line: entry.line)
        for field in try entry.value.entries("provider \(entry.key)") {
            switch field.key {
            case "match": draft.provider.match = try clause(field.value)
            case "model_match": draft.provider.modelMatch = try clause(field.value)
            case "same_seller": draft.provider.sameSellers = try ids(field)
            case "fallback": draft.provider.fallbacks = try ids(field)
            case "tiers": draft.provider.tierFactors = try factors(field)
            case "regions": draft.provider.regionFactors = try factors(field)
            case "extractors": draft.provider.extractors = try ExtractorText.read(field)
            case "models":
                for model in try field.value.entries("models") {
                    draft.models.append(try self.model(model))
                }
            default:
                throw unknown(
                    field, "of a provider",
                    [
                        "match", "model_match", "same_seller", "fallback", "tiers", "regions",
                        "extractors", "models",
                    ])
            }
        }
        return draft
    }

    private static func model(_ entry: FileNode.Entry) throws(PriceFileError) -> ModelDraft {
        var draft = ModelDraft(
            id: entry.key, match: .equals(entry.key.lowercased()), line: entry.line)
        var own = PriceListDraft(list: PriceList(), line: entry.line)
        var hasOwn = false
        var lists: [PriceListDraft] = []
        for field in try entry.value.entries("model \(entry.key)") {
            switch field.key {
            case "match": draft.match = try clause(field.value)
            case "also":
                let others = try texts(field.value, "also").map { $0.lowercased() }
                draft.match = .any(([entry.key.lowercased()] + others).map { .equals($0) })
            case "regions": draft.regionFactors = try factors(field)
            case "prices":
                for node in try field.value.items("prices") {
                    var list = PriceListDraft(list: PriceList(), line: node.line)
                    for field in try node.entries("a price list") { try take(field, into: &list) }
                    lists.append(finished(list))
                }
            default:
                try take(field, into: &own)
                hasOwn = true
            }
        }
        draft.prices = (hasOwn ? [finished(own)] : []) + lists
        return draft
    }

    private static func finished(_ draft: PriceListDraft) -> PriceListDraft {
        var draft = draft
        draft.list.rates.sort { $0.unit.rawValue < $1.unit.rawValue }
        return draft
    }

    private static func take(
        _ field: FileNode.Entry, into draft: inout PriceListDraft
    ) throws(PriceFileError) {
        switch field.key {
        case "from": draft.list.from = try time(field)
        case "until": draft.list.until = try time(field)
        case "hours": draft.list.hours = try hours(field)
        case "weekdays": draft.list.weekdays = try weekdays(field)
        case "tier": draft.list.tier = try field.value.text("tier").lowercased()
        case "region": draft.list.region = try field.value.text("region").lowercased()
        default:
            guard let quote = Quote(word: field.key) else {
                throw unknown(
                    field, "of a model",
                    [
                        "also", "match", "regions", "prices", "from", "until", "hours",
                        "weekdays", "tier", "region",
                    ]
                        + UsageUnit.allCases.map { Quote.canonical(of: $0).word })
            }
            let rate = try unitRate(field.value, quote: quote)
            guard !draft.list.rates.contains(where: { $0.unit == quote.unit }) else {
                throw PriceFileError(
                    "\(quote.unit.name) has two prices here", line: field.line, column: field.column
                )
            }
            draft.list.rates.append(rate)
        }
    }

    /// A price, or a mapping from the input tokens above which it applies to the price.
    private static func unitRate(
        _ node: FileNode, quote: Quote
    ) throws(PriceFileError) -> UnitRate {
        guard node.isMapping else {
            return UnitRate(unit: quote.unit, base: try rate(node, per: quote))
        }
        var base: Rate?
        var steps: [UnitRate.Step] = []
        for entry in try node.entries() {
            guard let above = Int64(entry.key), above >= 0 else {
                throw PriceFileError(
                    "\"\(entry.key)\" must be the number of input tokens above which the price "
                        + "applies", line: entry.line, column: entry.column)
            }
            let rate = try rate(entry.value, per: quote)
            if above == 0 {
                base = rate
            } else if let last = steps.last, above <= last.above {
                throw PriceFileError(
                    "\(quote.word) above \(above) overlaps the price above \(last.above): write "
                        + "the bounds in ascending order", line: entry.line, column: entry.column)
            } else {
                steps.append(UnitRate.Step(above: above, rate: rate))
            }
        }
        guard let base else {
            throw node.error(
                "\(quote.word) has no price above 0 input tokens: add one as \"0\"")
        }
        return UnitRate(unit: quote.unit, base: base, steps: steps)
    }

    /// A date means its start in UTC.
    static func time(_ field: FileNode.Entry) throws(PriceFileError) -> Timestamp {
        let text = try field.value.text(field.key)
        guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
            throw field.value.error(
                "\(field.key) must be a date such as 2026-11-23 or a time such as "
                    + "2026-11-23T09:00:00Z, not \"\(text)\"")
        }
        return time
    }

    private static func hours(_ field: FileNode.Entry) throws(PriceFileError) -> DailyHours {
        let text = try field.value.text(field.key)
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = timeOfDay(parts[0]), let end = timeOfDay(parts[1]),
            start != end, start < Timestamp.dayMicroseconds
        else {
            throw field.value.error(
                "hours must be two times of day in UTC such as 16:30-00:30, not \"\(text)\"")
        }
        return DailyHours(start: start, end: end)
    }

    private static func weekdays(_ field: FileNode.Entry) throws(PriceFileError) -> Weekdays {
        var days: [Int] = []
        for name in try texts(field.value, "weekdays") {
            guard let day = Weekdays.names.firstIndex(of: name.lowercased()) else {
                throw field.value.error(
                    "weekdays must be a list of \(Weekdays.names.joined(separator: ", ")), "
                        + "not \"\(name)\"")
            }
            days.append(day)
        }
        guard !days.isEmpty else { throw field.value.error("weekdays must name a day") }
        return Weekdays(days)
    }

    private static func ids(_ field: FileNode.Entry) throws(PriceFileError) -> [String] {
        try texts(field.value, field.key).map { $0.lowercased() }
    }

    /// The factors of service tiers or regions, as `{batch: 0.5}`.
    private static func factors(
        _ field: FileNode.Entry
    ) throws(PriceFileError) -> [String: Factor] {
        var factors: [String: Factor] = [:]
        for entry in try field.value.entries(field.key) {
            guard let factor = Factor(try entry.value.text(entry.key)) else {
                throw entry.value.error(
                    "\(entry.key) must be a factor from 0 to 1000 with at most six decimals")
            }
            factors[entry.key.lowercased()] = factor
        }
        return factors
    }

    static func texts(
        _ node: FileNode, _ what: String
    ) throws(PriceFileError) -> [String] {
        var texts: [String] = []
        for item in try node.items(what) { texts.append(try item.text(what)) }
        return texts
    }

    static func unknown(
        _ entry: FileNode.Entry, _ place: String, _ known: [String]
    ) -> PriceFileError {
        PriceFileError(
            "\"\(entry.key)\" is not known here; \(place) there can be "
                + known.joined(separator: ", "), line: entry.line, column: entry.column)
    }
}

// MARK: - What the formats share

/// `HH:MM`, `HH:MM:SS`, with an optional `Z` or offset such as `+02:00`, as microseconds since
/// midnight UTC; 24:00 is an end.
func timeOfDay(_ text: some StringProtocol) -> Int64? {
    let text = Substring(text)
    if text.hasSuffix("Z") { return clock(text.dropLast()) }
    guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return clock(text) }
    guard let local = clock(text[..<sign]), let offset = clock(text[text.index(after: sign)...])
    else { return nil }
    // Without an offset, 24:00 stays the end of the day.
    if offset == 0 { return local }
    let day = Timestamp.dayMicroseconds
    return (local + (text[sign] == "+" ? day - offset : offset)) % day
}

private func clock(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 }) else {
        return nil
    }
    let numbers = parts.compactMap { part in
        part.utf8.allSatisfy { (48...57).contains($0) } ? Int64(part) : nil
    }
    guard numbers.count == parts.count else { return nil }
    let seconds = numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    guard numbers[0] <= 24, numbers.dropFirst().allSatisfy({ $0 < 60 }), seconds <= 86_400 else {
        return nil
    }
    return seconds * 1_000_000
}

/// The price in a node as a rate; an error quotes its text.
func rate(_ node: FileNode, per quote: Quote) throws(PriceFileError) -> Rate {
    try rate(node, called: quote.word, per: quote.counts)
}

func rate(
    _ node: FileNode, called what: String, per counts: Int64
) throws(PriceFileError) -> Rate {
    let text = try node.text(what)
    do throws(Rate.Flaw) {
        return try Rate(price: text, per: counts)
    } catch {
        switch error {
        case .notANumber: throw node.error("\(what) must be a decimal number, not \"\(text)\"")
        case .negative: throw node.error("\(what) is \(text): a price is never negative")
        case .inexact:
            throw node.error(
                "\(what) is \(text), which is not a whole number of 1e-24 USD per count: "
                    + "round it")
        case .tooLarge: throw node.error("\(what) is \(text): more than 1000 USD per count")
        }
    }
}

/// A match clause in the words of genai-prices; plain text is a name.
func clause(_ node: FileNode, depth: Int = 0) throws(PriceFileError) -> MatchClause {
    guard depth < MatchClause.depthMax else {
        throw node.error("match clauses are nested deeper than \(MatchClause.depthMax)")
    }
    guard node.isMapping else { return .equals(try node.text("match").lowercased()) }
    let entries = try node.entries("match")
    guard entries.count == 1, let entry = entries.first else {
        throw node.error("a match clause must have exactly one key")
    }
    switch entry.key {
    case "or", "and":
        var clauses: [MatchClause] = []
        for item in try entry.value.items(entry.key) {
            clauses.append(try clause(item, depth: depth + 1))
        }
        return entry.key == "or" ? .any(clauses) : .all(clauses)
    case "equals": return .equals(try entry.value.text("equals").lowercased())
    case "starts_with": return .startsWith(try entry.value.text("starts_with").lowercased())
    case "ends_with": return .endsWith(try entry.value.text("ends_with").lowercased())
    case "contains": return .contains(try entry.value.text("contains").lowercased())
    case "version_of": return .versionOf(try entry.value.text("version_of").lowercased())
    case "regex":
        let pattern = try entry.value.text("regex")
        guard pattern.utf8.count <= MatchClause.patternBytesMax, (try? Regex(pattern)) != nil else {
            throw entry.value.error("\"\(pattern)\" is not a regular expression")
        }
        return .regex(pattern)
    default:
        throw PriceFileError(
            "\"\(entry.key)\" is not a match clause: use equals, starts_with, ends_with, contains, "
                + "regex, version_of, or, and", line: entry.line, column: entry.column)
    }
}
