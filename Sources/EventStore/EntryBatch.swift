package import LedgerModel

/// Entries to append, already encoded, hashed and framed for COPY.
///
/// An entry is what a caller reports and what follows from it: a request and its charge, or an
/// optimization and its saving. They are appended together or not at all. Building a batch is the
/// expensive half of an append, so the caller's task does it, outside every lock; the writer only
/// fills in positions.
package struct EntryBatch: Sendable {
    package let ledger: LedgerID
    package private(set) var entries: [Entry] = []
    /// Rows of PostgreSQL's binary COPY format, with zeros for position and recorded_at.
    package private(set) var rows: [UInt8] = []
    /// Where each row starts in `rows`.
    private var rowStarts: [Int] = []
    package private(set) var leaves: [Digest] = []
    /// The months of its events.
    private(set) var months: [Month] = []
    /// The requests, by entry, of which the ledger may have another report.
    private(set) var calls: [Int: Event] = [:]

    /// One caller's event and the rows that belong to it.
    package struct Entry: Sendable {
        package let id: EventID
        package let identity: Digest?
        package let rows: Range<Int>
        package let totals: BlockTotals
    }

    package init(for ledger: LedgerID) {
        self.ledger = ledger
    }

    package var isEmpty: Bool { entries.isEmpty }
    package var rowCount: Int { rowStarts.count }

    /// Adds an event together with its charge, if both are valid.
    package mutating func add(
        _ event: borrowing Event, charge: Event? = nil, using encoder: inout EntryEncoder
    ) throws(EventRefusal) {
        try event.validate()
        try charge?.validate()
        let firstRow = rowStarts.count
        var totals = BlockTotals()
        addRow(event, &totals, &encoder)
        if let charge { addRow(charge, &totals, &encoder) }
        entries.append(
            Entry(
                id: event.id, identity: event.externalID?.digest,
                rows: firstRow..<rowStarts.count, totals: totals))
        if event.kind.isRequest, event.origin.isTraceable {
            calls[entries.count - 1] = copy event
        }
    }

    /// Adds what is noted of a further report; false if the ledger could not hold it.
    mutating func adds(_ note: KnownCalls.Note, using encoder: inout EntryEncoder) -> Bool {
        guard let event = note.event else { return true }
        do { try add(event, using: &encoder) } catch { return false }
        return true
    }

    /// The events of a decision, as one entry identified by the first of them.
    init(
        of events: [Event], for ledger: LedgerID, using encoder: inout EntryEncoder
    ) throws(EventRefusal) {
        self.init(for: ledger)
        var totals = BlockTotals()
        for index in events.indices {
            precondition(
                index == 0 || events[index].externalID == nil,
                "of a decision's events only the first has an identity of its sender's")
            try events[index].validate()
            addRow(events[index], &totals, &encoder)
        }
        entries = [
            Entry(
                id: events[0].id, identity: events[0].externalID?.digest,
                rows: 0..<events.count, totals: totals)
        ]
    }

    private mutating func addRow(
        _ event: borrowing Event, _ totals: inout BlockTotals, _ encoder: inout EntryEncoder
    ) {
        let leaf = encoder.encode(event)
        months.include(event.id.time.month)
        rowStarts.append(rows.count)
        RowFrame.appendPrefix(ledger: ledger, leaf: leaf, to: &rows)
        rows.append(contentsOf: encoder.image.buffer)
        leaves.append(leaf)
        totals.count(event)
    }

    /// The entries in `calls`, a call's inner reports before the outer ones.
    var callsInOrder: [(index: Int, report: Event)] {
        calls.map { (index: $0.key, report: $0.value) }.sorted { a, b in
            if ReportedCall.areInOrder(a.report, b.report) { return true }
            return a.index < b.index && !ReportedCall.areInOrder(b.report, a.report)
        }
    }

    /// What tells whether an entry's event is the same as another of its id.
    func content(of entry: Entry) -> Digest { content(ofRow: entry.rows.lowerBound) }

    /// Hashed again only for an event that came by a key, and only where somebody asks.
    func content(ofRow row: Int) -> Digest {
        image(of: row).withUnsafeBytes { bytes in
            guard let event = EventRow(image: bytes), event.has(.apiKey) else {
                return leaves[row]
            }
            var hasher = LeafHasher()
            return hasher.content(of: event)
        }
    }

    /// The bytes of one row, frame included.
    package func rowRange(_ row: Int) -> Range<Int> {
        rowStarts[row]..<(row + 1 < rowStarts.count ? rowStarts[row + 1] : rows.count)
    }

    /// The image of the event in one row.
    package func image(of row: Int) -> ArraySlice<UInt8> {
        rows[rowRange(row)].dropFirst(RowFrame.prefixBytes)
    }

    /// The id of the event in one row; it need not identify an entry.
    func id(of row: Int) -> EventID {
        guard let id = image(of: row).withUnsafeBytes({ EventRow(image: $0)?.id(.id) }) else {
            preconditionFailure("a batch holds images that it encoded itself")
        }
        return id
    }
}

extension [Month] {
    /// Adds a month unless it is there; batches span one or two.
    mutating func include(_ month: Month) {
        if last != month && !contains(month) { append(month) }
    }
}

/// Buffers for encoding event after event without allocating.
package struct EntryEncoder: ~Copyable {
    package var image = EventImage()
    private var hasher = LeafHasher()

    package init() {}

    /// Encodes the event into `image` and returns its leaf hash.
    mutating func encode(_ event: borrowing Event) -> Digest {
        image.removeAll()
        image.append(event)
        guard let leaf = hasher.leaf(of: image.buffer) else {
            preconditionFailure("the encoder wrote an image that it cannot read")
        }
        return leaf
    }
}

/// What a block adds to the ledger's running totals; projections are checked against them.
package struct BlockTotals: Hashable, Sendable {
    package var requests: Int64 = 0
    package var charged = PicodollarSum.zero

    package init() {}

    mutating func count(_ event: borrowing Event) {
        if event.kind.isRequest { requests += 1 }
        if event.kind.isCharge, let amount = event.amount { charged += amount }
    }

    /// Counts an event by its row; verification reads millions of them.
    mutating func count(_ row: EventRow) {
        guard let kind = row.kind else { return }
        if kind.isRequest { requests += 1 }
        if kind.isCharge, let amount = row.amount { charged += amount }
    }

    package static func += (a: inout BlockTotals, b: BlockTotals) {
        a.requests += b.requests
        a.charged += b.charged
    }
}

/// The columns before an event's fields in a COPY row.
///
/// A row is the field count (2 bytes), four eight-byte fields, each behind its length, and then the
/// event's image. Rows enter and leave the table in this form.
package enum RowFrame {
    package static let columns = EventColumns.whole.names
    static let copyIn =
        "COPY tally.events (\(EventColumns.whole.text)) FROM STDIN (FORMAT binary)"
    static let prefixBytes = 2 + prefixFields * 12
    private static let prefixFields = 4

    static func appendPrefix(ledger: LedgerID, leaf: Digest, to rows: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: prefixBytes, alignment: 8) { prefix in
            let values = (ledger.number, Int64(0), Int64(0), prefixOfLeaf(leaf))
            prefix.storeBytes(of: Int16(columns.count).bigEndian, as: Int16.self)
            for field in 0..<prefixFields {
                prefix.storeBytes(
                    of: Int32(8).bigEndian, toByteOffset: 2 + field * 12, as: Int32.self)
            }
            prefix.storeBytes(of: values.0.bigEndian, toByteOffset: offset(0), as: Int64.self)
            prefix.storeBytes(of: values.1.bigEndian, toByteOffset: offset(1), as: Int64.self)
            prefix.storeBytes(of: values.2.bigEndian, toByteOffset: offset(2), as: Int64.self)
            prefix.storeBytes(of: values.3.bigEndian, toByteOffset: offset(3), as: Int64.self)
            rows.append(contentsOf: prefix)
        }
    }

    /// Fills in what only the ledger's head knows.
    static func stamp(
        _ row: UnsafeMutableRawBufferPointer, position: Int64, recordedAt: Timestamp
    ) {
        row.storeBytes(of: position.bigEndian, toByteOffset: offset(1), as: Int64.self)
        row.storeBytes(
            of: recordedAt.microseconds.bigEndian, toByteOffset: offset(2), as: Int64.self)
    }

    /// Tells verification which row of a block was changed.
    static func prefixOfLeaf(_ leaf: Digest) -> Int64 { Int64(bitPattern: leaf.words[0]) }

    private static func offset(_ field: Int) -> Int { 2 + field * 12 + 4 }
}
