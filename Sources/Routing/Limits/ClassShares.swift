package import LedgerModel

/// How much of what is scarce each class of requests may fill, so that lower ones are shed first.
///
/// The class that matters most may fill all of it. Each class below may fill less, down to 70 % for
/// the lowest: what is above is kept free for those above it, and a request of theirs finds room
/// without a queue.
package struct ClassShares: Sendable {
    package let classes: [ServiceClass]
    /// Out of 1,000, by the index of the class.
    private let shares: [Int]
    private let standard: Int

    /// Kept from the lowest class, out of 1,000.
    package static let reserved = 300

    package init(_ classes: [ServiceClass]) {
        let classes = classes.isEmpty ? ServiceClass.standard : classes
        self.classes = classes
        standard = classes.firstIndex { $0.isStandard } ?? 0
        let weights = Set(classes.map(\.weight)).sorted(by: >)
        shares = classes.map { item in
            let place = weights.firstIndex(of: item.weight) ?? 0
            return 1_000 - Self.reserved * place / max(weights.count - 1, 1)
        }
    }

    /// The index of the class of a request; the standard one for a name that is none.
    package func index(of name: Name?) -> Int {
        name.flatMap { name in classes.firstIndex { $0.name == name } } ?? standard
    }

    /// How many of `limit` a class may fill; at least one.
    package func room(of index: Int, in limit: Int) -> Int {
        max(limit * shares[index] / 1_000, 1)
    }
}
