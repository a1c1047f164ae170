import Glibc

/// Why the embedded PostgreSQL can't be used; the message is one sentence with a remedy.
package struct EmbeddedServerError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// No PostgreSQL server binaries were found.
        case binariesMissing
        /// Another major version than the installed one made the data.
        case versionMismatch
        /// Started as root, without an unprivileged user to run the server as.
        case accountMissing
        /// The server's user can't pass through a directory above the data.
        case dataDirectoryUnreachable
        /// The data directory can't be created, locked or written.
        case dataDirectoryUnusable
        /// The socket directory exists and belongs to somebody else.
        case socketDirectoryRefused
        /// `initdb` or the creation of the database failed.
        case initialisationFailed
        /// The server ended while it was starting.
        case startFailed
        /// The server was not ready in time; it may still be recovering.
        case startTimedOut
        /// Another process has held the start lock for too long.
        case busy
        /// Another service uses the data directory.
        case serviceRunning
    }

    package let code: Code
    package let message: String

    package var description: String { message }
}

/// The text of the current `errno`, as the C library words it.
func systemErrorText() -> String {
    String(cString: strerror(errno))
}
