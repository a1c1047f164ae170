import Foundation
import Glibc

/// A TCP connection for tests in which the exact bytes matter.
///
/// Its calls block, so they run on a separate thread.
package final class RawConnection: Sendable {
    private let descriptor: Int32

    private init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard status == 0 else {
            throw CannotConnect(port: port, error: errno)
        }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let timeSize = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, timeSize)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, timeSize)
    }

    /// Connects and runs the body on a thread that may block.
    package static func with<T: Sendable>(
        port: Int, _ body: @escaping @Sendable (RawConnection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let connection = try RawConnection(port: port)
                        // Not in deinit, which may run as soon as the descriptor was last used.
                        defer { close(connection.descriptor) }
                        return try body(connection)
                    })
            }
        }
    }

    /// Sends everything, unless the other side stops reading or closes; returns whether all was
    /// sent.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Whether an answer, or the end, can be read now.
    package var hasAnswer: Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&watched, 1, 0) == 1
    }

    /// Waits until an answer, or the end, can be read; false after a minute.
    package func waitForAnswer() -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&watched, 1, 60_000) == 1
    }

    /// Reads until the head of the answer and its announced body are complete, or to the end.
    package func answer() -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while !Self.isComplete(bytes) {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            bytes += piece.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads until the answer has a text in it, or to the end.
    package func read(until text: String) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while !String(decoding: bytes, as: UTF8.self).contains(text) {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            bytes += piece.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits until the other side closes the connection; false if it does not within a minute.
    package func isClosed() -> Bool {
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    private static func isComplete(_ bytes: [UInt8]) -> Bool {
        // Carriage returns are handled separately: Swift treats "\r\n" as one character.
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let end = lines.firstIndex(of: ""), end > 0 else { return false }
        let length =
            lines[..<end].first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) } ?? 0
        let body = lines[(end + 1)...].joined(separator: "\r\n")
        return body.utf8.count >= length
    }
}

package struct CannotConnect: Error {
    package let port: Int
    package let error: Int32
}
