package import LedgerModel
package import Similarity

/// A named step of the optimization; the cases are in the order in which stages run.
///
/// A lossless stage has an inverse that this module contains and its tests run: see
/// `OptimizationResult.restored`. Everything else is lossy and needs permission.
package enum OptimizationStage: String, CaseIterable, Hashable, Sendable {
    /// Base64 and long hashes move into a table beside the prompt.
    case references
    /// HTML becomes the text that a reader sees.
    case html
    /// JSON loses its whitespace outside of strings.
    case jsonMinify = "json-minify"
    /// Long arrays of JSON keep errors, identifiers, outliers, the ends and a sample.
    case arraySampling = "array-sampling"
    /// Arrays of similar JSON objects become tables.
    case jsonColumns = "json-columns"
    /// Log lines of one template become the template, a count and the unusual lines.
    case logCollapse = "log-collapse"
    /// A passage that nearly repeats an earlier one becomes the difference.
    case nearDuplicates = "near-duplicates"
    /// A passage that repeats an earlier one becomes a reference to it.
    case duplicates
    /// Whitespace at the ends of prose lines, and runs of empty lines, is removed.
    case whitespace
    /// Only text that answers the question stays, within a budget of tokens.
    case selection
    /// Text that changes with every request moves after text that stays the same.
    case stablePrefix = "stable-prefix"

    package var isLossless: Bool {
        switch self {
        case .references, .jsonMinify, .jsonColumns, .duplicates, .whitespace, .stablePrefix: true
        case .html, .arraySampling, .logCollapse, .nearDuplicates, .selection: false
        }
    }

    package static let lossless = allCases.filter(\.isLossless)

    /// Every stage that needs no budget.
    package static let unbudgeted = allCases.filter { $0 != .selection }
}

/// The options of an optimization.
package struct OptimizationOptions: Sendable {
    /// Whether stages may leave something out.
    package var allowsLossy = false
    /// The most tokens that the selection may leave.
    package var tokenBudget: Int?
    /// The question for the selection; nil means the user's last message.
    package var query: String?
    /// A lossy stage that brings the quality below this is undone.
    package var qualityMin: Double?
    /// The price of an input token; nil leaves the savings unknown.
    package var price: TokenPrice?
    /// The previous request of the same application, which shows what stays the same.
    package var previous: Prompt?
    /// Meanings of words; without them, the selection compares only words.
    package var embeddings: StaticEmbeddings?
    /// The time since any fixed moment, used to time the stages.
    package var elapsed: @Sendable () -> Duration = { .zero }

    package init() {}
}

/// Why a prompt was not optimized.
package enum OptimizationRefusal: Error, Hashable, Sendable {
    case lossyNotAllowed(OptimizationStage)
    case budgetMissing
    /// The text that must stay is larger than the budget.
    case budgetTooSmall(budget: Int, needed: Int)
}

extension OptimizationRefusal: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .lossyNotAllowed(let stage):
            "the stage \(stage.rawValue) is lossy: allow lossy stages, or drop it"
        case .budgetMissing:
            "the stage selection needs a budget: give the number of tokens that may remain"
        case .budgetTooSmall(let budget, let needed):
            "what must stay takes \(needed) tokens, but the budget is \(budget): pin less or "
                + "raise the budget"
        }
    }
}
