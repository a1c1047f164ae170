import Access
import Hummingbird
import LedgerModel
import Rendering

/// `/api/v1/keys`.
enum KeyRoutes {
    private static let path = "/api/v1/keys"

    static let routes: [Route] = [
        Route(.get, path, "List the API keys", needs: .scope(.admin)) { (call, _: Nothing) in
            let ledgers = try await call.parts.directory.list()
            return Listing(
                try await call.parts.keys.list().map { key in
                    ShownKey(key, of: ledgers.first { $0.id == key.ledger }?.name ?? "")
                })
        },
        Route(
            .post, path, "Create an API key, which is shown once", needs: .scope(.admin),
            status: .created, create),
        Route(
            .delete, path + "/{id}", "Revoke an API key", needs: .scope(.admin),
            answers: [.nothing], revoke),
    ]

    private struct KeyInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let name: Name
        let ledger: String?
        let scopes: [KeyScope]

        init(_ given: Given) throws {
            name = try given.member(required: "name", .name, "The key's purpose.")
            ledger = try given.member("ledger", .text, "The key's ledger; default the caller's.")
            scopes =
                try given.member(
                    "scopes", .list(of: .word), "What the key may do; default ingest and read.")
                ?? [.ingest, .read]
        }
    }

    private static func create(_ call: Call, _ input: KeyInput) async throws -> CreatedKey {
        guard !input.scopes.isEmpty else {
            throw Refusal.invalid("a key needs at least one scope", param: "scopes")
        }
        var ledger = call.caller.ledger
        if let name = input.ledger {
            guard let found = try await call.parts.directory.find(name) else {
                throw Refusal.notFound("there is no ledger \(name)")
            }
            ledger = found
        }
        let id = call.parts.makeID()
        let text = try await call.parts.keys.create(
            id: id, secret: call.parts.makeSecret(), name: input.name.string, ledger: ledger,
            scopes: Set(input.scopes))
        call.parts.access.forget()
        return CreatedKey(id, text)
    }

    private static func revoke(_ call: Call, _ input: NamedInput) async throws -> Response {
        guard let id = EventID(input.id), try await call.parts.keys.revoke(id) else {
            throw Refusal.notFound("there is no key \(input.id) to revoke")
        }
        call.parts.access.forget()
        return Response(status: .noContent)
    }
}

/// The id in a path, of something that is not an event.
struct NamedInput: Input {
    let id: String

    init(_ given: Given) throws {
        id = try given.path("id", .text, "Its id.")
    }
}
