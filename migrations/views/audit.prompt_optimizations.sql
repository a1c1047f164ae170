-- One row for each optimized prompt, with what it saved.
CREATE OR REPLACE VIEW audit.prompt_optimizations WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = grouped.ledger_id) AS ledger,
    id, position, occurred_at, recorded_at, request_id,
    app, team, project, environment, feature, "user", session, provider, model, operation,
    service_tier, region,
    tokens_before, tokens_after, tokens_before - tokens_after AS tokens_saved,
    CASE WHEN lossy_stages IS NOT NULL THEN false WHEN stages IS NOT NULL THEN true END
        AS is_lossless,
    tally.readable_json(stages) AS stages, tally.readable_json(lossy_stages) AS lossy_stages,
    quality_ppm * 0.000001 AS quality, useful_output_tokens,
    saved_pico * 0.000000000001 AS saved_usd, saved_pico, unpriced, book_id::uuid AS book_id,
    tally.readable_json(labels) AS labels, tally.readable_json(detail) AS detail
FROM (
    SELECT ledger_id, occurred_at, CASE WHEN is_prompt THEN event_id ELSE cause_id END AS id,
        max(position) FILTER (WHERE is_prompt) AS position,
        max(recorded_at) FILTER (WHERE is_prompt) AS recorded_at,
        max(cause_id::text) FILTER (WHERE is_prompt)::uuid AS request_id,
        max(app) AS app, max(team) AS team, max(project) AS project,
        max(environment) AS environment, max(feature) AS feature, max(user_id) AS "user",
        max(session_id) AS session, max(provider) AS provider, max(model) AS model,
        max(operation) AS operation, max(service_tier) AS service_tier, max(region) AS region,
        max(tokens_before) AS tokens_before, max(tokens_after) AS tokens_after,
        max(stages) AS stages, max(lossy_stages) AS lossy_stages,
        max(quality_ppm) AS quality_ppm, max(useful_output_tokens) AS useful_output_tokens,
        max(saved_pico) AS saved_pico, max(book_id::text) AS book_id,
        tally.readable_json(max(detail) FILTER (WHERE NOT is_prompt)) ->> 'unpriced' AS unpriced,
        max(labels) AS labels, max(detail) FILTER (WHERE is_prompt) AS detail
    FROM tally.events AS events
    CROSS JOIN LATERAL (
        SELECT kind = ANY (tally.kinds('prompt.optimized')) AS is_prompt
    ) AS event
    WHERE kind = ANY (tally.kinds('prompt.optimized', 'saving.rated'))
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    GROUP BY ledger_id, occurred_at, CASE WHEN is_prompt THEN event_id ELSE cause_id END
    HAVING bool_or(is_prompt)
) AS grouped;

COMMENT ON VIEW audit.prompt_optimizations IS
    'One row for each prompt that an optimizer rewrote, with what that saved.';
SELECT tally.describe_columns('audit.prompt_optimizations');
COMMENT ON COLUMN audit.prompt_optimizations.id IS
    'Id of the prompt.optimized event, a UUID of version 7.';
COMMENT ON COLUMN audit.prompt_optimizations.request_id IS
    'Id of the request that the prompt belongs to.';
COMMENT ON COLUMN audit.prompt_optimizations.book_id IS
    'Id of the price book that the saving was rated with.';
