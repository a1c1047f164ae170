CREATE OR REPLACE VIEW audit.blocks WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = blocks.ledger_id) AS ledger,
    block, first_position, first_position + count - 1 AS last_position, count, recorded_at,
    root, prev_hash, hash, requests,
    charged_pico * 0.000000000001 AS charged_usd, charged_pico
FROM tally.blocks AS blocks
WHERE blocks.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.blocks IS 'The hash chain: one row for each commit.';
SELECT tally.describe_columns('audit.blocks');
COMMENT ON COLUMN audit.blocks.block IS 'Number of the block, from 1 without gaps.';
COMMENT ON COLUMN audit.blocks.first_position IS 'Position of the block''s first event.';
COMMENT ON COLUMN audit.blocks.last_position IS 'Position of the block''s last event.';
COMMENT ON COLUMN audit.blocks.count IS 'Events in the block.';
COMMENT ON COLUMN audit.blocks.root IS 'Merkle root of the block''s events.';
COMMENT ON COLUMN audit.blocks.prev_hash IS 'Hash of the previous block.';
COMMENT ON COLUMN audit.blocks.hash IS 'Hash of the block, which the next block refers to.';
COMMENT ON COLUMN audit.blocks.requests IS 'Requests of the ledger up to and including the block.';
COMMENT ON COLUMN audit.blocks.charged_usd IS
    'Charges of the ledger up to and including the block, US dollars.';
COMMENT ON COLUMN audit.blocks.charged_pico IS
    'Charges of the ledger up to and including the block, picodollars.';
