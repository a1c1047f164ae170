internal import CLibPQ

extension Session {
    /// Sends rows with `COPY … FROM STDIN`; returns how many arrived.
    ///
    /// An error in `body` ends the COPY on the server and is rethrown: it says more than the
    /// server's "COPY failed".
    @discardableResult
    package func copyIn(
        _ sql: String, from body: (inout CopyWriter) throws -> Void
    ) throws -> Int {
        let link = active
        try link.startCopy(sql, PGRES_COPY_IN)
        try link.fillCopy(body)
        try link.endCopy(nil)
        return try link.collect(in: .sql(sql)).affectedRows
    }

    /// Like `copyIn`, and commits: the last step of a transaction, saving a round trip.
    package func copyInAndCommit(
        _ sql: String, from body: (inout CopyWriter) throws -> Void
    ) throws {
        precondition(isInTransaction, "there is nothing to commit")
        let link = active
        try link.startCopy(sql, PGRES_COPY_IN, commits: true)
        try link.fillCopy(body)
        // A cancel after this point could only make the outcome unclear.
        guard link.canceller.end() else { throw link.lost("a cancel was under way") }
        try link.endCopy(nil)
        try link.collectCommit()
        link.hasCommitted = true
    }

    /// Sends finished buffers in order.
    @discardableResult
    package func copyIn(_ sql: String, _ chunks: [[UInt8]]) throws -> Int {
        try copyIn(sql) { writer in
            for chunk in chunks {
                try chunk.withUnsafeBytes { bytes in try writer.write(bytes) }
            }
        }
    }

    /// Sends a finished buffer.
    @discardableResult
    package func copyIn(_ sql: String, _ bytes: UnsafeRawBufferPointer) throws -> Int {
        try copyIn(sql) { writer in try writer.write(bytes) }
    }

    /// Reads rows with `COPY … TO STDOUT`, lending each message, which is one row; returns how many
    /// there were.
    ///
    /// In binary format the first one begins with the header: see `BinaryCopyReader`, or use
    /// `copyOutRows`.
    ///
    /// An error in `each` stops the COPY on the server and is rethrown.
    @discardableResult
    package func copyOut(
        _ sql: String, each: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        let link = active
        try link.startCopy(sql, PGRES_COPY_OUT)
        while let message = try link.nextCopyMessage() {
            do {
                try each(message.bytes)
            } catch {
                try link.stopCopy()
                throw error
            }
        }
        return try link.collect(in: .sql(sql)).affectedRows
    }

    /// Reads rows with `COPY … TO STDOUT (FORMAT binary)`, lending the fields of each.
    @discardableResult
    package func copyOutRows(
        _ sql: String, each: (inout BinaryCopyFields) throws -> Void
    ) throws -> Int {
        var reader = BinaryCopyReader()
        return try copyOut(sql) { message in
            guard var fields = try reader.fields(of: message) else { return }
            try each(&fields)
        }
    }
}

/// The writer for the body of `copyIn`.
///
/// Sends pieces of `pieceMax` bytes, reading meanwhile, so memory stays bounded however much is
/// written.
package struct CopyWriter: ~Copyable {
    private let link: Link
    private var pending: [UInt8] = []

    /// 32 KiB, like psycopg.
    ///
    /// Measured here on 54 MB over a Unix socket: 4 KiB 0.12 s, 16 KiB 0.10 s, 32 KiB 0.09 s, 64
    /// KiB and more 0.12 s and up.
    package static let pieceMax = 32_768

    init(link: Link) {
        self.link = link
        pending.reserveCapacity(2 * Self.pieceMax)
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        if pending.count + bytes.count < Self.pieceMax {
            pending.append(contentsOf: bytes)
            return
        }
        try flush()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.pieceMax)
            try link.putCopyData(UnsafeRawBufferPointer(rebasing: piece))
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Sends a copy of the bytes after changing it with `edit`.
    package mutating func write(
        _ bytes: UnsafeRawBufferPointer, edit: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(PostgresError) {
        if pending.count + bytes.count > Self.pieceMax { try flush() }
        let start = pending.count
        pending.append(contentsOf: bytes)
        pending.withUnsafeMutableBytes { pending in
            edit(UnsafeMutableRawBufferPointer(rebasing: pending[start...]))
        }
    }

    package mutating func write(_ bytes: [UInt8]) throws(PostgresError) {
        // The closure can't throw a typed error through the library's rethrows.
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(PostgresError) in try write(buffer) }
        }
        try result.get()
    }

    package mutating func write(_ text: String) throws(PostgresError) {
        try write(Array(text.utf8))
    }

    /// Sends the buffer's rows and empties it for the next ones.
    package mutating func write(
        draining buffer: inout BinaryCopyBuffer
    ) throws(PostgresError) {
        try write(buffer.bytes)
        buffer.removeAll()
    }

    mutating func flush() throws(PostgresError) {
        guard !pending.isEmpty else { return }
        let result = pending.withUnsafeBytes { buffer in
            Result { () throws(PostgresError) in try link.putCopyData(buffer) }
        }
        try result.get()
        pending.removeAll(keepingCapacity: true)
    }
}

extension Link {
    /// - Parameter commits: sends COMMIT after the COPY, in one message of the simple protocol.
    func startCopy(
        _ sql: String, _ wanted: ExecStatusType, commits: Bool = false
    ) throws(PostgresError) {
        try checkMayStart()
        if commits {
            try sendText("\(sql); COMMIT")
        } else {
            try sendUnnamed(sql, Parameters())
        }
        try flush()
        guard let first = try nextResult() else { throw lost("no answer to COPY") }
        let status = first.status
        if status == wanted { return }
        var failure = PostgresError(
            .invalidParameter, "this isn't a COPY in the direction that was asked for",
            statement: StatementLabel.sql(sql).text)
        switch status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
            failure = refusal(first, in: .sql(sql))
        case PGRES_COPY_IN:
            try endCopy("not expected here")
        case PGRES_COPY_OUT:
            try stopCopy()
        default:
            break
        }
        while isOpen, try nextResult() != nil {}
        throw isOpen ? failure : gone(failure)
    }

    /// Sends what the body writes; its error aborts the COPY and is rethrown.
    fileprivate func fillCopy(_ body: (inout CopyWriter) throws -> Void) throws {
        var writer = CopyWriter(link: self)
        do {
            try body(&writer)
            try writer.flush()
        } catch {
            if isOpen { try? endCopy("given up by the client") }
            while isOpen, (try? nextResult()) != nil {}
            throw error
        }
    }

    func putCopyData(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
        if canceller.isRequested {
            throw PostgresError(.cancelled, "cancelled in the middle of a COPY")
        }
        while true {
            switch PQputCopyData(try opened(), start, Int32(bytes.count)) {
            case 1:
                // libpq would buffer without a limit.
                try flush()
                return
            case 0: try wait(toWrite: true)
            default: throw lost("a COPY was interrupted")
            }
        }
    }

    /// Ends a COPY IN: successfully, or with the given reason for aborting it.
    func endCopy(_ reason: String?) throws(PostgresError) {
        while true {
            switch PQputCopyEnd(try opened(), reason) {
            case 1:
                try flush()
                return
            case 0: try wait(toWrite: true)
            default: throw lost("a COPY could not be ended")
            }
        }
    }

    /// Stops a COPY OUT on the server and reads the rest of it.
    func stopCopy() throws(PostgresError) {
        guard canceller.deliverSoon() else { throw lost("a COPY could not be stopped") }
        while try nextCopyMessage() != nil {}
        while try nextResult() != nil {}
    }
}
