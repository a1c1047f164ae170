import LedgerModel

extension ReadModel {
    /// What prompt optimization saved, by day, dimensions and stage.
    package static let savings = ReadModel(
        "savings", definition: 2, patience: .seconds(2),
        rollups: [
            Rollup(
                of: .prompts, tables: [.daily("prompt_savings")],
                levels: [RollupLevel(80, by: PromptSavings.dimensions)],
                measures: [
                    .count("prompts", of: .prompts),
                    .count("counted_prompts", of: .countedPrompts),
                    .count("lossy_prompts", of: .lossyPrompts),
                    .count("unpriced_prompts", of: .unpricedSavings),
                    .sum("tokens_before", of: .tokensBefore),
                    .sum("tokens_after", of: .tokensAfter), .sum("saved_pico", of: .saved),
                    .count("judged_prompts", of: .judgedPrompts),
                    .sum("quality_ppm", of: .quality),
                    .count("answered_prompts", of: .answeredPrompts),
                    .sum("answered_tokens", of: .answeredTokens),
                    .sum("useful_output_tokens", of: .usefulOutputTokens),
                ]),
            Rollup(
                of: .promptStages, tables: [.daily("prompt_stage_savings")],
                levels: [
                    RollupLevel(
                        81, PromptSavings.dimensions.map(KeyColumn.dimension) + [.stage, .isLossy])
                ],
                measures: [
                    .count("prompts", of: .prompts),
                    .count("unpriced_prompts", of: .unpricedSavings),
                    .sum("tokens_saved", of: .tokensSaved), .sum("saved_pico", of: .saved),
                ]),
        ])
}

/// What one optimized prompt tells.
enum PromptSavings {
    static let dimensions: [Dimension] = [
        .app, .team, .project, .environment, .feature, .provider, .model,
    ]

    /// An optimization gives the counts, the saving that was booked with it the money.
    static func fact(of prompt: PromptCounts) -> Fact {
        let counts = prompt.optimization
        var fact = Fact()
        fact[.prompts] = 1
        if let before = counts.tokensBefore {
            fact[.countedPrompts] = 1
            fact[.tokensBefore] = before
            if prompt.saved == nil { fact[.unpricedSavings] = 1 }
        }
        fact[.tokensAfter] = counts.tokensAfter
        if counts.lossyStages != nil { fact[.lossyPrompts] = 1 }
        fact[.saved] = prompt.saved
        if let quality = prompt.quality {
            fact[.judgedPrompts] = 1
            fact[.quality] = Int64(quality)
        }
        if let useful = counts.usefulOutputTokens {
            fact[.answeredPrompts] = 1
            fact[.answeredTokens] = counts.tokensAfter
            fact[.usefulOutputTokens] = useful
        }
        return fact
    }

    /// What each stage saved; nothing of a prompt whose tokens are not known.
    ///
    /// The money of a prompt is divided among its stages in the order of their names: each gets
    /// what the sum up to it is worth, less what the sum before it is worth, both rounded. So the
    /// parts add up to the whole, to the last picodollar. A prompt without stages counts under an
    /// empty one.
    static func parts(of prompt: PromptCounts) -> [(block: [UInt8], fact: Fact)] {
        let counts = prompt.optimization
        guard let whole = counts.tokensSaved else { return [] }
        var stages =
            (counts.stages?.pairs ?? []).map { (name: $0.stage, saved: $0.saved, isLossy: false) }
            + (counts.lossyStages?.pairs ?? []).map {
                (name: $0.stage, saved: $0.saved, isLossy: true)
            }
        if stages.isEmpty { stages = [(name: Name(""), saved: whole, isLossy: false)] }
        stages.sort { ($0.name, $0.isLossy ? 1 : 0) < ($1.name, $1.isLossy ? 1 : 0) }
        var (upTo, worthBefore) = (Int128(0), Int128(0))
        return stages.map { stage in
            var fact = Fact()
            fact[.prompts] = 1
            fact[.tokensSaved] = stage.saved
            upTo += Int128(stage.saved)
            if let saved = prompt.saved {
                let worth = whole == 0 ? 0 : rounded(Int128(saved) * upTo, by: Int128(whole))
                fact[.saved] = Int64(clamping: worth - worthBefore)
                worthBefore = worth
            } else {
                fact[.unpricedSavings] = 1
            }
            var block: [UInt8] = []
            Array(stage.name.string.utf8).withUnsafeBytes { block.appendField(raw: $0) }
            [UInt8(stage.isLossy ? 1 : 0)].withUnsafeBytes { block.appendField(raw: $0) }
            return (block, fact)
        }
    }

    /// A quotient, rounded half away from zero.
    private static func rounded(_ value: Int128, by divisor: Int128) -> Int128 {
        let size = divisor.magnitude
        let quotient = Int128((2 * value.magnitude + size) / (2 * size))
        return (value < 0) == (divisor < 0) ? quotient : -quotient
    }
}
