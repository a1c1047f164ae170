package import Postgres

/// The schema of the ledger, from its first version on; the files are part of the program.
package let ledgerMigrations: [Migration] = [
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
    migration(13, "decisions", PackageResources._013_decisions_sql),
]

private func migration(_ version: Int, _ name: String, _ text: [UInt8]) -> Migration {
    Migration(version: version, name: name, sql: String(decoding: text, as: UTF8.self))
}
