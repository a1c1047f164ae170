import LedgerModel
import UsageExtraction

/// The `extractors` of a provider: read from our files and genai-prices, written in our format.
enum ExtractorText {
    /// The most in one provider; more are refused.
    static let flavorsMax = 64

    /// Reads our form: a mapping from the flavor to `root`, `model` and `counts`.
    static func read(_ field: FileNode.Entry) throws(PriceFileError) -> [UsageExtractor] {
        var extractors: [UsageExtractor] = []
        for entry in try field.value.entries("extractors") {
            extractors.append(try extractor(entry))
        }
        try check(extractors, field.value)
        return extractors
    }

    /// Reads theirs: a list of objects with `api_flavor`, `root`, `model_path` and `mappings`.
    static func readGenAI(
        _ node: FileNode?, omissions: inout Omissions
    ) throws(PriceFileError) -> [UsageExtractor] {
        guard let node, !node.isNull else { return [] }
        var extractors: [UsageExtractor] = []
        for item in try node.items("extractors") {
            extractors.append(try genAIExtractor(item, omissions: &omissions))
        }
        try check(extractors, node)
        return extractors
    }

    private static func check(
        _ extractors: [UsageExtractor], _ node: FileNode
    ) throws(PriceFileError) {
        guard extractors.count <= flavorsMax else {
            throw node.error("a provider has at most \(flavorsMax) extractors")
        }
        var seen: Set<String> = []
        for extractor in extractors {
            guard seen.insert(extractor.flavor).inserted else {
                throw node.error("extractor \(extractor.flavor) is given twice")
            }
            guard (1...UsageExtractor.sourcesMax).contains(extractor.sources.count) else {
                throw node.error(
                    "extractor \(extractor.flavor) must read between 1 and "
                        + "\(UsageExtractor.sourcesMax) counts")
            }
        }
    }
}

// MARK: - Ours

extension ExtractorText {
    private static func extractor(
        _ entry: FileNode.Entry
    ) throws(PriceFileError) -> UsageExtractor {
        var root: AnswerPath?
        var model = AnswerPath("model")
        var sources: [UsageExtractor.Source] = []
        for field in try entry.value.entries("extractor \(entry.key)") {
            switch field.key {
            case "root": root = try path(field.value, item: item)
            case "model": model = try path(field.value, item: item)
            case "counts":
                for item in try field.value.items("counts") { sources.append(try source(item)) }
            default:
                throw PriceFileError(
                    "\"\(field.key)\" is not known here; an extractor has root, "
                        + "model and counts", line: field.line, column: field.column)
            }
        }
        guard let root else {
            throw PriceFileError(
                "extractor \(entry.key) needs a root, the object with the counts", line: entry.line,
                column: entry.column)
        }
        return UsageExtractor(flavor: entry.key, root: root, model: model, sources: sources)
    }

    /// `{input_tokens: prompt_tokens, required: true}`.
    private static func source(_ node: FileNode) throws(PriceFileError) -> UsageExtractor.Source {
        var found: (measure: Measure, path: AnswerPath)?
        var isRequired = false
        for field in try node.entries("a count") {
            if field.key == "required" {
                isRequired = try flag(field.value, "required")
                continue
            }
            guard let measure = Measure(name: field.key) else {
                throw PriceFileError(
                    "\"\(field.key)\" is not a unit of usage: see docs/prices.md", line: field.line,
                    column: field.column)
            }
            guard found == nil else {
                throw PriceFileError(
                    "write one unit per line", line: field.line, column: field.column)
            }
            found = (measure, try path(field.value, item: item))
        }
        guard let found else { throw node.error("a count needs a unit and a path") }
        return UsageExtractor.Source(found.measure, found.path, isRequired: isRequired)
    }

    private static func flag(_ node: FileNode, _ what: String) throws(PriceFileError) -> Bool {
        switch try node.text(what) {
        case "true": return true
        case "false": return false
        case let text: throw node.error("\(what) must be true or false, not \"\(text)\"")
        }
    }

    /// `{field: clause}`: the item of an array whose field matches.
    private static func item(_ node: FileNode) throws(PriceFileError) -> AnswerPath.Step {
        let entries = try node.entries()
        guard entries.count == 1, let entry = entries.first else {
            throw node.error("select an array item by exactly one of its members")
        }
        return .item(of: entry.key, try clause(entry.value))
    }

    /// A key, or a list of keys and items.
    private static func path(
        _ node: FileNode, item: (FileNode) throws(PriceFileError) -> AnswerPath.Step
    ) throws(PriceFileError) -> AnswerPath {
        guard node.isSequence else { return AnswerPath(try node.text("a path")) }
        var steps: [AnswerPath.Step] = []
        for step in try node.items("a path") {
            if step.isMapping {
                steps.append(try item(step))
            } else {
                steps.append(.member(try step.text("a step of a path")))
            }
        }
        guard let path = AnswerPath(steps) else {
            throw node.error("a path needs 1 to \(AnswerPath.stepsMax) steps and must end in a key")
        }
        return path
    }
}

// MARK: - genai-prices

extension ExtractorText {
    private static func genAIExtractor(
        _ node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> UsageExtractor {
        guard let root = node["root"], let mappings = node["mappings"] else {
            throw node.error("an extractor needs root and mappings")
        }
        var sources: [UsageExtractor.Source] = []
        for mapping in try mappings.items("mappings") {
            guard let from = mapping["path"], let to = mapping["dest"] else {
                throw mapping.error("a mapping needs path and dest")
            }
            let name = try to.text("dest")
            guard let measure = Measure(genaiName: name) else {
                omissions.add("the count of \(name), an unknown unit", line: to.line)
                continue
            }
            var isRequired = true
            if let required = mapping["required"] { isRequired = try flag(required, "required") }
            sources.append(
                UsageExtractor.Source(
                    measure, try path(from, item: genAIItem), isRequired: isRequired))
        }
        return UsageExtractor(
            flavor: try node["api_flavor"]?.text("api_flavor") ?? "default",
            root: try path(root, item: genAIItem),
            model: try node["model_path"].map { model throws(PriceFileError) in
                try path(model, item: genAIItem)
            } ?? AnswerPath("model"),
            sources: sources)
    }

    private static func genAIItem(_ node: FileNode) throws(PriceFileError) -> AnswerPath.Step {
        guard try node["type"]?.text("type") == "array-match", let field = node["field"],
            let match = node["match"]
        else { throw node.error("this step is not an array-match with field and match") }
        return .item(of: try field.text("field"), try clause(match))
    }
}

// MARK: - Writing

extension PriceWriter {
    static func write(_ extractors: [UsageExtractor], to text: inout String) {
        if extractors.isEmpty { return }
        text += "    extractors:\n"
        for extractor in extractors {
            text += "      \(quoted(extractor.flavor)):\n"
            text += "        root: \(path(extractor.root))\n"
            if extractor.model != AnswerPath("model") {
                text += "        model: \(path(extractor.model))\n"
            }
            text += "        counts:\n"
            for source in extractor.sources {
                let required = source.isRequired ? ", required: true" : ""
                text += "        - {\(source.measure.name): \(path(source.path))\(required)}\n"
            }
        }
    }

    private static func path(_ path: AnswerPath) -> String {
        if path.steps.count == 1, case .member(let key) = path.steps[0] { return quoted(key) }
        let steps = path.steps.map { step in
            switch step {
            case .member(let key): quoted(key)
            case .item(let field, let clause): "{\(quoted(field)): \(self.clause(clause))}"
            }
        }
        return "[\(steps.joined(separator: ", "))]"
    }
}
