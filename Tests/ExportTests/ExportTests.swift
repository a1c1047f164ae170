import EventReading
import EventStore
import Export
import Glibc
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import StoreTesting
import Testing

@Suite("Exporting")
struct ExportTests {
    @Test("native lines are read as the events that were appended")
    func native() async throws {
        try await TestLedger.with { fixture in
            let history = try await fixture.fill(3_000, seed: testSeed())
            let text = try await fixture.text(ExportRequest(.native))
            let now = Timestamp(year: 2026, month: 11, day: 24)
            var reader = try EventReader(Array(text.utf8), form: .ndjson, now: now)
            let read = try reader.readAll().map { try $0.result.get() }
            #expect(read == history.requests)
            var withCharges = ExportRequest(.native)
            withCharges.includesCharges = true
            let lines = try await fixture.text(withCharges).split(separator: "\n")
            #expect(lines.count == history.requests.count + history.allCharges.count)
            #expect(lines.filter { $0.contains("\"type\":\"charge.adjusted\"") }.count > 100)
        }
    }

    @Test("a native request has what a further report of its call added")
    func completed() async throws {
        try await TestLedger.with { fixture in
            var random = RandomEvents(seed: testSeed())
            var inner = random.request()
            (inner.kind, inner.usage, inner.latency) = (.requestCompleted, [:], 1_000)
            inner.dimensions = [.provider: "openai", .model: "gpt-4o"]
            inner.origin = CallOrigin()
            (inner.origin.traceID, inner.origin.spanID) = ("t", "a")
            (inner.origin.parentSpanID, inner.origin.scope) = ("b", "inner")
            var outer = inner
            outer.externalID = nil
            outer.id = EventID(at: inner.occurredAt, entropy: (random.random.next(), 1))
            (outer.origin.spanID, outer.origin.scope) = ("b", "outer")
            outer.origin.parentSpanID = nil
            outer.usage = [.inputTokens: 5, .outputTokens: 2]
            outer.dimensions[.serviceTier] = "batch"
            for event in [inner, outer] {
                var batch = EntryBatch(for: fixture.ledger.id)
                var encoder = EntryEncoder()
                try batch.add(event, using: &encoder)
                _ = try await fixture.ledger.append(batch)
            }
            let text = try await fixture.text(ExportRequest(.native))
            let now = inner.occurredAt
            var reader = try EventReader(Array(text.utf8), form: .ndjson, now: now)
            let read = try reader.readAll().map { try $0.result.get() }
            var completed = inner
            completed.usage = outer.usage
            completed.dimensions[.serviceTier] = "batch"
            #expect(read == [completed])
        }
    }

    @Test("each request has the exact sum of its charges, and all together the ledger's")
    func requestTable() async throws {
        try await TestLedger.with { fixture in
            let history = try await fixture.fill(3_000, seed: testSeed())
            let table = ParsedTable(try await fixture.text(ExportRequest(.csv)))
            #expect(table.rows.count == history.requests.count)
            var total: Int128 = 0
            for (row, request) in zip(table.rows, history.requests) {
                #expect(row["id"] == request.id.description)
                #expect(row["external_id"] == request.externalID?.id.string ?? "")
                #expect(row["user"] == request.dimensions[.user]?.string ?? "")
                #expect(row["labels"] == request.labels?.canonicalJSON ?? "")
                #expect(row["error_type"].map { Name($0) } == request.errorType ?? "")
                let charges = history.charges[request.id] ?? []
                let isPriced = charges.last.map { $0.unpriced == nil } ?? false
                #expect(
                    row["price_state"]
                        == (isPriced ? "priced" : charges.isEmpty ? "uncharged" : "unpriced"))
                #expect(
                    picodollars(row["cost_usd"]) == (isPriced ? history.sum(of: request.id) : nil))
                #expect(row["charges"] == String(charges.count))
                total += picodollars(row["cost_usd"]) ?? 0
            }
            #expect(total == history.sum)
            #expect(total == (try await charged(fixture)))
        }
    }

    @Test("a request whose price was taken back has none, and says why")
    func priceTakenBack() async throws {
        try await TestLedger.with { fixture in
            let request = try await fixture.appendTakenBack("no prices for provider openai")
            let row = try #require(
                ParsedTable(try await fixture.text(ExportRequest(.csv))).rows.first)
            #expect(row["id"] == request.description)
            #expect(row["price_state"] == "unpriced" && row["cost_usd"] == "")
            #expect(row["unpriced"] == "no prices for provider openai" && row["charges"] == "2")
            let focus = ParsedTable(try await fixture.text(ExportRequest(.focus))).rows
            #expect(focus.last?["x_PriceState"] == "unpriced")
            #expect(focus.last?["x_UnpricedReason"] == "no prices for provider openai")
        }
    }

    @Test("charges and FOCUS rows add up to the ledger's sum, adjustments are corrections")
    func chargeTables() async throws {
        try await TestLedger.with { fixture in
            let history = try await fixture.fill(2_000, seed: testSeed())
            var request = ExportRequest(.csv)
            request.includesCharges = true
            let charges = ParsedTable(try await fixture.text(request))
            #expect(charges.rows.count == history.allCharges.count)
            let sum = try await charged(fixture)
            #expect(charges.rows.reduce(0) { $0 + (picodollars($1["cost_usd"]) ?? 0) } == sum)

            let focus = ParsedTable(try await fixture.text(ExportRequest(.focus)))
            #expect(focus.rows.count == history.allCharges.count)
            #expect(focus.rows.reduce(0) { $0 + (picodollars($1["BilledCost"]) ?? 0) } == sum)
            #expect(FocusValidator(.oneTwo).violations(of: focus) == [])
            let adjustments = focus.rows.filter { $0["PricingQuantity"] == "" }
            #expect(
                adjustments.count == history.allCharges.filter { $0.kind == .chargeAdjusted }.count)
            #expect(adjustments.allSatisfy { $0["ConsumedQuantity"] == "" })
            for row in adjustments {
                let isLate = row["x_RecordedAt"]?.prefix(7) != row["x_OccurredAt"]?.prefix(7)
                #expect(row["ChargeClass"] == (isLate ? "Correction" : ""))
            }
            // Usage is counted once, in the row of the rating.
            let tokens = history.requests.filter { history.charges[$0.id] != nil }
                .reduce(0) { $0 + ($1.usage[.inputTokens] ?? 0) }
            #expect(focus.rows.reduce(0) { $0 + (Int64($1["x_InputTokens"] ?? "") ?? 0) } == tokens)
            let unpriced = focus.rows.filter { $0["x_PriceState"] == "unpriced" }
            #expect(unpriced.count == history.allCharges.filter { $0.unpriced != nil }.count)
            #expect(unpriced.allSatisfy { $0["BilledCost"] == "0" && $0["x_UnpricedReason"] != "" })
        }
    }

    @Test("a range and a dimension select what a naive filter selects")
    func range() async throws {
        try await TestLedger.with { fixture in
            let history = try await fixture.fill(2_000, seed: testSeed(), days: 90)
            var request = ExportRequest(.csv)
            request.filter.since = Timestamp(year: 2026, month: 9, day: 15)
            request.filter.until = Timestamp(year: 2026, month: 11, day: 1)
            request.filter.scope[.app] = "x-1"
            let expected = history.requests.filter {
                $0.occurredAt >= Timestamp(year: 2026, month: 9, day: 15)
                    && $0.occurredAt < Timestamp(year: 2026, month: 11, day: 1)
                    && $0.dimensions[.app] == "x-1"
            }
            let table = ParsedTable(try await fixture.text(request))
            #expect(expected.count > 50)
            #expect(table.rows.map { $0["id"] } == expected.map { $0.id.description })
            request.filter.scope[.app] = "x' OR true --"
            #expect(ParsedTable(try await fixture.text(request)).rows.isEmpty)
        }
    }

    @Test("a position gives the same bytes again, whatever is appended meanwhile")
    func consistency() async throws {
        try await TestLedger.with { fixture in
            _ = try await fixture.fill(2_000, seed: testSeed())
            for format in ExportRequest.Format.allCases {
                let plan = try await fixture.plan(ExportRequest(format))
                let before = try await fixture.text(of: plan)
                // While this export is read page by page, another writer appends and adjusts.
                async let more = fixture.fill(1_000, seed: testSeed())
                let during = try await fixture.text(of: plan)
                _ = try await more
                var request = ExportRequest(format)
                request.position = plan.position
                #expect(during == before)
                #expect(try await fixture.text(request) == before)
                #expect(try await fixture.text(ExportRequest(format)).count > before.count)
            }
        }
    }

    @Test("a position in the middle of a block cuts there; one beyond the head is refused")
    func positions() async throws {
        try await TestLedger.with { fixture in
            let history = try await fixture.fill(300, seed: testSeed())
            var request = ExportRequest(.csv)
            request.includesCharges = true
            for position: Int64 in [0, 1, 2, 101, 250] {
                request.position = position
                let rows = ParsedTable(try await fixture.text(request)).rows
                #expect(rows.allSatisfy { Int64($0["position"] ?? "") ?? 0 <= position })
                if position == 0 { #expect(rows.isEmpty) }
            }
            // A later charge is not part of the cost.
            request = ExportRequest(.csv)
            let head = try await fixture.ledger.head().position
            let adjustments = history.allCharges.filter { $0.kind == .chargeAdjusted }
            request.position = head - Int64(adjustments.count)
            let early = ParsedTable(try await fixture.text(request)).rows
            let ratings = history.allCharges.filter { $0.kind == .chargeRated }
            #expect(
                early.reduce(0) { $0 + (picodollars($1["cost_usd"]) ?? 0) }
                    == ratings.reduce(0) { $0 + Int128($1.amount?.amount ?? 0) })
            request.position = head + 1
            await #expect(throws: ExportRefusal.beyondHead(position: head + 1, head: head)) {
                try await fixture.plan(request)
            }
        }
    }

    private func charged(_ fixture: TestLedger) async throws -> Int128 {
        let ledger = fixture.ledger.id
        let sum = try await fixture.pool.session { try $0.first(ChargedSum(ledger: ledger)) }
        return sum?.amount ?? -1
    }
}

/// The total of charges according to the blocks.
private struct ChargedSum: Statement {
    static let sql = "SELECT charged_pico FROM tally.heads WHERE ledger_id = $1"
    static let columns = Columns(PicodollarSum.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

@Suite("Files of an export")
struct ExportFileTests {
    private func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var byte = fgetc(file)
        while byte != EOF {
            bytes.append(UInt8(byte))
            byte = fgetc(file)
        }
        return bytes
    }

    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/export-tests-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try body(path)
        for name in ["a.csv", "a.csv.gz", "a.csv.zst"] { unlink("\(path)/\(name)") }
        try #require(rmdir(path) == 0)
    }

    @Test("names that end in .gz and .zst are compressed, and the file appears when it is complete")
    func compression() throws {
        try withDirectory { directory in
            let events = (0..<20_000).map { index in
                #"{"type":"cache.hit","source":"s","id":"\#(index)","#
                    + #""occurred_at":"2026-01-01T00:00:00Z"}"# + "\n"
            }
            var sizes: [Int] = []
            for name in ["a.csv", "a.csv.gz", "a.csv.zst"] {
                let path = "\(directory)/\(name)"
                var file = try ExportFile(path: path)
                for event in events { try file.write(Array(event.utf8)) }
                #expect(read(path) == nil)
                try file.finish()
                sizes.append(try #require(read(path)).count)
                var reader = try EventFileReader(
                    path: path, format: .native, now: Timestamp(year: 2026, month: 11, day: 24))
                var count = 0
                while let item = try reader.next() {
                    #expect(try item.result.get().externalID?.id.string == String(count))
                    count += 1
                }
                #expect(count == 20_000)
            }
            #expect(sizes[1] < sizes[0] / 5 && sizes[2] < sizes[0] / 5)
        }
    }

    @Test("an unfinished export leaves nothing, and keeps the old file")
    func unfinished() throws {
        try withDirectory { directory in
            let path = "\(directory)/a.csv"
            var old = try ExportFile(path: path)
            try old.write(Array("old".utf8))
            try old.finish()
            do {
                let new = try ExportFile(path: path)
                try new.write(Array("new".utf8))
            }
            #expect(read(path) == Array("old".utf8))
            #expect(throws: ExportFileError.self) {
                _ = try ExportFile(path: "\(directory)/no/a.csv")
            }
        }
    }
}
