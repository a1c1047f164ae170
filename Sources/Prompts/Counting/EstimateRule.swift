package import Estimating
package import Tokenizing

/// How many tokens a private tokenizer makes for each token of o200k_base.
///
/// Anthropic and Google publish no tokenizer for these models, so the ratios are other people's
/// measurements (docs/tokens.md names them) and the band is wide until the ledger narrows it.
package enum EstimateRule: String, Hashable, Sendable {
    /// Claude 3 to 4.6.
    case claude3 = "claude-3"
    /// Claude 4.7 and later: up to half as many tokens again for Latin text, no more for other
    /// text.
    case claude47 = "claude-4.7"
    case gemini = "gemini"

    /// The fraction within which a count lies before anything was learned from bills.
    package var band: Double {
        switch self {
        case .claude3: 0.2
        case .claude47: 0.25
        case .gemini: 0.2
        }
    }

    func ratio(for kind: TextKinds.Kind) -> Double {
        switch self {
        case .claude3: Self.claude3Ratio(kind)
        case .claude47: Self.claude3Ratio(kind) * Self.claude47Growth(kind)
        case .gemini: Self.geminiRatio(kind)
        }
    }

    /// The ratio for Latin text and code: English +16 %, code +30 % against GPT-4o; for other
    /// scripts: measured with the published tokenizer of Claude 2.
    private static func claude3Ratio(_ kind: TextKinds.Kind) -> Double {
        switch kind {
        case .prose: 1.16
        case .code: 1.28
        case .digits: 1.0
        case .cjk: 1.34
        case .hangul: 1.8
        case .cyrillicAndGreek: 2.4
        case .arabicAndHebrew: 2.6
        case .indic: 3.8
        case .other: 1.2
        }
    }

    /// The growth from 4.6 to 4.7, measured by others with Anthropic's counting call.
    private static func claude47Growth(_ kind: TextKinds.Kind) -> Double {
        switch kind {
        case .prose: 1.4
        case .code: 1.2
        case .digits: 1.06
        default: 1
        }
    }

    /// Gemini's vocabulary of 262,144 is as large as o200k's, but it splits numbers into digits.
    private static func geminiRatio(_ kind: TextKinds.Kind) -> Double {
        switch kind {
        case .prose, .cyrillicAndGreek: 1.02
        case .code: 1.1
        case .digits: 2.2
        case .cjk, .hangul: 1.0
        case .arabicAndHebrew, .indic: 1.1
        case .other: 1.2
        }
    }
}

extension TokenCounter {
    /// A counter that estimates the counts of a private tokenizer from those of an exact encoding.
    ///
    /// - Parameter calibration: the correction learned from bills of uncorrected counts.
    package static func estimate(
        _ rule: EstimateRule, from base: TokenCounter, calibration: EstimateCalibration? = nil
    ) -> TokenCounter {
        let factor = calibration?.ratio ?? 1
        return TokenCounter(
            name: "\(rule.rawValue) from \(base.name)",
            exactness: .estimated(band: calibration?.band ?? rule.band)
        ) { text in
            let count = base.count(text)
            if count == 0 { return 0 }
            let ratio = TextKinds(text).mean { rule.ratio(for: $0) }
            return max(1, Int((Double(count) * ratio * factor).rounded()))
        }
    }
}
