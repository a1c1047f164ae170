-- Holds credit what the last answer of a session left in the provider's cache. Only answers that read from
-- the cache are indexed: few in most ledgers, and nearly all in those of coding agents.

SET LOCAL ROLE tally_owner;

CREATE INDEX events_cached_prefixes ON tally.events (ledger_id, session_id, occurred_at)
    WHERE kind IN (1, 2) AND session_id IS NOT NULL AND cache_read_input_tokens > 0;

RESET ROLE;
