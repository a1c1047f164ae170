import Access
import Booking
import Calendars
import EventReading
import EventStore
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import NIOCore
import Prompts

/// One request from an authorized caller.
struct Call: Sendable {
    let request: Request
    let caller: Caller
    let parts: ServerParts
    /// What the request holds, until its answer is sent.
    let memory: MemoryShare
    /// The connection that the request came by.
    let channel: any Channel

    /// Runs work that is cancelled when the client leaves.
    func whileClientWaits<T: Sendable>(
        _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        guard let watch = await channel.clientWatch() else { return try await work() }
        return try await watch.whileThere(work)
    }

    var now: Timestamp { parts.now() }

    /// The ledger of the caller.
    func ledger() async throws -> OpenLedger { try await parts.ledgers.openLedger(caller.ledger) }

    /// The body without its content coding.
    func body(upTo limit: Int) async throws -> ByteStorage {
        try await request.storage(upTo: limit, in: memory, parts.bulk)
    }

    /// Works on a body; a large one does not delay other calls.
    func work<R>(on body: ByteStorage, _ work: () async throws -> R) async throws -> R {
        guard body.count > Request.smallBytesMax else { return try await work() }
        return try await parts.bulk.run(work)
    }

    /// Runs a computation over the input where it delays nobody.
    func compute<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await parts.compute(over: memory, work)
    }

    /// Refuses callers who lack a further scope.
    func require(_ scope: KeyScope) throws {
        guard caller.scopes.contains(scope) else { throw AccessRefusal.missingScope([scope]) }
    }
}

/// The authorization that a call needs.
enum Need: Sendable {
    /// A key with one of these scopes.
    case key([KeyScope])
    /// The same, unless the caller is on this machine.
    case keyFromElsewhere([KeyScope])
    /// No key.
    case nothing

    static func scope(_ scope: KeyScope) -> Need { .key([scope]) }
    static let reader = Need.key([.read, .admin])
    static let administrator = Need.key([.admin, .operator])

    /// Whether a call changes nothing, even if it is a POST.
    var isReading: Bool {
        if case .key([.read]) = self { true } else { false }
    }
}

extension AccessControl {
    /// The caller with the key of a request, if authorized.
    ///
    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - ledger: the name of the ledger that the request chooses.
    func caller(
        of request: Request, from peer: SocketAddress?, needs need: Need, ledger: String?
    ) async throws -> Caller {
        switch need {
        case .nothing: return anybody()
        case .keyFromElsewhere where peer?.isLoopback == true && !request.isForwarded:
            return anybody()
        case .key(let scopes), .keyFromElsewhere(let scopes):
            return try await caller(key: request.apiKey, needs: scopes, ledger: ledger)
        }
    }
}

extension Input {
    /// Reads the input of a request, and refuses unknown values.
    ///
    /// - Parameters:
    ///   - choosesLedger: whether `ledger` in the query is known.
    ///   - zone: the reporting zone of the ledger.
    ///   - memory: what the request holds.
    static func read(
        _ request: Request, _ context: TallyContext, choosesLedger: Bool, in zone: CalendarZone,
        _ parts: ServerParts, _ memory: MemoryShare
    ) async throws -> Self {
        let bytes: [UInt8]
        switch body {
        case .none where [.get, .head].contains(request.method): bytes = []
        case .none: bytes = try await request.bytes(upTo: 1 << 16, in: memory, parts.bulk)
        case .stream, .form: bytes = []
        case .object(let bytesMax), .file(let bytesMax, _, _):
            bytes = try await request.bytes(upTo: bytesMax, in: memory, parts.bulk)
        }
        let query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        let path = context.parameters.map { key, value in
            (String(key), value.removingPercentEncoding ?? String(value))
        }
        let now = parts.now()
        return try await parts.compute(over: memory) {
            try read(path, query, bytes, choosesLedger, at: now, in: zone)
        }
    }

    private static func read(
        _ path: [(String, String)], _ query: [(String, String)], _ bytes: [UInt8],
        _ choosesLedger: Bool, at now: Timestamp, in zone: CalendarZone
    ) throws -> Self {
        var (json, file) = (JSONTree.object([]), [UInt8]())
        if case .file = body { file = bytes } else { json = try object(bytes) }
        let given = Given(
            path: Dictionary(path, uniquingKeysWith: { $1 }),
            query: query, body: json, file: file, at: now, in: zone)
        if choosesLedger { try given.ledger() }
        do {
            let input = try Self(given)
            try given.refuseUnknown()
            return input
        } catch {
            // That a name is misspelt says more than that another one is missing.
            try given.refuseUnknown(to: Given.description(of: Self.self, choosesLedger))
            throw error
        }
    }

    /// A body as a JSON object; an empty one is an object without members.
    private static func object(_ bytes: [UInt8]) throws -> JSONTree {
        if bytes.isEmpty { return .object([]) }
        try JSONValueCount.check(bytes)
        let json = try JSONTree(parsing: bytes)
        guard json.members != nil else {
            throw Refusal.invalid("the body must be a JSON object, not \(json.noun)")
        }
        return json
    }
}

extension ServerParts {
    /// Runs a computation where it delays nobody: one over much input on a thread of its own.
    func compute<T: Sendable>(
        over memory: MemoryShare, _ work: @escaping @Sendable () throws -> T
    ) async throws -> T {
        memory.bytes > Self.smallBytesMax ? try await computing.run(work) : try work()
    }

    /// What a request with a small body holds: computing over it takes less than a millisecond or
    /// two.
    private static let smallBytesMax = 64 << 10
}

extension Request {
    /// The API key of `Authorization: Bearer …`, of `x-api-key`, or the password of
    /// `Authorization: Basic …`.
    ///
    /// What is longer than any key is cut, since keys that were asked for are remembered.
    var apiKey: String? { sentKey.map { String($0.prefix(Self.keyLengthMax)) } }

    private static let keyLengthMax = 256

    private var sentKey: String? {
        if let authorization = headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return authorization }
            switch parts[0].lowercased() {
            case "bearer": return String(parts[1])
            case "basic":
                // The user name before the colon is the sender's affair.
                let decoded = Data(base64Encoded: String(parts[1])) ?? Data()
                return String(decoding: decoded.drop { $0 != 58 }.dropFirst(), as: UTF8.self)
            default: return authorization
            }
        }
        return headers[values: .xAPIKey].first
    }
}

extension Request {
    /// Whether a proxy sent it on: then its peer is not its caller.
    var isForwarded: Bool {
        [HTTPField.Name.forwarded, .xForwardedFor].contains { headers.contains($0) }
    }
}

extension HTTPField.Name {
    static let xAPIKey = HTTPField.Name("x-api-key") ?? .authorization
    static let forwarded = HTTPField.Name("forwarded") ?? .authorization
    static let xForwardedFor = HTTPField.Name("x-forwarded-for") ?? .authorization
}
