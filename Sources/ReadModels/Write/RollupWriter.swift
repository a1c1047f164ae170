import LedgerModel
import LedgerSQL
import Postgres

/// Writes what a page adds to the tables of a rollup.
///
/// Rows of a start that no row has yet cannot be there, since whoever writes holds the claim: they
/// come by COPY. In the order of time, which histories mostly have, those are nearly all. The
/// others are added to the rows there are.
struct RollupWriter {
    let ledger: LedgerID
    let session: Session

    /// So few rows are not worth looking whether they are new.
    private static let copyRowsMin = 2_048
    /// Rows in one statement.
    private static let upsertRowsMax = 8_192

    func write(_ folds: [(fold: RollupFold, version: Int32)]) throws {
        let made = folds.filter { $0.fold.cells.count > 0 }
            .map { (rollup: $0.fold.rollup, version: $0.version, levels: $0.fold.levels()) }
        // A level has the same sets at each grain.
        let named = made.flatMap { made in
            made.rollup.levels.compactMap { level in
                made.levels.first { $0.level.number == level.number }
            }
        }
        var numbers = try DimensionSets.numbers(named, of: ledger, in: session)[...]
        for (rollup, version, levels) in made {
            let sets = Dictionary(
                uniqueKeysWithValues: zip(rollup.levels.map(\.number), numbers))
            numbers = numbers.dropFirst(rollup.levels.count)
            for (table, statements) in zip(rollup.tables, rollup.statements) {
                let ours = levels.filter { $0.table.name == table.name }
                    .map { ($0, sets[$0.level.number] ?? []) }
                try write(TableRows(rollup, ours), statements, version)
            }
        }
    }

    private func write(
        _ rows: TableRows, _ statements: RollupStatements, _ version: Int32
    ) throws {
        var added = rows.order[...]
        if added.count >= Self.copyRowsMin {
            let last = try session.query(statements.lastStart(ledger, version)).rows
            let start = last.first?.first.flatMap { $0 }.flatMap { Int32($0) } ?? -1
            let fresh = added.filter { $0.start > start }
            added = added.filter { $0.start <= start }[...]
            try copy(fresh, of: rows, statements, version)
        }
        while !added.isEmpty {
            let page = added.prefix(Self.upsertRowsMax)
            added = added.dropFirst(page.count)
            var parameters = Parameters(ledger, version, page.map(\.level))
            if rows.isHourly {
                parameters.append(
                    page.map {
                        Timestamp(microseconds: Int64($0.start) * Timestamp.hourMicroseconds)
                    })
            } else {
                parameters.append(page.map(\.start))
            }
            parameters.append(page.map(\.set))
            for measure in rows.measures { rows.append(measure, of: page, to: &parameters) }
            try session.execute(derived: statements.upsert(rows.measures), parameters)
        }
    }

    private func copy(
        _ fresh: [TableRows.Place], of rows: TableRows, _ statements: RollupStatements,
        _ version: Int32
    ) throws {
        if fresh.isEmpty { return }
        try session.copyIn(statements.copy(rows.measures)) { writer in
            var buffer = BinaryCopyBuffer(reservingCapacity: 2 * CopyWriter.pieceMax)
            buffer.header()
            for place in fresh {
                buffer.row(fields: 5 + rows.measures.count)
                buffer.field(ledger.number)
                buffer.field(version)
                buffer.field(place.level)
                if rows.isHourly {
                    buffer.field(Int64(place.start) * Timestamp.hourMicroseconds)
                } else {
                    // A date is a count of days since 2000.
                    buffer.field(place.start)
                }
                buffer.field(place.set)
                for measure in rows.measures { rows.append(measure, of: place, to: &buffer) }
                if buffer.count >= CopyWriter.pieceMax { try writer.write(draining: &buffer) }
            }
            buffer.trailer()
            try writer.write(draining: &buffer)
        }
    }
}

/// The rows of one table, of all its levels, in the order of its key.
struct TableRows {
    /// Those that something told.
    let measures: [Measure]
    let isHourly: Bool
    private(set) var order: [Place] = []
    private let levels: [LevelCells]
    private let histograms: [RowHistograms]

    struct Place: Comparable {
        let level: Int16
        let start: Int32
        let set: Int64
        fileprivate let index: Int16
        fileprivate let row: Int32

        static func < (a: Place, b: Place) -> Bool {
            if a.level != b.level { return a.level < b.level }
            return a.start == b.start ? a.set < b.set : a.start < b.start
        }
    }

    init(_ rollup: Rollup, _ levels: [(cells: LevelCells, sets: [Int64])]) {
        isHourly = levels.first?.cells.table.grain == .hour
        self.levels = levels.map(\.cells)
        histograms = levels.map { $0.cells.cells.histograms() }
        var toldByAny: UInt64 = 0
        for (index, (cells, sets)) in levels.enumerated() {
            let told = Self.quantities(rollup.measures, at: cells.level.number)
            for row in 0..<cells.cells.count where cells.cells.present[row] & told != 0 {
                toldByAny |= cells.cells.present[row] & told
                order.append(
                    Place(
                        level: cells.storedLevel,
                        start: cells.cells.start(of: row) * cells.span.days,
                        set: sets[Int(cells.cells.set(of: row))], index: Int16(index),
                        row: Int32(row)))
            }
        }
        order.sort()
        let isHourly = isHourly
        measures = rollup.measures.filter {
            toldByAny & $0.quantity.bit != 0 && !(isHourly && $0.form == .days)
        }
    }

    private static func quantities(_ measures: [Measure], at level: Int16) -> UInt64 {
        measures.reduce(0) { mask, measure in
            (measure.level ?? level) == level ? mask | measure.quantity.bit : mask
        }
    }

    private func sum(_ measure: Measure, _ place: Place) -> Int128? {
        levels[Int(place.index)].cells.sum(measure.quantity, row: Int(place.row))
    }

    private func days(_ place: Place) -> Int64? {
        let cells = levels[Int(place.index)]
        return cells.cells.days(row: Int(place.row), by: cells.span)
    }

    private func histogram(_ measure: Measure, _ place: Place) -> [Int64]? {
        let level = levels[Int(place.index)].level.number
        guard (measure.level ?? level) == level else { return nil }
        return histograms[Int(place.index)].cells(measure.quantity, row: Int(place.row))
    }

    func append(
        _ measure: Measure, of page: ArraySlice<Place>, to parameters: inout Parameters
    ) {
        switch measure.form {
        case .count:
            parameters.append(page.map { place in sum(measure, place).map { Int64($0) } })
        case .days: parameters.append(page.map { days($0) })
        case .sum:
            parameters.append(page.map { place in sum(measure, place).map { PicodollarSum($0) } })
        case .histogram:
            parameters.append(
                page.map { place in
                    histogram(measure, place).map { cells in
                        "{\(cells.map { String($0) }.joined(separator: ","))}"
                    }
                })
        }
    }

    func append(_ measure: Measure, of place: Place, to buffer: inout BinaryCopyBuffer) {
        switch measure.form {
        case .count: buffer.field(sum(measure, place).map { Int64($0) })
        case .days: buffer.field(days(place))
        case .sum: buffer.field(numeric: sum(measure, place))
        case .histogram:
            if let cells = histogram(measure, place) {
                buffer.field(array: cells)
            } else {
                buffer.null()
            }
        }
    }
}
