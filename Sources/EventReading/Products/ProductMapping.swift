import LedgerModel

/// Maps the rows of another product's export to events: a table for `ProductMapper`.
///
/// docs/importing.md shows each mapping.
struct ProductMapping: Sendable {
    /// The `source` of the events; the product's own ids are their `id`.
    let source: String
    /// Arrays that hold the rows, outermost first: a page's buckets, a bucket's results.
    var rows: [RowPath] = []
    /// Columns that may hold JSON as text.
    var jsonColumns: [String] = []
    let identity: Identity
    /// Rules for rows; the first whose conditions all hold decides.
    let verdicts: [Verdict]
    let fields: [Field]
    let usage: [Count]
    let labels: [Label]
    /// How its counts are understood, and checked against its total.
    var counting = Counting()
    /// Whether a later row with the same id replaces an earlier one, as when a stream goes on.
    var replacesRows = false
    /// Who sells the models whose names tell nothing.
    var usualProvider: String?

    /// The longest row or page; some hold prompts, which are not kept.
    static let recordBytesMax = 16 * 1_024 * 1_024

    struct Counting: Sendable {
        var rule = CountRule()
        var total: RowPaths = []
        /// The columns whose plain sum the total may be, if those are not input and output as read.
        var plain: [RowPaths] = []
    }

    enum Identity: Sendable {
        case column(RowPaths)
        /// For a row without an id, the facts that identify it: the first kind that has a value,
        /// its times, and the others as `name=value`.
        case facts(
            kinds: [(name: String, paths: RowPaths)], times: [RowPaths],
            others: [(name: String, paths: RowPaths)])
    }

    struct Verdict: Sendable {
        enum Outcome: Sendable {
            case kind(EventKind)
            /// Left out and counted under this reason; not a fault.
            case passOver(String)
            case refuse(String)
        }

        let conditions: [Condition]
        let outcome: Outcome

        init(_ outcome: Outcome, if conditions: Condition...) {
            self.outcome = outcome
            self.conditions = conditions
        }
    }

    enum Condition: Sendable {
        case isPresent(RowPaths)
        case isAbsent(RowPaths)
        /// One of these, in lower case.
        case isOneOf(RowPaths, [String])
        case isNoneOf(RowPaths, [String])
        /// Ends with one of these, in lower case.
        case endsWith(RowPaths, [String])
        case isIn(RowPaths, ClosedRange<Int64>)
        /// A time in the future.
        case isAhead(RowPaths)
        /// A time that is not after the one from which it counts.
        case isReversed(from: RowPaths, to: RowPaths)
    }

    struct Field: Sendable {
        let field: EventField
        let value: Value

        init(_ field: EventField, _ value: Value) {
            self.field = field
            self.value = value
        }

        init(_ dimension: Dimension, _ paths: RowPaths) {
            self.init(.dimension(dimension), .first(paths))
        }
    }

    indirect enum Value: Sendable {
        /// The value as the row has it.
        case first(RowPaths)
        /// Translated by its lower case; unknown values are kept.
        case named(RowPaths, [String: String])
        /// The first of these beginnings and endings that the text has.
        case matched(RowPaths, [(part: String, name: String)])
        /// The row's value, if a condition holds.
        case when(Condition, RowPaths)
        /// One word if a condition holds, else another value.
        case word(String, if: Condition, else: RowPaths)
        /// The first of these that the row has.
        case either([Value])
        /// RFC 3339 with or without a zone, or seconds, milliseconds or microseconds since 1970.
        case time(RowPaths)
        /// Milliseconds, or the time between two moments unless the second is `end`.
        case duration(RowPaths, from: RowPaths, to: RowPaths, unless: RowPaths)
        /// The provider's name in price books, or the maker of the model.
        case provider(RowPaths, models: RowPaths)
        /// A model's name without the provider in front of it.
        case model(RowPaths, providers: RowPaths)
    }

    /// How a row states counts; ours include their parts.
    enum Count: Sendable {
        case count(UsageUnit, RowPaths)
        case countUnless(Condition, UsageUnit, RowPaths)
        case sum(UsageUnit, [RowPaths])
        case difference(UsageUnit, RowPaths, less: RowPaths)
        /// A count that excludes these parts.
        case without(UsageUnit, RowPaths, parts: [RowPaths])
        /// An object of counts by name, which tell the tier too.
        case named(RowPaths)
    }

    enum Label: Sendable {
        case text(String, RowPaths)
        /// The cost according to the product, kept beside our own charge.
        case cost(RowPaths)
        /// The texts of an array, joined by commas.
        case list(String, RowPaths)
        /// The members of an object, except some.
        case members(RowPaths, except: Set<String>)
    }
}
