import CHiredis
import Glibc
import Postgres

/// A failure of Redis or of the way to it.
package struct RedisError: Error, CustomStringConvertible {
    package let description: String
}

/// What Redis answers.
package enum RedisReply: Sendable, Equatable {
    case none
    case integer(Int64)
    case bytes([UInt8])
    case list([RedisReply])
    case failure(String)

    package var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    package var integer: Int64? {
        if case .integer(let integer) = self { integer } else { nil }
    }
}

/// A command and its arguments, as bytes.
package struct RedisCommand: Sendable {
    package let words: [[UInt8]]

    package init(_ words: RedisWord...) {
        self.words = words.map(\.bytes)
    }
}

/// A word of a command: a text, a number or bytes.
package enum RedisWord: ExpressibleByStringLiteral, Sendable {
    case text(String)
    case number(Int64)
    case bytes([UInt8])

    package init(stringLiteral text: String) { self = .text(text) }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .number(let number): Array(String(number).utf8)
        case .bytes(let bytes): bytes
        }
    }
}

/// One connection to a Redis server, opened when first wanted and after each failure.
///
/// hiredis waits in read(2), so all of this runs on the connection's own thread, and each wait has
/// an end.
package actor RedisConnection {
    private let executor = ConnectionExecutor(label: "tallystick.redis.connection")
    private let address: RedisAddress
    private var link: RedisLink?

    /// How long connecting may take, and each answer.
    package static let waitMax: Duration = .milliseconds(250)

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    package init(_ address: RedisAddress) {
        self.address = address
    }

    /// Sends the commands together and returns their answers in order; refusals are answers.
    package func run(_ commands: [RedisCommand]) throws -> [RedisReply] {
        let link = try opened()
        do {
            return try link.run(commands)
        } catch {
            // What the server will still send is unknown.
            self.link = nil
            throw error
        }
    }

    package func close() {
        link = nil
    }

    private func opened() throws -> RedisLink {
        if let link { return link }
        let link = try RedisLink(address.place, waitMax: Self.waitMax)
        var greeting: [RedisCommand] = []
        if let password = address.password {
            greeting.append(
                address.user.map { RedisCommand("AUTH", .text($0), .text(password)) }
                    ?? RedisCommand("AUTH", .text(password)))
        }
        if address.database != 0 {
            greeting.append(RedisCommand("SELECT", .number(Int64(address.database))))
        }
        for reply in try link.run(greeting) {
            if case .failure(let reason) = reply { throw RedisError(description: reason) }
        }
        self.link = link
        return link
    }
}

/// A context of hiredis; belongs to one `RedisConnection`.
private final class RedisLink {
    private let context: UnsafeMutablePointer<redisContext>

    package init(_ place: RedisAddress.Place, waitMax: Duration) throws(RedisError) {
        let wait = timeval(tv_sec: 0, tv_usec: Int(waitMax.microseconds))
        let made =
            switch place {
            case .host(let host, let port): redisConnectWithTimeout(host, port, wait)
            case .socket(let path): redisConnectUnixWithTimeout(path, wait)
            }
        guard let made else { throw RedisError(description: "no memory for a connection") }
        context = made
        guard made.pointee.err == 0, redisSetTimeout(made, wait) == REDIS_OK else {
            throw failure
        }
    }

    deinit { redisFree(context) }

    private var failure: RedisError {
        let text = withUnsafeBytes(of: context.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(
            description: text.isEmpty ? "the Redis server does not answer" : "Redis: \(text)")
    }

    package func run(_ commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
        for command in commands { try append(command) }
        var replies: [RedisReply] = []
        for _ in commands {
            var reply: UnsafeMutableRawPointer?
            guard redisGetReply(context, &reply) == REDIS_OK, let reply else { throw failure }
            defer { freeReplyObject(reply) }
            replies.append(Self.reply(reply.assumingMemoryBound(to: redisReply.self)))
        }
        return replies
    }

    private func append(_ command: RedisCommand) throws(RedisError) {
        let lengths = command.words.map(\.count)
        // All words in one buffer, so that their addresses hold during the call.
        let bytes = Array(command.words.joined()) + [0]
        let status = bytes.withUnsafeBytes { buffer -> Int32 in
            var offset = 0
            var words: [UnsafePointer<CChar>?] = lengths.map { length in
                defer { offset += length }
                return buffer.baseAddress?.advanced(by: offset)
                    .assumingMemoryBound(to: CChar.self)
            }
            return redisAppendCommandArgv(context, Int32(lengths.count), &words, lengths)
        }
        guard status == REDIS_OK else { throw failure }
    }

    private static func reply(_ reply: UnsafeMutablePointer<redisReply>) -> RedisReply {
        let value = reply.pointee
        func bytes() -> [UInt8] {
            Array(UnsafeRawBufferPointer(start: value.str, count: value.len))
        }
        switch value.type {
        case REDIS_REPLY_INTEGER: return .integer(Int64(value.integer))
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: return .bytes(bytes())
        case REDIS_REPLY_ERROR: return .failure(String(decoding: bytes(), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            return .list(
                (0..<value.elements).map { index in
                    value.element?[index].map { Self.reply($0) } ?? .none
                })
        default: return .none
        }
    }
}

/// Lets writing to a closed socket fail instead of ending the process, unless somebody decided
/// already what it does: hiredis does not ask for that itself.
package func ignoreBrokenPipes() {
    var current = sigaction()
    guard sigaction(SIGPIPE, nil, &current) == 0 else { return }
    let isStandard = withUnsafeBytes(of: current.__sigaction_handler) { bytes in
        bytes.allSatisfy { $0 == 0 }
    }
    if isStandard { _ = signal(SIGPIPE, SIG_IGN) }
}
