internal import LedgerModel
package import Postgres

/// The schema of the ledger, from its first version on; the files are part of the program.
package let ledgerSchema = Migrator(
    files: ledgerMigrations,
    objects: SchemaObjects([eventKinds] + ledgerViews, owner: "tally_owner"))

private let ledgerMigrations: [Migration] = [
    migration(1, "ledger", PackageResources._001_ledger_sql),
    migration(2, "projections", PackageResources._002_projections_sql),
    migration(3, "audit", PackageResources._003_audit_sql),
    migration(4, "access", PackageResources._004_access_sql),
    migration(5, "rerating", PackageResources._005_rerating_sql),
    migration(6, "runs", PackageResources._006_runs_sql),
    migration(7, "price_proposals", PackageResources._007_price_proposals_sql),
    migration(8, "reconciliation", PackageResources._008_reconciliation_sql),
    migration(9, "experiments", PackageResources._009_experiments_sql),
    migration(10, "answers", PackageResources._010_answers_sql),
    migration(11, "unknown_cost", PackageResources._011_unknown_cost_sql),
    migration(12, "subscriptions", PackageResources._012_subscriptions_sql),
    migration(13, "read_models", PackageResources._013_read_models_sql),
    migration(14, "decisions", PackageResources._014_decisions_sql),
    migration(15, "statistics", PackageResources._015_statistics_sql),
    migration(16, "errors", PackageResources._016_errors_sql),
    migration(17, "spend_levels", PackageResources._017_spend_levels_sql),
    migration(18, "day_spans", PackageResources._018_day_spans_sql),
    migration(19, "calls", PackageResources._019_calls_sql),
    migration(20, "intake_reasons", PackageResources._020_intake_reasons_sql),
    migration(21, "audit_logins", PackageResources._021_audit_logins_sql),
    migration(22, "unpriced_users", PackageResources._022_unpriced_users_sql),
    migration(23, "unpriced_failures", PackageResources._023_unpriced_failures_sql),
    migration(24, "tenants", PackageResources._024_tenants_sql),
    migration(25, "audit_limits", PackageResources._025_audit_limits_sql),
    migration(26, "quarantine", PackageResources._026_quarantine_sql),
    migration(27, "budgets", PackageResources._027_budgets_sql),
    migration(28, "alerts", PackageResources._028_alerts_sql),
    migration(29, "release", PackageResources._029_release_sql),
    migration(30, "controls", PackageResources._030_controls_sql),
    migration(31, "cached_prefixes", PackageResources._031_cached_prefixes_sql),
    migration(32, "ledger_zones", PackageResources._032_ledger_zones_sql),
    migration(33, "agents", PackageResources._033_agents_sql),
    migration(34, "request_hash", PackageResources._034_request_hash_sql),
    migration(35, "batches", PackageResources._035_batches_sql),
    migration(36, "cache", PackageResources._036_cache_sql),
    migration(37, "cache_and_batches", PackageResources._037_cache_and_batches_sql),
    migration(38, "prompt_cache", PackageResources._038_prompt_cache_sql),
    migration(39, "similar_pairs", PackageResources._039_similar_pairs_sql),
    migration(40, "cache_readers", PackageResources._040_cache_readers_sql),
    migration(41, "idempotency", PackageResources._041_idempotency_sql),
    migration(42, "instances", PackageResources._042_instances_sql),
    migration(43, "performance", PackageResources._043_performance_sql),
    migration(44, "merged_histograms", PackageResources._044_merged_histograms_sql),
]

/// The views as they are now, and the functions that they use.
private let ledgerViews: [SchemaObject] = [
    object("audit.alerts", PackageResources.audit_alerts_sql),
    object("audit.answers_daily", PackageResources.audit_answers_daily_sql),
    object("audit.batches", PackageResources.audit_batches_sql),
    object("audit.batches_daily", PackageResources.audit_batches_daily_sql),
    object("audit.blocks", PackageResources.audit_blocks_sql),
    object("audit.budget_events", PackageResources.audit_budget_events_sql),
    object("audit.budgets", PackageResources.audit_budgets_sql),
    object("audit.cache_daily", PackageResources.audit_cache_daily_sql),
    object("audit.cache_events", PackageResources.audit_cache_events_sql),
    object("audit.charge_versions", PackageResources.audit_charge_versions_sql),
    object("audit.charges", PackageResources.audit_charges_sql),
    object("audit.controls", PackageResources.audit_controls_sql),
    object("audit.errors_daily", PackageResources.audit_errors_daily_sql),
    object("audit.events", PackageResources.audit_events_sql),
    object("audit.experiment_arms", PackageResources.audit_experiment_arms_sql),
    object("audit.experiments", PackageResources.audit_experiments_sql),
    object("audit.ledger_zones", PackageResources.audit_ledger_zones_sql),
    object("audit.performance_daily", PackageResources.audit_performance_daily_sql),
    object("audit.performance_hourly", PackageResources.audit_performance_hourly_sql),
    object("audit.prices", PackageResources.audit_prices_sql),
    object("audit.prompt_cache_daily", PackageResources.audit_prompt_cache_daily_sql),
    object("audit.prompt_optimizations", PackageResources.audit_prompt_optimizations_sql),
    object("audit.prompt_savings_daily", PackageResources.audit_prompt_savings_daily_sql),
    object("audit.prompt_stages_daily", PackageResources.audit_prompt_stages_daily_sql),
    object("audit.providers_daily", PackageResources.audit_providers_daily_sql),
    object("audit.quarantined", PackageResources.audit_quarantined_sql),
    object("audit.reconciliations", PackageResources.audit_reconciliations_sql),
    object("audit.requests", PackageResources.audit_requests_sql),
    object("audit.spend_daily", PackageResources.audit_spend_daily_sql),
    object("audit.spend_hourly", PackageResources.audit_spend_hourly_sql),
    object("audit.token_estimates", PackageResources.audit_token_estimates_sql),
    object("audit.unpriced", PackageResources.audit_unpriced_sql),
    object("audit.usage_daily", PackageResources.audit_usage_daily_sql),
    object("tally.audit_scope", PackageResources.tally_audit_scope_sql),
    object("tally.current_answer_lengths", PackageResources.tally_current_answer_lengths_sql),
    object("tally.current_answer_usage", PackageResources.tally_current_answer_usage_sql),
    object("tally.current_batches_daily", PackageResources.tally_current_batches_daily_sql),
    object("tally.current_cache_daily", PackageResources.tally_current_cache_daily_sql),
    object(
        "tally.current_experiment_units",
        PackageResources.tally_current_experiment_units_sql),
    object("tally.current_errors_daily", PackageResources.tally_current_errors_daily_sql),
    object(
        "tally.current_performance_hourly",
        PackageResources.tally_current_performance_hourly_sql),
    object(
        "tally.current_prompt_cache_daily", PackageResources.tally_current_prompt_cache_daily_sql),
    object(
        "tally.current_prompt_cache_sessions",
        PackageResources.tally_current_prompt_cache_sessions_sql),
    object("tally.current_prompt_savings", PackageResources.tally_current_prompt_savings_sql),
    object(
        "tally.current_prompt_stage_savings",
        PackageResources.tally_current_prompt_stage_savings_sql),
    object("tally.current_provider_usage", PackageResources.tally_current_provider_usage_sql),
    object("tally.current_spend_daily", PackageResources.tally_current_spend_daily_sql),
    object("tally.current_spend_hourly", PackageResources.tally_current_spend_hourly_sql),
    object("tally.current_token_estimates", PackageResources.tally_current_token_estimates_sql),
    object("tally.current_unpriced", PackageResources.tally_current_unpriced_sql),
    object("tally.current_user_usage", PackageResources.tally_current_user_usage_sql),
    object("tally.detail_count", PackageResources.tally_detail_count_sql),
    object("tally.describe_columns", PackageResources.tally_describe_columns_sql),
    object(
        "tally.ensure_scenario_views", PackageResources.tally_ensure_scenario_views_sql),
    object("tally.kinds", PackageResources.tally_kinds_sql),
    object("tally.projection_positions", PackageResources.tally_projection_positions_sql),
    object("tally.projections", PackageResources.tally_projections_sql),
    object("tally.quarantined_events", PackageResources.tally_quarantined_events_sql),
    object("tally.readable_json", PackageResources.tally_readable_json_sql),
]

/// The kinds of events: their numbers and names, as the program knows them.
private let eventKinds = SchemaObject(
    name: "tally.event_kinds",
    sql: """
        CREATE TABLE IF NOT EXISTS tally.event_kinds (
            number smallint PRIMARY KEY,
            name text NOT NULL UNIQUE
        );
        INSERT INTO tally.event_kinds (number, name) VALUES
            \(EventKind.allCases.map { "(\($0.rawValue), '\($0.name)')" }.joined(separator: ", "))
        ON CONFLICT DO NOTHING
        """)

private func migration(_ version: Int, _ name: String, _ text: [UInt8]) -> Migration {
    Migration(version: version, name: name, sql: String(decoding: text, as: UTF8.self))
}

private func object(_ name: String, _ text: [UInt8]) -> SchemaObject {
    SchemaObject(name: name, sql: String(decoding: text, as: UTF8.self))
}
