-- Alerts as their events made them, and the notices that are due for each channel.

SET LOCAL ROLE tally_owner;

CREATE INDEX events_alerts ON tally.events (ledger_id, position) WHERE kind IN (80, 82, 83);

CREATE TABLE tally.alerts (
    ledger_id bigint NOT NULL,
    -- Sixteen digits that follow from rule, subject and window.
    alert_id text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    window_name text COLLATE "C" NOT NULL,
    phase text NOT NULL CHECK (phase IN ('firing', 'acknowledged', 'resolved')),
    -- The number of its events; one that says a lower number was seen already.
    revision bigint NOT NULL,
    raised_at timestamptz NOT NULL,
    -- The event that raised it last.
    raised_event uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    position bigint NOT NULL,
    silenced_until timestamptz,
    facts jsonb NOT NULL,
    PRIMARY KEY (ledger_id, alert_id)
);

CREATE INDEX alerts_open ON tally.alerts (ledger_id) WHERE phase <> 'resolved';

-- One row for each event of an alert and channel that is told.
CREATE TABLE tally.alert_deliveries (
    ledger_id bigint NOT NULL,
    event_id uuid NOT NULL,
    channel text COLLATE "C" NOT NULL,
    alert_id text COLLATE "C" NOT NULL,
    is_escalation boolean NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    -- Until when an instance is at it.
    claimed_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    -- When the channel took it first; some channels are told again as long as the alert is open.
    delivered_at timestamptz,
    finished_at timestamptz,
    outcome text CHECK (outcome IN ('delivered', 'cancelled', 'failed', 'gone', 'disabled')),
    -- Why the last attempt failed.
    error text,
    PRIMARY KEY (ledger_id, event_id, channel)
);

CREATE INDEX alert_deliveries_due ON tally.alert_deliveries (due_at) WHERE finished_at IS NULL;
CREATE INDEX alert_deliveries_gone ON tally.alert_deliveries (ledger_id, channel)
    WHERE outcome = 'gone';
CREATE INDEX alert_deliveries_by_alert ON tally.alert_deliveries (ledger_id, alert_id);

GRANT SELECT, INSERT, UPDATE ON tally.alerts, tally.alert_deliveries TO tally_service;

RESET ROLE;
