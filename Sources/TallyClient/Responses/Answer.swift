import JSON
import LedgerModel
import UsageExtraction

/// Why no record could be made from an answer; one sentence.
public struct AnswerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence that names the place.
    public let description: String
}

extension UsageRecord {
    /// Reads the provider, the model, the usage and the service tier of an answer.
    ///
    /// ```swift
    /// var record = try UsageRecord(answer: body, format: .openAIChat)
    /// record.attribution.feature = "rerank"
    /// record.latency = .now - start
    /// tally.record(record)
    /// ```
    ///
    /// Counts that the provider gives exclusively (Anthropic's `input_tokens` leave out the cache)
    /// become inclusive. Contradictory counts are refused.
    ///
    /// - Parameters:
    ///   - answer: the body as received, decompressed.
    ///   - format: the format of the answer.
    /// - Throws: if the body is not an answer with a usage, such as an error: record that with
    ///   ``Result/failed(_:)``.
    public init(
        answer: some Collection<UInt8>, format: AnswerFormat
    ) throws(AnswerError) {
        let tree: JSONTree
        do throws(JSONFault) { tree = try JSONTree(parsing: answer) } catch {
            throw AnswerError(description: "the answer is not JSON \(error)")
        }
        try self.init(tree, format)
    }

    /// Reads an answer, or one assembled from a stream.
    init(_ answer: JSONTree, _ format: AnswerFormat) throws(AnswerError) {
        let extracted: (model: String?, usage: Usage)
        do throws(ExtractionRefusal) {
            extracted = try format.extractor.extract(from: answer)
        } catch {
            throw AnswerError(description: error.description)
        }
        guard let model = extracted.model else {
            throw AnswerError(description: "\(format.extractor.model) is missing")
        }
        self.init(
            provider: format.provider, model: model, usage: UsageCounts(extracted.usage),
            operation: format.operation, serviceTier: answer.serviceTier)
    }
}

extension JSONTree {
    /// The service tier: OpenAI says `default` for standard; Anthropic gives it within the usage.
    var serviceTier: String? {
        let tier = member("service_tier")?.string ?? member("usage")?.member("service_tier")?.string
        guard let tier, tier != "auto", !tier.isEmpty else { return nil }
        return tier == "default" ? "standard" : tier
    }
}
