import Access
import Booking
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

    /// Refuses callers who lack a further scope.
    func require(_ scope: KeyScope) throws {
        guard caller.scopes.contains(scope) else { throw AccessRefusal.missingScope(scope) }
    }
}

/// The authorization that a call needs.
enum Need: Sendable {
    case scope(KeyScope)
    /// A key with the scope to read, or to administer.
    case reader
    /// No key.
    case nothing
}

extension AccessControl {
    /// The caller with the key of a request, if authorized.
    ///
    /// - Parameter ledger: the name of the ledger that the request chooses.
    func caller(
        of request: Request, needs need: Need, ledger: String?
    ) async throws -> Caller {
        let key = request.apiKey
        switch need {
        case .nothing: return Caller(ledger: defaultLedger, scopes: [])
        case .scope(let scope):
            return try await caller(key: key, needs: scope, ledger: ledger)
        case .reader:
            do {
                return try await caller(key: key, needs: .read, ledger: ledger)
            } catch AccessRefusal.missingScope {
                return try await caller(key: key, needs: .admin, ledger: ledger)
            }
        }
    }
}

extension Input {
    /// Reads the input of a request, and refuses unknown values.
    ///
    /// - Parameters:
    ///   - choosesLedger: whether `ledger` in the query is known.
    ///   - now: the time that values such as `7d` are relative to.
    static func read(
        _ request: Request, _ context: TallyContext, choosesLedger: Bool, at now: Timestamp
    ) async throws -> Self {
        var (json, file) = (JSONTree.object([]), [UInt8]())
        switch body {
        case .none where [.get, .head].contains(request.method): break
        case .none: json = try await request.object(upTo: 1 << 16)
        case .stream: break
        case .object(let bytesMax): json = try await request.object(upTo: bytesMax)
        case .file(let bytesMax, _, _):
            file = try await request.withBody(upTo: bytesMax) { Array($0) }
        }
        let query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        let path = context.parameters.map { key, value in
            (String(key), value.removingPercentEncoding ?? String(value))
        }
        let given = Given(
            path: Dictionary(path, uniquingKeysWith: { $1 }),
            query: query, body: json, file: file, at: now)
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
}

extension Request {
    /// The body as a JSON object; an empty one is an object without members.
    fileprivate func object(upTo bytesMax: Int) async throws -> JSONTree {
        let json = try await withBody(upTo: bytesMax) { bytes in
            try bytes.isEmpty ? .object([]) : JSONTree(parsing: bytes)
        }
        guard json.members != nil else {
            throw Refusal.invalid("the body must be a JSON object, not \(json.noun)")
        }
        return json
    }

    /// Lends the body without its content coding; a body above the limit is refused, before or
    /// after expansion.
    func withBody<R>(
        upTo limit: Int, _ read: (UnsafeRawBufferPointer) throws -> R
    ) async throws -> R {
        let coding = try ContentCoding(header: headers[.contentEncoding])
        let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
        if announced > limit { throw BodyFault.tooLarge(limit: limit) }
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw BodyFault.tooLarge(limit: limit)
        }
        return try bytes.withUnsafeReadableBytes { bytes in
            if coding == .identity { return try read(bytes) }
            return try Body.expand(bytes, coding: coding, limit: limit).withUnsafeBytes(read)
        }
    }

    /// The API key of `Authorization: Bearer …`, of `x-api-key`, or the password of
    /// `Authorization: Basic …`.
    var apiKey: String? {
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

extension HTTPField.Name {
    static let xAPIKey = HTTPField.Name("x-api-key") ?? .authorization
}
