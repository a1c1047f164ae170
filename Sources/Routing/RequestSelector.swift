package import LedgerModel
package import Pricing

/// Which requests a rule, a route or a limit is about: by path, model, dimensions and labels, each with
/// the values that it may have; what is not given may be anything.
///
///     for: {model: gpt-4o*, app: [reports, digests], environment: production, label.kind: nightly}
package struct RequestSelector: Sendable, Hashable {
    /// As documentation has them, such as `/v1/embeddings`.
    package var paths: Set<String> = []
    /// Names, or beginnings of them before a star.
    package var models: [String] = []
    package var dimensions: [Dimension: Set<Name>] = [:]
    package var labels: [Name: Set<Name>] = [:]

    package init() {}

    /// What stands before the name of a label.
    static let labelPrefix = "label."
    package static let valuesMax = 1_000

    package var isEmpty: Bool {
        paths.isEmpty && models.isEmpty && dimensions.isEmpty && labels.isEmpty
    }

    /// Whether a request has all that is asked for.
    ///
    /// - Parameter path: nil where nobody knows it.
    package func covers(
        path: String? = nil, _ dimension: (Dimension) -> Name?, label: (Name) -> Name?
    ) -> Bool {
        (paths.isEmpty || path.map(paths.contains) ?? false)
            && (models.isEmpty || dimension(.model).map { coversModel($0.string) } ?? false)
            && dimensions.allSatisfy { key, values in
                dimension(key).map(values.contains) ?? false
            }
            && labels.allSatisfy { key, values in label(key).map(values.contains) ?? false }
    }

    private func coversModel(_ name: String) -> Bool {
        models.contains { pattern in
            pattern.hasSuffix("*")
                ? name.utf8.starts(with: pattern.utf8.dropLast())
                : name.utf8.elementsEqual(pattern.utf8)
        }
    }

    /// The dimensions that have to be known to say whether a request is covered.
    package var asked: [Dimension] {
        models.isEmpty ? Array(dimensions.keys) : [.model] + dimensions.keys
    }
}

// MARK: - As a policy writes it

extension RequestSelector {
    /// - Parameters:
    ///   - knowsPaths: whether a path may be asked for.
    ///   - others: keys that somebody else reads.
    package init(
        _ node: FileNode, _ what: String = "for", knowsPaths: Bool = false,
        beside others: [String] = []
    ) throws(PriceFileError) {
        for entry in try node.entries(what) where !others.contains(entry.key) {
            let values = try Self.values(entry)
            if entry.key.hasPrefix(Self.labelPrefix) {
                labels[Name(String(entry.key.dropFirst(Self.labelPrefix.count)))] = Set(values)
                continue
            }
            if knowsPaths, entry.key == "path" {
                paths = Set(values.map(\.string))
                continue
            }
            guard let dimension = Dimension(name: entry.key) else {
                let known =
                    Dimension.allCases.map(\.name) + (knowsPaths ? ["path"] : []) + others
                throw entry.error(
                    "\(entry.key) is no dimension: "
                        + (Likeness.nearest(to: entry.key, among: known, part: 3)
                            .map { "did you mean \($0)?" }
                            ?? "use \(known.joined(separator: ", ")), or label.NAME"))
            }
            guard dimension == .model else {
                dimensions[dimension] = Set(values)
                continue
            }
            models = values.map(\.string)
            guard models.allSatisfy({ !$0.dropLast().contains("*") }) else {
                throw entry.value.error("a star may only stand at the end of a model")
            }
        }
    }

    /// One value or a list of them.
    private static func values(_ entry: FileNode.Entry) throws(PriceFileError) -> [Name] {
        let node = entry.value
        let items = node.isSequence ? try node.items(entry.key) : [node]
        var values: [Name] = []
        for item in items {
            let text = try item.text(entry.key)
            guard (1...Dimensions.valueBytesMax).contains(text.utf8.count) else {
                throw item.error("\(entry.key) has 1 to \(Dimensions.valueBytesMax) bytes")
            }
            values.append(Name(text))
        }
        guard (1...valuesMax).contains(values.count) else {
            throw node.error(
                "\(entry.key) has \(values.count) values: give 1 to \(valuesMax), or leave it out")
        }
        return values
    }
}
