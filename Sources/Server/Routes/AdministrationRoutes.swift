import Access
import Booking
import EventStore
import Foundation
import Hummingbird
import JSON
import LedgerModel
import NIOCore
import PriceBooks
import Pricing

/// `/api/v1/keys`, `/api/v1/ledgers` and `/api/v1/prices`.
struct AdministrationRoutes: Sendable {
    let parts: ServerParts

    /// Bytes of a price file.
    private static let priceFileBytesMax = 16 << 20

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/keys") { request, _ in try await listKeys(request) }
        router.post("/api/v1/keys") { request, _ in try await createKey(request) }
        router.delete("/api/v1/keys/:id") { try await revokeKey($0, $1) }
        router.get("/api/v1/ledgers") { request, _ in try await listLedgers(request) }
        router.post("/api/v1/ledgers") { request, _ in try await createLedger(request) }
        router.get("/api/v1/prices") { request, _ in try await listPrices(request) }
        router.post("/api/v1/prices") { request, _ in try await publishPrices(request) }
    }

    // MARK: Keys

    private func listKeys(_ request: Request) async throws -> Response {
        _ = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let keys = try await parts.keys.list()
        var json = JSONWriter()
        json.object { json in
            json.key("keys")
            json.array(of: keys) { json, key in
                json.object { json in
                    json.field("id", key.id.description)
                    json.field("name", key.name)
                    json.field("ledger_id", key.ledger.number)
                    json.key("scopes")
                    json.array(of: key.scopes.map(\.rawValue).sorted()) { $0.value($1) }
                    json.field("created_at", key.createdAt.description)
                    json.field("revoked_at", key.revokedAt?.description)
                }
            }
        }
        return .json(json)
    }

    private struct KeyRequest: Decodable {
        var name: String
        var ledger: String?
        var scopes: [String]?
    }

    private func createKey(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let asked = try await decode(KeyRequest.self, from: request)
        let scopes = try (asked.scopes ?? ["ingest", "read"]).map { name in
            guard let scope = KeyScope(rawValue: name) else {
                let known = KeyScope.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure.invalid("\(name) is no scope: \(known)", param: "scopes")
            }
            return scope
        }
        guard !scopes.isEmpty else {
            throw Failure.invalid("a key has at least one scope", param: "scopes")
        }
        let ledger: LedgerID
        if let name = asked.ledger {
            guard let found = try await parts.directory.find(name) else {
                throw Failure.notFound("there is no ledger \(name)")
            }
            ledger = found
        } else {
            ledger = caller.ledger
        }
        let id = parts.makeID()
        let text = try await parts.keys.create(
            id: id, secret: parts.makeSecret(), name: asked.name, ledger: ledger,
            scopes: Set(scopes))
        parts.access.forget()
        var json = JSONWriter()
        json.object { json in
            json.field("id", id.description)
            json.field("key", text)
        }
        return .json(json, status: .created)
    }

    private func revokeKey(_ request: Request, _ context: TallyContext) async throws -> Response {
        _ = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let text = context.parameters.get("id") ?? ""
        guard let id = EventID(text), try await parts.keys.revoke(id) else {
            throw Failure.notFound("there is no key \(text) to revoke")
        }
        parts.access.forget()
        return Response(status: .noContent)
    }

    // MARK: Ledgers

    private func listLedgers(_ request: Request) async throws -> Response {
        _ = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let ledgers = try await parts.directory.list()
        var json = JSONWriter()
        json.object { json in
            json.key("ledgers")
            json.array(of: ledgers) { json, ledger in
                json.object { json in
                    json.field("name", ledger.name)
                    json.field("ledger_id", ledger.id.number)
                    json.field("created_at", ledger.createdAt.description)
                    json.key("head")
                    json.value(raw: JSONWriter.head(ledger.head).text)
                }
            }
        }
        return .json(json)
    }

    private struct LedgerRequest: Decodable { var name: String }

    private func createLedger(_ request: Request) async throws -> Response {
        _ = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let asked = try await decode(LedgerRequest.self, from: request)
        let id: LedgerID
        do {
            id = try await parts.directory.create(asked.name)
        } catch let error as InvalidLedgerName {
            throw Failure.invalid(error.description, param: "name")
        }
        let openLedger = try await parts.ledgers.openLedger(id)
        try await openLedger.publishDefaultPrices(
            on: parts.bookStore, at: parts.now(), parts.makeID())
        var json = JSONWriter()
        json.object { json in
            json.field("name", asked.name)
            json.field("ledger_id", id.number)
        }
        return .json(json, status: .created)
    }

    // MARK: Prices

    private func listPrices(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let schedule = try await parts.ledgers.openLedger(caller.ledger).prices.schedule
        var json = JSONWriter()
        json.object { json in
            json.key("prices")
            json.array(of: schedule.entries) { json, entry in
                json.object { json in
                    json.field("book_id", entry.book.id.description)
                    json.field("name", entry.book.name)
                    json.field("models", entry.book.modelCount)
                    json.field("effective_from", entry.effectiveFrom?.description)
                }
            }
        }
        return .json(json)
    }

    /// The body is a price file; `?effective=` says from when it is in force.
    private func publishPrices(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let body = try await request.body.collect(upTo: Self.priceFileBytesMax)
        let book: PriceBook
        do {
            book = try PriceFile.read(String(buffer: body))
        } catch {
            throw Failure.invalid("\(error)")
        }
        let effective = try Query(request).time("effective")
        let openLedger = try await parts.ledgers.openLedger(caller.ledger)
        let id = parts.makeID()
        let receipt = try await parts.bookStore.publish(
            book, effectiveFrom: effective, in: openLedger.store, at: parts.now(),
            entropy: (id.high, id.low))
        try await openLedger.prices.refresh()
        var json = JSONWriter()
        json.object { json in
            json.field("book_id", book.id.description)
            json.field("models", book.modelCount)
            json.field("position", receipt.head.position)
        }
        return .json(json, status: .created)
    }

    private func decode<T: Decodable>(_ type: T.Type, from request: Request) async throws -> T {
        let body = try await request.body.collect(upTo: 1 << 16)
        do {
            return try JSONDecoder().decode(T.self, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw Failure.invalid("the body is not what is expected: \(error.sentence)")
        }
    }
}

extension DecodingError {
    /// What is wrong and where, without Swift's type names.
    fileprivate var sentence: String {
        func place(_ context: Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch self {
        case .keyNotFound(let key, _): return "\(key.stringValue) is missing"
        case .typeMismatch(_, let context): return "\(place(context)) has the wrong type"
        case .valueNotFound(_, let context): return "\(place(context)) is null"
        default: return "it is not JSON"
        }
    }
}
