import Foundation
import Glibc
import Synchronization

/// An HTTP server for one file that can change, with ETags and simulated failures.
///
/// Plain sockets on a separate thread, so that a test controls every byte.
final class BookServer: Sendable {
    enum Answer: Sendable {
        /// 200 with an ETag, or 304 if the client has it.
        case file(String)
        case status(Int)
        case bytes(Int)
        /// Closes in the middle of the head.
        case hangUp
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var answer = Answer.status(404)
        var requests = 0
        var notModified = 0
    }

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, size) == 0 && listen(listener, 16) == 0
                    ? getsockname(listener, pointer, &size) : -1
            }
        }
        guard status == 0 else { throw ServiceTestError(systemCall: "bind or listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(self.listener, nil, nil)
                if connection < 0 { return }
                serve(connection)
                close(connection)
            }
        }
    }

    var url: String { "http://user:secret@127.0.0.1:\(port)/prices/book.yaml?token=secret" }
    var requests: Int { state.withLock { $0.requests } }
    /// The number of answers with 304.
    var notModified: Int { state.withLock { $0.notModified } }

    func answer(_ answer: Answer) { state.withLock { $0.answer = answer } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return }
            head += buffer.prefix(count)
        }
        let answer = state.withLock { state in
            state.requests += 1
            return state.answer
        }
        send(answer, to: String(decoding: head, as: UTF8.self).lowercased(), connection)
    }

    private func send(_ answer: Answer, to head: String, _ connection: Int32) {
        switch answer {
        case .file(let text):
            let tag = "\"\(text.utf8.reduce(UInt32(17)) { $0 &* 31 &+ UInt32($1) })\""
            if head.contains("if-none-match: \(tag)") {
                state.withLock { $0.notModified += 1 }
                return write("304 Not Modified", [], connection)
            }
            write("200 OK", Array(text.utf8), connection, more: "ETag: \(tag)\r\n")
        case .status(let code): write("\(code) Something", [], connection)
        case .bytes(let count):
            write("200 OK", [UInt8](repeating: 35, count: count), connection)
        case .hangUp: put(Array("HTTP/1.1 20".utf8), connection)
        }
    }

    private func write(
        _ status: String, _ body: [UInt8], _ connection: Int32, more: String = ""
    ) {
        let head =
            "HTTP/1.1 \(status)\r\n\(more)Content-Length: \(body.count)\r\n"
            + "Connection: close\r\n\r\n"
        put(Array(head.utf8) + body, connection)
    }

    private func put(_ bytes: [UInt8], _ connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Lends a server for one test.
func withBookServer<T>(_ body: (BookServer) async throws -> T) async throws -> T {
    let server = try BookServer()
    defer { server.stop() }
    return try await body(server)
}
