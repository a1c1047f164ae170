-- Which price book the ledger uses from which time on.
CREATE OR REPLACE VIEW audit.prices WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, occurred_at AS published_at, book_id, tally.readable_json(detail) ->> 'name' AS name,
    nullif(tally.readable_json(detail) ->> 'effective_from', '')::timestamptz AS effective_from,
    tally.readable_json(detail) ->> 'digest' AS digest, tally.readable_json(detail) ->> 'models' AS models
FROM tally.events AS events
WHERE kind = ANY (tally.kinds('prices.published'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.prices IS 'Which price book the ledger uses from which time on.';
SELECT tally.describe_columns('audit.prices');
COMMENT ON COLUMN audit.prices.published_at IS 'When the book was published to the ledger.';
COMMENT ON COLUMN audit.prices.name IS 'Name of the price book.';
COMMENT ON COLUMN audit.prices.effective_from IS
    'The occurred_at from which the book applies; NULL if it has no start.';
COMMENT ON COLUMN audit.prices.digest IS 'SHA-256 of the price book, hexadecimal.';
COMMENT ON COLUMN audit.prices.models IS 'How many models the book has prices for.';
