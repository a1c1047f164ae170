package import LedgerModel

/// What a budget, or one member of it, has spent and holds: the content of its state row.
///
/// It equals the fold of the ledger's events at all times. The decisions of a commit change copies of it, one
/// after another: a copy shares its holds with what it is copied from, but for those next to one that changes.
package struct BudgetState: Sendable {
    /// Of the newest windows, the oldest first.
    package private(set) var windows: [WindowBalance] = []
    private var open = OpenHolds()
    /// The newest windows that are kept: more than usual in the row of a rolling budget.
    private var kept = Self.windowsKept

    package init() {}

    /// Windows whose late charges still count; further ones are kept while something is held there,
    /// or while they may be the present one.
    package static let windowsKept = 2
    /// The most windows that a rolling budget may keep, and that a row may have.
    package static let windowsKeptMax = 126
    private static let windowsMax = 511
    /// Open holds of one budget or member; beyond this callers are told to come back.
    package static let holdsMax = 20_000

    package var holdCount: Int { open.count }

    /// All open holds, in no order.
    package var holds: [OpenHold] { open.all }

    /// The same balances; what is kept for later need not keep thousands of holds alive.
    package var withoutHolds: BudgetState {
        var state = BudgetState()
        state.windows = windows
        state.kept = kept
        return state
    }

    package func balance(of window: Window) -> WindowBalance {
        windows.last { $0.start == window.start } ?? WindowBalance(start: window.start)
    }

    /// What windows spent and hold together that begin in a time.
    package func balance(from start: Timestamp, through end: Timestamp) -> WindowBalance {
        var sum = WindowBalance(start: start)
        for window in windows where window.start >= start && window.start <= end {
            sum.posted += window.posted
            sum.held += window.held
            sum.covered += window.covered
            sum.refusals += window.refusals
        }
        return sum
    }

    /// Keeps so many of the newest windows from now on, as a rolling budget needs.
    package mutating func keep(_ windows: Int) {
        precondition(windows <= Self.windowsKeptMax)
        kept = max(kept, windows)
    }

    // MARK: Changes

    package mutating func post(_ amounts: Amounts, in window: Timestamp) {
        change(window) { $0.posted += amounts }
    }

    package mutating func hold(_ hold: OpenHold) {
        change(hold.window) { window in
            window.held += hold.amounts
            if hold.isLease { window.leased += hold.amounts }
        }
        open.append(hold)
    }

    /// Adds to an open hold; false if there is none.
    package mutating func extend(_ id: EventID, by amounts: Amounts, until: Timestamp) -> Bool {
        guard var hold = remove(id) else { return false }
        hold.amounts += amounts
        hold.expires = max(hold.expires, until)
        self.hold(hold)
        return true
    }

    /// Ends a hold; returns it, or nil if it isn't open.
    package mutating func remove(_ id: EventID) -> OpenHold? {
        guard let hold = open.remove(id) else { return nil }
        change(hold.window) { window in
            window.held -= hold.amounts
            if hold.isLease { window.leased -= hold.amounts }
        }
        return hold
    }

    /// Notes how much of an excess an event covers.
    package mutating func cover(_ amounts: Amounts, in window: Timestamp) {
        change(window) { $0.covered += amounts }
    }

    /// Counts refused holds.
    package mutating func refuse(_ count: Int64, in window: Timestamp) {
        change(window) { $0.refusals += count }
    }

    package func hold(_ id: EventID) -> OpenHold? { open.find(id) }

    /// Changes the balance of a window, and forgets windows that are too old.
    private mutating func change(_ start: Timestamp, _ body: (inout WindowBalance) -> Void) {
        let index: Int
        if let known = windows.lastIndex(where: { $0.start == start }) {
            index = known
        } else {
            index = windows.lastIndex { $0.start < start }.map { $0 + 1 } ?? 0
            windows.insert(WindowBalance(start: start), at: index)
        }
        body(&windows[index])
        // An event may be a day ahead of its time, so a window is surely over once the next one
        // begins a day before the newest.
        while windows.count > kept, let newest = windows.last?.start,
            let past = windows.indices.dropLast(kept).first(where: { index in
                windows.count > Self.windowsMax
                    || windows[index].held == .zero
                        && newest.microseconds - windows[index + 1].start.microseconds
                            >= Timestamp.dayMicroseconds
            })
        { windows.remove(at: past) }
    }
}

/// What a budget spent and holds in one window.
package struct WindowBalance: Hashable, Sendable {
    package let start: Timestamp
    /// The sum of the charges, and of the requests with their tokens.
    package var posted = Amounts.zero
    /// All that is set aside: for calls in flight, and in leases.
    package var held = Amounts.zero
    /// The part of it that instances hand out from memory.
    package var leased = Amounts.zero
    /// The part of an excess that `budget.overrun` events cover.
    package var covered = Amounts.zero
    /// Refused holds, as `budget.denied` events count them.
    package var refusals: Int64 = 0

    package init(start: Timestamp) {
        self.start = start
    }
}

/// An amount that is set aside for a call in flight, or for an instance that hands it out.
package struct OpenHold: Hashable, Sendable {
    package let id: EventID
    package let window: Timestamp
    package var expires: Timestamp
    package var amounts: Amounts
    /// Whether it is a lease.
    package let isLease: Bool

    package init(
        id: EventID, window: Timestamp, expires: Timestamp, amounts: Amounts, isLease: Bool = false
    ) {
        self.id = id
        self.window = window
        self.expires = expires
        self.amounts = amounts
        self.isLease = isLease
    }
}

extension BudgetState: Hashable {
    package static func == (a: BudgetState, b: BudgetState) -> Bool {
        a.windows == b.windows && a.open == b.open
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(windows)
        hasher.combine(open)
    }
}

// MARK: - As bytes

extension BudgetState {
    /// Reads a state row; an empty one is a budget that nothing happened to.
    package init(_ bytes: [UInt8]) {
        if bytes.isEmpty { return }
        bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes: bytes, offset: bytes.count - 2)
            let shape: UInt16 = reader.integer()
            let hasLeases = shape >> 9 == Self.leasesMark
            let count = Int(shape) & Self.windowsMax
            if !hasLeases { kept = max(kept, Int(shape >> 9)) }
            let holdsEnd = bytes.count - Self.bytesBehindHolds(of: count, hasLeases: hasLeases)
            reader.offset = 0
            while reader.offset < holdsEnd { open.append(OpenHold(&reader)) }
            windows = (0..<count).map { _ in WindowBalance(&reader) }
            if hasLeases {
                for index in windows.indices { windows[index].leased = reader.amounts() }
            }
        }
    }

    /// The row: the holds, the windows, what of each is leased if anything is, and how many windows
    /// there are; in the upper seven bits, how many are kept where that is not usual, or that the row
    /// has leases, which a budget that keeps more never has.
    package var bytes: [UInt8] {
        let hasLeases = self.hasLeases
        let size =
            open.count * OpenHold.size
            + Self.bytesBehindHolds(of: windows.count, hasLeases: hasLeases)
        return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            var writer = ByteWriter(bytes: UnsafeMutableRawBufferPointer(bytes), offset: 0)
            open.forEach { $0.write(to: &writer) }
            for window in windows { window.write(to: &writer) }
            if hasLeases { for window in windows { writer.put(window.leased) } }
            while writer.offset < size - 2 { writer.put(UInt8(0)) }
            let usual = kept > Self.windowsKept ? UInt16(kept) : 0
            writer.put(UInt16(windows.count) | (hasLeases ? Self.leasesMark : usual) << 9)
            count = size
        }
    }

    /// Whether any instance has a lease.
    package var hasLeases: Bool { windows.contains { $0.leased != .zero } }

    /// In place of the number of windows that are kept.
    private static let leasesMark: UInt16 = 0x7F

    /// There is always space for the windows that are usual, so that the length of a row tells
    /// whether it may have holds.
    private static func bytesBehindHolds(of windows: Int, hasLeases: Bool) -> Int {
        let leased = hasLeases ? windows * Amounts.size : 0
        return 2 + max(windows, windowsKept) * WindowBalance.size + leased
    }

    /// The bytes of the usual row without holds: every row that has some, or leases, is longer.
    package static let bytesWithoutHolds = bytesBehindHolds(of: windowsKept, hasLeases: false)
}

extension WindowBalance {
    static let size = 112

    fileprivate init(_ reader: inout ByteReader) {
        start = Timestamp(microseconds: reader.integer())
        posted = reader.amounts()
        held = reader.amounts()
        covered = reader.amounts()
        refusals = reader.integer()
    }

    fileprivate func write(to writer: inout ByteWriter) {
        writer.put(start.microseconds)
        writer.put(posted)
        writer.put(held)
        writer.put(covered)
        writer.put(refusals)
    }
}

extension OpenHold {
    static let size = 64
    /// In the time at which it expires: it is a lease, since no time is that late.
    private static let leaseMark: Int64 = 1 << 62

    fileprivate init(_ reader: inout ByteReader) {
        id = EventID(high: reader.integer(), low: reader.integer())
        window = Timestamp(microseconds: reader.integer())
        let written: Int64 = reader.integer()
        isLease = written & Self.leaseMark != 0
        expires = Timestamp(microseconds: written & ~Self.leaseMark)
        amounts = reader.amounts()
    }

    fileprivate func write(to writer: inout ByteWriter) {
        writer.put(id.high)
        writer.put(id.low)
        writer.put(window.microseconds)
        writer.put(expires.microseconds | (isLease ? Self.leaseMark : 0))
        writer.put(amounts)
    }
}

private struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    var offset: Int

    mutating func integer<I: FixedWidthInteger>() -> I {
        precondition(offset + MemoryLayout<I>.size <= bytes.count, "a state row is whole")
        defer { offset += MemoryLayout<I>.size }
        return I(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: I.self))
    }

    mutating func amounts() -> Amounts {
        Amounts(cost: PicodollarSum(integer()), tokens: integer(), requests: integer())
    }
}

extension Amounts {
    fileprivate static let size = 32
}

private struct ByteWriter {
    let bytes: UnsafeMutableRawBufferPointer
    var offset: Int

    mutating func put<I: FixedWidthInteger>(_ value: I) {
        precondition(offset + MemoryLayout<I>.size <= bytes.count, "a state row has its size")
        bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: I.self)
        offset += MemoryLayout<I>.size
    }

    mutating func put(_ amounts: Amounts) {
        put(amounts.cost.amount)
        put(amounts.tokens)
        put(amounts.requests)
    }
}
