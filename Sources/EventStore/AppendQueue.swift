/// What waits for a ledger's writer: a bounded queue that is emptied in groups.
///
/// Self-clocking group commit: while one commit runs, the next group gathers. There is no timer;
/// a lone caller is served at once and many callers share a commit.
package struct AppendQueue<Element> {
    /// Rows in one commit; past this a larger group gains little and blocks the others longer.
    package static var groupRowsMax: Int { 8_192 }
    /// Bytes in one commit.
    package static var groupBytesMax: Int { 16 << 20 }
    /// Rows that may wait; past this the caller is told to come back.
    package static var waitingRowsMax: Int { 65_536 }
    package static var waitingBytesMax: Int { 64 << 20 }

    /// What the caller of a transition has to do.
    package enum Action: Equatable {
        /// Nothing; the running writer will take it.
        case wait
        /// Start the writer: it was idle.
        case start
        case refuse(Refusal)
    }

    package enum Refusal: Equatable { case full, closed }

    private struct Waiting {
        let element: Element
        let rows: Int
        let bytes: Int
        let isAlone: Bool
    }

    private var waiting: [Waiting] = []
    package private(set) var waitingRows = 0
    private var waitingBytes = 0
    private var isWriting = false
    private var isClosed = false

    package init() {}

    /// Queues a batch.
    ///
    /// - Parameter isAlone: the batch has statements of its own and shares no commit.
    package mutating func add(_ element: Element, rows: Int, bytes: Int, isAlone: Bool) -> Action {
        if isClosed { return .refuse(.closed) }
        // A batch larger than the bound is taken when nothing else waits, or it never would be.
        let isFull =
            waitingRows + rows > Self.waitingRowsMax
            || waitingBytes + bytes > Self.waitingBytesMax
        if isFull && !waiting.isEmpty { return .refuse(.full) }
        waiting.append(Waiting(element: element, rows: rows, bytes: bytes, isAlone: isAlone))
        waitingRows += rows
        waitingBytes += bytes
        if isWriting { return .wait }
        isWriting = true
        return .start
    }

    /// The next group to commit, in the order of arrival; nil, and idle, when nothing waits.
    package mutating func nextGroup() -> [Element]? {
        precondition(isWriting, "groups are taken by the running writer only")
        guard let first = waiting.first else {
            isWriting = false
            return nil
        }
        var (rows, bytes, count) = (first.rows, first.bytes, 1)
        while !first.isAlone, count < waiting.count, !waiting[count].isAlone {
            rows += waiting[count].rows
            bytes += waiting[count].bytes
            if rows > Self.groupRowsMax || bytes > Self.groupBytesMax { break }
            count += 1
        }
        let group = waiting.prefix(count)
        waiting.removeFirst(count)
        for taken in group {
            waitingRows -= taken.rows
            waitingBytes -= taken.bytes
        }
        return group.map(\.element)
    }

    /// Refuses what comes from now on; what waits is still written.
    package mutating func close() { isClosed = true }

    package var isIdle: Bool { !isWriting }
}
