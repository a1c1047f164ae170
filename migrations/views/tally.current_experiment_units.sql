-- The active version of the read model.
CREATE OR REPLACE VIEW tally.current_experiment_units AS
SELECT ledger_id, experiment, arm, key, requests, failed_requests, unpriced_requests, cost_pico,
    timed_requests, latency_us, judgements, quality_ppm
FROM tally.experiment_units
WHERE version = (
    SELECT active_version FROM tally.projections WHERE projections.name = 'experiments');
GRANT SELECT ON tally.current_experiment_units TO tally_service;
