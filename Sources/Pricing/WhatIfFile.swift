import JSON
import LedgerModel
import UsageExtraction

/// Reads what a replay supposes: mapping files, discounts, and the body of an HTTP call.
package enum WhatIfFile {
    static let marker = "tally_map"

    /// Reads a mapping file: with `tally_map: 1` it has sections, otherwise plain names.
    package static func read(_ text: String) throws(PriceFileError) -> WhatIf {
        var whatIf = WhatIf()
        try take(try FileNode(parsing: text), into: &whatIf)
        return whatIf
    }

    /// Reads `{"openai": "10%", "anthropic/claude-*": 0.85}`.
    package static func readDiscounts(_ text: String) throws(PriceFileError) -> [WhatIf.Discount] {
        try discounts(try FileNode(parsing: text))
    }

    /// Reads the keys `to`, `map_models` and `discounts` of a JSON object; numbers stay text.
    package static func read(body text: String) throws(PriceFileError) -> WhatIf {
        let root = try FileNode(parsing: text)
        var whatIf = WhatIf()
        if let node = root["map_models"], !node.isNull {
            // A file may also be sent as a single text.
            let map = node.isMapping ? node : try FileNode(parsing: try node.text("map_models"))
            try take(map, into: &whatIf)
        }
        if let node = root["to"], !node.isNull {
            guard whatIf.otherwise == nil else {
                throw node.error("to and the default of map_models mean the same: give one of them")
            }
            whatIf.otherwise = try target(text: node)
        }
        if let node = root["discounts"], !node.isNull { whatIf.discounts += try discounts(node) }
        return whatIf
    }

    /// One discount as written on a command line: `openai=10%`.
    package static func discount(_ text: String) throws(PriceFileError) -> WhatIf.Discount {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw PriceFileError("\(text): write a discount as openai=10% or openai/gpt-4o=0.9")
        }
        return try discount(
            String(text[..<equals]), String(text[text.index(after: equals)...]), line: nil)
    }

    // MARK: Sections

    private static func take(
        _ root: FileNode, into whatIf: inout WhatIf
    ) throws(PriceFileError) {
        guard let version = root[marker] else { return try takeModels(root, into: &whatIf) }
        guard try version.text(marker) == "1" else {
            throw version.error("\(marker) must be 1, the only version")
        }
        for entry in try root.entries() {
            switch entry.key {
            case marker: break
            case "models": try takeModels(entry.value, into: &whatIf)
            case "match":
                for node in try entry.value.items("match") { try takeRule(node, into: &whatIf) }
            case "default": whatIf.otherwise = try target(entry.value)
            case "discounts": whatIf.discounts += try discounts(entry.value)
            default:
                throw PriceFileError(
                    "\"\(entry.key)\" is not known here; a mapping has models, match, default and "
                        + "discounts", line: entry.line, column: entry.column)
            }
        }
        try check(whatIf, root)
    }

    /// `gpt-4o: anthropic/claude-sonnet-4-5`; a key may name its provider and may end with `*`.
    private static func takeModels(
        _ node: FileNode, into whatIf: inout WhatIf
    ) throws(PriceFileError) {
        for entry in try node.entries("a mapping of models") {
            let target = try target(entry.value)
            let name = entry.key.lowercased()
            guard !name.isEmpty else {
                throw PriceFileError(
                    "a model's name is empty", line: entry.line, column: entry.column)
            }
            if name == "*" {
                whatIf.otherwise = target
                continue
            }
            let parts = name.split(separator: "/", maxSplits: 1)
            if parts.count == 2 {
                whatIf.rules.append(
                    WhatIf.Rule(
                        provider: .named(parts[0]), model: .named(parts[1]), target: target))
            }
            // Some providers sell models with a slash in their names.
            whatIf.rules.append(
                WhatIf.Rule(provider: nil, model: .named(name), target: target))
        }
        try check(whatIf, node)
    }

    private static func takeRule(
        _ node: FileNode, into whatIf: inout WhatIf
    ) throws(PriceFileError) {
        var provider: MatchClause?
        var model: MatchClause?
        var fields: [FileNode.Entry] = []
        for entry in try node.entries("a rule") {
            switch entry.key {
            case "provider": provider = try clause(entry.value)
            case "model": model = try clause(entry.value)
            default: fields.append(entry)
            }
        }
        guard let model else {
            throw node.error("a rule needs a model, such as {starts_with: gpt-4}")
        }
        let target = try target(fields, node)
        whatIf.rules.append(WhatIf.Rule(provider: provider, model: model, target: target))
    }

    private static func target(_ node: FileNode) throws(PriceFileError) -> WhatIf.Target {
        node.isMapping ? try target(try node.entries(), node) : try target(text: node)
    }

    private static func target(text node: FileNode) throws(PriceFileError) -> WhatIf.Target {
        let text = try node.text("a model")
        guard let target = WhatIf.Target(text) else {
            throw node.error(
                "\"\(text)\" names no provider: write it as provider/model")
        }
        return target
    }

    private static func target(
        _ fields: [FileNode.Entry], _ node: FileNode
    ) throws(PriceFileError) -> WhatIf.Target {
        var target: WhatIf.Target?
        var tokens = Factor.one
        var tier: String?
        for entry in fields {
            switch entry.key {
            case "to": target = try self.target(text: entry.value)
            case "tokens":
                let text = try entry.value.text("tokens")
                guard let factor = Factor(text), factor.millionths > 0 else {
                    throw entry.value.error(
                        "tokens must be a factor above 0 and up to 1000 with at most six "
                            + "decimals, not \"\(text)\"")
                }
                tokens = factor
            case "tier": tier = try entry.value.text("tier")
            default:
                throw PriceFileError(
                    "\"\(entry.key)\" is not known here; a target has to, tokens "
                        + "and tier", line: entry.line, column: entry.column)
            }
        }
        guard var target else { throw node.error("to is missing: name the target model") }
        target.tokens = tokens
        target.tier = tier
        return target
    }

    private static func check(_ whatIf: WhatIf, _ node: FileNode) throws(PriceFileError) {
        guard whatIf.rules.count <= WhatIf.rulesMax else {
            throw node.error("a mapping has at most \(WhatIf.rulesMax) rules")
        }
    }

    // MARK: Discounts

    private static func discounts(_ node: FileNode) throws(PriceFileError) -> [WhatIf.Discount] {
        var discounts: [WhatIf.Discount] = []
        for entry in try node.entries("discounts") {
            discounts.append(
                try discount(entry.key, try entry.value.text(entry.key), line: entry.line))
        }
        return discounts
    }

    private static func discount(
        _ name: String, _ text: String, line: Int?
    ) throws(PriceFileError) -> WhatIf.Discount {
        guard let factor = factor(text), !name.isEmpty else {
            throw PriceFileError(
                "\(name)=\(text): write a percentage such as 10% or a factor such as 0.9, "
                    + "with at most six decimals of the factor", line: line)
        }
        return WhatIf.Discount(name, factor: factor)
    }

    /// `10%` less is the factor 0.9; `-5%` is 5 % more.
    private static func factor(_ text: String) -> Factor? {
        guard text.hasSuffix("%") else { return Factor(text) }
        let percent = text.dropLast().filter { $0 != " " }
        guard let hundredths = scaledDecimal(percent, scale: 4),
            (-999_000_000...1_000_000).contains(hundredths)
        else { return nil }
        return Factor(millionths: 1_000_000 - Int64(hundredths))
    }
}

extension WhatIf {
    /// The same in our file format; reading it restores this.
    package var text: String {
        var text = "\(WhatIfFile.marker): 1\n"
        if !rules.isEmpty { text += "match:\n" }
        for rule in rules {
            let provider = rule.provider.map { "provider: \(PriceWriter.clause($0)), " } ?? ""
            text +=
                "- {\(provider)model: \(PriceWriter.clause(rule.model)), \(fields(rule.target))}\n"
        }
        if let otherwise { text += "default: {\(fields(otherwise))}\n" }
        if !discounts.isEmpty { text += "discounts:\n" }
        for discount in discounts {
            text += "  \(PriceWriter.quoted(discount.name)): \(discount.factor)\n"
        }
        return text
    }

    private func fields(_ target: Target) -> String {
        var fields = ["to: \(PriceWriter.quoted(target.description))"]
        if target.tokens != .one { fields.append("tokens: \(target.tokens)") }
        if let tier = target.tier { fields.append("tier: \(PriceWriter.quoted(tier))") }
        return fields.joined(separator: ", ")
    }
}
