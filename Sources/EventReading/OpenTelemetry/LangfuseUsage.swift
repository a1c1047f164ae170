import JSON
import LedgerModel

/// The counts of a Langfuse observation, which its SDK sends as JSON in one attribute.
///
/// Langfuse's own names exclude their parts. What OpenAI's client returned is passed on as it is:
/// its parts are in objects of their own and inside their whole. A total decides.
enum LangfuseUsage {
    /// Reads the counts, and the service tier that their names tell; nil if the text is no object
    /// or nothing was counted.
    ///
    /// - Throws: `Refusal` if the counts are out of range or do not add up.
    static func read(_ text: String) throws(Refusal) -> (usage: Usage, tier: String?)? {
        guard let members = (try? JSONTree(parsing: text.utf8))?.members else { return nil }
        var counts = NamedCounts()
        var rule = CountRule()
        for member in members {
            if let details = member.value.members {
                rule.isCertain = true
                let isInput = member.key.contains("input") || member.key.contains("prompt")
                for detail in details {
                    try counts.add((isInput ? "input_" : "output_") + detail.key, detail.value)
                }
            } else {
                try counts.add(member.key, member.value)
            }
        }
        let usage = try counts.usage(by: rule)
        guard usage.units.contains(where: { usage.value($0) != 0 }) else { return nil }
        return (usage, counts.tier)
    }
}

extension NamedCounts {
    /// Leaves out what is no number.
    fileprivate mutating func add(_ name: String, _ value: JSONTree) throws(Refusal) {
        if let count = value.integer { try add(name, Int64(count)) }
    }
}
