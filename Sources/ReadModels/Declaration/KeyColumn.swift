import LedgerModel
import Postgres

/// A name that cells are kept by: a column of `tally.dimension_sets`.
enum KeyColumn: Hashable, Sendable {
    case dimension(Dimension)
    /// Why there is no price.
    case reason
    /// What a caller's estimate was counted with.
    case estimatedWith
    /// The code of a `PromptShape`.
    case shape
    case status
    case errorType
    /// A stage of a prompt optimiser; empty for what nobody attributed to one.
    case stage
    case isLossy
    /// Where an answer of a cache lay: memory, disk, shared.
    case tier
    /// How its request was found: exact, near, semantic.
    case match
    /// Why a cache missed, evicted or invalidated.
    case cacheReason
    /// What a batch was: merged, job, split.
    case form
    /// Which turn of its session a request is: the word of a `Turn.Class`.
    case turn
    /// Which route of the gateway a request took; NULL without one.
    case route

    /// The columns of `tally.dimension_sets`, in order.
    static let all: [KeyColumn] =
        Dimension.kept.map(KeyColumn.dimension) + [
            .reason, .estimatedWith, .shape, .status, .errorType, .stage, .isLossy, .tier, .match,
            .cacheReason, .form, .turn, .route,
        ]

    /// The text of a field as it is hashed, which is how COPY sends it.
    func text(_ field: UnsafeRawBufferPointer) throws(PostgresError) -> String {
        switch self {
        case .shape: String(try Int16(bigEndianBytes: field))
        case .status: String(try Int32(bigEndianBytes: field))
        case .isLossy: field.first == 1 ? "true" : "false"
        default: String(decoding: field, as: UTF8.self)
        }
    }
}

/// Fields that name cells beside the ten base dimensions; a rollup has at most one of these.
enum Aspect: Int, CaseIterable, Sendable {
    case user, reason, estimate, shape, failure, stage, cache, batch, turn, route

    var columns: [KeyColumn] {
        switch self {
        case .user: [.dimension(.user)]
        case .reason: [.reason]
        case .estimate: [.estimatedWith]
        case .shape: [.shape]
        case .failure: [.status, .errorType]
        case .stage: [.stage, .isLossy]
        case .cache: [.tier, .match, .cacheReason]
        case .batch: [.form]
        case .turn: [.turn]
        case .route: [.route]
        }
    }
}

extension Dimension {
    /// Those of `tally.dimension_sets`.
    static let kept: [Dimension] = allCases.filter { !late.contains($0) }
}
