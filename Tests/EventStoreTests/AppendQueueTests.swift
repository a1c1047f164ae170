import EventStore
import LedgerTesting
import Testing

@Suite("The queue before a ledger's writer")
struct AppendQueueTests {
    typealias Queue = AppendQueue<Int>

    @Test("the first batch starts the writer, later ones wait for it")
    func starts() {
        var queue = Queue()
        #expect(queue.isIdle)
        #expect(queue.add(1, rows: 1, bytes: 1) == .start)
        #expect(queue.add(2, rows: 1, bytes: 1) == .wait)
        #expect(queue.group() == [1, 2])
        #expect(!queue.isIdle)
        #expect(queue.group() == nil)
        #expect(queue.isIdle)
        #expect(queue.add(3, rows: 1, bytes: 1) == .start)
    }

    @Test("past its bounds the queue refuses, but a huge batch passes when nothing waits")
    func bounds() {
        var queue = Queue()
        let huge = Queue.waitingRowsMax + 1
        #expect(queue.add(1, rows: huge, bytes: 1) == .start)
        #expect(queue.add(2, rows: 1, bytes: 1) == .refuse(.full))
        #expect(queue.group() == [1])
        #expect(queue.add(3, rows: 1, bytes: Queue.waitingBytesMax) == .wait)
        #expect(queue.add(4, rows: 1, bytes: 1) == .refuse(.full))
    }

    @Test("a closed queue refuses what comes and still gives out what waits")
    func closes() {
        var queue = Queue()
        _ = queue.add(1, rows: 1, bytes: 1)
        queue.close()
        #expect(queue.add(2, rows: 1, bytes: 1) == .refuse(.closed))
        #expect(queue.group() == [1])
        #expect(queue.group() == nil)
        #expect(queue.isIdle)
    }

    @Test("after a crowd the writer lets the next one gather, once, and not for a lone caller")
    func gathers() {
        var queue = Queue()
        for element in 0..<Queue.crowdMin {
            _ = queue.add(element, rows: 1, bytes: 1)
        }
        #expect(queue.group()?.count == Queue.crowdMin)
        _ = queue.add(100, rows: 1, bytes: 1)
        guard case .gather = queue.next() else {
            Issue.record("one batch after a crowd was not let wait for the others")
            return
        }
        #expect(!queue.isIdle)
        _ = queue.add(101, rows: 1, bytes: 1)
        #expect(queue.group() == [100, 101])
        #expect(queue.group() == nil)
        #expect(queue.add(102, rows: 1, bytes: 1) == .start)
        #expect(queue.group() == [102])
    }

    @Test("whatever happens, all that was accepted comes out once, in order and within limits")
    func properties() {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<300 {
            var queue = Queue()
            var model: [(element: Int, rows: Int, bytes: Int)] = []
            var lastGroup = 0
            for element in 0..<200 {
                if Int.random(in: 0..<3, using: &random) > 0 {
                    let batch = (
                        element: element, rows: Int.random(in: 0...20_000, using: &random),
                        bytes: Int.random(in: 0...30_000_000, using: &random)
                    )
                    let wasIdle = queue.isIdle
                    switch queue.add(element, rows: batch.rows, bytes: batch.bytes) {
                    case .refuse(let why):
                        let rows = model.reduce(0) { $0 + $1.rows } + batch.rows
                        let bytes = model.reduce(0) { $0 + $1.bytes } + batch.bytes
                        #expect(why == .full && !model.isEmpty)
                        #expect(rows > Queue.waitingRowsMax || bytes > Queue.waitingBytesMax)
                    case .start:
                        #expect(wasIdle)
                        model.append(batch)
                    case .wait:
                        #expect(!wasIdle)
                        model.append(batch)
                    }
                } else if !queue.isIdle {
                    let step = queue.next()
                    if case .gather = step {
                        #expect(model.count < lastGroup / 2)
                        lastGroup = 0
                        continue
                    }
                    let group = step.group
                    lastGroup = group?.count ?? lastGroup
                    let taken = model.prefix(group?.count ?? 0)
                    #expect(group == nil ? model.isEmpty : group == taken.map(\.element))
                    if taken.count > 1 {
                        #expect(taken.reduce(0) { $0 + $1.rows } <= Queue.groupRowsMax)
                        #expect(taken.reduce(0) { $0 + $1.bytes } <= Queue.groupBytesMax)
                    }
                    model.removeFirst(taken.count)
                }
                #expect(queue.waitingRows == model.reduce(0) { $0 + $1.rows })
            }
        }
    }
}

extension AppendQueue {
    /// The next group to commit; nil when there is none, or when it is let gather.
    fileprivate mutating func group() -> [Element]? { next().group }
}

extension AppendQueue.Step {
    fileprivate var group: [Element]? {
        if case .commit(let group) = self { group } else { nil }
    }
}
