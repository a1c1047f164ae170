import Glibc

/// Sorts any number of records in bounded memory: external merge sort (Knuth, volume 3, 5.4).
///
/// Sorts runs in memory and appends them to a temporary file; reading merges them through a heap. A
/// single run never touches the disk.
struct ExternalSorter: ~Copyable {
    /// Three words, compared in their order.
    struct Record: Comparable {
        var first: UInt64
        var second: UInt64
        var third: UInt64

        static func < (a: Record, b: Record) -> Bool {
            if a.first != b.first { return a.first < b.first }
            if a.second != b.second { return a.second < b.second }
            return a.third < b.third
        }
    }

    /// The most that all merge buffers together take.
    static let mergeBytesMax = 8 * 1_024 * 1_024

    private let runRecordsMax: Int
    private var run: [Record] = []
    private var file: Int32?
    private var runs: [Range<Int>] = []

    /// A million records of one run take 24 MB, and sorting them half as much again.
    init(runRecordsMax: Int) {
        self.runRecordsMax = runRecordsMax
    }

    deinit { if let file { close(file) } }

    mutating func add(_ record: Record) throws(ImportFault) {
        // Unused pages take no memory; growing by doubling would take three times as much.
        if run.isEmpty { run.reserveCapacity(runRecordsMax) }
        run.append(record)
        if run.count == runRecordsMax { try spill() }
    }

    private mutating func spill() throws(ImportFault) {
        let target: Int32
        if let file { target = file } else { target = try TemporaryFile.open() }
        file = target
        run.sort()
        let start = runs.last?.upperBound ?? 0
        try run.withUnsafeBufferPointer { records throws(ImportFault) in
            try TemporaryFile.append(UnsafeRawBufferPointer(records), to: target)
        }
        runs.append(start..<start + run.count)
        run.removeAll(keepingCapacity: true)
    }

    /// Returns all records in ascending order.
    consuming func sorted() throws(ImportFault) -> SortedRecords {
        guard let file else {
            run.sort()
            return SortedRecords(records: run)
        }
        if !run.isEmpty { try spill() }
        let merged = dup(file)
        guard merged >= 0 else { throw .temporaryFile(errno: errno) }
        return try SortedRecords(file: merged, runs: runs)
    }
}

/// Records in ascending order, from memory or merged from the runs of a temporary file.
struct SortedRecords: ~Copyable {
    typealias Record = ExternalSorter.Record

    /// The unread part of one run.
    private struct Run {
        var unread: Range<Int>
        var buffer: [Record] = []
        var index = 0
    }

    private let file: Int32?
    private var runs: [Run]
    /// Indexes of the runs that are not used up; the run with the smallest record comes first.
    private var heap: [Int] = []
    private let bufferRecords: Int

    fileprivate init(records: [Record]) {
        file = nil
        bufferRecords = 0
        runs = [Run(unread: 0..<0, buffer: records)]
        if !records.isEmpty { heap = [0] }
    }

    fileprivate init(file: Int32, runs: [Range<Int>]) throws(ImportFault) {
        self.file = file
        let size = MemoryLayout<Record>.stride
        bufferRecords = max(64, ExternalSorter.mergeBytesMax / size / max(1, runs.count))
        self.runs = runs.map { Run(unread: $0) }
        for index in self.runs.indices where try refill(index) { heap.append(index) }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    deinit { if let file { close(file) } }

    mutating func next() throws(ImportFault) -> Record? {
        guard let top = heap.first else { return nil }
        let record = runs[top].buffer[runs[top].index]
        runs[top].index += 1
        if runs[top].index == runs[top].buffer.count, try !refill(top) {
            heap[0] = heap[heap.count - 1]
            heap.removeLast()
        }
        sink(0)
        return record
    }

    private mutating func refill(_ index: Int) throws(ImportFault) -> Bool {
        guard let file, !runs[index].unread.isEmpty else { return false }
        let unread = runs[index].unread
        let count = min(bufferRecords, unread.count)
        var buffer = runs[index].buffer
        runs[index].buffer = []
        if buffer.count != count {
            buffer = Array(repeating: Record(first: 0, second: 0, third: 0), count: count)
        }
        let size = MemoryLayout<Record>.stride
        try buffer.withUnsafeMutableBufferPointer { records throws(ImportFault) in
            try TemporaryFile.read(
                file, at: unread.lowerBound * size,
                into: UnsafeMutableRawBufferPointer(records))
        }
        runs[index].buffer = buffer
        runs[index].index = 0
        runs[index].unread = unread.lowerBound + count..<unread.upperBound
        return true
    }

    private func isSmaller(_ a: Int, _ b: Int) -> Bool {
        let (a, b) = (heap[a], heap[b])
        return runs[a].buffer[runs[a].index] < runs[b].buffer[runs[b].index]
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && isSmaller(child, smallest) {
                smallest = child
            }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
