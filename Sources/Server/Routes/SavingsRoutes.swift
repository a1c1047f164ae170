import Hummingbird
import JSON
import LedgerModel
import ReadModels

/// `/api/v1/tokens/savings`: what prompt optimization saved.
struct SavingsRoutes: Sendable {
    let parts: ServerParts

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/tokens/savings") { request, _ in try await savings(request) }
    }

    private func savings(_ request: Request) async throws -> Response {
        let asked = try await ReadRoutes(parts: parts).asked(request)
        let by = try (asked.query["by"] ?? "").split(separator: ",").map { name in
            guard let part = SavingsQuery.Part(rawValue: String(name)) else {
                let known = SavingsQuery.Part.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure.invalid("savings are not kept by \(name): \(known)", param: "by")
            }
            return part
        }
        let query = SavingsQuery(
            ledger: asked.ledger, by: by, from: asked.from, to: asked.to)
        let answer = try await query.run(on: parts.pool)
        return .json(answer: answer.position, query.from, query.to, rows: answer.rows) {
            json, row in
            for part in by { json.field(part.rawValue, row.group[part]) }
            json.savings(row)
        }
    }
}

extension JSONWriter {
    /// What a group of prompts saved.
    fileprivate mutating func savings(_ row: SavingsRow) {
        field("prompts", row.prompts)
        field("unpriced_prompts", row.unpricedPrompts)
        field("tokens_saved", row.tokensSaved)
        field("saved_usd", row.saved.description)
        guard let whole = row.whole else {
            key("lossless")
            return value(raw: row.isLossless.map { "\($0)" } ?? "null")
        }
        field("lossy_prompts", whole.lossyPrompts)
        field("tokens_before", whole.tokensBefore)
        field("tokens_after", whole.tokensAfter)
        field("compression_ratio", whole.compressionRatio)
        field("quality", whole.quality)
        field("useful_output_tokens", whole.usefulOutputTokens)
        field("efficiency", whole.efficiency)
    }
}
