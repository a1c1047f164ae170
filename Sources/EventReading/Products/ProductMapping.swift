import LedgerModel

/// How the rows of another product's export become events: a table that `ProductMapper` reads.
///
/// docs/importing.md shows each of them as a page.
struct ProductMapping: Sendable {
    /// The `source` of the events; the product's own ids are their `id`.
    let source: String
    /// Arrays that hold the rows, outermost first: a page's buckets, a bucket's results.
    var rows: [RowPath] = []
    /// Columns that may hold JSON as a text.
    var jsonColumns: [String] = []
    let identity: Identity
    /// What becomes of a row; the first one whose conditions all hold decides.
    let verdicts: [Verdict]
    let fields: [Field]
    let usage: [Count]
    let labels: [Label]

    /// The longest row or page; some hold prompts, which are not kept.
    static let recordBytesMax = 16 * 1_024 * 1_024

    enum Identity: Sendable {
        case column(RowPaths)
        /// Of a row without an id, the facts that tell it apart: the first kind that it has a
        /// value of, its times, and the others as `name=value`.
        case facts(
            kinds: [(name: String, paths: RowPaths)], times: [RowPaths],
            others: [(name: String, paths: RowPaths)])
    }

    struct Verdict: Sendable {
        enum Outcome: Sendable {
            case kind(EventKind)
            /// Counted under this reason and left out; it is no fault.
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
        case isIn(RowPaths, ClosedRange<Int64>)
        /// A time that has not come yet.
        case isAhead(RowPaths)
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

    enum Value: Sendable {
        /// As the row has it.
        case first(RowPaths)
        /// Translated by its lower case; what the table does not know stays as it is.
        case named(RowPaths, [String: String])
        /// The first of the beginnings and endings that the text has.
        case matched(RowPaths, [(part: String, name: String)])
        /// As the row has it, if a condition holds.
        case when(Condition, RowPaths)
        /// One word if a condition holds, or else another value.
        case word(String, if: Condition, else: RowPaths)
        /// RFC 3339 with or without a zone, or seconds, milliseconds or microseconds since 1970.
        case time(RowPaths)
        /// Milliseconds, or the time between two moments unless the second is `end`.
        case duration(RowPaths, from: RowPaths, to: RowPaths, unless: RowPaths)
        /// The provider's name as price books know it, or whose model it is.
        case provider(RowPaths, models: RowPaths)
        /// A model's name without the provider in front of it.
        case model(RowPaths, providers: RowPaths)
    }

    /// How a row tells counts; ours include their parts.
    enum Count: Sendable {
        case count(UsageUnit, RowPaths)
        case countUnless(Condition, UsageUnit, RowPaths)
        case sum(UsageUnit, [RowPaths])
        case difference(UsageUnit, RowPaths, less: RowPaths)
        /// A count from which these parts were taken out.
        case without(UsageUnit, RowPaths, parts: [RowPaths])
        /// A count that includes its parts, except in old rows, where it is less than they are.
        case including(UsageUnit, RowPaths, parts: [RowPaths])
        /// An object of counts by name.
        case named(RowPaths, CountNames)
    }

    enum Label: Sendable {
        case text(String, RowPaths)
        /// What the product says that it cost, kept beside our own charge.
        case cost(RowPaths)
        /// Texts of an array, joined by commas.
        case list(String, RowPaths)
        /// The members of an object, except some.
        case members(RowPaths, except: Set<String>)
    }
}

/// Counts by name, as Langfuse keeps them: `input`, `output`, and parts of them that they exclude.
struct CountNames: Sendable {
    enum Side: Sendable { case input, output, neither }

    let known: [String: (side: Side, unit: UsageUnit)]
}
