package import Estimating
package import LedgerModel
package import Prompts
package import Tokenizing
package import Vocabularies

/// The tokenizer to use: one of the three, or the one that a chat's model implies.
package struct TokenSelection: Sendable {
    package var model: String?
    package var encoding: String?
    /// A `tokenizer.json` or `.tiktoken` file; never from a caller of the service.
    package var tokenizerFile: String?

    package init(model: String? = nil, encoding: String? = nil, tokenizerFile: String? = nil) {
        self.model = model
        self.encoding = encoding
        self.tokenizerFile = tokenizerFile
    }
}

/// Why a question about tokens has no answer: a sentence with the remedy.
package struct TokenRefusal: Fault {
    package var kind: FaultKind { .invalid }
    package let description: String
    /// The member of the request that is wrong.
    package let param: String?

    package init(_ description: String, param: String? = nil) {
        self.description = description
        self.param = param
    }
}

/// Answers the commands and calls about tokens.
package struct TokenService: Sendable {
    private let library: TokenizerLibrary

    package init(library: TokenizerLibrary = .shared) {
        self.library = library
    }

    /// The chosen tokenizer, and how the model counts with it.
    package func tools(
        _ selection: TokenSelection, for chat: ChatRequest? = nil,
        calibrations: EstimateCalibrations? = nil
    ) throws -> TokenTools {
        if let file = selection.tokenizerFile {
            let tokenizer = try library.tokenizer(file: file)
            return TokenTools(
                profile: try ModelProfile(
                    model: selection.model ?? chat?.model, tokenizerFile: file),
                tokenizer: tokenizer, calibrations: nil)
        }
        let profile: ModelProfile
        if let name = selection.encoding {
            guard let encoding = TokenEncoding(rawValue: name) else {
                throw TokenRefusal(
                    "there is no encoding "
                        + named(name, among: TokenEncoding.allCases.map(\.name)),
                    param: "encoding")
            }
            profile = ModelProfile(encoding: encoding)
        } else if let model = selection.model ?? chat?.model {
            profile = try ModelProfile(model: model)
        } else {
            throw TokenRefusal("\(UnknownModel.noName)", param: "model")
        }
        return TokenTools(
            profile: profile,
            tokenizer: try library.tokenizer(for: profile.tokenization?.encoding ?? .o200k),
            calibrations: calibrations)
    }
}

/// A tokenizer and its token counter.
package struct TokenTools: Sendable {
    package let profile: ModelProfile
    package let tokenizer: Tokenizer
    package let counter: TokenCounter

    /// The estimate before bills correct it; nil where counts are exact.
    ///
    /// The ledger learns from events that carry its count.
    package let plain: TokenCounter?

    init(profile: ModelProfile, tokenizer: Tokenizer, calibrations: EstimateCalibrations?) {
        self.profile = profile
        self.tokenizer = tokenizer
        guard case .estimated(let rule) = profile.tokenization else {
            counter = tokenizer.counter
            plain = nil
            return
        }
        let plain = TokenCounter.estimate(rule, from: tokenizer.counter)
        let learnt = calibrations?.calibration(
            provider: profile.family.provider, model: Name(profile.name),
            encoding: Name(plain.name), standardBand: rule.band)
        counter = .estimate(rule, from: tokenizer.counter, calibration: learnt)
        self.plain = plain
    }

    package var requests: RequestCounter { RequestCounter(profile: profile, counter: counter) }

    /// The tokenizer for uses that need ids, which an estimate lacks.
    package func exactTokenizer() throws(TokenRefusal) -> Tokenizer {
        guard profile.isEstimated else { return tokenizer }
        throw TokenRefusal(
            "the tokenizer of \(profile.name) is not public, so its token ids are unknown: name "
                + "an encoding instead, such as o200k_base", param: "model")
    }

    /// The beginning of a text that fits into so many tokens, in whole characters.
    package func truncate(_ text: String, to limit: Int) -> String {
        // An estimate is held against the limit with its band on top.
        guard case .estimated(let band) = counter.exactness else {
            return String(tokenizer.truncate(text, to: limit).prefix)
        }
        return TextCut.cut(text, to: Int(Double(limit) / (1 + band)), counter, mark: "") ?? ""
    }

    /// The window that the caller names, or the model's.
    package func window(_ tokens: Int?) throws(ContextRefusal) -> ContextWindow {
        let known = ContextWindow(model: profile.name)
        if let tokens { return ContextWindow(tokens: tokens, output: known?.output) }
        guard let known else { throw .unknownWindow(profile.name) }
        return known
    }
}

extension TokenizerFault: Fault {
    package var kind: FaultKind { .invalid }
}

extension VocabularyFailure: Fault {
    package var kind: FaultKind { .invalid }
}

extension ModelProfile.Family {
    /// The provider name under which bills of the family's models are learnt.
    fileprivate var provider: Name {
        self == .gemini ? "google" : Name(rawValue)
    }

    /// The provider name in events for the family's models; nil where there are many.
    package var seller: Name? {
        switch self {
        case .openAI, .anthropic, .gemini, .mistral, .deepSeek: provider
        case .qwen, .llama, .gemma, .none: nil
        }
    }
}

/// A name that is not known, with the one that was probably meant, or else with all that are.
func named(_ name: String, among known: [String]) -> String {
    let nearest = Likeness.nearest(to: name, among: known)
    let advice =
        nearest.map { "did you mean \($0)?" } ?? "choose among \(known.joined(separator: ", "))"
    return "\(name.prefix(100)): \(advice)"
}
