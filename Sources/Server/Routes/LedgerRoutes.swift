import Access
import Booking
import Hummingbird
import LedgerModel
import Rendering

/// `/api/v1/ledgers`.
enum LedgerRoutes {
    private static let path = "/api/v1/ledgers"

    static let routes: [Route] = [
        Route(
            .get, path, "List the ledgers that the caller may see",
            needs: .key([.read, .admin, .operator]), ofLedger: false
        ) { (call, _: Nothing) in
            Listing(
                try await call.parts.directory.list().filter { call.caller.reach.contains($0.id) })
        },
        Route(
            .post, path, "Create a ledger with the built-in prices", needs: .scope(.operator),
            ofLedger: false, status: .created, create),
    ]

    private struct LedgerInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let name: String

        init(_ given: Given) throws {
            name = try given.member(required: "name", .text, "Its name.")
        }
    }

    private static func create(_ call: Call, _ input: LedgerInput) async throws -> CreatedLedger {
        let parts = call.parts
        let id = try await parts.directory.create(input.name)
        let ledger = try await parts.ledgers.openLedger(id)
        try await ledger.publishDefaultPrices(on: parts.bookStore, at: call.now, parts.makeID())
        return CreatedLedger(input.name, id, isNew: true)
    }
}
