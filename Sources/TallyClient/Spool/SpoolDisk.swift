/// The few things that a spool asks of a disk: a seam, so that tests can pull the plug at any call.
package protocol SpoolDisk: Sendable {
    /// The files in the directory with their sizes.
    func files() throws(SpoolFault) -> [String: Int]
    /// Makes a new file, to be written from its start.
    func create(_ name: String) throws(SpoolFault) -> any SpoolFile
    /// Opens a file, and makes it if need be.
    func open(_ name: String) throws(SpoolFault) -> any SpoolFile
    /// Up to `count` bytes from `offset` on; fewer only at the end of the file.
    func read(_ name: String, from offset: Int, count: Int) throws(SpoolFault) -> [UInt8]
    func remove(_ name: String) throws(SpoolFault)
    func rename(_ name: String, to newName: String) throws(SpoolFault)
    /// Makes it durable which files there are.
    func syncDirectory() throws(SpoolFault)
    /// Lets another one have the directory; nothing is written afterwards.
    func release()
}

/// A file that is being written.
package protocol SpoolFile: Sendable {
    /// Writes all bytes at `offset`, or throws; what a failed write has left behind it cuts off as
    /// far as it can.
    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolFault)
    /// Returns when what was written is on the disk.
    func sync() throws(SpoolFault)
}

/// A disk that did not do what it was asked to.
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
