CREATE OR REPLACE VIEW audit.spend_hourly WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = spend.ledger_id) AS ledger,
    hour, app, team, project, environment, feature, provider, model, operation, service_tier,
    region, requests, failed_requests, unpriced_requests, charges,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico * 0.000000000001 END
        AS cost_usd,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico END AS cost_pico,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens, cache_write_1h_input_tokens,
    output_tokens, reasoning_output_tokens, input_audio_tokens, output_audio_tokens,
    cache_read_audio_tokens,
    input_image_tokens, output_image_tokens, cache_read_image_tokens,
    input_us * 0.000001 AS input_seconds, output_us * 0.000001 AS output_seconds,
    input_characters, web_searches, images, billed_requests
FROM tally.current_spend_hourly AS spend
WHERE spend.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.spend_hourly IS 'Spend and usage by hour (UTC) and dimensions.';
SELECT tally.describe_columns('audit.spend_hourly');
COMMENT ON COLUMN audit.spend_hourly.hour IS 'Start of the hour, UTC.';
