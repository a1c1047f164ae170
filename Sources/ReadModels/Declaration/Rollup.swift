import LedgerModel
import LedgerSQL

/// Sums of what happened, by names and by time: a table for each grain, all declared at once.
///
/// The fold, the statements that write, erase and check the tables, and the choice of a level by a
/// query follow from it. `migrations/0013_read_models.sql` has the tables.
package struct Rollup: Sendable {
    let subject: Subject
    /// From the finest to the coarsest; each holds everything.
    let tables: [RollupTable]
    /// The first has every name; the others have few of them, so that a question that asks for
    /// those alone reads few rows.
    let levels: [RollupLevel]
    let measures: [Measure]
    /// What writes and checks each table.
    private(set) var statements: [RollupStatements] = []

    init(
        of subject: Subject = .requests, tables: [RollupTable], levels: [RollupLevel],
        measures: [Measure]
    ) {
        precondition(!tables.isEmpty && !levels.isEmpty)
        self.subject = subject
        self.tables = tables
        self.levels = levels
        self.measures = measures
        statements = tables.map { RollupStatements(self, $0) }
    }

    var full: RollupLevel { levels[0] }

    /// The level with the fewest names that has all of these, at a grain.
    func level(with dimensions: Set<Dimension>, at grain: RollupTable.Grain) -> RollupLevel {
        let wanted = Set(dimensions.map(KeyColumn.dimension))
        return levels.filter { $0.isKept(at: grain) && wanted.isSubset(of: $0.key) }
            .min { $0.key.count < $1.key.count } ?? full
    }

    /// Whether the rows add up to the requests and charges of the ledger.
    var isConserved: Bool {
        subject == .requests
            && [.requests, .cost].allSatisfy { wanted in
                measures.contains { $0.quantity == wanted }
            }
    }

    /// What a row stands for, beside what has been counted in it.
    enum Subject: Sendable {
        /// Requests, and the charges that name them or stand alone.
        case requests
        /// Failed requests and their charges.
        case failures
        /// Requests without a price: one more with an unpriced charge, one less with the
        /// adjustment that follows it.
        case unpriced
        case prompts
        case promptStages
        /// What caches of answers did.
        case cache
        case batches
        /// Requests, each as a turn of its session.
        case turns
        /// Requests and the charges that name them, by what the requests' details say.
        case calls
    }
}

/// Names that cells are kept by.
///
/// The number is stored: never reuse one. It is below 100, see `DaySpan`.
struct RollupLevel: Sendable {
    let number: Int16
    let key: [KeyColumn]
    /// The only grain that has the level; nil for all.
    let grain: RollupTable.Grain?
    /// Whether a table by day has its rows by longer spans as well, for questions about many days.
    private(set) var hasSpans = false

    init(_ number: Int16, _ key: [KeyColumn], only grain: RollupTable.Grain? = nil) {
        precondition(number < DaySpan.levelsMax)
        self.number = number
        self.key = key
        self.grain = grain
    }

    init(_ number: Int16, by dimensions: [Dimension], only grain: RollupTable.Grain? = nil) {
        self.init(number, dimensions.map(KeyColumn.dimension), only: grain)
    }

    /// The level with rows by longer spans beside those by day.
    var withSpans: RollupLevel {
        var level = self
        level.hasSpans = true
        return level
    }

    func isKept(at grain: RollupTable.Grain) -> Bool { self.grain ?? grain == grain }

    /// The spans of its rows in a table.
    func spans(at grain: RollupTable.Grain) -> [DaySpan] {
        hasSpans && grain == .day ? DaySpan.allCases : [.day]
    }
}

struct RollupTable: Sendable {
    let name: String
    let grain: Grain

    enum Grain: Int32, Sendable {
        case hour = 1
        case day = 24

        var microseconds: Int64 { Int64(rawValue) * Timestamp.hourMicroseconds }
        /// The column that says when a cell begins.
        var column: String { self == .hour ? "hour" : "day" }
    }

    static func hourly(_ name: String) -> RollupTable { RollupTable(name: name, grain: .hour) }
    static func daily(_ name: String) -> RollupTable { RollupTable(name: name, grain: .day) }
}

/// A column that counts, sums or distributes a quantity; NULL where nothing told it.
struct Measure: Sendable {
    let column: String
    let quantity: Quantity
    let form: Form
    /// The only level that has the measure; nil for all.
    let level: Int16?

    enum Form: Sendable {
        case count
        case sum
        /// A bit for each day of a span that something told the quantity on; NULL by hour.
        case days
        /// Counts by bucket, each in one number: see `tally.merged_cells`.
        case histogram

        var type: String {
            switch self {
            case .count, .days: "bigint"
            case .sum: "numeric"
            case .histogram: "bigint[]"
            }
        }
    }

    static func count(_ column: String, of quantity: Quantity) -> Measure {
        Measure(column: column, quantity: quantity, form: .count, level: nil)
    }

    static func sum(_ column: String, of quantity: Quantity) -> Measure {
        Measure(column: column, quantity: quantity, form: .sum, level: nil)
    }

    static func days(_ column: String, with quantity: Quantity) -> Measure {
        Measure(column: column, quantity: quantity, form: .days, level: nil)
    }

    static func histogram(
        _ column: String, of quantity: Quantity, only level: Int16? = nil
    ) -> Measure {
        Measure(column: column, quantity: quantity, form: .histogram, level: level)
    }

    /// The usage of requests; the unit of billing that is called requests has a name of its own.
    static func usage(_ unit: UsageUnit) -> Measure {
        .sum(unit == .requests ? "billed_requests" : unit.column, of: .usage(unit))
    }
}
