import LedgerModel
import Pricing

/// Reads OpenAI's `/v1/organization/costs`, `/v1/organization/usage/…` and the exports of its
/// dashboard.
///
/// Amounts are dollars, as a number or, since 2026, as text. Cached, cache-write, audio and image
/// tokens are separated from the rest of input; the line item `input` bills the rest.
enum OpenAIBill {
    // MARK: API

    /// Reads a bucket; returns what it covers.
    static func read(bucket: FileNode, into bill: inout Bill) throws -> Range<Timestamp> {
        let (start, end) = try period(
            start: try bucket.count(of: "start_time"), end: try bucket.count(of: "end_time"),
            of: "a bucket", line: bucket.line)
        let day = start.startOfDay
        bill.cover(day)
        // Older responses call the list `result`.
        guard let results = bucket["results"] ?? bucket["result"] else {
            throw BillFlaw("a bucket has no results", line: bucket.line)
        }
        for result in try results.items("results") {
            if result["amount"] != nil {
                try read(cost: result, on: day, into: &bill)
            } else {
                try read(usage: result, on: day, into: &bill)
            }
        }
        return BillValue.period(start, end)
    }

    private static func period(
        start: Int64?, end: Int64?, of what: String, line: Int
    ) throws -> (start: Timestamp, end: Timestamp?) {
        guard let start else { throw BillFlaw("\(what) has no start_time", line: line) }
        let begin = try BillValue.moment(seconds: start, "start_time", line: line)
        let end = try end.map { try BillValue.moment(seconds: $0, "end_time", line: line) }
        try BillValue.requireWithinDay(begin, end, line: line)
        return (begin, end)
    }

    private static func read(cost: FileNode, on day: Timestamp, into bill: inout Bill) throws {
        guard let amount = cost.object(of: "amount"), let value = try amount.text(of: "value")
        else { throw BillFlaw("a cost has no amount.value", line: cost.line) }
        let place = amount["value"]?.line ?? amount.line
        try BillValue.requireDollars(try amount.text(of: "currency"), line: place)
        var line = BillLine(source: .costs, day: day, line: place)
        LineItem(try cost.text(of: "line_item") ?? "").describe(&line)
        let exact = try BillValue.amount(value, "amount.value", line: place)
        line.amount = exact
        line.roundedBy = floatNoise(of: exact)
        line.quantity =
            line.unit == nil
            ? nil : try cost.count(of: "quantity", unit: line.unit)
        bill.add(line)
    }

    /// The possible error of a binary floating-point number with sixteen digits.
    private static func floatNoise(of amount: ExactAmount) -> ExactAmount {
        .halfPicodollar + ExactAmount(ninths: amount.magnitude.ninths >> 51)
    }

    private static func read(usage: FileNode, on day: Timestamp, into bill: inout Bill) throws {
        let counts = try UsageCounts { try usage.count(of: $0, unit: $1) }
        guard counts.hasAny else {
            bill.omit(try usage.text(of: "object") ?? "a result without counts")
            return
        }
        let isBatch = try usage.text(of: "batch").map { $0.lowercased() == "true" }
        let tier = tier(batch: isBatch, named: try usage.text(of: "service_tier"))
        bill.add(
            counts.own, of: try usage.text(of: "model"), tier: tier, on: day, line: usage.line)
    }

    // MARK: Exports

    static func isExport(_ table: BillTable) -> Bool {
        table.columns.contains("start_time")
            && (table.columns.contains("amount_value")
                || table.columns.contains("num_model_requests"))
    }

    static func read(export table: BillTable, into bill: inout Bill) throws {
        for row in table.rows {
            let day = try period(
                start: try row.count("start_time"), end: try row.count("end_time"),
                of: "the row", line: row.line
            ).start.startOfDay
            bill.cover(day)
            if let value = row.text("amount_value") {
                try BillValue.requireDollars(row.text("amount_currency"), line: row.line)
                var line = BillLine(source: .costs, day: day, line: row.line)
                LineItem(row.text("line_item") ?? "").describe(&line)
                let exact = try BillValue.amount(value, "amount_value", line: row.line)
                line.amount = exact
                line.roundedBy = floatNoise(of: exact)
                if let unit = line.unit { line.quantity = try row.count("quantity", unit: unit) }
                bill.add(line)
            }
            // A day without usage is a row of empty cells.
            let counts = try UsageCounts { try row.count($0, unit: $1) }
            guard counts.hasAny else { continue }
            let isBatch = row.text("batch").map { $0.lowercased() == "true" }
            let tier = tier(batch: isBatch, named: row.text("service_tier"))
            bill.add(counts.own, of: row.text("model"), tier: tier, on: day, line: row.line)
        }
    }

    // MARK: Usage

    private static func tier(batch: Bool?, named tier: String?) -> Name? {
        if batch == true { return "batch" }
        if let tier { return LineItem.tier(tier) }
        return batch == nil ? nil : "standard"
    }
}

/// The counts of one result of a usage API, with the parts of input and output separated.
private struct UsageCounts {
    /// The counts of each unit without its parts.
    private(set) var own: [(UsageUnit, Int64?)] = []
    private(set) var hasAny = false

    /// - Parameter count: reads a field by its name.
    init(_ count: (String, UsageUnit?) throws -> Int64?) throws {
        func field(_ name: String, _ unit: UsageUnit? = nil) throws -> Int64? {
            let value = try count(name, unit)
            if value != nil { hasAny = true }
            return value
        }
        let cachedAudio = try field("input_cached_audio_tokens") ?? 0
        let cachedImage = try field("input_cached_image_tokens") ?? 0
        let cached = try field("input_cached_tokens") ?? 0
        let cachedText =
            try field("input_cached_text_tokens") ?? max(0, cached - cachedAudio - cachedImage)
        let written =
            try (field("input_cache_write_tokens") ?? 0)
            + (field("input_cache_write_12h_tokens") ?? 0)
        let audio = try field("input_audio_tokens") ?? 0
        let image = try field("input_image_tokens") ?? 0
        let input = try field("input_tokens") ?? 0
        let uncached =
            try field("input_uncached_tokens")
            ?? max(0, input - max(cached, cachedText + cachedAudio + cachedImage) - written)
        let text = try field("input_text_tokens") ?? max(0, uncached - audio - image)
        let outputAudio = try field("output_audio_tokens") ?? 0
        let outputImage = try field("output_image_tokens") ?? 0
        let output = try field("output_tokens") ?? 0
        let outputText =
            try field("output_text_tokens") ?? max(0, output - outputAudio - outputImage)
        own = [
            (.inputTokens, text), (.cacheReadInputTokens, cachedText),
            (.cacheWriteInputTokens, written), (.inputAudioTokens, audio),
            (.cacheReadAudioTokens, cachedAudio), (.inputImageTokens, image),
            (.cacheReadImageTokens, cachedImage), (.outputTokens, outputText),
            (.outputAudioTokens, outputAudio), (.outputImageTokens, outputImage),
            (.images, try field("images") ?? 0),
            (.inputCharacters, try field("characters") ?? 0),
            (.inputSeconds, try field("seconds", .inputSeconds) ?? 0),
            (.requests, try field("num_model_requests") ?? 0),
        ]
    }
}
