-- Every alert as it stands, and every step that led there is in audit.events.
CREATE OR REPLACE VIEW audit.alerts WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = alerts.ledger_id) AS ledger,
    alert_id, rule, subject, window_name, phase, facts ->> 'severity' AS severity,
    facts ->> 'summary' AS summary,
    array_remove(ARRAY[facts ->> 'top_1', facts ->> 'top_2', facts ->> 'top_3'], NULL)
        AS contributors,
    facts ->> 'look' AS look, raised_at, changed_at, silenced_until, facts ->> 'by' AS changed_by,
    facts ->> 'note' AS note, revision, position,
    ARRAY(
        SELECT channel FROM tally.alert_deliveries AS sent
        WHERE sent.ledger_id = alerts.ledger_id AND sent.event_id = alerts.raised_event
            AND delivered_at IS NOT NULL
        ORDER BY channel) AS delivered_to
FROM tally.alerts AS alerts
WHERE alerts.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.alerts IS
    'Alerts as they stand; each change is an event of the kinds alert.… in audit.events.';
SELECT tally.describe_columns('audit.alerts');
COMMENT ON COLUMN audit.alerts.alert_id IS 'Sixteen digits that follow from rule, subject and window.';
COMMENT ON COLUMN audit.alerts.rule IS 'The rule, with its level behind a slash where it has several.';
COMMENT ON COLUMN audit.alerts.subject IS
    'What it is about: a budget, a model, a provider; empty for the ledger.';
COMMENT ON COLUMN audit.alerts.window_name IS
    'The time that it is about; empty for one that lasts until it is over.';
COMMENT ON COLUMN audit.alerts.phase IS 'firing, acknowledged or resolved.';
COMMENT ON COLUMN audit.alerts.severity IS 'How urgent it is, as the rule says.';
COMMENT ON COLUMN audit.alerts.summary IS 'What, how much, and of how much.';
COMMENT ON COLUMN audit.alerts.contributors IS 'The three biggest contributors.';
COMMENT ON COLUMN audit.alerts.look IS 'The command that shows more.';
COMMENT ON COLUMN audit.alerts.raised_at IS 'When it was raised, the last time if several times.';
COMMENT ON COLUMN audit.alerts.changed_at IS 'When its latest event happened.';
COMMENT ON COLUMN audit.alerts.silenced_until IS
    'Until when nothing is told of it; NULL if it is not silenced.';
COMMENT ON COLUMN audit.alerts.changed_by IS 'Who acknowledged or silenced it.';
COMMENT ON COLUMN audit.alerts.note IS 'What that person wrote.';
COMMENT ON COLUMN audit.alerts.revision IS 'The number of its events.';
COMMENT ON COLUMN audit.alerts.delivered_to IS
    'The channels that took the notice of when it was raised last.';
