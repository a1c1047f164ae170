import Prompts
package import Similarity
import Tokenizing

/// How to optimize a prompt, as commands and calls ask for it.
package struct OptimizationWish: Sendable {
    /// Names of stages; nil takes all that are allowed and can run.
    package var stages: [String]?
    package var allowsLossy = false
    package var budget: Int?
    package var query: String?
    package var qualityMin: Double?
    /// Messages that no lossy stage may touch, by their number in the body's list.
    package var pinned: Set<Int> = []
    /// For selection and similarity; without them only words are compared.
    package var embeddings: StaticEmbeddings?

    package init() {}

    /// The optimizer of a chat leaves the order of messages alone unless it is told to change it.
    func optimizer(_ counter: TokenCounter, isChat: Bool) throws -> PromptOptimizer {
        var options = OptimizationOptions()
        options.allowsLossy = allowsLossy
        options.tokenBudget = budget
        options.query = query
        options.qualityMin = qualityMin
        options.embeddings = embeddings
        let start = ContinuousClock.now
        options.elapsed = { ContinuousClock.now - start }
        return try PromptOptimizer(
            stages: try chosen(isChat: isChat), counter: counter, options: options)
    }

    private func chosen(isChat: Bool) throws -> [OptimizationStage] {
        guard let stages else {
            return OptimizationStage.allCases.filter { stage in
                (stage.isLossless || allowsLossy) && !(isChat && stage == .stablePrefix)
                    && (budget != nil || stage != .selection)
            }
        }
        return try stages.map { name in
            guard let stage = OptimizationStage(rawValue: name) else {
                throw TokenRefusal(
                    "there is no stage "
                        + named(name, among: OptimizationStage.allCases.map(\.rawValue)),
                    param: "stages")
            }
            return stage
        }
    }
}
