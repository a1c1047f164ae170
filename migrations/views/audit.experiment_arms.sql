CREATE OR REPLACE VIEW audit.experiment_arms WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = units.ledger_id) AS ledger,
    experiment, arm, count(*) FILTER (WHERE key <> '') AS units,
    sum(requests)::bigint AS requests, sum(failed_requests)::bigint AS failed_requests,
    sum(unpriced_requests)::bigint AS unpriced_requests,
    CASE WHEN sum(cost_pico) <> 0 OR sum(unpriced_requests) = 0
        THEN sum(cost_pico) * 0.000000000001 END AS cost_usd,
    CASE WHEN sum(cost_pico) <> 0 OR sum(unpriced_requests) = 0 THEN sum(cost_pico) END
        AS cost_pico,
    sum(latency_us) * 0.001 / nullif(sum(timed_requests), 0) AS latency_ms,
    sum(quality_ppm) * 0.000001 / nullif(sum(judgements), 0) AS quality,
    sum(judgements)::bigint AS judgements
FROM tally.current_experiment_units AS units
WHERE units.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
GROUP BY units.ledger_id, experiment, arm;

COMMENT ON VIEW audit.experiment_arms IS
    'Results of the arms of experiments, from the definition to the stop of each.';
SELECT tally.describe_columns('audit.experiment_arms');
COMMENT ON COLUMN audit.experiment_arms.arm IS 'Arm, as requests name it in their labels.';
COMMENT ON COLUMN audit.experiment_arms.units IS 'Requests, sessions or users that were counted.';
COMMENT ON COLUMN audit.experiment_arms.unpriced_requests IS
    'Requests without a price; their units are left out of comparisons of cost.';
COMMENT ON COLUMN audit.experiment_arms.latency_ms IS 'Mean milliseconds of completed requests.';
COMMENT ON COLUMN audit.experiment_arms.judgements IS 'Qualities that were reported.';
