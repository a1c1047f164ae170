/// A position in a spool.
package struct SpoolPosition: Hashable, Sendable {
    package var segment: UInt64
    package var offset: Int

    package static let name = "cursor"

    /// Both numbers and a checksum, little-endian.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for word in [segment, UInt64(offset)] {
            Segment.append(UInt32(truncatingIfNeeded: word), to: &bytes)
            Segment.append(UInt32(truncatingIfNeeded: word >> 32), to: &bytes)
        }
        Segment.append(Segment.checksum(16, bytes[...]), to: &bytes)
        return bytes
    }

    init(segment: UInt64, offset: Int) {
        self.segment = segment
        self.offset = offset
    }

    /// Decodes the result of `encoded`; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 20, Segment.checksum(16, bytes[..<16]) == Segment.word(bytes, 16)
        else { return nil }
        let words = [0, 4, 8, 12].map { UInt64(Segment.word(bytes, $0)) }
        segment = words[0] | words[1] << 32
        guard let offset = Int(exactly: words[2] | words[3] << 32) else { return nil }
        self.offset = offset
    }
}

/// The state of a spool's files.
struct SpoolState {
    /// The segments, the oldest first.
    private(set) var segments: [Segment] = []
    private(set) var cursor = SpoolPosition(segment: 0, offset: 0)
    private(set) var waiting = Spool.Waiting(records: 0, bytes: 0)
    /// Bytes in segments.
    private var segmentBytes = 0
    /// Bytes in dead letters and in damaged segments that are kept.
    var otherBytes = 0
    /// Records that were added since the spool was opened.
    private(set) var appended = 0
    var isClosed = false

    /// The newest segment, if this client created it and it is intact.
    private var file: (any SpoolFile)?
    private var nextNumber: UInt64 = 1
    private var unsynced: [any SpoolFile] = []
    private var isFileDirty = false
    private var hasNewNames = false

    var bytes: Int { segmentBytes + otherBytes }

    // MARK: Opening

    /// Reads all segments once, to know what they hold.
    init(opening disk: any SpoolDisk) throws(SpoolFault) {
        let files = try disk.files()
        let cursorBytes = try files[SpoolPosition.name].map { size throws(SpoolFault) in
            try disk.read(SpoolPosition.name, from: 0, count: min(size, 64))
        }
        cursor = cursorBytes.flatMap { SpoolPosition($0) } ?? cursor
        // A number is never used twice: an old cursor would skip records of the new segment.
        nextNumber = cursor.segment + 1
        for (name, size) in files {
            if let number = Segment.number(of: name) {
                segments.append(Segment(number: number, length: size, records: 0))
                nextNumber = max(nextNumber, number + 1)
            } else if name != SpoolPosition.name && name != "lock" {
                otherBytes += size
            }
        }
        segments.sort { $0.number < $1.number }
        segmentBytes = segments.reduce(0) { $0 + $1.length }
        for index in segments.indices { try scan(index, on: disk) }
        countWaiting()
    }

    private mutating func scan(_ index: Int, on disk: any SpoolDisk) throws(SpoolFault) {
        let segment = segments[index]
        let magic = try disk.read(segment.name, from: 0, count: Segment.headerBytes)
        let start = magic == Segment.magic ? Segment.headerBytes : 0
        var reader = SegmentReader(segment, on: disk, from: start)
        var records = 0
        // In the cursor's segment, only the records after the cursor wait; a cursor past the end
        // belongs to a file that lost its tail, so all of it is sent again.
        let isCurrent = segment.number == cursor.segment && cursor.offset <= segment.length
        while try reader.next() != nil {
            if !isCurrent || reader.offset > cursor.offset { records += 1 }
        }
        if segment.number == cursor.segment && !isCurrent { cursor.offset = 0 }
        segments[index].records = segment.number < cursor.segment ? 0 : records
        segments[index].damages = reader.damages
    }

    // MARK: Writing

    mutating func append(
        _ frame: [UInt8], on disk: any SpoolDisk, segmentBytesMax: Int
    ) throws(SpoolFault) {
        if let file, let last = segments.last, last.length + frame.count <= segmentBytesMax {
            try file.write(frame, at: last.length)
            segments[segments.count - 1].length += frame.count
            segmentBytes += frame.count
        } else {
            try startSegment(with: frame, on: disk)
        }
        segments[segments.count - 1].records += 1
        waiting.records += 1
        waiting.bytes += frame.count
        appended += 1
        isFileDirty = true
    }

    /// Starts a segment; its header and first frame are one write, so it is never without a record.
    private mutating func startSegment(
        with frame: [UInt8], on disk: any SpoolDisk
    ) throws(SpoolFault) {
        let segment = Segment(
            number: nextNumber, length: Segment.headerBytes + frame.count, records: 0)
        nextNumber += 1
        let new = try disk.create(segment.name)
        do throws(SpoolFault) {
            try new.write(Segment.magic + frame, at: 0)
        } catch {
            try? disk.remove(segment.name)
            throw error
        }
        if isFileDirty, let file { unsynced.append(file) }
        file = new
        hasNewNames = true
        segments.append(segment)
        segmentBytes += segment.length
    }

    mutating func takeUnsynced() -> (files: [any SpoolFile], hasNewNames: Bool, appended: Int) {
        var files = unsynced
        if isFileDirty, let file { files.append(file) }
        defer {
            unsynced = []
            isFileDirty = false
            hasNewNames = false
        }
        return (files, hasNewNames, appended)
    }

    /// Lets the next record start a new segment.
    mutating func abandonFile() {
        file = nil
        isFileDirty = false
        hasNewNames = true
    }

    // MARK: The cursor

    mutating func move(
        to end: SpoolPosition, lastSegmentRecords: Int, damages: [UInt64: [Range<Int>]]
    ) {
        for index in segments.indices where segments[index].number <= end.segment {
            if let found = damages[segments[index].number] { segments[index].add(found) }
            let isPassed =
                segments[index].number < end.segment || segments[index].length == end.offset
            segments[index].records = isPassed ? 0 : segments[index].records - lastSegmentRecords
        }
        cursor = end
        countWaiting()
    }

    private mutating func countWaiting() {
        waiting = Spool.Waiting(records: 0, bytes: 0)
        for segment in segments where segment.records > 0 {
            let start = segment.number == cursor.segment ? cursor.offset : Segment.headerBytes
            waiting.records += segment.records
            waiting.bytes += segment.length - start
        }
    }

    /// Removes the segments whose records are all acknowledged from the state, and reports damage.
    mutating func takeAcknowledged() -> (segments: [Segment], reports: [SpoolReport]) {
        let reports = segments.indices.flatMap { segments[$0].takeReports() }
        let isLastInUse = file != nil
        let passed = segments.prefix { segment in
            segment.records == 0 && !(isLastInUse && segment.number == segments.last?.number)
        }
        segments.removeFirst(passed.count)
        segmentBytes -= passed.reduce(0) { $0 + $1.length }
        return (Array(passed), reports)
    }
}

extension Segment {
    /// Adds damage that was found while reading, once.
    fileprivate mutating func add(_ found: [Range<Int>]) {
        damages += found.filter { range in !damages.contains { $0.overlaps(range) } }
    }

    fileprivate mutating func takeReports() -> [SpoolReport] {
        let new = damages.dropFirst(reportedDamages)
        reportedDamages = damages.count
        return new.map { .damaged(file: name, bytes: $0.count, isTail: isTornTail($0)) }
    }

    /// Whether the file should be kept for inspection.
    var isWorthKeeping: Bool { damages.contains { !isTornTail($0) } }

    /// Whether a crash explains the damage: at most one record, at the end of our own file.
    private func isTornTail(_ range: Range<Int>) -> Bool {
        let isWholeFile = range.lowerBound == 0 && length >= Self.headerBytes
        return range.upperBound == length && !isWholeFile
            && range.count <= Self.frameBytes + Segment.recordBytesMax
    }
}
