/// The refused events of an input, grouped by reason.
///
/// Reasons that differ only in what they quote, and in their numbers, are one: a column of bad
/// times is one fault.
package struct RefusalGroups: Sendable {
    package struct Group: Sendable {
        /// The reason of the first event.
        package fileprivate(set) var reason: String
        package fileprivate(set) var count = 0
        /// The first places: lines from 1, or indexes from 0 for an input without lines.
        package fileprivate(set) var places: [Int] = []
    }

    /// Places that are kept of each group.
    package static let placesMax = 3
    /// Further reasons are counted together.
    package static let groupsMax = 1_000

    private var groups: [String: Group] = [:]

    package init() {}

    /// The commonest reasons first.
    package var list: [Group] {
        groups.values.sorted {
            ($1.count, $0.places.first ?? 0) < ($0.count, $1.places.first ?? 0)
        }
    }

    package mutating func add(_ reason: String, at place: Int) {
        let pattern = Self.pattern(of: reason)
        let isKept = groups[pattern] != nil || groups.count < Self.groupsMax
        var group =
            groups[isKept ? pattern : ""]
            ?? Group(reason: isKept ? reason : "other reasons")
        group.count += 1
        // Parts of an input may be settled in another order than they were read.
        if place < group.places.first ?? .max, isKept { group.reason = reason }
        group.places = (group.places + [place]).sorted().prefix(Self.placesMax).map(\.self)
        groups[isKept ? pattern : ""] = group
    }

    /// A reason without what it quotes and without its numbers.
    private static func pattern(of reason: String) -> String {
        var pattern = ""
        var isQuoted = false
        for scalar in reason.unicodeScalars {
            if scalar == "\"" { isQuoted.toggle() }
            let isDigit = ("0"..."9").contains(scalar)
            if isQuoted || isDigit && pattern.unicodeScalars.last == "#" { continue }
            pattern.unicodeScalars.append(isDigit ? "#" : scalar)
        }
        return pattern
    }
}
