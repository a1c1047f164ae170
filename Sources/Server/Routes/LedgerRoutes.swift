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
        Route(
            .get, path + "/{name}", "Show a ledger and its reporting zones",
            needs: .key([.read, .admin, .operator]), ofLedger: false
        ) { (call, input: LedgerName) in try await show(call, input.name) },
        Route(
            .patch, path + "/{name}", "Change the reporting zone of a ledger",
            needs: .administrator, ofLedger: false, change),
    ]

    private struct LedgerName: Input {
        let name: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "Its name.")
        }
    }

    private struct ZoneInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let name: String
        let zone: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "Its name.")
            zone = try given.member(
                required: "zone", .text, "Whose days and months it is reported in.")
        }
    }

    private static func show(_ call: Call, _ name: String) async throws -> ShownLedger {
        let (parts, reach) = (call.parts, call.caller.reach)
        let id = try await parts.access.ledger(named: name, within: reach)
        guard let entry = try await parts.directory.list().first(where: { $0.id == id }) else {
            throw AccessRefusal.unknownLedger(name, nearest: nil)
        }
        return ShownLedger(entry, zones: try await parts.directory.zoneHistory(of: id))
    }

    private static func change(_ call: Call, _ input: ZoneInput) async throws -> ShownLedger {
        let (parts, caller) = (call.parts, call.caller)
        let id = try await parts.access.ledger(named: input.name, within: caller.reach)
        try await parts.directory.setZone(
            of: id, to: input.zone, by: caller.name, at: call.now)
        return try await show(call, input.name)
    }

    private struct LedgerInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let name: String
        let zone: String?

        init(_ given: Given) throws {
            name = try given.member(required: "name", .text, "Its name.")
            zone = try given.member(
                "zone", .text, "Whose days and months it is reported in; default UTC.")
        }
    }

    private static func create(_ call: Call, _ input: LedgerInput) async throws -> CreatedLedger {
        let parts = call.parts
        if let zone = input.zone { _ = try LedgerDirectory.reportingZone(zone) }
        let id = try await parts.directory.create(input.name)
        if let zone = input.zone {
            try await parts.directory.setZone(
                of: id, to: zone, by: call.caller.name, at: call.now)
        }
        let ledger = try await parts.ledgers.openLedger(id)
        try await ledger.publishDefaultPrices(on: parts.bookStore, at: call.now, parts.makeID())
        return CreatedLedger(input.name, id, isNew: true)
    }
}
