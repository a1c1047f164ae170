import JSON
import LedgerModel
import UsageExtraction

/// Terms as a file gives them, with lines, before they are checked against a book.
package struct TermsDraft: Sendable {
    /// A term and its line; nil if it comes from a book that was read before.
    struct Item<Term: Sendable>: Sendable {
        let term: Term
        let line: Int?
    }

    var discounts: [Item<Discount>] = []
    var allowances: [Item<Allowance>] = []

    /// The key that only files of terms have; its value is the version of the format.
    static let marker = "tally_terms"
    static let sections = ["discounts", "allowances"]
    static let nameBytesMax = 128

    init() {}

    /// The terms of a book, to apply to another one.
    package init(_ terms: Terms) {
        discounts = terms.discounts.map { Item(term: $0, line: nil) }
        allowances = terms.allowances.map { Item(term: $0, line: nil) }
    }

    /// Takes a section of a file; returns whether the key names one.
    mutating func take(_ entry: FileNode.Entry) throws(PriceFileError) -> Bool {
        switch entry.key {
        case "discounts":
            for node in try entry.value.items("discounts") {
                discounts.append(Item(term: try Self.discount(node), line: node.line))
            }
        case "allowances":
            for node in try entry.value.items("allowances") {
                allowances.append(Item(term: try Self.allowance(node), line: node.line))
            }
        default: return false
        }
        return true
    }
}

extension PriceFile {
    /// Reads a file that holds only discounts and allowances.
    package static func readTerms(_ text: String) throws(PriceFileError) -> TermsDraft {
        guard text.utf8.count <= bytesMax else {
            throw PriceFileError("the file is larger than \(bytesMax >> 20) MiB")
        }
        let root = try FileNode(parsing: text)
        let entries = try root.entries("a terms file")
        guard let marker = root[TermsDraft.marker], try marker.text(TermsDraft.marker) == "1" else {
            throw root.error("a terms file begins with \"\(TermsDraft.marker): 1\"")
        }
        var draft = TermsDraft()
        for entry in entries where entry.key != TermsDraft.marker {
            guard try draft.take(entry) else {
                throw TallystickPrices.unknown(
                    entry, "in a terms file", TermsDraft.sections)
            }
        }
        return draft
    }
}

extension PriceBook {
    /// This book with other terms instead of its own.
    ///
    /// Refuses terms that cover no model of the book: their author thinks that there is one.
    package func adopting(_ draft: TermsDraft) throws(PriceFileError) -> PriceBook {
        let scopes =
            draft.discounts.map { ($0.term.name, $0.term.scope, $0.line) }
            + draft.allowances.map { ($0.term.name, $0.term.scope, $0.line) }
        for (name, scope, line) in scopes where line != nil {
            let coversAny = providers.contains { provider in
                provider.sold(among: providers).contains {
                    scope.covers(provider: provider.id, model: $0.id)
                }
            }
            guard coversAny else {
                throw PriceFileError(
                    "\"\(name)\" covers no model of book \(self.name): check its provider and "
                        + "model against `tally prices show`", line: line)
            }
        }
        return PriceBook(
            name: self.name, providers: providers, terms: try draft.checked(against: providers))
    }
}

// MARK: - Checks

extension TermsDraft {
    /// The terms; refuses contradictions and rates without an exact form.
    func checked(against providers: [Provider]) throws(PriceFileError) -> Terms {
        for count in [discounts.count, allowances.count] where count > Terms.countMax {
            throw PriceFileError("there are \(count) terms: the limit is \(Terms.countMax)")
        }
        try checkNames(discounts.map { ($0.term.name, $0.line) }, "discount")
        try checkNames(allowances.map { ($0.term.name, $0.line) }, "allowance")
        for scope in discounts.map({ ($0.term.scope, $0.line) })
            + allowances.map({ ($0.term.scope, $0.line) })
        {
            if let from = scope.0.from, let until = scope.0.until, until <= from {
                throw PriceFileError(
                    "the terms end at \(until), before they begin at \(from)", line: scope.1)
            }
        }
        try checkOverlaps()
        for discount in discounts { try checkExact(discount, providers) }
        return Terms(discounts: discounts.map(\.term), allowances: allowances.map(\.term))
    }

    private func checkNames(
        _ names: [(String, Int?)], _ what: String
    ) throws(PriceFileError) {
        var seen: Set<String> = []
        for (name, line) in names where !seen.insert(name).inserted {
            throw PriceFileError("there are two \(what)s named \"\(name)\"", line: line)
        }
    }

    /// A later discount refines an earlier one; with the same conditions it contradicts it.
    private func checkOverlaps() throws(PriceFileError) {
        for (index, later) in discounts.enumerated() {
            for earlier in discounts[..<index] {
                let (a, b) = (earlier.term, later.term)
                guard a.units == b.units, a.scope.undated == b.scope.undated else { continue }
                if let conflict = PriceFile.dateConflict(
                    a.scope, onLine: earlier.line ?? 0, with: b.scope, of: "discounts")
                {
                    throw PriceFileError("\"\(b.name)\": \(conflict)", line: later.line)
                }
            }
        }
    }

    /// Refuses a discount whose product with a rate of the book has no exact form.
    private func checkExact(
        _ item: Item<Discount>, _ providers: [Provider]
    ) throws(PriceFileError) {
        let discount = item.term
        for provider in providers {
            for model in provider.sold(among: providers)
            where discount.scope.covers(provider: provider.id, model: model.id) {
                let chains = [("", [])] + provider.factorChains(of: model.regionFactors)
                for rate in model.prices.flatMap(\.rates) where discount.covers(rate.unit) {
                    let isExact = chains.allSatisfy { _, factors in
                        let factors = rate.unit.isTokens ? factors : []
                        return rate.scaled(by: factors + [discount.factor]) != nil
                    }
                    guard isExact else {
                        let quote = Quote.canonical(of: rate.unit)
                        throw PriceFileError(
                            "\"\(discount.name)\": \(discount.factor) times the \(quote.word) of "
                                + "\(rate.base.price(per: quote.counts)) of model \(model.id) of "
                                + "\(provider.id) has more than 24 decimals: leave the model out, "
                                + "or write its prices in a book of your own", line: item.line)
                    }
                }
            }
        }
    }
}

extension TermScope {
    fileprivate var undated: TermScope {
        var scope = self
        scope.from = nil
        scope.until = nil
        return scope
    }
}

// MARK: - Reading

extension TermsDraft {
    private static let scopeKeys = [
        "name", "from", "until", "provider", "model", "tier", "region", "units",
    ]

    private static func discount(_ node: FileNode) throws(PriceFileError) -> Discount {
        var factor: Factor?
        for entry in try node.entries("a discount") where !scopeKeys.contains(entry.key) {
            guard ["percent_off", "factor"].contains(entry.key) else {
                throw TallystickPrices.unknown(
                    entry, "in a discount", scopeKeys + ["percent_off", "factor"])
            }
            guard factor == nil else {
                throw PriceFileError(
                    "a discount takes either percent_off or factor, not both", line: entry.line,
                    column: entry.column)
            }
            factor = try self.factor(entry)
        }
        guard let factor else { throw node.error("a discount needs percent_off or factor") }
        return Discount(
            name: try name(node, "discount"), scope: try scope(node),
            units: try units(node).sorted { $0.rawValue < $1.rawValue }, factor: factor)
    }

    private static func factor(_ entry: FileNode.Entry) throws(PriceFileError) -> Factor {
        let text = try entry.value.text(entry.key)
        if entry.key == "factor" {
            if let factor = Factor(text) { return factor }
            throw entry.value.error(
                "factor must be from 0 to 1000 with at most six decimals, not \"\(text)\"")
        }
        guard let off = scaledDecimal(text, scale: 4), (0...1_000_000).contains(off),
            let factor = Factor(decimal(1_000_000 - off, scale: 6))
        else {
            throw entry.value.error(
                "percent_off must be from 0 to 100 with at most four decimals, not \"\(text)\"")
        }
        return factor
    }

    private static func allowance(_ node: FileNode) throws(PriceFileError) -> Allowance {
        for entry in try node.entries("an allowance")
        where !(scopeKeys + ["free", "per"]).contains(entry.key) {
            throw TallystickPrices.unknown(entry, "in an allowance", scopeKeys + ["free", "per"])
        }
        let units = try units(node)
        guard let first = units.first else {
            throw node.error("an allowance needs units, such as [input_tokens, output_tokens]")
        }
        guard units.allSatisfy({ $0.scale == first.scale }) else {
            throw node.error("seconds and counts cannot share an allowance: write two allowances")
        }
        guard let text = try node["free"]?.text("free"),
            let free = scaledDecimal(text, scale: first.scale == 1 ? 0 : 6), free > 0,
            free <= Int128(Usage.countMax)
        else {
            throw node.error("an allowance needs free, a whole count from 1 to 1e15")
        }
        guard let per = try node["per"]?.text("per"), let window = Allowance.Window(rawValue: per)
        else { throw node.error("an allowance needs per: day or month, in UTC") }
        return Allowance(
            name: try name(node, "allowance"), scope: try scope(node), units: units,
            free: Int64(free), window: window)
    }

    private static func name(_ node: FileNode, _ what: String) throws(PriceFileError) -> String {
        guard let name = try node["name"]?.text("name"), !name.isEmpty,
            name.utf8.count <= nameBytesMax
        else {
            throw node.error(
                "the \(what) needs a name of at most \(nameBytesMax) bytes: explanations show it")
        }
        return name
    }

    private static func scope(_ node: FileNode) throws(PriceFileError) -> TermScope {
        var scope = TermScope()
        for entry in try node.entries() {
            switch entry.key {
            case "from": scope.from = try TallystickPrices.time(entry)
            case "until": scope.until = try TallystickPrices.time(entry)
            case "provider": scope.provider = try clause(entry.value)
            case "model": scope.model = try clause(entry.value)
            case "tier":
                scope.tier = Resolution.tierWord(of: Name(try entry.value.text("tier")))
            case "region": scope.region = try entry.value.text("region").lowercased()
            default: break
            }
        }
        return scope
    }

    /// A list of units, or one, by name or by the words of prices.
    private static func units(_ node: FileNode) throws(PriceFileError) -> [UsageUnit] {
        guard let node = node["units"] else { return [] }
        var units: [UsageUnit] = []
        for item in node.isSequence ? try node.items("units") : [node] {
            let word = try item.text("a unit")
            guard let unit = Quote(word: word)?.unit else {
                throw item.error(
                    "\"\(word)\" is not a unit: the units are "
                        + UsageUnit.allCases.map(\.name).joined(separator: ", "))
            }
            guard !units.contains(unit) else { throw item.error("\(word) is given twice") }
            units.append(unit)
        }
        guard !units.isEmpty else { throw node.error("units is empty: leave it out instead") }
        return units
    }
}

// MARK: - Writing

extension PriceWriter {
    /// The sections of the terms; empty for a book without any, whose text stays unchanged.
    static func text(of terms: Terms) -> String {
        section("discounts", terms.discounts) { discount in
            fields(discount.name, discount.scope, discount.units) + ["factor: \(discount.factor)"]
        }
            + section("allowances", terms.allowances) { allowance in
                let scale = allowance.units.first?.scale ?? 1
                return fields(allowance.name, allowance.scope, allowance.units) + [
                    "free: \(decimal(Int128(allowance.free), scale: scale == 1 ? 0 : 6))",
                    "per: \(allowance.window.rawValue)",
                ]
            }
    }

    private static func section<Term>(
        _ name: String, _ terms: [Term], _ fields: (Term) -> [String]
    ) -> String {
        if terms.isEmpty { return "" }
        return "\(name):\n"
            + terms.map { "- {\(fields($0).joined(separator: ", "))}\n" }.joined()
    }

    private static func fields(
        _ name: String, _ scope: TermScope, _ units: [UsageUnit]
    ) -> [String] {
        var fields = ["name: \(quoted(name))"]
        if let from = scope.from { fields.append("from: \(time(from))") }
        if let until = scope.until { fields.append("until: \(time(until))") }
        if let provider = scope.provider { fields.append("provider: \(clause(provider))") }
        if let model = scope.model { fields.append("model: \(clause(model))") }
        if let tier = scope.tier { fields.append("tier: \(quoted(tier))") }
        if let region = scope.region { fields.append("region: \(quoted(region))") }
        if !units.isEmpty { fields.append("units: \(list(units.map(\.name)))") }
        return fields
    }
}
