import Synchronization

/// The bytes that requests may hold at a time, all of them together.
package final class MemoryBudget: Sendable {
    package let bytesMax: Int
    private let held = Mutex(0)

    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// What requests hold now.
    package var bytesHeld: Int { held.withLock { $0 } }

    fileprivate func take(_ bytes: Int) throws(Overload) {
        let isTaken = held.withLock { held in
            guard held + bytes <= bytesMax else { return false }
            held += bytes
            return true
        }
        if !isTaken { throw .memory(bytesMax: bytesMax) }
    }

    fileprivate func give(_ bytes: Int) {
        held.withLock { $0 -= bytes }
    }
}

/// What one request holds of the budget: it takes before it allocates, and gives everything back
/// when the last reference goes, which an answer keeps until it is sent.
final class MemoryShare: Sendable {
    private let budget: MemoryBudget
    private let taken = Mutex(0)

    init(of budget: MemoryBudget) {
        self.budget = budget
    }

    deinit { budget.give(bytes) }

    var bytes: Int { taken.withLock { $0 } }

    func grow(by bytes: Int) throws(Overload) {
        try budget.take(bytes)
        taken.withLock { $0 += bytes }
    }
}
