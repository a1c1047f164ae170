import LedgerModel
import LedgerSQL
import Postgres

/// The numbers by which tables of rollups name sets of dimensions: `tally.dimension_sets`.
enum DimensionSets {
    /// Sets in one statement.
    private static let setsMax = 16_384

    private struct Wanted {
        let level: RollupLevel
        let sets: FieldBlocks
        let number: Int32
        let digest: Digest

        /// Level and fields, whose lengths are part of it: no two sets share one.
        init(_ level: RollupLevel, _ sets: FieldBlocks, _ number: Int32) {
            self.level = level
            self.sets = sets
            self.number = number
            var bytes: [UInt8] = []
            bytes.appendBigEndian(level.number)
            sets.withFields(of: number) { for field in $0 { bytes.appendField(raw: field) } }
            digest = Digest(hashing: bytes)
        }
    }

    /// The number of each set of each level, made where there is none yet.
    static func numbers(
        _ levels: [LevelCells], of ledger: LedgerID, in session: Session
    ) throws(PostgresError) -> [[Int64]] {
        let wanted = levels.flatMap { level in
            (0..<Int32(level.sets.count)).map { Wanted(level.level, level.sets, $0) }
        }
        var numbers = try find(wanted, of: ledger, in: session)
        let missing = wanted.indices.filter { numbers[$0] == nil }
        if !missing.isEmpty {
            // In one order everywhere, so that two folds that add the same sets do not deadlock.
            let added = missing.map { wanted[$0] }.sorted {
                $0.level.number == $1.level.number
                    ? $0.digest.bytes.lexicographicallyPrecedes($1.digest.bytes)
                    : $0.level.number < $1.level.number
            }
            for start in stride(from: 0, to: added.count, by: setsMax) {
                try add(added[start..<min(start + setsMax, added.count)], of: ledger, in: session)
            }
            let found = try find(missing.map { wanted[$0] }, of: ledger, in: session)
            for (index, number) in zip(missing, found) { numbers[index] = number }
        }
        var rest = numbers[...]
        return levels.map { level in
            defer { rest = rest.dropFirst(level.sets.count) }
            return rest.prefix(level.sets.count).map { $0 ?? 0 }
        }
    }

    private static func find(
        _ wanted: [Wanted], of ledger: LedgerID, in session: Session
    ) throws(PostgresError) -> [Int64?] {
        var numbers = [Int64?](repeating: nil, count: wanted.count)
        for start in stride(from: 0, to: wanted.count, by: setsMax) {
            let page = wanted[start..<min(start + setsMax, wanted.count)]
            let found = try session.run(
                FindDimensionSets(
                    ledger: ledger, levels: page.map(\.level.number), digests: page.map(\.digest)))
            for row in found { numbers[start + Int(row.ordinal) - 1] = row.number }
        }
        return numbers
    }

    private static func add(
        _ sets: ArraySlice<Wanted>, of ledger: LedgerID, in session: Session
    ) throws(PostgresError) {
        var columns = [KeyColumn: [String?]](
            uniqueKeysWithValues: KeyColumn.all.map { ($0, []) })
        for set in sets {
            let names = try texts(of: set)
            for column in KeyColumn.all { columns[column]?.append(names[column]) }
        }
        try session.execute(
            AddDimensionSets(
                ledger: ledger, levels: sets.map(\.level.number), digests: sets.map(\.digest),
                columns: KeyColumn.all.map { columns[$0] ?? [] }))
    }

    private static func texts(
        of set: Wanted
    ) throws(PostgresError) -> [KeyColumn: String] {
        var names: [KeyColumn: String] = [:]
        for (column, field) in zip(set.level.key, set.sets.fields(of: set.number)) {
            if let field {
                names[column] = try field.withUnsafeBytes { bytes in
                    Result { () throws(PostgresError) in try column.text(bytes) }
                }.get()
            }
        }
        return names
    }
}

struct FindDimensionSets: Statement {
    static let sql = """
        SELECT ordinal, found.set_id
        FROM unnest($2::smallint[], $3::bytea[]) WITH ORDINALITY AS wanted (level, digest, ordinal),
            LATERAL (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = $1 AND sets.level = wanted.level
                    AND sets.digest = wanted.digest OFFSET 0
            ) AS found
        """
    static let columns = Columns(Int64.self, Int64.self)
    let ledger: LedgerID
    let levels: [Int16]
    let digests: [Digest]
    var parameters: Parameters { Parameters(ledger, levels, digests) }
    typealias Row = (ordinal: Int64, number: Int64)

    static func row(_ cells: (Int64, Int64)) throws(PostgresError) -> Row { cells }
}

struct AddDimensionSets: Statement {
    static let sql = """
        INSERT INTO tally.dimension_sets (ledger_id, level, digest, app, team, project, environment,
            feature, user_id, session_id, provider, model, operation, service_tier, region, reason,
            estimated_with, shape, status, error_type, stage, is_lossy, tier, match, cache_reason,
            form, turn, route)
        SELECT $1, unnest($2::smallint[]), unnest($3::bytea[]), unnest($4::text[]),
            unnest($5::text[]), unnest($6::text[]), unnest($7::text[]), unnest($8::text[]),
            unnest($9::text[]), unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
            unnest($13::text[]), unnest($14::text[]), unnest($15::text[]), unnest($16::text[]),
            unnest($17::text[]), unnest($18::text[])::smallint, unnest($19::text[])::integer,
            unnest($20::text[]), unnest($21::text[]), unnest($22::text[])::boolean,
            unnest($23::text[]), unnest($24::text[]), unnest($25::text[]), unnest($26::text[]),
            unnest($27::text[]), unnest($28::text[])
        ON CONFLICT (ledger_id, level, digest) DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    let levels: [Int16]
    let digests: [Digest]
    /// In the order of `KeyColumn.all`.
    let columns: [[String?]]

    var parameters: Parameters {
        var parameters = Parameters(ledger, levels, digests)
        for column in columns { parameters.append(column) }
        return parameters
    }
}
