import LedgerModel
import Pricing
import Reconciliation
import Testing

/// Days and pages of bills: what is summed, and what is not whole.
@Suite("Days and pages of a bill")
struct WholeBillTests {
    private func read(
        _ texts: String..., of provider: BilledProvider = .openai
    ) throws -> Bill {
        try BillReader.read(
            texts.enumerated().map { document($1, name: "page \($0 + 1)") }, of: provider)
    }

    private func refusal(
        _ texts: String..., of provider: BilledProvider = .openai
    ) -> String? {
        do {
            _ = try BillReader.read(
                texts.enumerated().map { document($1, name: "page \($0 + 1)") }, of: provider)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A page of OpenAI's costs: a dollar a day from a day of June 2025 on.
    private func page(
        from day: Int64, days: Int64, hasMore: Bool? = nil, object: String = "costs"
    ) -> String {
        let start: Int64 = 1_748_736_000
        let buckets = (day..<day + days).map { day in
            """
            {"start_time": \(start + (day - 1) * 86_400), "end_time": \(start + day * 86_400),
             "results": [{"object": "organization.\(object).result",
              "amount": {"value": 1, "currency": "usd"}, "line_item": "gpt-4.1, input"}]}
            """
        }
        let more = hasMore.map { ", \"has_more\": \($0), \"next_page\": \"page_x\"" } ?? ""
        return "{\"data\": [\(buckets.joined(separator: ",\n"))]\(more)}"
    }

    // MARK: Hours

    private static let hourly = """
        usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens

        """

    @Test("hours of the console's export are summed into their day")
    func hours() throws {
        let bill = try read(
            Self.hourly + "2026-03-31 02:00,claude-haiku-4-5,1124832,254558\n"
                + "2026-03-31 03:00,claude-haiku-4-5,506280,117816\n",
            of: .anthropic)
        let day = Timestamp(year: 2026, month: 3, day: 31)
        #expect(bill.lines.allSatisfy { $0.day == day })
        func sum(_ unit: UsageUnit) -> Int64 {
            bill.lines.filter { $0.unit == unit }.reduce(0) { $0 + ($1.quantity ?? 0) }
        }
        #expect(sum(.inputTokens) == 1_631_112 && sum(.outputTokens) == 372_374)
        let side = LedgerSide(position: 1, groups: [])
        let rows = BillComparison(of: bill, with: side, under: PriceSchedule(.default)).rows
        #expect(rows.map(\.difference) == [usd("3.492982")])
    }

    @Test(
        "an hour is told in every way in which exports write one",
        arguments: [
            "2026-03-31 02:00", "2026-03-31T02:00", "2026-03-31 02:00:00", "2026-03-31T02:00:00Z",
            "2026-03-31 02:00 UTC", "2026-03-31 02:00:00 UTC", "2026-03-31",
        ])
    func spellingsOfHours(_ text: String) throws {
        let bill = try read(Self.hourly + "\(text),claude-haiku-4-5,1,1\n", of: .anthropic)
        #expect(bill.lines.first?.day == Timestamp(year: 2026, month: 3, day: 31))
    }

    // MARK: Pages

    @Test("a page that says that more follow is no whole bill")
    func morePages() throws {
        let first = page(from: 1, days: 7, hasMore: true)
        #expect(
            refusal(first)
                == "page 1, line 21: the bill is not whole: this page says that more follow "
                + "(has_more), and the one that begins on 2025-06-08 is not among the documents; "
                + "give all pages")
        #expect(refusal("[\(first)]")?.contains("not whole") == true)
        #expect(refusal("{\"data\": [], \"has_more\": true}")?.contains("not whole") == true)
        let report = """
            {"data": [{"starting_at": "2025-06-01T00:00:00Z", "ending_at": "2025-06-02T00:00:00Z",
             "results": []}], "has_more": true, "next_page": "page_x"}
            """
        #expect(refusal(report, of: .anthropic)?.contains("not whole") == true)
    }

    @Test("all pages in any order, or in one file, are a whole bill; a gap in them is none")
    func allPages() throws {
        let first = page(from: 1, days: 7, hasMore: true)
        let second = page(from: 8, days: 7, hasMore: true)
        let last = page(from: 15, days: 3, hasMore: false)
        #expect(try read(first, second, last).lines.count == 17)
        #expect(try read(last, first, second).lines.count == 17)
        #expect(try read("[\(first), \(second), \(last)]").lines.count == 17)
        #expect(refusal(first, last)?.contains("begins on 2025-06-08") == true)
        #expect(refusal(first, second)?.contains("begins on 2025-06-15") == true)
        // What another report goes on with does not help.
        let other = page(from: 8, days: 7, hasMore: false, object: "other")
        #expect(refusal(first, other)?.contains("not whole") == true)
        #expect(try read(page(from: 1, days: 2)).lines.count == 2)
    }

    // MARK: Buckets

    @Test("a bucket that ends before it starts, or as it starts, is refused")
    func reversedBuckets() {
        func bucket(_ start: Int64, _ end: Int64) -> String {
            "{\"data\": [{\"start_time\": \(start), \"end_time\": \(end), \"results\": []}]}"
        }
        for end in [1_749_513_600 - 86_400, 1_749_513_600] as [Int64] {
            #expect(refusal(bucket(1_749_513_600, end))?.contains("not after its start") == true)
        }
        #expect(
            refusal(
                "start_time,end_time,amount_value,amount_currency\n1749600000,1749513600,1,usd\n")?
                .contains("line 2: the bucket ends at 2025-06-10T00:00:00Z") == true)
        let report = """
            {"data": [{"starting_at": "2025-06-02T00:00:00Z", "ending_at": "2025-06-01T00:00:00Z",
             "results": []}]}
            """
        #expect(refusal(report, of: .anthropic)?.contains("not after its start") == true)
    }

    @Test("a day that a spreadsheet turned into a number is an Excel date")
    func excelDates() {
        let csv = Self.hourly + "46112,claude-haiku-4-5,1,1\n"
        #expect(
            refusal(csv, of: .anthropic)?.contains("an Excel date (2026-03-31 00:00:00)") == true)
        let costs = "start_time,end_time,amount_value,amount_currency\n46112,46113,1,usd\n"
        #expect(refusal(costs)?.contains("start_time 46112 is an Excel date") == true)
        let seconds = "start_time,end_time,amount_value,amount_currency\n86400,172800,1,usd\n"
        #expect(refusal(seconds)?.contains("lies before 2015") == true)
    }

    @Test("a bill that a spreadsheet saved anew is read with its separators")
    func separators() throws {
        for separator in [";", "\t", "|"] {
            let text =
                "sep=\(separator)\r\nstart_time,end_time,amount_value,amount_currency\r\n"
                + "1749513600,1749600000,1.5,usd\r\n"
            let saved = text.replacing(",", with: separator)
            #expect(try read(saved).lines.first?.amount?.rounded.description == "1.5")
            #expect(try read(String(saved.dropFirst(6))).lines.count == 1)
        }
    }
}

@Suite("Models of a bill")
struct ModelSpellingTests {
    private static let names: [(String, String)] = [
        ("Claude Haiku 3", "claude-3-haiku-20240307"),
        ("Claude Haiku 3.5", "claude-3-5-haiku-20241022"),
        ("Claude 3.5 Haiku", "claude-3-5-haiku"), ("Claude Opus 3", "claude-3-opus-20240229"),
        ("Claude Sonnet 3.5", "claude-3-5-sonnet-20240620"),
        ("Claude Sonnet 3.7", "claude-3-7-sonnet-20250219"),
        ("Claude Sonnet 4", "claude-sonnet-4-20250514"),
        ("Claude 4 Sonnet", "claude-sonnet-4-20250514"),
        ("Claude Opus 4.1", "claude-opus-4-1-20250805"),
        ("Claude Sonnet 4.5", "claude-sonnet-4-5"),
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001"),
        ("Claude Nova 9", "claude-9-nova"), ("Claude Nova 9.5", "claude-nova-9-5"),
    ]

    @Test("a console's name meets the model's id, in the book or not", arguments: names)
    func displayNames(shown: String, id: String) throws {
        let bill = try BillReader.read(
            [
                document(
                    """
                    usage_date_utc,model,token_type,cost_usd
                    2025-06-10,\(shown),output,2

                    """)
            ], of: .anthropic)
        let group = LedgerGroup(
            day: day, provider: "anthropic", model: Name(id), requests: 1, charged: usd("2"),
            counts: [.outputTokens: 100])
        let side = LedgerSide(position: 1, groups: [group])
        for schedule in [PriceSchedule(.default), PriceSchedule()] {
            let rows = BillComparison(of: bill, with: side, under: schedule).rows
            #expect(rows.count == 1 && rows.first?.difference == .zero, "\(shown), \(id)")
        }
    }

    @Test(
        "neighbours stay apart",
        arguments: [
            ("Claude Haiku 3", "claude-3-5-haiku"), ("Claude Haiku 3.5", "claude-3-haiku"),
            ("Claude Opus 4", "claude-opus-4-1"), ("Claude Sonnet 4.5", "claude-sonnet-4"),
            ("Claude Haiku 3", "claude-3-sonnet"), ("storage (hot)", "storage (cold)"),
            ("Claude Nova 9", "claude-nova-9-5"),
        ])
    func neighbours(shown: String, id: String) throws {
        let bill = try BillReader.read(
            [
                document(
                    "usage_date_utc,model,token_type,cost_usd\n2025-06-10,\(shown),output,2\n")
            ], of: .anthropic)
        let group = LedgerGroup(
            day: day, provider: "anthropic", model: Name(id), requests: 1, charged: usd("2"),
            counts: [.outputTokens: 100])
        let side = LedgerSide(position: 1, groups: [group])
        for schedule in [PriceSchedule(.default), PriceSchedule()] {
            #expect(BillComparison(of: bill, with: side, under: schedule).rows.count == 2)
        }
    }
}
