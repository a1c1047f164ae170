import JSON
package import LedgerModel

/// Rules that turn a provider's answer into a usage: data, not code (after genai-prices'
/// `UsageExtractor`).
///
/// Counts that a provider gives exclusively become inclusive because two sources may feed one
/// measure: Anthropic's `input_tokens` leaves out the cache, so its extractor adds
/// `cache_creation_input_tokens` and `cache_read_input_tokens` to the input.
package struct UsageExtractor: Hashable, Sendable {
    /// The provider's API that gives such answers: `chat`, `responses`, `default`.
    package let flavor: String
    /// The place of the counts.
    package let root: AnswerPath
    /// The place of the model's name.
    package let model: AnswerPath
    package let sources: [Source]

    /// A place below the root that a count is read from; counts of one measure add up.
    package struct Source: Hashable, Sendable {
        package let measure: Measure
        package let path: AnswerPath
        /// Whether an answer without it is not of this flavor.
        package let isRequired: Bool

        package init(_ measure: Measure, _ path: AnswerPath, isRequired: Bool = false) {
            self.measure = measure
            self.path = path
            self.isRequired = isRequired
        }
    }

    /// The most sources; readers of extractors refuse more.
    package static let sourcesMax = 256

    package init(
        flavor: String, root: AnswerPath, model: AnswerPath = AnswerPath("model"),
        sources: [Source]
    ) {
        self.flavor = flavor
        self.root = root
        self.model = model
        self.sources = sources
    }
}

/// The usage of a request as reported in the answer, in the provider's own measures.
package struct ReportedUsage: Hashable, Sendable {
    /// The model that answered, if the answer names it.
    package let model: String?
    /// Stored counts (microseconds for seconds).
    package let counts: [Measure: Int64]

    package init(model: String?, counts: [Measure: Int64]) {
        self.model = model
        self.counts = counts
    }
}

/// Why no usage could be extracted: a sentence that names the place.
package enum ExtractionRefusal: Error, Hashable, Sendable {
    case missing(String)
    case wrongKind(String, expected: String, found: String)
    case notACount(String, text: String, Measure)
    /// None of the places has a count.
    case noUsage(root: String)
    case contradiction(UsageContradiction)
    /// The cache writes by lifetime add up to more than all cache writes.
    case cacheWritesExceedAll(sum: Int64, all: Int64)
}

extension ExtractionRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let place): "\(place) is missing"
        case .wrongKind(let place, let expected, let found):
            "\(place) must be \(expected), not \(found)"
        case .notACount(let place, let text, let measure):
            "\(place) is \(text): \(measure.name) is a "
                + (measure.scale == 1 ? "whole number" : "number with at most six decimals")
                + " from 0 to \(Usage.countMax / measure.scale)"
        case .noUsage(let root): "there are no counts in \(root)"
        case .contradiction(let contradiction): contradiction.description
        case .cacheWritesExceedAll(let sum, let all):
            "the cache writes for five minutes and for an hour are \(sum), more than the \(all) "
                + "cache writes that include them"
        }
    }
}

extension UsageExtractor {
    /// The model and the usage of an answer, inclusive and free of contradictions.
    package func extract(
        from answer: some AnswerDocument
    ) throws(ExtractionRefusal) -> (model: String?, usage: Usage) {
        let reported = try read(answer)
        return (reported.model, try reported.usage())
    }

    /// The counts as given in the answer.
    ///
    /// Optional sources that are absent, null or of another kind are ignored, as in genai-prices; a
    /// boolean, a negative number or a number with decimals never is.
    package func read<Answer: AnswerDocument>(
        _ answer: Answer
    ) throws(ExtractionRefusal) -> ReportedUsage {
        let usage: Answer
        do throws(AnswerPath.Dead) {
            usage = try root.follow(answer)
        } catch {
            throw ExtractionRefusal(error)
        }
        guard usage.answerKind == .object else {
            throw .wrongKind(root.description, expected: "an object", found: usage.answerKind.noun)
        }
        return ReportedUsage(model: name(in: answer), counts: try counts(in: usage))
    }

    private func name(in answer: some AnswerDocument) -> String? {
        guard case .text(let name) = (try? model.follow(answer))?.answerKind else { return nil }
        return name
    }

    private func counts(
        in usage: some AnswerDocument
    ) throws(ExtractionRefusal) -> [Measure: Int64] {
        var counts: [Measure: Int64] = [:]
        for source in sources {
            guard let count = try count(of: source, in: usage) else { continue }
            let sum = counts[source.measure, default: 0] + count
            guard sum <= Usage.countMax else {
                throw .notACount(
                    "\(root).\(source.path)", text: "part of a sum of \(sum)", source.measure)
            }
            counts[source.measure] = sum
        }
        guard !counts.isEmpty else { throw .noUsage(root: root.description) }
        return counts
    }

    private func count(
        of source: Source, in usage: some AnswerDocument
    ) throws(ExtractionRefusal) -> Int64? {
        let kind: AnswerKind
        do throws(AnswerPath.Dead) {
            kind = try source.path.follow(usage).answerKind
        } catch {
            guard source.isRequired else { return nil }
            throw ExtractionRefusal(error, below: root.description)
        }
        switch kind {
        case .number(let text):
            guard let count = scaledDecimal(text, scale: source.measure.scale == 1 ? 0 : 6),
                (0...Int128(Usage.countMax)).contains(count)
            else { throw .notACount("\(root).\(source.path)", text: text, source.measure) }
            return Int64(count)
        case .boolean: break
        default: if !source.isRequired { return nil }
        }
        throw .wrongKind("\(root).\(source.path)", expected: "a number", found: kind.noun)
    }
}

extension ExtractionRefusal {
    fileprivate init(_ dead: AnswerPath.Dead, below root: String? = nil) {
        func place(_ path: String) -> String {
            guard let root else { return path }
            return path == "the body" ? root : "\(root).\(path)"
        }
        self =
            switch dead {
            case .missing(let path): .missing(place(path))
            case .wrongKind(let path, let expected, let found):
                .wrongKind(place(path), expected: expected, found: found.noun)
            }
    }
}

extension ReportedUsage {
    /// The counts that events keep, validated.
    package func usage() throws(ExtractionRefusal) -> Usage {
        let usage = try usageUnchecked()
        do throws(UsageContradiction) {
            try usage.validate()
        } catch {
            throw .contradiction(error)
        }
        return usage
    }

    /// The counts that events keep, as reported: their parts may exceed their wholes.
    package func usageUnchecked() throws(ExtractionRefusal) -> Usage {
        var usage = Usage()
        for (measure, count) in counts {
            if case .unit(let unit) = measure { usage[unit] = count }
        }
        if let all = counts[.allCacheWrites] {
            let oneHour = usage.value(.cacheWriteOneHourInputTokens)
            let sum = usage.value(.cacheWriteInputTokens) + oneHour
            guard sum <= all else { throw .cacheWritesExceedAll(sum: sum, all: all) }
            // Writes without a lifetime are assumed to be the usual five-minute ones.
            usage[.cacheWriteInputTokens] = all - oneHour
        }
        return usage
    }
}
