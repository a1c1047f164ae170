-- Gives the columns of a view the comments that columns of these names have in every view. A view
-- sets the comments of its other columns afterwards; a test finds columns without a comment.
CREATE OR REPLACE FUNCTION tally.describe_columns(described regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shared record;
BEGIN
    FOR shared IN
        SELECT columns.attname AS name, comments.comment
        FROM pg_attribute AS columns
        JOIN (VALUES
            ('ledger', 'Name of the ledger.'),
            ('day', 'Day, UTC.'),
            ('app', 'Application.'),
            ('feature', 'Feature of the application.'),
            ('provider', 'Provider, such as openai.'),
            ('model', 'Model that answered.'),
            ('requests', 'Requests, failed ones included.'),
            ('failed_requests', 'Requests that failed; included in requests.'),
            ('unpriced_requests', 'Requests whose latest charge has no price.'),
            ('cost_usd', 'Cost in US dollars, exact; NULL if nothing of it has a price.'),
            ('cost_pico', 'Cost in picodollars (1e-12 USD), exact; NULL if nothing of it has a price.'),
            ('input_tokens', 'Tokens of input, cached ones included.'),
            ('output_tokens', 'Tokens of output, reasoning included.'),
            ('id', 'Id of the event, a UUID of version 7.'),
            ('position', 'Place in the ledger, from 1 without gaps.'),
            ('kind', 'What happened, such as request.completed or charge.rated.'),
            ('occurred_at', 'When it happened, as the sender reported it. Filter on it with literal '
                'times: that leaves out the months it excludes.'),
            ('recorded_at', 'When it was appended; never decreases from one position to the next.'),
            ('cause_id', 'Id of the request that a charge or a cache event belongs to.'),
            ('team', 'Team.'),
            ('project', 'Project.'),
            ('environment', 'Environment, such as production.'),
            ('user', 'User, possibly a pseudonym. Quote the name: "user".'),
            ('session', 'Session or conversation.'),
            ('operation', 'Operation, such as chat or embeddings.'),
            ('service_tier', 'Tier: standard, batch, flex, priority, or the provider''s word.'),
            ('region', 'Region of the provider.'),
            ('agent', 'Agent, or run of one, that made the call.'),
            ('parent_agent', 'Run that the agent belongs to.'),
            ('attempt', 'Which try of the same work it was.'),
            ('api_key', 'Id of the API key that reported it; NULL if none did.'),
            ('cache_read_input_tokens', 'The part of input that came from the provider''s cache.'),
            ('cache_write_input_tokens', 'The part of input written to the cache for 5 minutes.'),
            ('cache_write_1h_input_tokens', 'The part of input written to the cache for an hour.'),
            ('reasoning_output_tokens', 'The part of output that was reasoning.'),
            ('input_audio_tokens', 'The part of input that was audio.'),
            ('output_audio_tokens', 'The part of output that was audio.'),
            ('cache_read_audio_tokens', 'The part of audio input that came from the cache.'),
            ('input_image_tokens', 'The part of input that was images.'),
            ('output_image_tokens', 'The part of output that was images.'),
            ('cache_read_image_tokens', 'The part of image input that came from the cache.'),
            ('input_seconds', 'Seconds of audio or video input.'),
            ('output_seconds', 'Seconds of audio or video output.'),
            ('input_characters', 'Characters of input, where they are billed.'),
            ('web_searches', 'Web searches made for the answer.'),
            ('images', 'Images generated.'),
            ('latency_ms', 'Milliseconds from the request to the end of the answer.'),
            ('labels', 'Free labels, a flat object of texts.'),
            ('detail', 'Facts of the rarer kinds, a flat object of texts.'),
            ('request_id', 'Id of the request that the event belongs to.'),
            ('content_hash', 'SHA-256 of prompt and answer; the texts are not stored.'),
            ('request_hash', 'SHA-256 of what decides the answer: same hash, same request.'),
            ('previous_id', 'Id of the charge that an adjustment follows.'),
            ('book_id', 'Id of the price book that was used.'),
            ('unpriced', 'Why there is no price; NULL where there is one.'),
            ('source', 'Who sent it, if the sender uses its own ids.'),
            ('external_id', 'The id that the sender uses.'),
            ('status', 'HTTP status of the provider''s answer.'),
            ('error_type', 'Kind of failure.'),
            ('time_to_first_token_ms', 'Milliseconds from the request to the first token.'),
            ('tokens_before', 'Tokens of the prompts as the applications wrote them.'),
            ('tokens_after', 'Tokens of the prompts as they were sent.'),
            ('useful_output_tokens', 'Tokens of the answers that the application could use.'),
            ('quality', 'How good the prompt or answer is, 0 to 1, as reported; a mean in sums.'),
            ('stages', 'Tokens saved by each lossless stage.'),
            ('lossy_stages', 'Tokens saved by each stage that leaves something out.'),
            ('saved_usd', 'What was saved in US dollars, exact; NULL without a price.'),
            ('saved_pico', 'What was saved in picodollars (1e-12 USD); NULL without a price.'),
            ('experiment', 'Name of the experiment.'),
            ('tokens_saved', 'The difference; negative where prompts grew.'),
            ('is_lossless', 'Whether no stage left anything out; NULL where no stage was named.'),
            ('prompts', 'Prompts that were optimized.'),
            ('unpriced_prompts', 'Prompts whose saving has no price; sums of money leave them out.'),
            ('charges', 'How many charges were booked.'),
            ('billed_requests', 'Requests as a unit of billing, as the senders reported them.')
        ) AS comments (name, comment) ON comments.name = columns.attname
        WHERE columns.attrelid = described AND columns.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', described, shared.name, shared.comment);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION tally.describe_columns(regclass) FROM PUBLIC;
