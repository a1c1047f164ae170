-- How requests ended, and what a useful answer cost.
CREATE OR REPLACE VIEW audit.answers_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, app, feature, provider, model, requests, failed_requests, finished_requests,
    cut_off_requests, refused_requests,
    requests - failed_requests - finished_requests - cut_off_requests - refused_requests
        AS unknown_requests,
    unpriced_requests,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico * 0.000000000001 END
        AS cost_usd,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico END AS cost_pico,
    CASE WHEN unpriced_requests = 0 THEN round(cost_pico * 0.000000000001 / nullif(
        requests - failed_requests - cut_off_requests - refused_requests, 0), 12)
        END AS useful_answer_usd_min,
    CASE WHEN unpriced_requests = 0 THEN
        round(cost_pico * 0.000000000001 / nullif(finished_requests, 0), 12)
        END AS useful_answer_usd_max,
    input_tokens, output_tokens,
    (SELECT tally.token_bucket_middle(tally.cells_percentile(lengths, 50))
        FROM tally.answer_lengths AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.day = usage.day AND level = 63
            AND lengths.version = (
                SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
            AND lengths.set_id = (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = usage.ledger_id AND sets.level = 63
                    AND sets.digest = sha256(int2send(63::smallint) || tally.set_field(usage.app)
                        || tally.set_field(usage.feature) || tally.set_field(usage.model)))
        ) AS output_tokens_p50,
    (SELECT tally.token_bucket_middle(tally.cells_percentile(lengths, 90))
        FROM tally.answer_lengths AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.day = usage.day AND level = 63
            AND lengths.version = (
                SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
            AND lengths.set_id = (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = usage.ledger_id AND sets.level = 63
                    AND sets.digest = sha256(int2send(63::smallint) || tally.set_field(usage.app)
                        || tally.set_field(usage.feature) || tally.set_field(usage.model)))
        ) AS output_tokens_p90,
    (SELECT tally.token_bucket_middle(tally.cells_percentile(lengths, 99))
        FROM tally.answer_lengths AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.day = usage.day AND level = 63
            AND lengths.version = (
                SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
            AND lengths.set_id = (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = usage.ledger_id AND sets.level = 63
                    AND sets.digest = sha256(int2send(63::smallint) || tally.set_field(usage.app)
                        || tally.set_field(usage.feature) || tally.set_field(usage.model)))
        ) AS output_tokens_p99
FROM tally.current_answer_usage AS usage
WHERE usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.answers_daily IS
    'How requests ended, how long the answers were and what a useful one cost, by day (UTC).';
SELECT tally.describe_columns('audit.answers_daily');
COMMENT ON COLUMN audit.answers_daily.finished_requests IS
    'Completed requests whose answer is complete: useful.';
COMMENT ON COLUMN audit.answers_daily.cut_off_requests IS
    'Completed requests whose answer was cut off at its token limit.';
COMMENT ON COLUMN audit.answers_daily.refused_requests IS
    'Completed requests that the model or a filter did not answer.';
COMMENT ON COLUMN audit.answers_daily.unknown_requests IS
    'Completed requests whose events do not say how they ended.';
COMMENT ON COLUMN audit.answers_daily.useful_answer_usd_min IS
    'Cost of all requests for each useful answer, if all unknown ones were useful; NULL where a '
    'request has no price.';
COMMENT ON COLUMN audit.answers_daily.useful_answer_usd_max IS
    'The same if none of the unknown ones was useful.';
COMMENT ON COLUMN audit.answers_daily.output_tokens_p50 IS
    'Half of the completed answers of the app, feature and model were no longer, whoever '
    'provided them; the error is at most 1.6 %.';
COMMENT ON COLUMN audit.answers_daily.output_tokens_p90 IS 'The same for 90 % of them.';
COMMENT ON COLUMN audit.answers_daily.output_tokens_p99 IS 'The same for 99 % of them.';
