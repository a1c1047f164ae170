import JSON

/// What an optimizer did to one prompt: the counts of a `prompt.optimized` event, sparse.
package struct PromptOptimization: Hashable, Sendable {
    /// Tokens of the prompt as the application wrote it, and as sent.
    package var tokensBefore: Int64?
    package var tokensAfter: Int64?
    /// Tokens of the answer that the application could use: the purpose of the prompt.
    package var usefulOutputTokens: Int64?
    /// The savings of each lossless stage.
    package var stages: StageSavings?
    /// The savings of each lossy stage.
    package var lossyStages: StageSavings?

    package init() {}

    package var isEmpty: Bool { self == PromptOptimization() }

    /// Negative if the prompt grew; nil if the counts are unknown.
    package var tokensSaved: Int64? {
        guard let tokensBefore, let tokensAfter else { return nil }
        return tokensBefore - tokensAfter
    }

    /// Whether no stage left anything out; nil if the stages are unknown.
    package var isLossless: Bool? {
        lossyStages != nil ? false : stages != nil ? true : nil
    }
}

extension PromptOptimization {
    /// The counts of an optimizer's result, for a `prompt.optimized` event.
    ///
    /// - Parameter stages: the stages that ran, with what each saved and whether it keeps
    ///   everything; a stage that ran twice counts once, with both savings.
    package init(
        tokensBefore: Int64, tokensAfter: Int64,
        stages: [(name: Name, saved: Int64, isLossless: Bool)], usefulOutputTokens: Int64? = nil
    ) throws(StageSavings.Refusal) {
        self.tokensBefore = tokensBefore
        self.tokensAfter = tokensAfter
        self.usefulOutputTokens = usefulOutputTokens
        func sums(_ isLossless: Bool) throws(StageSavings.Refusal) -> StageSavings? {
            var sums: [Name: Int64] = [:]
            for stage in stages where stage.isLossless == isLossless {
                sums[stage.name, default: 0] += stage.saved
            }
            if sums.isEmpty { return nil }
            return try StageSavings(sums.map { (stage: $0.key, saved: $0.value) })
        }
        self.stages = try sums(true)
        lossyStages = try sums(false)
    }
}

extension Event {
    /// A `prompt.optimized` event, ready to be booked; booking rates its saving.
    ///
    /// - Parameters:
    ///   - request: the request that sent the prompt, once known.
    ///   - quality: 0 to 1, in millionths.
    package init(
        optimized counts: PromptOptimization, id: EventID, at time: Timestamp,
        dimensions: Dimensions, request: EventID? = nil, quality: Int32? = nil,
        labels: Labels? = nil, detail: Labels? = nil
    ) {
        self.init(id: id, kind: .promptOptimized, occurredAt: time)
        optimization = counts
        causeID = request
        self.dimensions = dimensions
        self.quality = quality
        self.labels = labels
        self.detail = detail
    }
}

/// Tokens saved by each stage of an optimizer, ordered by stage name.
package struct StageSavings: Hashable, Sendable {
    package let pairs: [(stage: Name, saved: Int64)]

    package static let countMax = 32
    /// Longest name of a stage, in bytes.
    package static let nameBytesMax = 64

    package enum Refusal: Error, Hashable, Sendable {
        case none
        case tooMany(Int)
        case twice(Name)
        case badName(Name)
        case outOfRange(Name, Int64)
    }

    package init(_ pairs: [(stage: Name, saved: Int64)]) throws(Refusal) {
        if pairs.isEmpty { throw .none }
        guard pairs.count <= Self.countMax else { throw .tooMany(pairs.count) }
        let sorted = pairs.sorted { $0.stage < $1.stage }
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.stage == b.stage {
            throw .twice(a.stage)
        }
        for (stage, saved) in sorted {
            let bytes = stage.string.utf8
            guard !bytes.isEmpty, bytes.count <= Self.nameBytesMax, !bytes.contains(0) else {
                throw .badName(stage)
            }
            guard abs(saved) <= Usage.countMax else { throw .outOfRange(stage, saved) }
        }
        self.pairs = sorted
    }

    /// A JSON object of whole numbers in the form that is hashed: sorted names, no spaces.
    package var canonicalJSON: String {
        var json = JSONWriter(capacity: 64 + 32 * pairs.count)
        json.object { json in
            for (stage, saved) in pairs { json.field(stage.string, saved) }
        }
        return json.text
    }

    /// Tokens saved by all stages.
    package var total: Int64 { pairs.reduce(0) { $0 + $1.saved } }

    package subscript(stage: Name) -> Int64? { pairs.first { $0.stage == stage }?.saved }

    package static func == (a: StageSavings, b: StageSavings) -> Bool {
        a.pairs.count == b.pairs.count
            && zip(a.pairs, b.pairs).allSatisfy { $0.stage == $1.stage && $0.saved == $1.saved }
    }

    package func hash(into hasher: inout Hasher) {
        for (stage, saved) in pairs {
            hasher.combine(stage)
            hasher.combine(saved)
        }
    }
}

/// Why the counts of an optimization cannot be true.
package enum OptimizationContradiction: Error, Hashable, Sendable {
    case notFor(field: String, EventKind)
    case outOfRange(field: String, Int64)
    /// One of the two counts without the other, or stages without both.
    case halfKnown
    case stageOfBothKinds(Name)
    case stagesDoNotAddUp(sum: Int64, saved: Int64)
    case moreUsefulThanWritten(useful: Int64, output: Int64)
}

extension Event {
    /// The largest quality, in millionths: 1.
    package static let qualityMax: Int32 = 1_000_000

    /// Refuses contradictory counts of an optimization, and qualities outside 0 to 1.
    func validateOptimization() throws(OptimizationContradiction) {
        if let quality {
            guard kind.isRequest || kind == .promptOptimized || kind == .experimentObserved else {
                throw .notFor(field: "quality", kind)
            }
            guard (0...Self.qualityMax).contains(quality) else {
                throw .outOfRange(field: "quality", Int64(quality))
            }
        }
        if optimization.isEmpty { return }
        guard kind == .promptOptimized else { throw .notFor(field: "tokens_before", kind) }
        for (field, count) in [
            ("tokens_before", optimization.tokensBefore),
            ("tokens_after", optimization.tokensAfter),
            ("useful_output_tokens", optimization.usefulOutputTokens),
        ] {
            guard let count, !(0...Usage.countMax).contains(count) else { continue }
            throw .outOfRange(field: field, count)
        }
        guard let saved = optimization.tokensSaved else { throw .halfKnown }
        if let useful = optimization.usefulOutputTokens, let output = usage[.outputTokens],
            useful > output
        {
            throw .moreUsefulThanWritten(useful: useful, output: output)
        }
        try optimization.validateStages(saved: saved)
    }
}

extension PromptOptimization {
    fileprivate func validateStages(saved: Int64) throws(OptimizationContradiction) {
        guard stages != nil || lossyStages != nil else { return }
        for (stage, _) in lossyStages?.pairs ?? [] where stages?[stage] != nil {
            throw .stageOfBothKinds(stage)
        }
        let sum = (stages?.total ?? 0) + (lossyStages?.total ?? 0)
        if sum != saved { throw .stagesDoNotAddUp(sum: sum, saved: saved) }
    }
}

extension StageSavings.Refusal: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .none: "names no stage: leave it out instead"
        case .tooMany(let count):
            "has \(count) stages: the limit is \(StageSavings.countMax)"
        case .twice(let stage): "has the stage \"\(stage)\" twice"
        case .badName(let stage):
            "has a stage whose name is empty, has more than \(StageSavings.nameBytesMax) bytes or "
                + "contains a NUL character: \"\(stage.string.prefix(24))\""
        case .outOfRange(let stage, let saved):
            "says that \(stage) saved \(saved) tokens, which is too many"
        }
    }
}

extension OptimizationContradiction: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .notFor("quality", let kind):
            "quality does not apply to a \(kind.name): it belongs to requests, prompt.optimized "
                + "and experiment.observed"
        case .notFor(_, let kind):
            "tokens_before, tokens_after, useful_output_tokens, stages and lossy_stages do not "
                + "apply to a \(kind.name): they belong to prompt.optimized"
        case .outOfRange("quality", let value):
            "quality is \(decimal(Int128(value), scale: 6)): expected a number from 0 to 1"
        case .outOfRange(let field, let value):
            "\(field) is \(value): a count must lie between 0 and \(Usage.countMax)"
        case .halfKnown:
            "send both tokens_before and tokens_after, or neither"
        case .stageOfBothKinds(let stage):
            "\(stage) is in both stages and lossy_stages: a stage is one or the other"
        case .stagesDoNotAddUp(let sum, let saved):
            "the stages save \(sum) tokens in all, but tokens_before - tokens_after is \(saved)"
        case .moreUsefulThanWritten(let useful, let output):
            "useful_output_tokens is \(useful), more than the \(output) output_tokens"
        }
    }
}
