import LedgerModel

/// Assigns ordered rows to their blocks and computes what each block should say.
struct PageCheck {
    struct Found {
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
    private var leaves: [Digest] = []
    private var expected: Int64
    private let hashing = Hashing()

    /// The hasher keeps buffers, so it is shared by the copies of a check.
    private final class Hashing {
        var hasher = LeafHasher()
    }

    init(blocks: [StoredBlock]) {
        self.blocks = blocks
        expected = blocks.first?.block.firstPosition ?? 0
    }

    mutating func add(_ row: StoredRow) {
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
        guard let leaf = hashing.hasher.leaf(of: row.image) else {
            problem = Verifier.Problem(position: row.position, what: "the row is no event")
            return
        }
        leaves.append(leaf)
        if current.wrongLeaf == nil, RowFrame.prefixOfLeaf(leaf) != row.leafPrefix {
            current.wrongLeaf = row.position
        }
        if current.wrongTime == nil, row.recordedAt != block.recordedAt {
            current.wrongTime = row.position
        }
        current.totals.count(image: row.image)
        count(monthOf: row.image)
        expected += 1
        if row.position == block.lastPosition { close() }
    }

    private mutating func count(monthOf image: UnsafeRawBufferPointer) {
        guard let id = EventID(image: image) else { return }
        let day = id.time
        if let lastDay, lastDay == day.startOfDay { return }
        lastDay = day.startOfDay
        let month = day.month
        months = (min(months?.first ?? month, month), max(months?.last ?? month, month))
    }

    private var lastDay: Timestamp?

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
