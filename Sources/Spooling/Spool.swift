import Synchronization

/// Records that their receiver has not acknowledged, in files.
///
/// Records are appended to the newest segment and read from a cursor on; a segment is removed when
/// the cursor has passed it. The cursor is stored in a file, only to avoid sending duplicates after
/// a restart: with an older cursor, or none, nothing is lost.
package final class Spool: Sendable {
    /// The limits of a spool.
    package struct Limits: Sendable {
        package var spoolBytesMax: Int
        package var segmentBytesMax: Int

        package init(spoolBytesMax: Int, segmentBytesMax: Int) {
            self.spoolBytesMax = spoolBytesMax
            self.segmentBytesMax = segmentBytesMax
        }
    }

    package enum Refusal: Error, Hashable {
        /// `spoolBytesMax` is reached.
        case full
        case closed
        case fault(SpoolFault)
    }

    /// How much waits for the service.
    package struct Waiting: Hashable, Sendable {
        package var records: Int
        /// Their bytes, frames included.
        package var bytes: Int

        package init(records: Int, bytes: Int) {
            self.records = records
            self.bytes = bytes
        }
    }

    private let disk: any SpoolDisk
    private let limits: Limits
    private let state: Mutex<SpoolState>
    /// Opened when there is something to write.
    private let cursorFile = Mutex<(any SpoolFile)?>(nil)
    /// The last append that is on disk; held during a sync, so that callers who wait meanwhile
    /// share the next one.
    private let synced = Mutex(0)

    /// Opens the files of an earlier client, and reports damage.
    package init(
        on disk: any SpoolDisk, limits: Limits, report: (SpoolReport) -> Void
    ) throws(SpoolFault) {
        self.disk = disk
        self.limits = limits
        var state = try SpoolState(opening: disk)
        let passed = state.takeAcknowledged()
        self.state = Mutex(state)
        passed.reports.forEach(report)
        for segment in passed.segments { try remove(segment) }
        // An earlier client may have died before its last sync, and a power cut may still follow.
        for segment in state.segments { try disk.open(segment.name).sync() }
        try disk.syncDirectory()
    }

    package var waiting: Waiting { state.withLock { $0.waiting } }
    package var bytes: Int { state.withLock { $0.bytes } }

    // MARK: Recording

    /// Appends a record.
    ///
    /// - Returns: the number to pass to `sync(through:)`, and how much waits now.
    package func append(
        _ record: [UInt8]
    ) throws(Refusal) -> (number: Int, waiting: Waiting) {
        let frame = Segment.frame(record)
        return try state.withLock { state throws(Refusal) in
            if state.isClosed { throw .closed }
            guard state.bytes + Segment.headerBytes + frame.count <= limits.spoolBytesMax else {
                throw .full
            }
            do throws(SpoolFault) {
                try state.append(frame, on: disk, segmentBytesMax: limits.segmentBytesMax)
            } catch {
                throw .fault(error)
            }
            return (state.appended, state.waiting)
        }
    }

    /// Returns when the append with this number is on disk.
    package func sync(through number: Int = .max) throws(SpoolFault) {
        try synced.withLock { synced throws(SpoolFault) in
            guard synced < number else { return }
            let work = state.withLock { $0.takeUnsynced() }
            do throws(SpoolFault) {
                for file in work.files { try file.sync() }
                if work.hasNewNames { try disk.syncDirectory() }
            } catch {
                // It is unknown what the kernel still holds of these files, so they get no more
                // records.
                state.withLock { $0.abandonFile() }
                throw error
            }
            synced = work.appended
        }
    }

    /// Makes `append` refuse records from now on, so that nothing is added while the rest is sent.
    package func refuseRecords() { state.withLock { $0.isClosed = true } }

    /// Releases the disk for another spool.
    package func close() {
        refuseRecords()
        disk.release()
    }

    // MARK: Sending

    /// Records for one call: the oldest ones, as lines.
    package struct Parcel: Sendable {
        /// The records, with a line feed after each.
        package fileprivate(set) var body: [UInt8] = []
        package fileprivate(set) var lines: [Range<Int>] = []
        fileprivate var end: SpoolPosition
        fileprivate var lastSegmentRecords = 0
        fileprivate var damages: [UInt64: [Range<Int>]] = [:]

        package func line(_ index: Int) -> ArraySlice<UInt8> { body[lines[index]] }
    }

    /// Reads the next records without moving the cursor; for one reader at a time.
    ///
    /// - Returns: a parcel, without lines if there are only damaged bytes; acknowledge that too.
    package func read(recordsMax: Int, bytesMax: Int) throws(SpoolFault) -> Parcel {
        let (cursor, segments) = state.withLock { ($0.cursor, $0.segments) }
        var parcel = Parcel(end: cursor)
        for segment in segments where segment.number >= cursor.segment {
            let start = segment.number == cursor.segment ? cursor.offset : 0
            var reader = SegmentReader(
                segment, on: disk, from: max(start, Segment.headerBytes))
            parcel.lastSegmentRecords = 0
            var isFull = false
            while let record = try reader.next() {
                let size = parcel.body.count + record.count
                isFull = parcel.lines.count == recordsMax || size >= bytesMax
                if isFull && !parcel.lines.isEmpty { break }
                let start = parcel.body.count
                parcel.body.append(contentsOf: record)
                parcel.lines.append(start..<parcel.body.count)
                parcel.body.append(UInt8(ascii: "\n"))
                parcel.lastSegmentRecords += 1
                parcel.end = SpoolPosition(segment: segment.number, offset: reader.offset)
                isFull = false
            }
            if !reader.damages.isEmpty { parcel.damages[segment.number] = reader.damages }
            if isFull { break }
            parcel.end = SpoolPosition(segment: segment.number, offset: reader.offset)
        }
        return parcel
    }

    /// Removes the records of a parcel, which the service has or will never accept.
    ///
    /// - Parameter deadLetters: the lines that the service refused; they are on disk before the
    ///   records are removed.
    /// - Throws: if they cannot be written; then nothing is removed.
    package func acknowledge(
        _ parcel: Parcel, deadLetters: [UInt8], report: (SpoolReport) -> Void
    ) throws(SpoolFault) {
        if !deadLetters.isEmpty { try write(deadLetters: deadLetters) }
        let passed = state.withLock { state in
            state.move(
                to: parcel.end, lastSegmentRecords: parcel.lastSegmentRecords,
                damages: parcel.damages)
            return state.takeAcknowledged()
        }
        // Without the lock: recording must not wait for this, and the handler may itself record.
        passed.reports.forEach(report)
        do throws(SpoolFault) {
            try writeCursor(parcel.end)
            for segment in passed.segments { try remove(segment) }
        } catch {
            // This causes duplicates after a restart, but loses no record.
            report(.failed(error.message))
        }
    }

    private func writeCursor(_ position: SpoolPosition) throws(SpoolFault) {
        try cursorFile.withLock { file throws(SpoolFault) in
            let open: any SpoolFile
            if let file { open = file } else { open = try disk.open(SpoolPosition.name) }
            file = open
            try open.write(position.encoded, at: 0)
        }
    }

    /// Removes a segment whose records are all acknowledged, but keeps a file that the disk has
    /// changed.
    private func remove(_ segment: Segment) throws(SpoolFault) {
        guard segment.isWorthKeeping else { return try disk.remove(segment.name) }
        try disk.rename(segment.name, to: segment.name + ".damaged")
        state.withLock { $0.otherBytes += segment.length }
    }

    private static let deadLetters = "dead-letters.ndjson"

    private func write(deadLetters: [UInt8]) throws(SpoolFault) {
        let file = try disk.open(Self.deadLetters)
        let size = try disk.files()[Self.deadLetters] ?? 0
        // A crash may have cut off the last line; the next one must not be joined to it.
        let last = size == 0 ? [] : try disk.read(Self.deadLetters, from: size - 1, count: 1)
        let isTorn = !last.isEmpty && last != [UInt8(ascii: "\n")]
        try file.write((isTorn ? [UInt8(ascii: "\n")] : []) + deadLetters, at: size)
        try file.sync()
        try disk.syncDirectory()
        state.withLock { $0.otherBytes += deadLetters.count }
    }
}
