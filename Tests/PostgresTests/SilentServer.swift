import Glibc
import PostgresTesting

/// Listens like a PostgreSQL but never answers.
final class SilentServer {
    let directory: String
    private let socket: Int32

    init() throws {
        var template = Array("/tmp/tally-silent.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestingError("mkdtemp") }
        let path = template.dropLast().map { UInt8(bitPattern: $0) }
        directory = String(decoding: path, as: UTF8.self)
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: path + Array("/.s.PGSQL.5432".utf8))
        }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(socket, 4) == 0 else { throw TestingError("bind or listen") }
    }

    deinit {
        close(socket)
        unlink(directory + "/.s.PGSQL.5432")
        rmdir(directory)
    }
}
