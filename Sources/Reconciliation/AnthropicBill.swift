import LedgerModel
import Pricing

/// Reads Anthropic's `/v1/organizations/cost_report`, `/v1/organizations/usage_report/messages` and
/// the exports of its console.
///
/// The API's amounts are cents, as decimal texts; the console's are dollars, cut to cents. Costs of
/// searches, code and sessions name no model.
enum AnthropicBill {
    // MARK: API

    /// Reads a bucket; returns what it covers.
    static func read(bucket: FileNode, into bill: inout Bill) throws -> Range<Timestamp> {
        let start = try time(of: "starting_at", in: bucket)
        guard let start else {
            throw BillFlaw("a bucket has no starting_at", line: bucket.line)
        }
        let end = try time(of: "ending_at", in: bucket)
        try BillValue.requireWithinDay(start, end, line: bucket.line)
        bill.cover(start.startOfDay)
        guard let results = bucket["results"] else {
            throw BillFlaw("a bucket has no results", line: bucket.line)
        }
        for result in try results.items("results") {
            if result["amount"] != nil {
                try read(cost: result, on: start.startOfDay, into: &bill)
            } else {
                try read(usage: result, on: start.startOfDay, into: &bill)
            }
        }
        return BillValue.period(start, end)
    }

    private static func time(of key: String, in node: FileNode) throws -> Timestamp? {
        guard let text = try node.text(of: key) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw BillFlaw(
                "\(key) is \"\(text)\": expected a time such as 2026-11-01T00:00:00Z",
                line: node[key]?.line ?? node.line)
        }
        return time
    }

    private static func read(cost: FileNode, on day: Timestamp, into bill: inout Bill) throws {
        let place = cost["amount"]?.line ?? cost.line
        guard let value = try cost.text(of: "amount") else {
            throw BillFlaw("a cost has no amount", line: place)
        }
        try BillValue.requireDollars(try cost.text(of: "currency"), line: place)
        var line = BillLine(source: .costs, day: day, line: place)
        line.model = try cost.text(of: "model").map { Name($0) }
        line.item =
            try cost.text(of: "description") ?? cost.text(of: "cost_type") ?? line.model?.string
            ?? ""
        line.tier = tier(
            try cost.text(of: "service_tier"), speed: try cost.text(of: "speed"))
        line.region = try cost.text(of: "inference_geo").map { LineItem.region($0) }
        line.unit = unit(try cost.text(of: "token_type") ?? "", try cost.text(of: "cost_type"))
        line.amount = try BillValue.amount(value, "amount", places: 2, line: place)
        line.roundedBy = .halfPicodollar
        bill.add(line)
    }

    private static func unit(_ tokenType: String, _ costType: String?) -> UsageUnit? {
        tokenTypes[tokenType] ?? (costType == "web_search" ? .webSearches : nil)
    }

    /// The names of the API, then those of the console.
    private static let tokenTypes: [String: UsageUnit] = [
        "uncached_input_tokens": .inputTokens, "output_tokens": .outputTokens,
        "cache_read_input_tokens": .cacheReadInputTokens,
        "cache_creation.ephemeral_5m_input_tokens": .cacheWriteInputTokens,
        "cache_creation.ephemeral_1h_input_tokens": .cacheWriteOneHourInputTokens,
        "input_no_cache": .inputTokens, "output": .outputTokens,
        "input_cache_read": .cacheReadInputTokens,
        "input_cache_write_5m": .cacheWriteInputTokens,
        "input_cache_write_1h": .cacheWriteOneHourInputTokens,
    ]

    private static func read(usage: FileNode, on day: Timestamp, into bill: inout Bill) throws {
        let created = usage.object(of: "cache_creation")
        let tools = usage.object(of: "server_tool_use")
        let counts: [(UsageUnit, Int64?)] = [
            (.inputTokens, try usage.count(of: "uncached_input_tokens")),
            (.cacheReadInputTokens, try usage.count(of: "cache_read_input_tokens")),
            (
                .cacheWriteInputTokens,
                try created?.count(of: "ephemeral_5m_input_tokens")
            ),
            (
                .cacheWriteOneHourInputTokens,
                try created?.count(of: "ephemeral_1h_input_tokens")
            ),
            (.outputTokens, try usage.count(of: "output_tokens")),
            (.webSearches, try tools?.count(of: "web_search_requests")),
        ]
        guard counts.contains(where: { $0.1 != nil }) else {
            bill.omit("a result without counts")
            return
        }
        let model = try usage.text(of: "model")
        let tier = tier(
            try usage.text(of: "service_tier"), speed: try usage.text(of: "speed"))
        let region = try usage.text(of: "inference_geo").map { LineItem.region($0) }
        bill.add(counts, of: model, tier: tier, region: region, on: day, line: usage.line)
    }

    // MARK: Exports

    static func isExport(_ table: BillTable) -> Bool {
        table.columns.contains("usage_date_utc")
            && (table.columns.contains("cost_usd")
                || table.columns.contains("usage_output_tokens"))
    }

    static func read(export table: BillTable, into bill: inout Bill) throws {
        for row in table.rows {
            let text = row.text("usage_date_utc") ?? ""
            let day = try BillValue.moment(text, "usage_date_utc", line: row.line).startOfDay
            bill.cover(day)
            let tier = tier(ofUsageType: row.text("usage_type"), speed: row.text("speed"))
            let region =
                table.columns.contains("inference_geo")
                ? LineItem.region(row.text("inference_geo") ?? "") : nil
            if table.columns.contains("cost_usd") {
                try read(cost: row, on: day, tier, region, into: &bill)
            } else {
                let counts: [(UsageUnit, Int64?)] = [
                    (.inputTokens, try row.count("usage_input_tokens_no_cache")),
                    (.cacheReadInputTokens, try row.count("usage_input_tokens_cache_read")),
                    (
                        .cacheWriteInputTokens,
                        try row.count("usage_input_tokens_cache_write_5m")
                            ?? row.count("usage_input_tokens_cache_write")
                    ),
                    (
                        .cacheWriteOneHourInputTokens,
                        try row.count("usage_input_tokens_cache_write_1h")
                    ),
                    (.outputTokens, try row.count("usage_output_tokens")),
                    (.webSearches, try row.count("web_search_count")),
                ]
                let model = row.text("model_version") ?? row.text("model")
                bill.add(
                    counts, of: model, tier: tier, region: region, on: day, line: row.line)
            }
        }
    }

    private static func read(
        cost row: BillTable.Row, on day: Timestamp, _ tier: Name?, _ region: Name?,
        into bill: inout Bill
    ) throws {
        guard let value = row.text("cost_usd") else {
            throw BillFlaw("the row has no cost_usd", line: row.line)
        }
        var line = BillLine(source: .costs, day: day, line: row.line)
        line.unit = unit(row.text("token_type") ?? "", row.text("cost_type"))
        // A search has no model, whatever the column says.
        if line.unit != .webSearches { line.model = row.text("model").map { Name($0) } }
        line.item = row.text("cost_type") ?? row.text("token_type") ?? ""
        line.tier = tier
        line.region = region
        line.amount = try BillValue.amount(value, "cost_usd", line: row.line)
        line.roundedBy = halfCent
        bill.add(line)
    }

    private static let halfCent = ExactAmount(
        ninths: ExactAmount.halfPicodollar.ninths * 10_000_000_000)

    /// `message` and `standard` are what is not a batch.
    private static func tier(ofUsageType type: String?, speed: String?) -> Name? {
        guard let type else { return tier(nil, speed: speed) }
        return type.lowercased().contains("batch") ? "batch" : tier(type, speed: speed)
    }

    /// Fast mode has prices of its own, as a tier has.
    private static func tier(_ word: String?, speed: String?) -> Name? {
        let tier = word.map { LineItem.tier($0) }
        return speed?.lowercased() == "fast" && tier ?? "standard" == "standard" ? "fast" : tier
    }
}
