/// What waits for a ledger's writer: a bounded queue that is emptied in groups.
///
/// Self-clocking group commit: while one commit runs, the next group gathers. A lone caller is
/// served at once and many callers share a commit. Callers that were answered together come back
/// together, a moment later: after a crowd the writer lets the next one gather, or the first to
/// arrive would get a commit of its own and all the others would wait for it.
package struct AppendQueue<Element> {
    /// Rows in one commit; past this a larger group gains little and blocks the others longer.
    package static var groupRowsMax: Int { 8_192 }
    /// Bytes in one commit.
    package static var groupBytesMax: Int { 16 << 20 }
    /// Rows that may wait; past this the caller is told to come back.
    package static var waitingRowsMax: Int { 65_536 }
    package static var waitingBytesMax: Int { 64 << 20 }

    /// How long a crowd may gather before it is committed.
    package static var gatherMax: Duration { .microseconds(500) }
    /// Batches in one commit that make a crowd.
    package static var crowdMin: Int { 8 }

    /// What the writer does next.
    package enum Step {
        /// Commit these, in the order of their arrival.
        case commit([Element])
        /// Wait for `gatherMax` and ask again.
        case gather
        /// Nothing waits: the writer ends.
        case rest
    }

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
    }

    private var waiting: [Waiting] = []
    package private(set) var waitingRows = 0
    private var waitingBytes = 0
    private var isWriting = false
    /// Batches in the last commit; zero once the writer has let others gather after it.
    private var lastGroupCount = 0
    private var isClosed = false

    package init() {}

    package mutating func add(_ element: Element, rows: Int, bytes: Int) -> Action {
        if isClosed { return .refuse(.closed) }
        // A batch larger than the bound is taken when nothing else waits, or it never would be.
        let isFull =
            waitingRows + rows > Self.waitingRowsMax
            || waitingBytes + bytes > Self.waitingBytesMax
        if isFull && !waiting.isEmpty { return .refuse(.full) }
        waiting.append(Waiting(element: element, rows: rows, bytes: bytes))
        waitingRows += rows
        waitingBytes += bytes
        if isWriting { return .wait }
        isWriting = true
        return .start
    }

    /// What the running writer does next; `rest` makes the queue idle.
    package mutating func next() -> Step {
        precondition(isWriting, "groups are taken by the running writer only")
        if lastGroupCount >= Self.crowdMin, waiting.count < lastGroupCount / 2, !isClosed {
            lastGroupCount = 0
            return .gather
        }
        if waiting.isEmpty {
            isWriting = false
            return .rest
        }
        let group = takeGroup()
        lastGroupCount = group.count
        return .commit(group)
    }

    private mutating func takeGroup() -> [Element] {
        var (rows, bytes, count) = (waiting[0].rows, waiting[0].bytes, 1)
        while count < waiting.count {
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
