import Dispatch
import Glibc

/// Callers with keep-alive connections, all on one thread: each sends its next request once the
/// previous one was answered.
///
/// It shares the machine with what it measures, so it does as little as possible: requests are
/// prepared bytes, one poll serves all connections, and only the status and length of an answer are
/// read.
final class HTTPLoad {
    struct Outcome: Sendable {
        var seconds = 0.0
        var latencies = Latencies()
        /// Until the first byte of a body.
        var firsts = Latencies()
        /// Calls that were told to retry, and did.
        var refusals: Int64 = 0
        /// The beginning of the answer to a single request.
        var answer = ""
    }

    private let requests: RequestTape
    private var callers: [HTTPCaller] = []
    private var next = 0
    private var answered = 0
    private var outcome = Outcome()

    /// Milliseconds without any answer after which the service is considered dead.
    private static let silenceMax: Int32 = 30_000

    /// Sends all requests through `callers` connections, away from Swift's own threads.
    static func run(
        _ requests: RequestTape, callers: Int, host: String, port: UInt16
    ) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "tally.bench.load").async {
                continuation.resume(
                    with: Result {
                        let load = try HTTPLoad(requests, callers: callers, host, port)
                        return try load.run()
                    })
            }
        }
    }

    private init(_ requests: RequestTape, callers: Int, _ host: String, _ port: UInt16) throws {
        self.requests = requests
        for _ in 0..<callers { self.callers.append(try HTTPCaller(host, port)) }
    }

    deinit {
        for caller in callers { close(caller.socket) }
    }

    private func run() throws -> Outcome {
        let start = ContinuousClock.now
        for index in callers.indices { try sendNext(index) }
        var waiting = callers.map { pollfd(fd: $0.socket, events: 0, revents: 0) }
        while answered < requests.count {
            for index in callers.indices {
                waiting[index].events = Int16(callers[index].isSending ? POLLIN | POLLOUT : POLLIN)
            }
            let count = poll(&waiting, nfds_t(waiting.count), Self.silenceMax)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw BenchmarkFailure("the service has stopped answering") }
            for index in callers.indices where waiting[index].revents != 0 {
                try advance(index)
            }
        }
        outcome.seconds = seconds(since: start)
        return outcome
    }

    private func advance(_ index: Int) throws {
        try callers[index].send(requests)
        let isLone = requests.count == 1
        while let status = try callers[index].receive(keepsAnswer: isLone) {
            switch status {
            case 200, 201, 204:
                answered += 1
                if isLone { outcome.answer = callers[index].lastAnswer }
                outcome.latencies.record(callers[index].sentAt.duration(to: .now))
                outcome.firsts.record(callers[index].sentAt.duration(to: callers[index].firstAt))
                try sendNext(index)
            case 429:
                outcome.refusals += 1
                try callers[index].sendAgain(requests)
            default:
                throw BenchmarkFailure(
                    "the service answered \(status): \(callers[index].lastAnswer)")
            }
        }
    }

    private func sendNext(_ index: Int) throws {
        guard next < requests.count else { return }
        next += 1
        try callers[index].start(next - 1, requests)
    }
}

/// Requests as the bytes to send, one after another.
struct RequestTape: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    mutating func get(_ path: String, host: String, key: String?) {
        var head = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        if let key { head += "Authorization: Bearer \(key)\r\n" }
        bytes += Array("\(head)\r\n".utf8)
        ends.append(bytes.count)
    }

    mutating func post(
        _ body: [UInt8], to path: String, host: String, key: String?,
        type: String = "application/x-ndjson", headers: [String] = []
    ) {
        var head = "POST \(path) HTTP/1.1\r\nHost: \(host)\r\nContent-Type: \(type)\r\n"
        if let key { head += "Authorization: Bearer \(key)\r\n" }
        for header in headers { head += header + "\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        bytes += Array(head.utf8)
        bytes += body
        ends.append(bytes.count)
    }
}

/// One connection, with the state of its request.
private struct HTTPCaller {
    let socket: Int32
    private(set) var sentAt = ContinuousClock.now
    /// When the first byte of the last answer's body came.
    private(set) var firstAt = ContinuousClock.now
    private var current = 0
    private var unsent = 0..<0
    private var received: [UInt8] = []
    private var head: HTTPAnswerHead?
    private var chunks = HTTPChunks(from: 0)
    private(set) var lastAnswer = ""

    var isSending: Bool { !unsent.isEmpty }

    init(_ host: String, _ port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw BenchmarkFailure("\(host) is no IPv4 address")
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw BenchmarkFailure("\(host):\(port): \(String(cString: strerror(errno)))")
        }
        var one: Int32 = 1
        setsockopt(
            socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
    }

    mutating func start(_ index: Int, _ requests: RequestTape) throws {
        current = index
        sentAt = .now
        try sendAgain(requests)
    }

    mutating func sendAgain(_ requests: RequestTape) throws {
        unsent = requests.range(current)
        try send(requests)
    }

    /// Sends until the socket is full or the request is out.
    mutating func send(_ requests: RequestTape) throws {
        while !unsent.isEmpty {
            let sent = requests.bytes.withUnsafeBytes { bytes in
                Glibc.send(
                    socket, bytes.baseAddress.map { $0 + unsent.lowerBound }, unsent.count,
                    Int32(MSG_NOSIGNAL))
            }
            if sent < 0 {
                if errno == EAGAIN { return }
                throw BenchmarkFailure("sending: \(String(cString: strerror(errno)))")
            }
            unsent = unsent.lowerBound + sent..<unsent.upperBound
        }
    }

    /// The status of a complete answer; nil while it is incomplete.
    mutating func receive(keepsAnswer: Bool) throws -> Int? {
        while true {
            if let status = try takeAnswer(keepsAnswer) { return status }
            let count = withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { piece in
                let count = recv(socket, piece.baseAddress, piece.count, 0)
                if count > 0 { received.append(contentsOf: piece.prefix(count)) }
                return count
            }
            if count < 0 && errno == EAGAIN { return nil }
            if count <= 0 { throw BenchmarkFailure("the service closed a connection") }
        }
    }

    private mutating func takeAnswer(_ keepsAnswer: Bool) throws -> Int? {
        if head == nil {
            head = HTTPAnswerHead(received)
            if let head {
                chunks = HTTPChunks(from: head.bytes)
                firstAt = .now
            }
        }
        guard let head else { return nil }
        let end: Int
        if head.isChunked {
            guard let last = try chunks.end(in: received) else { return nil }
            end = last
        } else {
            guard let length = head.contentLength else {
                throw BenchmarkFailure("the service answers without Content-Length")
            }
            end = head.bytes + length
            guard received.count >= end else { return nil }
        }
        if head.status >= 300 || keepsAnswer {
            lastAnswer = String(decoding: received[head.bytes..<end].prefix(1_000), as: UTF8.self)
        }
        received.removeFirst(end)
        self.head = nil
        return head.status
    }
}

/// The chunks of a body, as far as they have come.
package struct HTTPChunks {
    /// Where the next chunk begins.
    private var place: Int

    package init(from place: Int) {
        self.place = place
    }

    /// Where the body ends; nil until it does.
    package mutating func end(in received: [UInt8]) throws -> Int? {
        while let line = received[min(place, received.count)...].firstIndex(of: 10) {
            guard let size = Self.size(received[place..<line]) else {
                throw BenchmarkFailure("a chunk has no length")
            }
            let next = line + 1 + size + 2
            guard received.count >= next else { return nil }
            if size == 0 { return next }
            place = next
        }
        return nil
    }

    private static func size(_ line: ArraySlice<UInt8>) -> Int? {
        let digits = line.prefix { $0 != 0x3B && $0 != 0x0D }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// The needed parts of the head of an answer; nil until it is complete.
package struct HTTPAnswerHead {
    package let status: Int
    package let bytes: Int
    package let contentLength: Int?
    package let isChunked: Bool

    package init?(_ received: [UInt8]) {
        guard received.count > 16, let end = Self.end(of: received) else { return nil }
        bytes = end
        status = received[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
        let lines = received[..<end].split(separator: 10)
        let length = lines.compactMap { Self.value($0, of: "content-length:") }.first.map {
            $0.reduce(into: 0) { sum, byte in
                if (48...57).contains(byte) { sum = sum * 10 + Int(byte - 48) }
            }
        }
        contentLength = status == 204 ? length ?? 0 : length
        isChunked = lines.contains { Self.value($0, of: "transfer-encoding:") != nil }
    }

    private static func value(_ line: ArraySlice<UInt8>, of name: String) -> ArraySlice<UInt8>? {
        guard line.count > name.utf8.count,
            line.prefix(name.utf8.count).elementsEqual(
                name.utf8, by: { $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        return line.dropFirst(name.utf8.count)
    }

    private static func end(of received: [UInt8]) -> Int? {
        var index = 3
        while index < received.count {
            if received[index] == 10, received[index - 1] == 13, received[index - 2] == 10 {
                return index + 1
            }
            index += 1
        }
        return nil
    }
}
