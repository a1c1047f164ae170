package import Budgets
package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// The budgets of one ledger as this process knows them, for its writer and for its callers.
package final class LedgerBudgets: Sendable {
    package let ledger: LedgerID
    private let pool: Pool
    /// What is remembered of the ledger's controls.
    let controls = ControlMemory()
    private let state = Mutex(State())
    /// What providers have cached of sessions, and how long answers are expected to be.
    let prefixes = CachedPrefixes()
    let expectations = ExpectedLengths()

    private struct State {
        var book = BudgetBook()
        var rules = PostingRules.none
        var isLoaded = false
        /// Refusals that no event counts yet, by row and window.
        var refusals: [RefusalPlace: CountedRefusals] = [:]
        /// Where a refusal was booked already.
        var known: Set<RefusalPlace> = []
        /// Holds of this process that are open, so that ending one needs no look-up.
        var holds: [Name: Hold] = [:]
    }

    /// Open holds that are remembered; further ones are read from the ledger.
    private static let rememberedMax = 10_000

    package init(ledger: LedgerID, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// Whether a ledger ever had a budget: most have none, and need no writer for theirs.
    package static func exist(in ledger: LedgerID, _ pool: Pool) async throws -> Bool {
        let count = CountBudgetEvents(ledger: ledger)
        return try await pool.session { try $0.one(count) } > 0
    }

    /// The state rows of budgets and of their members.
    package static let stateKind: Int16 = 10

    package static func key(_ row: Name) -> StateKey { StateKey(kind: stateKind, name: row) }

    /// The book that this process knows; read from the ledger the first time.
    package func book() async throws -> BudgetBook {
        let known = state.withLock { $0.isLoaded ? $0.book : nil }
        if let known { return known }
        return try await reload()
    }

    /// The book that this process knows, also if that is none yet.
    var known: BudgetBook { state.withLock { $0.book } }

    /// The book as the ledger has it now.
    @discardableResult
    package func reload() async throws -> BudgetBook {
        let list = ListBudgetEvents(ledger: ledger)
        let book = BudgetBook(try await pool.session { try $0.run(list) })
        return state.withLock { state in
            if !state.isLoaded || book.revision > state.book.revision {
                (state.book, state.rules, state.isLoaded) = (book, Self.rules(of: book), true)
            }
            return state.book
        }
    }

    /// Reads what other processes have changed; to be called every second.
    ///
    /// Where no budget is known, nothing is held, so nothing else would tell of the first one.
    func refresh() async throws {
        let known = state.withLock { $0.isLoaded ? $0.book.revision : nil }
        let count = CountBudgetEvents(ledger: ledger)
        guard let known, try await pool.session({ try $0.one(count) }) != known else { return }
        try await reload()
    }

    // MARK: Refusals

    private struct RefusalPlace: Hashable {
        let row: Name
        let window: Timestamp
    }

    /// Refused holds of one row in one window.
    struct CountedRefusals: Sendable {
        let budget: Name
        let row: Name
        let window: Timestamp
        var count: Int64 = 0
        var asked = Amounts.zero
    }

    /// Counts a refusal; whether it is the first that this process sees in its window.
    func count(_ refusal: BudgetRefusal) -> Bool {
        let place = RefusalPlace(row: refusal.row, window: refusal.window.start)
        return state.withLock { state in
            var counted =
                state.refusals[place]
                ?? CountedRefusals(
                    budget: refusal.budget, row: place.row, window: place.window)
            counted.count += 1
            counted.asked += refusal.asked
            state.refusals[place] = counted
            if state.known.count >= Self.rememberedMax { state.known.removeAll() }
            return state.known.insert(place).inserted
        }
    }

    func takeRefusals() -> [CountedRefusals] {
        state.withLock { state in
            defer { state.refusals.removeAll() }
            return Array(state.refusals.values)
        }
    }

    func giveBack(_ refused: CountedRefusals) {
        let place = RefusalPlace(row: refused.row, window: refused.window)
        state.withLock { state in
            var counted = state.refusals[place] ?? refused
            if state.refusals[place] != nil {
                counted.count += refused.count
                counted.asked += refused.asked
            }
            state.refusals[place] = counted
        }
    }

    // MARK: Holds

    func remember(_ hold: Hold) {
        state.withLock { state in
            if state.holds.count >= Self.rememberedMax { state.holds.removeAll() }
            state.holds[hold.requestID] = hold
        }
    }

    func forget(_ hold: Hold) {
        state.withLock { _ = $0.holds.removeValue(forKey: hold.requestID) }
    }

    func remembered(_ requestID: String) -> Hold? {
        state.withLock { $0.holds[Name(requestID)] }
    }

    /// What the ledger's writer posts.
    package var posting: PostingSource {
        PostingSource(
            current: { self.state.withLock { $0.rules } },
            load: {
                try await self.reload()
                return self.state.withLock { $0.rules }
            })
    }

    private static func rules(of book: BudgetBook) -> PostingRules {
        PostingRules(revision: book.revisionBytes) { event in
            book.counts(of: event).map { count in
                Posting(to: key(count.row), as: BudgetState.self) { $0.post(count) }
            }
        }
    }
}

extension BudgetBook {
    /// The content of the state row that says which budgets are in force.
    var revisionBytes: [UInt8] { Self.bytes(ofRevision: revision) }

    static func bytes(ofRevision revision: Int64) -> [UInt8] {
        revision == 0 ? [] : withUnsafeBytes(of: revision.bigEndian) { Array($0) }
    }
}
