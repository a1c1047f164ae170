import Synchronization

/// The bytes that requests may hold at a time, all of them together.
///
/// An eighth is for small requests alone: however much large ones ask for, an event still comes in.
package final class MemoryBudget: Sendable {
    package let bytesMax: Int
    private let state = Mutex((held: 0, refused: 0))

    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// What requests hold now.
    package var bytesHeld: Int { state.withLock { $0.held } }
    /// How often a request was refused its bytes.
    package var refused: Int { state.withLock { $0.refused } }

    /// Bytes up to which a request is a small one.
    private static let smallBytesMax = 256 << 10

    /// - Parameter held: what the request holds already.
    fileprivate func take(_ bytes: Int, beside held: Int) throws(Overload) {
        let isSmall = held + bytes <= Self.smallBytesMax
        let limit = isSmall ? bytesMax : bytesMax - bytesMax / 8
        let isTaken = state.withLock { state in
            guard state.held + bytes <= limit else {
                state.refused += 1
                return false
            }
            state.held += bytes
            return true
        }
        if !isTaken { throw .memory(bytesMax: bytesMax) }
    }

    fileprivate func give(_ bytes: Int) {
        state.withLock { $0.held -= bytes }
    }
}

/// What one request holds of the budget: it takes before it allocates, and gives everything back
/// when the last reference goes, which an answer keeps until it is sent.
package final class MemoryShare: Sendable {
    private let budget: MemoryBudget
    private let taken = Mutex(0)

    package init(of budget: MemoryBudget) {
        self.budget = budget
    }

    deinit { budget.give(bytes) }

    var bytes: Int { taken.withLock { $0 } }

    package func grow(by bytes: Int) throws(Overload) {
        try budget.take(bytes, beside: self.bytes)
        taken.withLock { $0 += bytes }
    }
}

/// What a page holds that is read in steps: each step takes what it will probably need before it is
/// read, and the rest once its size is known.
struct PageShare {
    private let memory: MemoryShare
    private var reserved = 0
    private var held = 0

    init(of memory: MemoryShare) {
        self.memory = memory
    }

    mutating func expect(_ bytes: Int) throws(Overload) {
        try reserve(held + bytes)
    }

    mutating func hold(_ bytes: Int) throws(Overload) {
        held += bytes
        try reserve(held)
    }

    private mutating func reserve(_ bytes: Int) throws(Overload) {
        guard bytes > reserved else { return }
        try memory.grow(by: bytes - reserved)
        reserved = bytes
    }
}
