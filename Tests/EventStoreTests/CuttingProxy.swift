import Foundation
import Glibc
import Postgres
import PostgresTesting
import Synchronization

/// Stands between a client and PostgreSQL and cuts a connection at an exact moment.
///
/// Each connection is carried by two threads of plain reads and writes. A cut closes both ends,
/// so that client and server each see the other one vanish.
final class CuttingProxy: Sendable {
    /// When a connection is cut.
    enum Moment: CaseIterable, Sendable {
        /// The client has sent COMMIT; the server never gets it.
        case beforeCommit
        /// The server has committed and answered; the client never gets the answer.
        case afterCommit
        /// The client is sending the rows of a COPY.
        case insideCopy
        /// The client begins a transaction; the server never hears of it.
        case beforeBegin

        fileprivate func isReached(by chunk: [UInt8]) -> Bool {
            let needle =
                switch self {
                case .beforeCommit, .afterCommit: "COMMIT\0"
                case .insideCopy: "PGCOPY\n"
                case .beforeBegin: "BEGIN"
                }
            return String(decoding: chunk, as: UTF8.self).contains(needle)
        }
    }

    private let directory: String
    private let serverSocket: String
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var plan: [Moment] = []
        var cuts = 0
    }

    init(before server: String) throws {
        var template = Array("\(NSTemporaryDirectory())/tally-cut.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestingError("mkdtemp failed") }
        directory = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        serverSocket = server + "/.s.PGSQL.5432"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let bound = withAddress(directory + "/.s.PGSQL.5432") { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 64) == 0 else { throw TestingError("no listener") }
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { return }
                self.carry(client)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The next connections that reach these moments are cut there, one for each.
    func plan(_ moments: [Moment]) { state.withLock { $0.plan = moments } }

    var cuts: Int { state.withLock { $0.cuts } }

    /// The same database by way of the proxy.
    func configuration(like direct: PostgresConfiguration) -> PostgresConfiguration {
        var configuration = direct
        let words = direct.url.split(separator: " ").filter { !$0.hasPrefix("host=") }
        configuration.url = (["host=\(directory)"] + words).joined(separator: " ")
        return configuration
    }

    private func carry(_ client: Int32) {
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let connected = withAddress(serverSocket) { connect(server, $0, $1) }
        guard connected == 0 else {
            close(client)
            close(server)
            return
        }
        let pair = Pair(client: client, server: server)
        Thread.detachNewThread {
            while let chunk = read(from: client) {
                switch self.moment(of: chunk) {
                case nil: guard write(chunk, to: server) else { return pair.end() }
                case .afterCommit:
                    pair.swallowsAnswers.store(true, ordering: .sequentiallyConsistent)
                    _ = write(chunk, to: server)
                case .beforeCommit, .insideCopy, .beforeBegin: return pair.end()
                }
            }
            pair.end()
        }
        Thread.detachNewThread {
            while let chunk = read(from: server) {
                if pair.swallowsAnswers.load(ordering: .sequentiallyConsistent) { break }
                guard write(chunk, to: client) else { break }
            }
            pair.end()
        }
    }

    private func moment(of chunk: [UInt8]) -> Moment? {
        state.withLock { state in
            guard let next = state.plan.first, next.isReached(by: chunk) else { return nil }
            state.plan.removeFirst()
            state.cuts += 1
            return next
        }
    }

    /// Two sockets that end together; descriptors are closed when both threads are done.
    private final class Pair: Sendable {
        let client: Int32
        let server: Int32
        let swallowsAnswers = Atomic(false)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        func end() {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }

        deinit {
            close(client)
            close(server)
        }
    }
}

private func read(from descriptor: Int32) -> [UInt8]? {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    return count > 0 ? Array(chunk.prefix(count)) : nil
}

private func write(_ chunk: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < chunk.count {
        let count = chunk.withUnsafeBytes { bytes in
            send(
                descriptor, bytes.baseAddress.map { $0 + sent }, chunk.count - sent,
                Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
    }
    return true
}

private func withAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
        bytes.copyBytes(from: path.utf8.prefix(bytes.count - 1))
    }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
