package import LedgerModel
import LedgerSQL
package import Postgres

/// A question about what prompt optimization saved in some days of UTC.
package struct SavingsQuery: Hashable, Sendable {
    /// What savings are kept by.
    package enum Part: String, CaseIterable, Sendable {
        case app, team, project, environment, feature, provider, model, day, stage

        /// Those that are columns of both tables, in the order of the statements' arrays.
        static let grouped: [Part] = [
            .app, .team, .project, .environment, .feature, .provider, .model, .day,
        ]
    }

    package let ledger: LedgerID
    package let by: [Part]
    package let days: DayRange

    package let page: AnswerPage

    /// Times are rounded outwards to days.
    package init(
        ledger: LedgerID, by: [Part], from: Timestamp, to: Timestamp,
        page: AnswerPage = AnswerPage()
    ) {
        self.page = page
        self.ledger = ledger
        self.by = by
        days = DayRange(from: from, to: to)
    }

    fileprivate var parameters: Parameters {
        Parameters(
            ledger, days.from, days.to, Part.grouped.map { by.contains($0) }, page.rowsMax,
            Int64(page.offset))
    }
}

/// What a group of prompts saved.
package struct SavingsRow: Hashable, Sendable {
    /// The group's names, for each part that was asked for and has one.
    package let group: [SavingsQuery.Part: String]
    package let prompts: Int64
    /// Prompts of the group whose saving has no price; their money is not in `saved`.
    package let unpricedPrompts: Int64
    package let tokensSaved: Int128
    package let saved: PicodollarSum
    /// What only whole prompts have: nil for a row of a stage.
    package let whole: Whole?
    /// Whether the stage keeps everything; nil for whole prompts and for no stage in particular.
    package let isLossless: Bool?

    package struct Whole: Hashable, Sendable {
        package let lossyPrompts: Int64
        package let tokensBefore: Int128
        package let tokensAfter: Int128
        package let judgedPrompts: Int64
        package let qualityMillionths: Int128
        package let answeredTokens: Int128
        package let usefulOutputTokens: Int128

        /// Tokens after over tokens before; nil where there were none.
        package var compressionRatio: Double? { ratio(tokensAfter, tokensBefore) }
        /// The mean of the qualities that were reported.
        package var quality: Double? {
            ratio(qualityMillionths, Int128(judgedPrompts) * 1_000_000)
        }
        /// Useful output tokens for each token sent, of the prompts whose use is known.
        package var efficiency: Double? { ratio(usefulOutputTokens, answeredTokens) }

        private func ratio(_ part: Int128, _ whole: Int128) -> Double? {
            whole == 0 ? nil : Double(part) / Double(whole)
        }
    }
}

extension SavingsQuery: ReadModelQuery {
    package static let model = ReadModel.savings

    package func rows(in session: Session) throws -> [SavingsRow] {
        by.contains(.stage)
            ? try session.run(ReadStageSavings(query: self))
            : try session.run(ReadSavings(query: self))
    }

    /// `cells` are the names of `Part.grouped`.
    fileprivate static func group(_ cells: [String?]) -> [Part: String] {
        var group: [Part: String] = [:]
        for (part, name) in zip(Part.grouped, cells) { group[part] = name }
        return group
    }
}

/// `$4` says for each part whether it is asked for.
struct ReadSavings: Statement {
    static let sql = """
        SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                CASE WHEN ($4::boolean[])[2] THEN team END,
                CASE WHEN ($4::boolean[])[3] THEN project END,
                CASE WHEN ($4::boolean[])[4] THEN environment END,
                CASE WHEN ($4::boolean[])[5] THEN feature END,
                CASE WHEN ($4::boolean[])[6] THEN provider END,
                CASE WHEN ($4::boolean[])[7] THEN model END,
                CASE WHEN ($4::boolean[])[8] THEN day::text END] AS names,
            sum(prompts)::bigint, sum(unpriced_prompts)::bigint, sum(lossy_prompts)::bigint,
            sum(tokens_before), sum(tokens_after), sum(saved_pico), sum(judged_prompts)::bigint,
            sum(quality_ppm), sum(answered_tokens), sum(useful_output_tokens)
        FROM tally.current_prompt_savings
        WHERE ledger_id = $1
            AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY names ORDER BY sum(saved_pico) DESC, names LIMIT $5 OFFSET $6
        """
    static let columns = Columns(
        [String?].self, Int64.self, Int64.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self)
    let query: SavingsQuery
    var parameters: Parameters { query.parameters }
    typealias Row = SavingsRow

    static func row(
        _ cells: (
            [String?], Int64, Int64, Int64, PicodollarSum, PicodollarSum, PicodollarSum, Int64,
            PicodollarSum, PicodollarSum, PicodollarSum
        )
    ) throws(PostgresError) -> SavingsRow {
        SavingsRow(
            group: SavingsQuery.group(cells.0), prompts: cells.1, unpricedPrompts: cells.2,
            tokensSaved: cells.4.amount - cells.5.amount, saved: cells.6,
            whole: SavingsRow.Whole(
                lossyPrompts: cells.3, tokensBefore: cells.4.amount, tokensAfter: cells.5.amount,
                judgedPrompts: cells.7, qualityMillionths: cells.8.amount,
                answeredTokens: cells.9.amount, usefulOutputTokens: cells.10.amount),
            isLossless: nil)
    }
}

/// `$4` says for each part whether it is asked for.
struct ReadStageSavings: Statement {
    static let sql = """
        SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                CASE WHEN ($4::boolean[])[2] THEN team END,
                CASE WHEN ($4::boolean[])[3] THEN project END,
                CASE WHEN ($4::boolean[])[4] THEN environment END,
                CASE WHEN ($4::boolean[])[5] THEN feature END,
                CASE WHEN ($4::boolean[])[6] THEN provider END,
                CASE WHEN ($4::boolean[])[7] THEN model END,
                CASE WHEN ($4::boolean[])[8] THEN day::text END] AS names,
            nullif(stage, ''), CASE WHEN stage <> '' THEN NOT is_lossy END AS is_lossless,
            sum(stages.prompts)::bigint, sum(stages.unpriced_prompts)::bigint,
            sum(stages.tokens_saved), sum(stages.saved_pico)
        FROM tally.current_prompt_stage_savings AS stages
        WHERE ledger_id = $1
            AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY names, stage, is_lossy
        ORDER BY sum(stages.saved_pico) DESC, names, stage, is_lossy LIMIT $5 OFFSET $6
        """
    static let columns = Columns(
        [String?].self, String?.self, Bool?.self, Int64.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self)
    let query: SavingsQuery
    var parameters: Parameters { query.parameters }
    typealias Row = SavingsRow

    static func row(
        _ cells: ([String?], String?, Bool?, Int64, Int64, PicodollarSum, PicodollarSum)
    ) throws(PostgresError) -> SavingsRow {
        var group = SavingsQuery.group(cells.0)
        group[.stage] = cells.1
        return SavingsRow(
            group: group, prompts: cells.3, unpricedPrompts: cells.4,
            tokensSaved: cells.5.amount, saved: cells.6, whole: nil, isLossless: cells.2)
    }
}
