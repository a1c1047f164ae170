-- Each event that a subscription leaves out, or left out until it was released.
CREATE OR REPLACE VIEW audit.quarantined WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    subscription, event_id, position, kinds.name AS kind,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico,
    reason, quarantined_at, quarantined_position, quarantine_id AS id,
    is_left_out, released_at, released_position, release_reason, release_id
FROM tally.quarantined_events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.quarantined IS
    'Events that a read model or reactor leaves out since somebody quarantined them, and releases.';
SELECT tally.describe_columns('audit.quarantined');
COMMENT ON COLUMN audit.quarantined.subscription IS 'The read model or reactor that leaves it out.';
COMMENT ON COLUMN audit.quarantined.event_id IS 'Id of the event that is left out.';
COMMENT ON COLUMN audit.quarantined.position IS 'Position of the event that is left out.';
COMMENT ON COLUMN audit.quarantined.kind IS 'Kind of the event that is left out.';
COMMENT ON COLUMN audit.quarantined.cost_usd IS
    'What the event books, in US dollars; NULL where that is nothing or unknown.';
COMMENT ON COLUMN audit.quarantined.cost_pico IS
    'What the event books, in picodollars; NULL where that is nothing or unknown.';
COMMENT ON COLUMN audit.quarantined.reason IS 'Why it is left out, in the words of who said so.';
COMMENT ON COLUMN audit.quarantined.quarantined_at IS 'When it was put into quarantine.';
COMMENT ON COLUMN audit.quarantined.quarantined_position IS
    'Position of the event.quarantined event that says so.';
COMMENT ON COLUMN audit.quarantined.id IS 'Id of the event.quarantined event that says so.';
COMMENT ON COLUMN audit.quarantined.is_left_out IS
    'Whether it is left out now: a released event is, until the read model is rebuilt.';
COMMENT ON COLUMN audit.quarantined.released_at IS
    'When it was released from quarantine; NULL if it was not.';
COMMENT ON COLUMN audit.quarantined.released_position IS
    'Position of the event.released event that says so.';
COMMENT ON COLUMN audit.quarantined.release_reason IS
    'Why it was released, in the words of who said so.';
COMMENT ON COLUMN audit.quarantined.release_id IS 'Id of the event.released event that says so.';
