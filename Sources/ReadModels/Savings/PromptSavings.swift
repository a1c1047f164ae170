import LedgerModel
import Postgres

/// What prompt optimization saved, by day, dimensions and stage.
package enum PromptSavings: ReadModel {
    package static let name = "savings"
    package static let definition: Int32 = 1
    package static let patience: Duration = .seconds(2)
}

extension PromptSavings {
    /// An optimization gives the counts, the saving that was booked with it the money.
    ///
    /// The money of a prompt is divided among its stages in the order of their names: each gets
    /// what the sum up to it is worth, less what the sum before it is worth, both rounded. So the
    /// parts add up to the whole, to the last picodollar. A prompt without stages counts under an
    /// empty one.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH counted AS MATERIALIZED (
                SELECT kind, count(*) AS events,
                    array_agg(event_id) FILTER (WHERE kind = 40) AS ids
                FROM tally.events
                WHERE ledger_id = $1 AND position > $3 AND position <= $4
                    AND event_id >= $5 AND event_id < $6
                GROUP BY kind
            ), prompts AS MATERIALIZED (
                SELECT (date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z')
                        AT TIME ZONE 'UTC')::date AS day,
                    sha256(record_send(ROW(app, team, project, environment, feature, provider,
                        model))) AS key,
                    prompt.*, saving.saved_pico AS saved
                FROM counted, unnest(ids) AS id, LATERAL (
                    SELECT event_id, occurred_at, app, team, project, environment, feature,
                        provider, model, tokens_before, tokens_after, stages, lossy_stages,
                        quality_ppm, useful_output_tokens
                    FROM tally.events WHERE ledger_id = $1 AND event_id = id
                        AND event_id >= $5 AND event_id < $6
                ) AS prompt LEFT JOIN LATERAL (
                    SELECT saved_pico FROM tally.events
                    WHERE ledger_id = $1 AND event_id = tally.charge_id(prompt.event_id)
                        AND event_id >= $5 AND event_id < $6
                ) AS saving ON true
            ), written AS (
                INSERT INTO tally.prompt_savings AS savings (
                    ledger_id, version, day, key, app, team, project, environment, feature,
                    provider, model, prompts, counted_prompts, lossy_prompts, unpriced_prompts,
                    tokens_before, tokens_after, saved_pico, judged_prompts, quality_ppm,
                    answered_prompts, answered_tokens, useful_output_tokens)
                SELECT $1, $2, day, key, app, team, project, environment, feature, provider, model,
                    count(*), count(tokens_before), count(lossy_stages),
                    count(*) FILTER (WHERE tokens_before IS NOT NULL AND saved IS NULL),
                    coalesce(sum(tokens_before), 0), coalesce(sum(tokens_after), 0),
                    coalesce(sum(saved), 0), count(quality_ppm), coalesce(sum(quality_ppm), 0),
                    count(useful_output_tokens),
                    coalesce(sum(tokens_after) FILTER (WHERE useful_output_tokens IS NOT NULL), 0),
                    coalesce(sum(useful_output_tokens), 0)
                FROM prompts
                GROUP BY day, key, app, team, project, environment, feature, provider, model
                ORDER BY day, key
                ON CONFLICT (ledger_id, version, day, key) DO UPDATE SET
                    prompts = savings.prompts + excluded.prompts,
                    counted_prompts = savings.counted_prompts + excluded.counted_prompts,
                    lossy_prompts = savings.lossy_prompts + excluded.lossy_prompts,
                    unpriced_prompts = savings.unpriced_prompts + excluded.unpriced_prompts,
                    tokens_before = savings.tokens_before + excluded.tokens_before,
                    tokens_after = savings.tokens_after + excluded.tokens_after,
                    saved_pico = savings.saved_pico + excluded.saved_pico,
                    judged_prompts = savings.judged_prompts + excluded.judged_prompts,
                    quality_ppm = savings.quality_ppm + excluded.quality_ppm,
                    answered_prompts = savings.answered_prompts + excluded.answered_prompts,
                    answered_tokens = savings.answered_tokens + excluded.answered_tokens,
                    useful_output_tokens =
                        savings.useful_output_tokens + excluded.useful_output_tokens
            ), parts AS (
                SELECT day, prompts.key, part.stage, is_lossy, tokens, saved,
                    tokens_before - tokens_after AS whole,
                    sum(tokens) OVER (PARTITION BY event_id ORDER BY part.stage) AS upto
                FROM prompts, LATERAL (
                    SELECT kept.key COLLATE "C" AS stage, false AS is_lossy,
                        kept.value::numeric AS tokens
                    FROM jsonb_each_text(stages::jsonb) AS kept
                    UNION ALL
                    SELECT lost.key COLLATE "C", true, lost.value::numeric
                    FROM jsonb_each_text(lossy_stages::jsonb) AS lost
                    UNION ALL
                    SELECT '', false, tokens_before - tokens_after
                    WHERE stages IS NULL AND lossy_stages IS NULL
                ) AS part
                WHERE tokens_before IS NOT NULL
            ), stages_written AS (
                INSERT INTO tally.prompt_stage_savings AS savings (
                    ledger_id, version, day, key, stage, is_lossy, prompts, unpriced_prompts,
                    tokens_saved, saved_pico)
                SELECT $1, $2, day, key, stage, is_lossy, count(*), count(*) - count(saved),
                    sum(tokens), coalesce(sum(CASE WHEN saved IS NULL THEN NULL
                        WHEN whole = 0 THEN 0
                        ELSE round(saved * upto / whole)
                            - round(saved * (upto - tokens) / whole) END), 0)
                FROM parts GROUP BY day, key, stage, is_lossy ORDER BY day, key, stage, is_lossy
                ON CONFLICT (ledger_id, version, day, key, stage, is_lossy) DO UPDATE SET
                    prompts = savings.prompts + excluded.prompts,
                    unpriced_prompts = savings.unpriced_prompts + excluded.unpriced_prompts,
                    tokens_saved = savings.tokens_saved + excluded.tokens_saved,
                    saved_pico = savings.saved_pico + excluded.saved_pico
            )
            SELECT coalesce(sum(events), 0)::bigint FROM counted
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            WITH stages AS (
                DELETE FROM tally.prompt_stage_savings WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.prompt_stage_savings
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3))
                RETURNING 1
            ), prompts AS (
                DELETE FROM tally.prompt_savings WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.prompt_savings
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3))
                RETURNING 1
            )
            SELECT FROM stages UNION ALL SELECT FROM prompts
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    /// The ledger's blocks say nothing of savings, so there is nothing to compare.
    package typealias Conserved = NothingConserved
}
