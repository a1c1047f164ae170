import LedgerModel

/// Assigns ordered rows to their blocks and computes what each block should say.
struct PageCheck: ~Copyable {
    struct Found: Sendable {
        var root = Digest.zero
        var totals = BlockTotals()
        var months: ClosedRange<Month>?
        var wrongLeaf: Int64?
        var wrongTime: Int64?
    }

    private let blocks: [StoredBlock]
    private(set) var found: [Found] = []
    private(set) var problem: Verifier.Problem?
    private var current = Found()
    private var months: (first: Month, last: Month)?
    private var lastDay: Timestamp?
    private var leaves: [Digest] = []
    private var expected: Int64
    private var hasher = LeafHasher()

    init(blocks: [StoredBlock]) {
        self.blocks = blocks
        expected = blocks.first?.block.firstPosition ?? 0
    }

    mutating func add(_ row: EventRow) {
        guard problem == nil else { return }
        guard found.count < blocks.count else {
            problem = Verifier.Problem(position: row.position, what: "an event was inserted")
            return
        }
        let block = blocks[found.count].block
        if row.position != expected {
            problem = Verifier.Problem(
                position: min(row.position, expected),
                what: row.position < expected
                    ? "an event was inserted" : "the event is missing")
            return
        }
        let leaf = hasher.leaf(of: row)
        leaves.append(leaf)
        if current.wrongLeaf == nil, RowFrame.prefixOfLeaf(leaf) != row.leafPrefix {
            current.wrongLeaf = row.position
        }
        if current.wrongTime == nil, row.recordedAt != block.recordedAt {
            current.wrongTime = row.position
        }
        current.totals.count(row)
        if let id = row.id(.id) { count(monthOf: id) }
        expected += 1
        if row.position == block.lastPosition { close() }
    }

    private mutating func count(monthOf id: EventID) {
        let day = id.time.startOfDay
        if lastDay == day { return }
        lastDay = day
        let month = day.month
        months = (min(months?.first ?? month, month), max(months?.last ?? month, month))
    }

    private mutating func close() {
        current.root = MerkleTree.root(of: leaves)
        if let months { current.months = months.first...months.last }
        found.append(current)
        current = Found()
        months = nil
        lastDay = nil
        leaves.removeAll(keepingCapacity: true)
    }

    mutating func finish() {
        if found.count < blocks.count, problem == nil {
            problem = Verifier.Problem(position: expected, what: "the event is missing")
        }
    }
}
