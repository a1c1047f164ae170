/// The bounded queue in front of a ledger's writer, emptied in groups.
///
/// Self-clocking group commit: while one commit runs, the next group gathers. A lone caller is
/// served at once and many callers share a commit. Callers answered together come back together a
/// moment later. So after a crowd the writer waits for the next one to gather; otherwise the first
/// caller would get its own commit and the others would wait for it.
package struct AppendQueue<Element> {
    /// Rows in one commit; beyond this, larger groups gain little and block others longer.
    package static var groupRowsMax: Int { 8_192 }
    /// Bytes in one commit.
    package static var groupBytesMax: Int { 16 << 20 }
    /// Rows that may wait; beyond this the caller is told to come back.
    package static var waitingRowsMax: Int { 65_536 }
    package static var waitingBytesMax: Int { 64 << 20 }

    /// How long a crowd may gather before it is committed.
    package static var gatherMax: Duration { .microseconds(500) }
    /// The number of batches in one commit that makes a crowd.
    package static var crowdMin: Int { 8 }

    /// The writer's next step.
    package enum Step {
        /// Commit these, in the order of their arrival.
        case commit([Element])
        /// Wait for `gatherMax` and ask again.
        case gather
        /// Stop: nothing waits.
        case rest
    }

    /// What the caller of a transition must do.
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
    /// Batches in the last commit; zero after the writer has let others gather.
    private var lastGroupCount = 0
    private var isClosed = false

    package init() {}

    package mutating func add(_ element: Element, rows: Int, bytes: Int) -> Action {
        if isClosed { return .refuse(.closed) }
        // A batch above the bound is taken when nothing else waits, or it never would be.
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

    /// The running writer's next step; `rest` makes the queue idle.
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

    /// Refuses new batches; those that wait are still written.
    package mutating func close() { isClosed = true }

    package var isIdle: Bool { !isWriting }
}
