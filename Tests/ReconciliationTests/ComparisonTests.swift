import LedgerModel
import LedgerTesting
import Pricing
import Reconciliation
import Testing

/// A book in which every price is easy to multiply.
private let book = """
    tally_prices: 1
    name: test
    providers:
      openai:
        tiers: {batch: 0.5}
        models:
          gpt-4o:
            also: [gpt-4o-2024-08-06]
            prices:
            - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10, web_searches_kcount: 10}
          gpt-4.1: {input_mtok: 2, output_mtok: 8}
          gpt-like: {input_mtok: 2}
          gpt-like-2025-04-14: {input_mtok: 2}
          gpt-dear: {input_mtok: 2}
          gpt-dear-2025-04-14: {input_mtok: 5}
          gpt-long: {input_mtok: {0: 1, 200000: 2}, output_mtok: {0: 4, 200000: 6}}
      anthropic:
        models:
          claude-sonnet-4-5: {input_mtok: 3, output_mtok: 15}
    """

@Suite("The ledger against a bill")
struct ComparisonTests {
    private let schedule: PriceSchedule

    init() throws {
        schedule = PriceSchedule(try PriceFile.read(book))
    }

    private func group(
        _ model: Name, requests: Int64 = 1, charged: String, _ counts: [UsageUnit: Int64]
    ) -> LedgerGroup {
        LedgerGroup(
            day: day, provider: "openai", model: model, requests: requests, charged: usd(charged),
            counts: counts)
    }

    /// A bill of lines `item|quantity|dollars`, as OpenAI's costs have them.
    private func bill(_ lines: String...) throws -> Bill {
        let results = lines.map { line in
            let parts = line.split(separator: "/").map { String($0) }
            return """
                {"amount": {"value": "\(parts[2])", "currency": "usd"},
                 "line_item": "\(parts[0])", "quantity": \(parts[1])}
                """
        }
        return try BillReader.read([document(page(results))], of: .openai)
    }

    private func usage(_ results: String...) throws -> Bill {
        try BillReader.read([document(page(results))], of: .openai)
    }

    private func page(_ results: [String]) -> String {
        """
        {"data": [{"start_time": 1749513600, "end_time": 1749600000, "results": [
        \(results.joined(separator: ",\n"))]}]}
        """
    }

    private func compare(
        _ bill: Bill, _ groups: [LedgerGroup], bookings: [ReconciledBooking] = [],
        bounds: [Int64] = []
    ) -> [ComparedRow] {
        let side = LedgerSide(position: 1, groups: groups, bookings: bookings, bounds: bounds)
        return BillComparison(of: bill, with: side, under: schedule).rows
    }

    private func parts(_ row: ComparedRow?) -> [Reason: String] {
        (row?.parts ?? [:]).mapValues(\.description)
    }

    @Test("an equal bill has no difference, whatever snapshot its model names")
    func same() throws {
        let bill = try bill(
            "gpt-4o-2024-08-06, input/1600000/4", "gpt-4o-2024-08-06, cached input/400000/0.5",
            "gpt-4o-2024-08-06, output/200000/2.0000000000000004")
        let ledger = group(
            "gpt-4o", requests: 2, charged: "6.5",
            [.inputTokens: 1_600_000, .cacheReadInputTokens: 400_000, .outputTokens: 200_000])
        let rows = compare(bill, [ledger])
        #expect(rows.count == 1)
        #expect(rows.first?.difference == .zero)
        #expect(parts(rows.first) == [:])
        #expect(rows.first?.model == "gpt-4o")
    }

    @Test("counts that the ledger lacks are missing, at the book's price")
    func missing() throws {
        let bill = try bill(
            "gpt-4.1-2025-04-14, input/3000000/6", "gpt-4.1-2025-04-14, output/300000/2.4")
        let ledger = group(
            "gpt-4.1", charged: "2.8", [.inputTokens: 1_000_000, .outputTokens: 100_000])
        let row = compare(bill, [ledger]).first
        #expect(parts(row) == [.missing: "5.6"])
        #expect(row?.units.map { ($0.billed ?? 0) - $0.ledger } == [2_000_000, 200_000])
    }

    @Test("a snapshot meets requests of the plain name only if the book prices both alike")
    func snapshots() throws {
        let bill = try bill(
            "gpt-like-2025-04-14, input/1000000/2", "gpt-dear-2025-04-14, input/1000000/5")
        let rows = compare(
            bill,
            [
                group("gpt-like", charged: "2", [.inputTokens: 1_000_000]),
                group("gpt-dear", charged: "2", [.inputTokens: 1_000_000]),
            ])
        #expect(
            rows.map { "\($0.model) \($0.difference)" }.sorted() == [
                "gpt-dear -2", "gpt-dear-2025-04-14 5", "gpt-like 0",
            ])
    }

    @Test("a model that the ledger does not have is missing, priced or not")
    func unknownModel() throws {
        let bill = try bill("gpt-4.1, input/1000000/2", "gpt-9, input/1000/0.07")
        let rows = compare(bill, [])
        #expect(rows.map { parts($0) } == [[.missing: "2"], [.missing: "0.07"]])
    }

    @Test("the same counts at other amounts are another price, given for each unit")
    func otherPrice() throws {
        let bill = try bill("gpt-4.1, input/1000000/2", "gpt-4.1, output/1000000/10")
        let ledger = group(
            "gpt-4.1", charged: "10", [.inputTokens: 1_000_000, .outputTokens: 1_000_000])
        let row = compare(bill, [ledger]).first
        #expect(parts(row) == [.otherPrice: "2"])
        #expect(row?.units.map(\.bookPrice) == ["2", "8"])
        #expect(row?.units.map(\.billPrice) == ["2", "10"])
    }

    @Test("requests without a price are worth what the bill asks for them")
    func unpriced() throws {
        let bill = try bill("gpt-9, input/2000000/10", "gpt-9, output/100000/3")
        var ledger = group(
            "gpt-9", requests: 3, charged: "0", [.inputTokens: 1_000_000, .outputTokens: 100_000])
        ledger.state = .unpriced
        let row = compare(bill, [ledger]).first
        #expect(parts(row) == [.unpriced: "8", .missing: "5"])
        #expect(row?.unpricedRequests == 3)
    }

    @Test("what the bill lacks is not billed, even if it has no line at all")
    func notBilled() throws {
        let bill = try bill("gpt-4.1, input/1000000/2")
        let rows = compare(
            bill,
            [
                group("gpt-4.1", charged: "4", [.inputTokens: 2_000_000]),
                group("gpt-4o", charged: "10", [.outputTokens: 1_000_000]),
            ])
        #expect(rows.map { parts($0) } == [[.notBilled: "-10"], [.notBilled: "-2"]])
    }

    @Test("charges of an earlier book are distinguished from prices of the bill")
    func otherBooking() throws {
        let bill = try bill("gpt-4.1, input/1000000/2.5")
        let ledger = group("gpt-4.1", charged: "3", [.inputTokens: 1_000_000])
        #expect(
            parts(compare(bill, [ledger]).first) == [.otherBooking: "-1", .otherPrice: "0.5"])
    }

    @Test("tiers and bounds are priced as the book says, so nothing is left to explain")
    func tiersAndBounds() throws {
        var batch = group("gpt-4.1", charged: "1", [.inputTokens: 1_000_000])
        batch.tier = "batch"
        let tiered = try bill("batch | gpt-4.1, input/1000000/1")
        #expect(compare(tiered, [batch]).first?.parts == [:])
        // The bill does not distinguish tiers: missing counts are priced like most of the ledger's.
        let blended = try usage(
            """
            {"model": "gpt-4.1", "input_tokens": 1500000, "num_model_requests": 4}
            """)
        let row = compare(blended, [batch]).first
        #expect(parts(row) == [.missing: "0.5"])
        #expect(row?.billed == nil)
        #expect(row?.difference == usd("0.5"))
        #expect(row?.billRequests == 4)
        var long = group("gpt-long", charged: "0.6", [.inputTokens: 300_000])
        long.level = 1
        let short = group("gpt-long", charged: "0.1", [.inputTokens: 100_000])
        let priced = try bill(
            "gpt-long, input/100000/0.1", "gpt-long, input, long context/300000/0.6")
        #expect(compare(priced, [long, short], bounds: [200_000]).first?.parts == [:])
    }

    @Test("searches have a row of their own if the bill names no model for them")
    func searches() throws {
        let bill = try bill("gpt-4o, input/1000000/2.5", "web search tool calls/5/0.05")
        let ledger = group(
            "gpt-4o", charged: "2.53", [.inputTokens: 1_000_000, .webSearches: 3])
        let rows = compare(bill, [ledger])
        #expect(rows.map(\.model) == ["web searches", "gpt-4o"])
        #expect(rows.map { parts($0) } == [[.missing: "0.02"], [:]])
        #expect(rows.map(\.charged) == [usd("0.03"), usd("2.5")])
    }

    @Test("a bill of only amounts is compared as far as possible")
    func moneyAlone() throws {
        let bill = try BillReader.read(
            [
                document(
                    page([
                        #"{"amount": {"value": 7, "currency": "usd"}, "line_item": "gpt-4.1"}"#,
                        #"{"amount": {"value": 1, "currency": "usd"}, "line_item": "storage"}"#,
                    ]))
            ], of: .openai)
        let rows = compare(bill, [group("gpt-4.1", charged: "4", [.inputTokens: 2_000_000])])
        #expect(rows.map { parts($0) } == [[.unexplained: "3"], [.missing: "1"]])
    }

    @Test("costs without a breakdown are compared by day")
    func byDay() throws {
        let bill = try usage(#"{"amount": {"value": 9, "currency": "usd"}, "line_item": null}"#)
        let rows = compare(
            bill,
            [
                group("gpt-4.1", charged: "4", [.inputTokens: 2_000_000]),
                group("gpt-4o", charged: "5", [.inputTokens: 2_000_000]),
            ])
        #expect(rows.count == 1)
        #expect(rows.first?.model == "")
        #expect(rows.first?.difference == .zero)
    }

    @Test("the console's names and its rounding to cents make no difference")
    func console() throws {
        let csv = """
            usage_date_utc,model,usage_type,token_type,cost_usd,cost_type
            2025-06-10,Claude Sonnet 4.5,message,input_no_cache,0.33,token
            """
        let usage = """
            usage_date_utc,model_version,usage_type,usage_input_tokens_no_cache,usage_output_tokens
            2025-06-10,claude-sonnet-4-5,standard,111000,0
            """
        let bill = try BillReader.read(
            [document(csv, name: "costs"), document(usage, name: "usage")], of: .anthropic)
        var ledger = group("claude-sonnet-4-5", charged: "0.333", [.inputTokens: 111_000])
        ledger.provider = "anthropic"
        let rows = compare(bill, [ledger])
        #expect(rows.count == 1)
        #expect(parts(rows.first) == [.rounding: "-0.003"])
        #expect(rows.allSatisfy { Tolerance.dollars(.zero).admits($0) })
    }

    @Test("speed and geography of a bill meet the tier and the region of the requests")
    func speed() throws {
        let usage = """
            usage_date_utc,model_version,usage_type,usage_input_tokens_no_cache,inference_geo,speed,usage_output_tokens
            2025-06-10,claude-opus-5,standard,1000,not_available,,
            2025-06-10,claude-opus-5,standard,500,us,fast,
            2025-06-10,claude-opus-5,batch,200,global,,
            """
        let bill = try BillReader.read([document(usage)], of: .anthropic)
        #expect(bill.lines.map(\.tier) == ["standard", "fast", "batch"])
        #expect(bill.lines.map(\.region) == ["global", "us", "global"])
        var standard = group("claude-opus-5", charged: "0", [.inputTokens: 1000])
        standard.provider = "anthropic"
        var fast = group("claude-opus-5", charged: "0", [.inputTokens: 500])
        (fast.provider, fast.tier, fast.region) = ("anthropic", "fast", "us")
        let units = compare(bill, [standard, fast]).flatMap(\.units)
        let words = units.map { unit in
            "\(unit.tier ?? "?") \(unit.region ?? "?") \(unit.ledger) \(unit.billed ?? -1)"
        }
        #expect(
            words.sorted() == [
                "batch global 0 200", "fast us 500 500", "standard global 1000 1000",
            ])
    }

    @Test("other providers' requests are none of this bill's business")
    func otherProviders() throws {
        var other = group("claude-sonnet-4-5", charged: "5", [.inputTokens: 1_000_000])
        other.provider = "anthropic"
        #expect(compare(try bill("gpt-4.1, input/1/0"), [other]).allSatisfy { $0.ledger == .zero })
    }

    @Test("a model with a gateway's name is matched with its bill, and so are bookings")
    func gateway() throws {
        let bill = try bill("gpt-4o-2024-08-06, input/1000000/3")
        var ledger = group("openai/gpt-4o", charged: "2.5", [.inputTokens: 1_000_000])
        ledger.provider = "litellm"
        let row = try #require(compare(bill, [ledger]).first)
        #expect(parts(row) == [.otherPrice: "0.5"])
        let booking = ReconciledBooking(
            id: EventID(high: 1, low: 1), day: day, provider: "openai", model: row.model,
            amount: row.difference)
        let again = compare(bill, [ledger], bookings: [booking])
        #expect(again.map { parts($0) } == [[.otherPrice: "0.5", .reconciled: "-0.5"]])
    }

    @Test("tolerances are dollars or a share of the bill")
    func tolerances() throws {
        let bill = try bill("gpt-4.1, input/1000000/2.02")
        let row = try #require(
            compare(bill, [group("gpt-4.1", charged: "2", [.inputTokens: 1_000_000])]).first)
        for (text, admits) in [("0.02", true), ("0.0199", false), ("1%", true), ("0.9%", false)] {
            #expect(try #require(Tolerance(text)).admits(row) == admits, "\(text)")
        }
        for text in ["", "-1", "ten", "101%", "%"] { #expect(Tolerance(text) == nil, "\(text)") }
    }
}

extension ComparisonTests {
    @Test("the parts of every difference add up to it, and booking them leaves none")
    func partsAddUp() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let sample = try RandomCase(&random)
            let side = LedgerSide(
                position: 1, groups: sample.groups, bookings: sample.bookings, bounds: [200_000])
            let comparison = BillComparison(of: sample.bill, with: side, under: schedule)
            for row in comparison.rows {
                let sum = row.parts.values.reduce(PicodollarSum.zero, +)
                #expect(sum == row.difference, "\(row)")
                #expect(row.difference == (row.billed ?? .zero) - row.charged - row.reconciled)
                // Half a picodollar for each charge, line and part: anything more has a reason.
                let rounding = abs((row.parts[.rounding] ?? .zero).amount)
                #expect(rounding <= 400, "\(row)")
            }
            // Nothing of the ledger is left out or counted twice.
            let charged = sample.groups.reduce(PicodollarSum.zero) { $0 + $1.charged }
            let booked = sample.bookings.reduce(PicodollarSum.zero) { $0 + $1.amount }
            #expect(comparison.ledger == charged + booked)
            let events = try comparison.adjustments(
                of: LedgerID(1), at: Timestamp(year: 2025, month: 7, day: 1))
            var after = side
            after.bookings += events.map {
                ReconciledBooking(
                    id: $0.id, day: $0.occurredAt, provider: $0.dimensions[.provider],
                    model: $0.dimensions[.model],
                    amount: PicodollarSum($0.amount ?? .zero))
            }
            let again = BillComparison(of: sample.bill, with: after, under: schedule)
            #expect(again.rows.allSatisfy { $0.difference == .zero })
            #expect(again.ledger == again.billed)
        }
    }

    /// Any ledger and any bill: models in and out of the book, tiers, levels, prices and gaps.
    private struct RandomCase {
        var groups: [LedgerGroup] = []
        var bookings: [ReconciledBooking] = []
        let bill: Bill

        private static let models: [Name] = [
            "gpt-4o", "gpt-4o-2024-08-06", "gpt-4.1", "gpt-long", "gpt-9", "GPT-9",
        ]
        private static let units: [UsageUnit] = [
            .inputTokens, .cacheReadInputTokens, .outputTokens, .webSearches,
        ]

        init(_ random: inout SeededGenerator) throws {
            func any<T>(_ values: [T]) throws -> T {
                try #require(values.randomElement(using: &random))
            }
            func pico() -> PicodollarSum {
                PicodollarSum(Int128(Int64.random(in: 0...9_000_000_000_000, using: &random)))
            }
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                var counts: [UsageUnit: Int64] = [:]
                for unit in Self.units where Bool.random(using: &random) {
                    counts[unit] = .random(in: 0...5_000_000, using: &random)
                }
                var group = LedgerGroup(
                    day: day, provider: "openai", model: try any(Self.models),
                    requests: .random(in: 1...50, using: &random), charged: pico(),
                    counts: counts)
                group.tier = try any([nil, "standard", "batch", "odd"])
                group.level = Int.random(in: 0...1, using: &random)
                group.state = try any([.priced, .priced, .unpriced])
                // A request without a price has a charge without an amount.
                if group.state == .unpriced {
                    group.charged = .zero
                }
                groups.append(group)
            }
            for index in 0..<UInt64.random(in: 0...2, using: &random) {
                bookings.append(
                    ReconciledBooking(
                        id: EventID(high: index, low: 1), day: day, provider: "openai",
                        model: try any(Self.models), amount: PicodollarSum.zero - pico()))
            }
            let items = ["input", "cached input", "output", "dreams"]
            var results: [String] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let tier = try any(["", "batch | ", "flex | "])
                let item = "\(tier)\(try any(Self.models)), \(try any(items))"
                let count = UInt32.random(in: 0...9_999_999, using: &random)
                let quantity = try any(["null", "0", "1000", "\(count)"])
                let amount = try any([
                    pico().description, "0", "-0.5", "0.33333333333333333333333",
                ])
                results.append(
                    """
                    {"amount": {"value": "\(amount)", "currency": "usd"},
                     "line_item": "\(item)", "quantity": \(quantity)}
                    """)
            }
            results.append(
                """
                {"amount": {"value": "0.05", "currency": "usd"},
                 "line_item": "web search tool calls"}
                """)
            let text = """
                {"data": [{"start_time": 1749513600, "end_time": 1749600000, "results": [
                \(results.joined(separator: ",\n"))]}]}
                """
            bill = try BillReader.read([document(text)], of: .openai)
        }
    }
}

@Suite("Booking the difference")
struct BookingTests {
    private let now = Timestamp(year: 2025, month: 6, day: 11)

    private func comparison(
        dollars: String = "6", bookings: [ReconciledBooking] = []
    ) throws -> BillComparison {
        let text = """
            {"data": [{"start_time": 1749513600, "results": [{"amount": {"value": \(dollars),
             "currency": "usd"}, "line_item": "gpt-4.1, input", "quantity": 3000000}]}]}
            """
        let bill = try BillReader.read([document(text)], of: .openai)
        let side = LedgerSide(
            position: 1,
            groups: [
                LedgerGroup(
                    day: day, provider: "openai", model: "gpt-4.1-2025-04-14", requests: 1,
                    charged: usd("2"), counts: [.inputTokens: 1_000_000])
            ], bookings: bookings)
        return BillComparison(of: bill, with: side, under: PriceSchedule(.default))
    }

    @Test("a booking names its bill, its day, its model and its reasons, and belongs to no request")
    func event() throws {
        let event = try #require(
            try comparison().adjustments(of: LedgerID(1), at: now).first)
        #expect(event.kind == .chargeReconciled)
        #expect(event.occurredAt == day)
        #expect(event.dimensions[.provider] == "openai")
        #expect(event.dimensions[.model] == "gpt-4.1-2025-04-14")
        #expect(event.amount == Picodollars(4_000_000_000_000))
        #expect(event.causeID == nil && event.bookID == nil && event.previousID == nil)
        #expect(event.detail?["period"] == "2025-06-10/2025-06-11")
        #expect(event.detail?["billed_usd"] == "6")
        #expect(event.detail?["ledger_usd"] == "2")
        #expect(event.detail?["missing_usd"] == "4")
        #expect(event.detail?["bill"]?.string.count == 64)
        try event.validate(at: now)
    }

    @Test("of two bookings from the same state one is refused, whatever their bills say")
    func identity() throws {
        let first = try comparison().adjustments(of: LedgerID(1), at: now)[0]
        let rival = try comparison(dollars: "7").adjustments(of: LedgerID(1), at: now)[0]
        #expect(first.id == rival.id)
        #expect(first.amount != rival.amount)
        let elsewhere = try comparison().adjustments(of: LedgerID(2), at: now)[0]
        #expect(first.id != elsewhere.id)
        let booked = ReconciledBooking(
            id: first.id, day: day, provider: "openai", model: "gpt-4.1-2025-04-14",
            amount: usd("4"))
        let later = try comparison(dollars: "7", bookings: [booked])
            .adjustments(of: LedgerID(1), at: now)[0]
        #expect(later.id != first.id)
        #expect(later.previousID == first.id)
        #expect(later.amount == Picodollars(1_000_000_000_000))
    }

    @Test("nothing is booked for a day that is not over")
    func openDay() throws {
        let early = now.advanced(byMicroseconds: -1)
        #expect(try comparison().adjustments(of: LedgerID(1), at: early).isEmpty)
    }

    @Test("a Retry-After with a date is read")
    func httpDates() {
        #expect(
            Timestamp(httpDate: "Tue, 10 Jun 2025 00:00:00 GMT") == day)
        for text in ["", "soon", "Tue, 10 Jun 2025 00:00:00 CET", "Tue, 40 Jun 2025 00:00:00 GMT"] {
            #expect(Timestamp(httpDate: text) == nil, "\(text)")
        }
    }
}
