-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_spend_daily AS
SELECT
    rows.ledger_id, rows.day, app, team, project, environment, feature, provider, model,
    operation, service_tier, region, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(charges, 0) AS charges,
    coalesce(cost_pico, 0) AS cost_pico, input_tokens, cache_read_input_tokens,
    cache_write_input_tokens, cache_write_1h_input_tokens, output_tokens,
    reasoning_output_tokens, input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
    input_image_tokens, output_image_tokens, cache_read_image_tokens, input_us, output_us,
    input_characters, web_searches, images, billed_requests
FROM tally.spend_daily AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 10
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'spend');
GRANT SELECT ON tally.current_spend_daily TO tally_service;
