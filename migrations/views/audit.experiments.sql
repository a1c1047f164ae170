-- Each definition and each stop of an experiment.
CREATE OR REPLACE VIEW audit.experiments WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, kinds.name AS kind,
    occurred_at, recorded_at, tally.readable_json(detail) ->> 'experiment' AS experiment,
    tally.readable_json(detail) ->> 'arms' AS arms, tally.readable_json(detail) ->> 'unit' AS unit,
    tally.readable_json(detail) ->> 'metrics' AS metrics, tally.readable_json(detail) ->> 'winner' AS winner,
    tally.readable_json(detail) ->> 'reason' AS reason, tally.readable_json(detail) AS detail
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE kind = ANY (tally.kinds('experiment.defined', 'experiment.stopped'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.experiments IS
    'Definitions and stops of experiments, in the order of their positions.';
SELECT tally.describe_columns('audit.experiments');
COMMENT ON COLUMN audit.experiments.arms IS 'The arms with their weights.';
COMMENT ON COLUMN audit.experiments.unit IS 'What is assigned to an arm: request, session or user.';
COMMENT ON COLUMN audit.experiments.metrics IS
    'What is compared, each with the smallest effect that matters.';
COMMENT ON COLUMN audit.experiments.winner IS 'The arm that was kept; NULL in a definition.';
COMMENT ON COLUMN audit.experiments.reason IS 'Why it was stopped; NULL in a definition.';
