package import Resilience

/// Streamed answers, read by all who share them, each at its own pace.
///
/// Readers begin at the start of the answer, whenever they join, while the replay buffer is whole.
/// When the buffer outgrows its bound, a reader who holds others up is detached: what it has not
/// read becomes its own backlog, and it goes on from there; it is never cut off, and nobody waits
/// for it. When nobody waits for more (also the fastest is behind by the bound), or when all
/// backlogs together are at theirs, the call is paused until somebody has read.
extension RequestBatcher {
    /// A piece of a streamed answer arrives; nothing if the call was stopped.
    package mutating func received(
        _ piece: [UInt8], of call: CallID, at now: Moment, _ actions: inout [BatcherAction]
    ) {
        advance(to: now, &actions)
        defer { settle(&actions) }
        guard let slot = calls.slot(of: call.handle), !piece.isEmpty else { return }
        precondition(calls[slot].works.count == 1, "merged answers are not streamed")
        let work = calls[slot].works[0]
        var stream = works[work].stream ?? ReplayBuffer()
        stream.append(piece)
        works[work].stream = stream
        var reader = works[work].firstReader
        while reader >= 0 {
            readers[reader].unreadBytes += piece.count
            if readers[reader].backlog != nil {
                readers[reader].backlog?.append(piece)
                detachedBytes += piece.count
            }
            tell(reader, &actions)
            reader = readers[reader].next
        }
        keepUp(work, &actions)
    }

    /// What a request has not read yet of its streamed answer; empty if nothing new has come.
    ///
    /// The last piece may be followed by the outcome, in `actions`.
    package mutating func read(
        _ ticket: Ticket, at now: Moment, _ actions: inout [BatcherAction]
    ) -> [[UInt8]] {
        advance(to: now, &actions)
        defer { settle(&actions) }
        guard let reader = readers.slot(of: ticket.handle) else { return [] }
        let work = readers[reader].work
        var pieces: [[UInt8]] = []
        if let backlog = readers[reader].backlog {
            pieces = backlog
            readers[reader].backlog = []
            let bytes = readers[reader].unreadBytes
            readers[reader].unreadBytes = 0
            release(bytes: bytes, &actions)
        } else if let stream = works[work].stream {
            pieces = Array(stream.pieces(from: readers[reader].position))
            readers[reader].position = stream.count
            readers[reader].unreadBytes = 0
        }
        readers[reader].isTold = false
        if case .ended(let outcome) = works[work].state {
            end(reader, outcome, &actions)
            if works[work].readerCount == 0 { dispose(work, &actions) }
        } else {
            keepUp(work, &actions)
        }
        return pieces
    }

    mutating func tell(_ reader: Int32, _ actions: inout [BatcherAction]) {
        guard !readers[reader].isTold else { return }
        readers[reader].isTold = true
        actions.append(.readable(Ticket(handle: readers.handle(of: reader))))
    }

    /// Gives the outcome to all who wait for a work; those who still read get it after that.
    mutating func endAll(_ work: Int32, _ outcome: Outcome, _ actions: inout [BatcherAction]) {
        unregister(work)
        works[work].state = .ended(outcome)
        var reader = works[work].firstReader
        while reader >= 0 {
            let next = readers[reader].next
            if readers[reader].unreadBytes == 0 {
                end(reader, outcome, &actions)
            } else if readers[reader].backlog == nil {
                detach(reader)
            }
            reader = next
        }
        works[work].stream = nil
        if works[work].readerCount == 0 { dispose(work, &actions) }
    }

    /// Whether the answer can begin anew: nobody has read of the one that broke off.
    mutating func forgetStream(of work: Int32) -> Bool {
        guard let stream = works[work].stream else { return true }
        guard stream.isWhole else { return false }
        var reader = works[work].firstReader
        while reader >= 0 {
            if readers[reader].position > 0 || readers[reader].backlog != nil { return false }
            reader = readers[reader].next
        }
        works[work].stream = nil
        reader = works[work].firstReader
        while reader >= 0 {
            readers[reader].unreadBytes = 0
            reader = readers[reader].next
        }
        return true
    }

    // MARK: - Bounds

    /// Keeps the replay buffer of a running answer within its bound, and pauses or resumes its call.
    mutating func keepUp(_ work: Int32, _ actions: inout [BatcherAction]) {
        guard case .running(let call) = works[work].state, works[work].stream != nil else { return }
        while let bytes = works[work].stream?.bytes, bytes > policy.replayBytesMax {
            unregister(work)
            let (first, slowest, fastest) = pace(of: work)
            works[work].stream?.drop(before: first)
            guard works[work].stream.map({ $0.bytes > policy.replayBytesMax }) == true,
                let slowest, readers[slowest].unreadBytes > fastest
            else { break }
            detach(slowest)
        }
        let fastest = pace(of: work).fastest
        let isBehind = fastest > policy.replayBytesMax
        let isFull = detachedBytes >= policy.detachedBytesMax
        if isBehind || isFull {
            guard !calls[call].isPaused else { return }
            calls[call].isPaused = true
            paused.insert(call)
            actions.append(.pause(CallID(handle: calls.handle(of: call))))
        } else if calls[call].isPaused, fastest <= policy.replayBytesMax / 2 {
            calls[call].isPaused = false
            paused.remove(call)
            actions.append(.resume(CallID(handle: calls.handle(of: call))))
        }
    }

    /// The first piece that somebody has yet to read from the buffer, who reads slowest from it,
    /// and the bytes that the fastest of all readers has not read.
    private func pace(of work: Int32) -> (first: Int, slowest: Int32?, fastest: Int) {
        var first = works[work].stream?.count ?? 0
        var slowest: Int32?
        var fastest = Int.max
        var reader = works[work].firstReader
        while reader >= 0 {
            fastest = min(fastest, readers[reader].unreadBytes)
            if readers[reader].backlog == nil, readers[reader].position < first {
                first = readers[reader].position
                slowest = reader
            }
            reader = readers[reader].next
        }
        return (first, slowest, fastest)
    }

    /// Gives a reader its own backlog of what it has not read.
    private mutating func detach(_ reader: Int32) {
        let work = readers[reader].work
        guard let stream = works[work].stream else { return }
        readers[reader].backlog = Array(stream.pieces(from: readers[reader].position))
        detachedBytes += readers[reader].unreadBytes
    }

    /// Backlogs have become smaller.
    mutating func release(bytes: Int, _ actions: inout [BatcherAction]) {
        guard bytes > 0 else { return }
        let wasFull = detachedBytes >= policy.detachedBytesMax
        detachedBytes -= bytes
        guard wasFull, detachedBytes < policy.detachedBytesMax else { return }
        for call in paused.sorted() { keepUp(calls[call].works[0], &actions) }
        touched = Array(lanes.indices)
    }
}
