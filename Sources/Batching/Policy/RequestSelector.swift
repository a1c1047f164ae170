package import LedgerModel
package import Pricing

/// Which requests a rule is about: by dimensions and labels, each with the values that it may have.
///
///     for: {app: [reports, digests], environment: production, label.kind: nightly}
package struct RequestSelector: Sendable, Hashable {
    package var dimensions: [Dimension: Set<Name>] = [:]
    package var labels: [Name: Set<Name>] = [:]

    package init() {}

    /// What stands before the name of a label.
    static let labelPrefix = "label."

    package var isEmpty: Bool { dimensions.isEmpty && labels.isEmpty }

    /// Whether a request has all that is asked for.
    package func covers(
        _ dimension: (Dimension) -> Name?, label: (Name) -> Name?
    ) -> Bool {
        dimensions.allSatisfy { key, values in dimension(key).map(values.contains) ?? false }
            && labels.allSatisfy { key, values in label(key).map(values.contains) ?? false }
    }

    /// What is wrong is said where it stands.
    package init(_ node: FileNode, _ what: String = "for") throws(PriceFileError) {
        for entry in try node.entries(what) {
            let values = try Self.values(entry)
            if entry.key.hasPrefix(Self.labelPrefix) {
                labels[Name(String(entry.key.dropFirst(Self.labelPrefix.count)))] = values
                continue
            }
            guard let dimension = Dimension(name: entry.key) else {
                let known = Dimension.allCases.map(\.name)
                throw entry.error(
                    "\(entry.key) is no dimension: "
                        + (Likeness.nearest(to: entry.key, among: known, part: 3)
                            .map { "did you mean \($0)?" }
                            ?? "use \(known.joined(separator: ", ")), or label.NAME"))
            }
            dimensions[dimension] = values
        }
    }

    /// One value or a list of them.
    private static func values(_ entry: FileNode.Entry) throws(PriceFileError) -> Set<Name> {
        let node = entry.value
        let items = node.isSequence ? try node.items(entry.key) : [node]
        var values: Set<Name> = []
        for item in items {
            let text = try item.text(entry.key)
            if text.isEmpty { throw item.error("\(entry.key) has an empty value") }
            values.insert(Name(text))
        }
        if values.isEmpty { throw node.error("\(entry.key) has no values: leave it out") }
        return values
    }
}
