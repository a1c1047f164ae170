import Caching
import Foundation
import GRDB
import LedgerModel

/// The SQL of the disk tier.
enum DiskStatements {
    static let schema = """
        CREATE TABLE IF NOT EXISTS answers (
            id INTEGER PRIMARY KEY, ledger INTEGER NOT NULL, key BLOB NOT NULL,
            record BLOB NOT NULL, body_bytes INTEGER NOT NULL, sequence INTEGER NOT NULL,
            provider TEXT, model TEXT, template TEXT, team TEXT, stored_at INTEGER NOT NULL,
            usable_until INTEGER NOT NULL, used_at INTEGER NOT NULL,
            hits INTEGER NOT NULL DEFAULT 0, UNIQUE (ledger, key));
        CREATE INDEX IF NOT EXISTS answers_by_use ON answers (used_at);
        CREATE INDEX IF NOT EXISTS answers_by_end ON answers (usable_until);
        CREATE TABLE IF NOT EXISTS names (
            answer INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
            kind INTEGER NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (answer, kind, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS obeyed (
            only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL);
        INSERT INTO obeyed VALUES (1, 0) ON CONFLICT DO NOTHING;
        """

    static let find = "SELECT record FROM answers WHERE ledger = ? AND key = ?"

    static func store(_ entry: TierEntry, in file: Database) throws {
        let (answer, address) = (entry.answer, entry.address)
        try remove(address, in: file)
        try file.cachedStatement(
            sql: """
                INSERT INTO answers (ledger, key, record, body_bytes, sequence, provider, model,
                    template, team, stored_at, usable_until, used_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                address.ledger.number, Data(address.key.digest.bytes), Data(entry.record),
                entry.bodyBytes, answer.sequence, answer.provider?.string, answer.model?.string,
                answer.template?.string, entry.team?.string, answer.storedAt.microseconds,
                answer.usableUntil.microseconds, answer.storedAt.microseconds,
            ])
        let id = file.lastInsertedRowID
        let name = try file.cachedStatement(
            sql: "INSERT INTO names VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        for tag in answer.tags { try name.execute(arguments: [id, 0, tag.string]) }
        for cause in answer.dependencies { try name.execute(arguments: [id, 1, cause.string]) }
    }

    static func remove(_ address: CacheAddress, in file: Database) throws {
        try file.cachedStatement(sql: "DELETE FROM answers WHERE ledger = ? AND key = ?")
            .execute(arguments: [address.ledger.number, Data(address.key.digest.bytes)])
    }

    static func note(
        _ uses: [CacheAddress: Int64], at time: Timestamp?, in file: Database
    ) throws {
        guard let time, !uses.isEmpty else { return }
        let note = try file.cachedStatement(
            sql: """
                UPDATE answers SET used_at = max(used_at, ?), hits = hits + ?
                WHERE ledger = ? AND key = ?
                """)
        for (address, count) in uses {
            try note.execute(
                arguments: [
                    time.microseconds, count, address.ledger.number,
                    Data(address.key.digest.bytes),
                ])
        }
    }

    // MARK: - Removing

    static func remove(
        _ predicate: CachePredicate, _ ledger: LedgerID, begunBefore sequence: Int64,
        in file: Database
    ) throws -> Int {
        let (model, modelStart) = pattern(predicate.model)
        let (template, templateStart) = pattern(predicate.template)
        let arguments: [String: (any DatabaseValueConvertible)?] = [
            "ledger": ledger.number, "sequence": sequence,
            "key": predicate.key.map { Data($0.digest.bytes) },
            "provider": predicate.provider?.string, "model": model, "modelStart": modelStart,
            "template": template, "templateStart": templateStart, "tag": predicate.tag?.string,
            "dependency": predicate.dependency?.string, "team": predicate.team?.string,
            "before": predicate.storedBefore?.microseconds,
            "after": predicate.storedAfter?.microseconds, "min": predicate.bytesMin,
            "max": predicate.bytesMax,
        ]
        try file.cachedStatement(sql: removal).execute(arguments: StatementArguments(arguments))
        return file.changesCount
    }

    private static let removal = """
        DELETE FROM answers
        WHERE ledger = :ledger AND sequence < :sequence
            AND (:key IS NULL OR key = :key)
            AND (:provider IS NULL OR provider = :provider)
            AND (:model IS NULL OR model = :model)
            AND (:modelStart IS NULL OR substr(model, 1, length(:modelStart)) = :modelStart)
            AND (:template IS NULL OR template = :template)
            AND (:templateStart IS NULL
                OR substr(template, 1, length(:templateStart)) = :templateStart)
            AND (:tag IS NULL OR EXISTS (
                SELECT 1 FROM names WHERE answer = id AND kind = 0 AND name = :tag))
            AND (:dependency IS NULL OR EXISTS (
                SELECT 1 FROM names WHERE answer = id AND kind = 1 AND name = :dependency))
            AND (:team IS NULL OR team = :team)
            AND (:before IS NULL OR stored_at < :before)
            AND (:after IS NULL OR stored_at >= :after)
            AND (:min IS NULL OR body_bytes >= :min)
            AND (:max IS NULL OR body_bytes <= :max)
        """

    /// A whole name, or what stands before a star.
    private static func pattern(_ name: Name?) -> (whole: String?, start: String?) {
        guard let text = name?.string else { return (nil, nil) }
        return text.hasSuffix("*") ? (nil, String(text.dropLast())) : (text, nil)
    }

    static func removeExpired(at now: Timestamp, in file: Database) throws -> TierSweep.Departures {
        try departures(
            "DELETE FROM answers WHERE usable_until <= ? RETURNING length(record), hits",
            [now.microseconds], in: file)
    }

    /// Those not used for the longest time leave until the used pages of the file fit.
    static func evict(
        atOnce count: Int, keeping capacity: Int, in file: Database
    ) throws -> TierSweep.Departures {
        var all = TierSweep.Departures()
        while try usedBytes(in: file) > capacity {
            let gone = try departures(
                """
                DELETE FROM answers WHERE id IN (
                    SELECT id FROM answers ORDER BY used_at, id LIMIT ?)
                RETURNING length(record), hits
                """, [count], in: file)
            if gone.count == 0 { break }
            all.add(gone)
        }
        return all
    }

    private static func departures(
        _ sql: String, _ arguments: StatementArguments, in file: Database
    ) throws -> TierSweep.Departures {
        var gone = TierSweep.Departures()
        for row in try Row.fetchAll(file, sql: sql, arguments: arguments) {
            gone.count += 1
            gone.bytes += row[0] as Int
            if row[1] as Int == 0 { gone.unused += 1 }
        }
        return gone
    }

    // MARK: - Sums

    static func count(in file: Database) throws -> Int {
        try Int.fetchOne(file, sql: "SELECT count(*) FROM answers") ?? 0
    }

    /// What the file needs of the disk; pages that are free are used again before it grows.
    static func usedBytes(in file: Database) throws -> Int {
        let pages = try Int.fetchOne(file, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(file, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int.fetchOne(file, sql: "PRAGMA page_size") ?? 0
        return (pages - free) * size
    }

    static func sequence(in file: Database) throws -> Int64 {
        try Int64.fetchOne(file, sql: "SELECT sequence FROM obeyed") ?? 0
    }

    static func setSequence(_ sequence: Int64, in file: Database) throws {
        try file.execute(sql: "UPDATE obeyed SET sequence = ?", arguments: [sequence])
    }
}
