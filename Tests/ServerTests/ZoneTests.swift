import Access
import Calendars
import HTTPTypes
import LedgerModel
import LedgerTesting
import Server
import Testing

/// The reporting zone of a ledger over HTTP.
@Suite("Reporting zones over HTTP")
struct ZoneTests {
    private func patch(
        _ client: Client, _ ledger: String, _ body: String
    ) async throws -> Answer {
        try await client.send(
            .patch, "/api/v1/ledgers/\(ledger)", headers: [("content-type", "application/json")],
            body: Array(body.utf8))
    }

    @Test("days, words, exports and budgets are in the zone of the ledger, others in UTC")
    func zone() async throws {
        try await InProcess.with { service in
            let client = service.client
            let before = try await client.get("/api/v1/ledgers/default").json
            #expect(before.zone == "UTC" && before.zones.items.isEmpty)
            let set = try await patch(client, "default", #"{"zone":"Europe/Berlin"}"#)
            #expect(set.status == 200, "\(set)")
            #expect(try set.json.zones.each("zone") == ["Europe/Berlin"])
            #expect(
                try await client.get("/api/v1/ledgers").json.ledgers.each("zone")
                    == ["Europe/Berlin"])
            for (id, time) in [
                ("a", "2025-03-29T23:30:00Z"), ("b", "2025-03-30T21:30:00Z"),
                ("c", "2025-03-30T22:30:00Z"),
            ] {
                let event = EventText(id).with("occurred_at", "\"\(time)\"").text
                #expect(try await client.ingest(event).appended == 1)
            }
            try await service.catchUp()
            let path = "from=2025-03-30&to=2025-04-01"
            let spend = try await client.get("/api/v1/spend?interval=day&\(path)").json
            #expect(spend.zone == "Europe/Berlin")
            #expect(
                spend.rows.each("starts_at")
                    == ["2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00"])
            #expect(spend.rows.each("requests") == [2, 1])
            let month = try await client.get("/api/v1/spend?from=2025-03&to=2025-03").json
            #expect(month.from == "2025-03-01T00:00:00+01:00")
            #expect(month.to == "2025-04-01T00:00:00+02:00")
            let users = try await client.get("/api/v1/users?\(path)").json
            #expect(users.zone == "UTC" && users.from == "2025-03-30T00:00:00Z")
            #expect(users.rows.each("requests") == [2])
            let export = try await client.get("/api/v1/export?since=2025-03-30&until=2025-03-31")
            #expect(export.header("x-tally-zone") == "Europe/Berlin")
            #expect(export.text.split(separator: "\n").count == 2)
            let budget = try await client.post("/api/v1/budgets", #"{"name":"a","usd":"1"}"#).json
            #expect(budget.zone == "Europe/Berlin")
        }
    }

    @Test("what is no zone, or one whose days begin between hours, is refused by its name")
    func refused() async throws {
        try await InProcess.withClient { client in
            for (zone, words) in [
                ("Mars", "no time zone Mars"), ("Asia/Kolkata", "days of Asia/Kolkata"),
            ] {
                let answers = [
                    try await patch(client, "default", "{\"zone\":\"\(zone)\"}"),
                    try await client.post(
                        "/api/v1/ledgers", "{\"name\":\"lab\",\"zone\":\"\(zone)\"}"),
                ]
                for answer in answers {
                    #expect(answer.status == 400, "\(answer)")
                    let failure = try answer.failure
                    #expect(failure.param == "zone")
                    #expect(failure.message.string?.contains(words) == true)
                }
            }
            #expect(try await patch(client, "lab", #"{"zone":"UTC"}"#).status == 404)
            let made = try await client.post(
                "/api/v1/ledgers", #"{"name":"lab","zone":"America/New_York"}"#)
            #expect(made.status == 201, "\(made)")
            #expect(try await client.get("/api/v1/ledgers/lab").json.zone == "America/New_York")
        }
    }

    @Test("an administrator changes the zone of the key's ledgers, and learns of no other")
    func scopes() async throws {
        try await InProcess.with { service in
            let lab = try await service.parts.directory.create("lab")
            let reader = service.client.with(key: try await service.makeKey([.read], in: lab))
            let admin = service.client.with(key: try await service.makeKey([.admin], in: lab))
            let zone = #"{"zone":"Europe/Berlin"}"#
            #expect(try await patch(reader, "lab", zone).status == 403)
            #expect(try await patch(admin, "default", zone).status == 404)
            #expect(try await admin.get("/api/v1/ledgers/default").status == 404)
            #expect(try await patch(admin, "lab", zone).status == 200)
            #expect(try await reader.get("/api/v1/ledgers/lab").json.zone == "Europe/Berlin")
            let history = try await service.parts.directory.zoneHistory(of: lab)
            #expect(history.map(\.by) == ["key a test"])
        }
    }
}

/// Budgets that nothing counts for.
@Suite("Budgets that no traffic reaches")
struct UnreachedBudgetTests {
    @Test("are marked once there is traffic, unless something that spend is not kept by decides")
    func marked() async throws {
        try await InProcess.with { service in
            let client = service.client
            for filter in [
                #"{"app":"search"}"#, #"{"app":"nobody"}"#, #"{"user":"nobody"}"#,
                #"{"app":"nobody","user":"u"}"#,
            ].enumerated() {
                let body = #"{"name":"b\#(filter.offset)","usd":"1","filter":\#(filter.element)}"#
                #expect(try await client.post("/api/v1/budgets", body).status == 201)
            }
            func unreached() async throws -> [JSONValue] {
                try await client.get("/api/v1/budgets").json.budgets.each("unreached")
            }
            #expect(try await unreached() == [false, false, false, false], "there is no traffic")
            let now = service.parts.now()
            let event = EventText("a").with("occurred_at", "\"\(now)\"")
            #expect(try await client.ingest(event.text).appended == 1)
            try await service.catchUp()
            #expect(try await unreached() == [false, true, false, true])
            let one = try await client.get("/api/v1/budgets/b1").json
            #expect(one.budgets.each("unreached") == [true])
        }
    }
}
