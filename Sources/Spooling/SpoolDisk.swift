/// The operations of a spool on a disk; tests replace it to simulate a power cut at any call.
package protocol SpoolDisk: Sendable {
    /// The files in the directory with their sizes.
    func files() throws(SpoolFault) -> [String: Int]
    /// Creates a file, to be written from its start.
    func create(_ name: String) throws(SpoolFault) -> any SpoolFile
    /// Opens a file, and creates it if necessary.
    func open(_ name: String) throws(SpoolFault) -> any SpoolFile
    /// Up to `count` bytes from `offset` on; fewer only at the end of the file.
    func read(_ name: String, from offset: Int, count: Int) throws(SpoolFault) -> [UInt8]
    func remove(_ name: String) throws(SpoolFault)
    func rename(_ name: String, to newName: String) throws(SpoolFault)
    /// Makes the list of files durable.
    func syncDirectory() throws(SpoolFault)
    /// Releases the directory; nothing is written afterwards.
    func release()
}

/// A file that is being written.
package protocol SpoolFile: Sendable {
    /// Writes all bytes at `offset`, or throws; it truncates what a failed write has left, if
    /// possible.
    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolFault)
    /// Returns when the written bytes are on disk.
    func sync() throws(SpoolFault)
}

/// Something about a spool that an operator should know.
package enum SpoolReport: Sendable, Hashable {
    /// A file has bytes that are not a record; all complete records are read.
    ///
    /// At the end of a file, it is a record that a crash cut off. Elsewhere, the disk has changed it, and
    /// the file is kept as `….damaged`.
    case damaged(file: String, bytes: Int, isTail: Bool)
    /// It cannot be read, synced or cleaned up; records are kept as far as the disk permits.
    case failed(String)
}

/// Why a directory can't hold a spool.
package enum SpoolUnusable: Error, Sendable, Hashable {
    /// It cannot be read or written; the sentence says what to fix.
    case unusable(String)
    /// Another spool, in this process or another, uses it.
    case inUse(directory: String, holder: String)
}

/// A failed disk operation.
package struct SpoolFault: Error, Hashable {
    package enum Code: Hashable, Sendable {
        case diskFull
        case failed
    }

    package let code: Code
    /// One sentence.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
