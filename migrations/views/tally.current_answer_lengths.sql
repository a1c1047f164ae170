-- All levels of the active version: lengths have no full level that contains the others.
CREATE OR REPLACE VIEW tally.current_answer_lengths AS
SELECT rows.ledger_id, rows.day, level, app, feature, model, shape, lengths, limits
FROM tally.answer_lengths AS rows JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'answers');
GRANT SELECT ON tally.current_answer_lengths TO tally_service;
