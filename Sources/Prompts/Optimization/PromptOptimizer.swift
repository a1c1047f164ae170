package import Tokenizing

/// Makes prompts cheaper by named stages, and reports what each did and how much meaning is left.
///
/// The stages always run in the order of `OptimizationStage`, because one prepares the next: tables
/// are made from minified JSON, and repetitions appear once whitespace is removed. A stage that
/// saves no tokens is undone. Every stage takes linear time.
package struct PromptOptimizer: Sendable {
    package let stages: [OptimizationStage]
    package let counter: TokenCounter
    package let options: OptimizationOptions

    /// Refuses stages that the options do not permit, or for which they lack a value.
    package init(
        stages: some Sequence<OptimizationStage> = OptimizationStage.lossless,
        counter: TokenCounter, options: OptimizationOptions = OptimizationOptions()
    ) throws(OptimizationRefusal) {
        let wanted = Set(stages)
        self.stages = OptimizationStage.allCases.filter(wanted.contains)
        self.counter = counter
        self.options = options
        if !options.allowsLossy, let lossy = self.stages.first(where: { !$0.isLossless }) {
            throw .lossyNotAllowed(lossy)
        }
        if wanted.contains(.selection), options.tokenBudget == nil { throw .budgetMissing }
    }

    package func optimize(
        _ prompt: Prompt
    ) throws(OptimizationRefusal) -> OptimizationResult {
        let original = WorkingPrompt(prompt, counter)
        var work = original
        var reports: [StageReport] = []
        var undoing: [Undo] = []
        for stage in stages {
            let start = options.elapsed()
            let step = try attempt(stage, on: work)
            let outcome = judge(step, of: stage, after: work, undoing, original: prompt)
            reports.append(
                StageReport(
                    stage: stage, tokensBefore: work.tokens,
                    tokensAfter: outcome == .applied
                        ? step?.work.tokens ?? work.tokens : work.tokens,
                    time: options.elapsed() - start, outcome: outcome))
            guard outcome == .applied, let step else { continue }
            work = step.work
            if let undo = step.undo { undoing.append(undo) }
        }
        return OptimizationResult(
            original: prompt, optimized: work.prompt, tokensBefore: original.tokens,
            tokensAfter: work.tokens, stages: reports, counter: counter, options: options,
            undoing: undoing)
    }

    private func judge(
        _ step: StageStep?, of stage: OptimizationStage, after work: WorkingPrompt,
        _ undoing: [Undo], original: Prompt
    ) -> StageReport.Outcome {
        guard let step else { return .unchanged }
        if stage != .stablePrefix, step.work.tokens >= work.tokens { return .savedNothing }
        guard !stage.isLossless, let qualityMin = options.qualityMin else { return .applied }
        let undone = undoing + [step.undo].compactMap(\.self)
        let restored = undone.reversed().reduce(step.work.prompt) { $1.applied(to: $0) }
        let quality = QualityScore(
            of: restored.text, against: original.text, embeddings: options.embeddings)
        return quality.overall < qualityMin ? .harmed(quality.overall) : .applied
    }

    private func attempt(
        _ stage: OptimizationStage, on work: WorkingPrompt
    ) throws(OptimizationRefusal) -> StageStep? {
        switch stage {
        case .references: ReferenceTable.takeOut(of: work, counter)
        case .html: work.changing(counter, isLossy: true, by: HTMLText.read)
        case .jsonMinify: work.changing(counter, by: JSONMinifier.minify)
        case .arraySampling: work.changing(counter, isLossy: true, by: ArraySampler.sample)
        case .jsonColumns: work.changing(counter, undo: .tables, by: ColumnarText.encode)
        case .logCollapse: work.changing(counter, isLossy: true, by: LogCollapser.collapse)
        case .nearDuplicates: NearDuplicates.takeOut(of: work, counter)
        case .duplicates: RepeatedPassages.takeOut(of: work, counter)
        case .whitespace: work.changing(counter, by: LayoutTrimmer.trim)
        case .selection: try ExtractiveSelection.select(from: work, counter, options)
        case .stablePrefix: StablePrefix.order(work, counter, after: options.previous)
        }
    }
}

/// The result of a stage, and how to undo it.
struct StageStep {
    var work: WorkingPrompt
    var undo: Undo?
}

/// A prompt between stages: its texts in segments, with their token counts.
struct WorkingPrompt {
    private(set) var prompt: Prompt
    private(set) var texts: [PromptSegments]
    private(set) var counts: [Int]

    var tokens: Int { counts.reduce(0, +) }

    init(_ prompt: Prompt, _ counter: TokenCounter) {
        self.prompt = prompt
        texts = prompt.messages.map { PromptSegments($0.text) }
        counts = prompt.messages.map { counter.count($0.text) }
    }

    mutating func replace(_ index: Int, by bytes: [UInt8], _ counter: TokenCounter) {
        prompt.messages[index].text = String(bytes)
        texts[index] = PromptSegments(bytes)
        counts[index] = counter.count(prompt.messages[index].text)
    }

    /// The replacement of a part of a message.
    struct Edit {
        let message: Int
        let range: Range<Int>
        let text: String
    }

    /// The prompt with edits applied; edits are in the order of messages and of their places.
    func applying(_ edits: [Edit], _ counter: TokenCounter) -> WorkingPrompt {
        var next = self
        var rest = edits[...]
        while let message = rest.first?.message {
            let bytes = texts[message].bytes
            var result: [UInt8] = []
            var start = 0
            while let edit = rest.first, edit.message == message {
                result += bytes[start..<edit.range.lowerBound]
                result += Array(edit.text.utf8)
                start = edit.range.upperBound
                rest.removeFirst()
            }
            next.replace(message, by: result + bytes[start...], counter)
        }
        return next
    }

    /// Reorders the messages: `order` has the old index of each.
    mutating func reorder(_ order: [Int]) {
        prompt.messages = order.map { prompt.messages[$0] }
        texts = order.map { texts[$0] }
        counts = order.map { counts[$0] }
    }

    /// The prompt after a stage that works on each text separately; nil if it changed none.
    func changing(
        _ counter: TokenCounter, isLossy: Bool = false, undo: Undo? = nil,
        by stage: (PromptSegments) -> [UInt8]?
    ) -> StageStep? {
        var next = self
        var changed = false
        for index in texts.indices where !(isLossy && prompt.messages[index].isPinned) {
            guard let bytes = stage(texts[index]) else { continue }
            next.replace(index, by: bytes, counter)
            changed = true
        }
        return changed ? StageStep(work: next, undo: undo) : nil
    }
}
