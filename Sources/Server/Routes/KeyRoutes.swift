import Access
import Hummingbird
import LedgerModel
import Rendering

/// `/api/v1/keys`.
enum KeyRoutes {
    private static let path = "/api/v1/keys"

    static let routes: [Route] = [
        Route(.get, path, "List the API keys that the caller administers", needs: .administrator) {
            (call, _: Nothing) in
            Listing(
                try await call.parts.keys.list(within: call.caller.reach).map { ShownKey($0) })
        },
        Route(
            .post, path, "Create an API key, which is shown once", needs: .administrator,
            status: .created, create),
        Route(
            .delete, path + "/{id}", "Revoke an API key", needs: .administrator,
            answers: [.nothing], revoke),
    ]

    private struct KeyInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let name: Name
        let ledgers: [String]
        let scopes: [KeyScope]

        init(_ given: Given) throws {
            name = try given.member(required: "name", .name, "The key's purpose.")
            let ledger = try given.member(
                "ledger", .text, "The key's only ledger; default the ledger of the call.")
            let several = try given.member(
                "ledgers", .list(of: .text), "The key's ledgers; the first is its default.")
            guard ledger == nil || several == nil else {
                throw Refusal.invalid("give ledger or ledgers, not both", param: "ledgers")
            }
            ledgers = several ?? ledger.map { [$0] } ?? []
            guard several != [], ledgers.count <= KeyDirectory.ledgersMax else {
                throw Refusal.invalid(
                    "a key has 1 to \(KeyDirectory.ledgersMax) ledgers", param: "ledgers")
            }
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
        if input.scopes.contains(where: \.isOfInstallation) { try call.require(.operator) }
        var ledgers: [LedgerID] = []
        for name in input.ledgers {
            let ledger = try await call.parts.access.ledger(
                named: name, within: call.caller.reach)
            if !ledgers.contains(ledger) { ledgers.append(ledger) }
        }
        if ledgers.isEmpty { ledgers = [call.caller.ledger] }
        let id = call.parts.makeID()
        let text = try await call.parts.keys.create(
            id: id, secret: call.parts.makeSecret(), name: input.name.string, ledgers: ledgers,
            scopes: Set(input.scopes))
        call.parts.access.forget()
        return CreatedKey(id, text)
    }

    private static func revoke(_ call: Call, _ input: NamedInput) async throws -> Response {
        guard let id = EventID(input.id),
            try await call.parts.keys.revoke(id, within: call.caller.reach)
        else {
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
