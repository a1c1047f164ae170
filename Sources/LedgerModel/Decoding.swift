import JSON

// Reads back what `canonicalJSON` wrote.

extension StageSavings {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        guard let members = (try? JSONTree(parsing: json.utf8))?.members else { return nil }
        let pairs = members.compactMap { member in
            member.value.integer.map { (stage: Name(member.key), saved: Int64($0)) }
        }
        guard pairs.count == members.count, let stages = try? StageSavings(pairs),
            stages.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = stages
    }
}

extension Labels {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        guard let members = (try? JSONTree(parsing: json.utf8))?.members else { return nil }
        let pairs = members.compactMap { member in
            member.value.string.map { (key: Name(member.key), value: Name($0)) }
        }
        guard pairs.count == members.count, let labels = try? Labels(pairs),
            labels.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = labels
    }
}
