import LedgerModel
import LedgerSQL
import Postgres
import Subscriptions

extension ReadModel {
    /// What each unit of an experiment saw in its arm, from the experiment's definition to its
    /// stop.
    ///
    /// Its rows hang together with events far away, so the fold is a statement of its own; the scan
    /// gives it the events that may matter.
    package static let experiments = ReadModel(
        "experiments", definition: 1, patience: .seconds(1),
        byHand: HandFold(
            fold: { range, version, found, session in
                if found.labelled.isEmpty && found.adjustments.isEmpty { return }
                try session.execute(
                    FoldExperimentUnits(range: range, version: version, found: found))
            },
            erase: { page, session in try session.execute(EraseExperimentUnits(page: page)) }))
}

/// Labels say which arm a request is in: `experiment` and `arm`, or `experiment.NAME`.
///
/// A request counts if its position lies between the first definition of its experiment and
/// its stop, so the sums do not depend on how the stream is cut into pages. Its charge stands
/// in the same block; an adjustment finds the request by its id. Of a request's charges each
/// adds its amount to its unit, so a cost needs no history. Every arm that a label names is
/// kept, also one that the experiment does not have, and an empty one where none is named.
/// Quarantined events (`$7`) are looked at nowhere.
struct FoldExperimentUnits: Statement {
    static let sql = """
        WITH decided AS MATERIALIZED (
            SELECT kind, position, detail::jsonb ->> 'experiment' AS name,
                detail::jsonb ->> 'unit' AS unit
            FROM tally.events WHERE ledger_id = $1 AND kind IN (110, 112)
                AND event_id <> ALL ($7::uuid[])
        ), experiments AS MATERIALIZED (
            SELECT name, min(position) FILTER (WHERE kind = 110) AS since,
                coalesce(min(position) FILTER (WHERE kind = 112), 9223372036854775807)
                    AS until,
                min(unit) AS unit
            FROM decided GROUP BY name HAVING bool_or(kind = 110)
        ), changes AS (
            SELECT event.*, NULL::uuid AS adjusts, NULL::uuid AS previous_id,
                NULL::bigint AS amount_pico, NULL::text AS unpriced, event.position AS at
            FROM unnest($5::uuid[]) AS id, LATERAL (
                SELECT event_id, kind, position, cause_id, user_id, session_id, labels,
                    latency_us, quality_ppm
                FROM tally.events WHERE ledger_id = $1 AND event_id = id
                    AND event_id >= $3 AND event_id < $4
            ) AS event
            UNION ALL
            SELECT request.*, adjustment.*
            FROM unnest($6::uuid[]) AS id, LATERAL (
                SELECT cause_id, previous_id, amount_pico, unpriced, position
                FROM tally.events WHERE ledger_id = $1 AND event_id = id
                    AND event_id >= $3 AND event_id < $4
            ) AS adjustment (request_id, previous_id, amount_pico, unpriced, at), LATERAL (
                SELECT event_id, 11::smallint, position, cause_id, user_id, session_id, labels,
                    NULL::bigint, NULL::integer
                FROM tally.events WHERE ledger_id = $1 AND event_id = adjustment.request_id
                    AND event_id <> ALL ($7) AND labels LIKE '%"experiment%'
            ) AS request
            WHERE EXISTS (SELECT FROM experiments)
        ), observed AS MATERIALIZED (
            SELECT experiments.name AS experiment, pair.arm, changes.event_id, changes.kind,
                changes.latency_us, changes.quality_ppm, changes.previous_id,
                changes.amount_pico, changes.unpriced,
                coalesce(CASE experiments.unit
                    WHEN 'user' THEN sha256(convert_to(user_id, 'UTF8'))
                    WHEN 'session' THEN sha256(convert_to(session_id, 'UTF8'))
                    ELSE uuid_send(CASE kind WHEN 111 THEN cause_id ELSE event_id END) END,
                    '\\x'::bytea) AS key
            FROM changes, LATERAL (
                SELECT CASE label.key WHEN 'experiment' THEN label.value
                        ELSE substr(label.key, 12) END AS name,
                    CASE label.key WHEN 'experiment'
                        THEN coalesce(changes.labels::jsonb ->> 'arm', '')
                        ELSE label.value END AS arm
                FROM jsonb_each_text(changes.labels::jsonb) AS label
                WHERE label.key = 'experiment' OR label.key LIKE 'experiment.%'
            ) AS pair, experiments
            WHERE experiments.name = pair.name
                AND changes.position > experiments.since AND changes.at < experiments.until
        ), charged AS (
            SELECT experiment, arm, key, charge.amount_pico,
                (charge.unpriced IS NOT NULL)::integer AS unpriced
            FROM observed, LATERAL (
                SELECT amount_pico, unpriced FROM tally.events
                WHERE ledger_id = $1 AND event_id = tally.charge_id(observed.event_id)
                    AND event_id >= $3 AND event_id < $4 AND event_id <> ALL ($7)
            ) AS charge
            WHERE observed.kind IN (1, 2)
        ), parts AS (
            SELECT experiment, arm, key, (kind IN (1, 2))::integer AS requests,
                (kind = 2)::integer AS failed, 0 AS unpriced, 0::bigint AS cost_pico,
                (kind = 1 AND latency_us IS NOT NULL)::integer AS timed,
                CASE WHEN kind = 1 THEN coalesce(latency_us, 0) ELSE 0 END AS latency_us,
                (quality_ppm IS NOT NULL)::integer AS judgements,
                coalesce(quality_ppm, 0) AS quality_ppm
            FROM observed WHERE kind IN (1, 2, 111)
            UNION ALL
            SELECT experiment, arm, key, 0, 0, unpriced, coalesce(amount_pico, 0), 0, 0, 0, 0
            FROM charged
            UNION ALL
            SELECT experiment, arm, key, 0, 0, (unpriced IS NOT NULL)::integer - (
                    SELECT count(previous.unpriced) FROM tally.events AS previous
                    WHERE previous.ledger_id = $1 AND previous.event_id = observed.previous_id
                        AND previous.event_id <> ALL ($7))::integer, coalesce(amount_pico, 0), 0, 0, 0, 0
            FROM observed WHERE kind = 11
        )
        INSERT INTO tally.experiment_units AS units (
            ledger_id, version, experiment, arm, key, requests, failed_requests,
            unpriced_requests, cost_pico, timed_requests, latency_us, judgements,
            quality_ppm)
        SELECT $1, $2, experiment, arm, key, sum(requests), sum(failed), sum(unpriced),
            sum(cost_pico), sum(timed), sum(latency_us), sum(judgements), sum(quality_ppm)
        FROM parts GROUP BY experiment, arm, key ORDER BY experiment, arm, key
        ON CONFLICT (ledger_id, version, experiment, arm, key) DO UPDATE SET
            requests = units.requests + excluded.requests,
            failed_requests = units.failed_requests + excluded.failed_requests,
            unpriced_requests = units.unpriced_requests + excluded.unpriced_requests,
            cost_pico = units.cost_pico + excluded.cost_pico,
            timed_requests = units.timed_requests + excluded.timed_requests,
            latency_us = units.latency_us + excluded.latency_us,
            judgements = units.judgements + excluded.judgements,
            quality_ppm = units.quality_ppm + excluded.quality_ppm
        """
    static let columns = Columns()
    let range: EventRange
    let version: Int32
    let found: ScanFindings

    var parameters: Parameters {
        Parameters(
            range.ledger, version, range.firstID, range.endID, found.labelled, found.adjustments,
            Array(range.quarantine.ids))
    }
}

struct EraseExperimentUnits: Statement {
    static let sql = """
        DELETE FROM tally.experiment_units WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tally.experiment_units
            WHERE ledger_id = $1 AND version < $2 LIMIT $3))
        """
    static let columns = Columns()
    let page: ErasePage
    var parameters: Parameters { Parameters(page.ledger, page.version, page.limit) }
}
