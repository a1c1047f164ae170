import JSON
import UsageExtraction

/// Reads the usage from an answer that is a stream of server-sent events.
///
/// ```swift
/// var stream = AnswerStream(.openAIChat)
/// for try await piece in response.body {
///     stream.read(piece.readableBytesView)
///     // … and pass the piece on
/// }
/// tally.record(try stream.record())
/// ```
///
/// Pieces may be cut anywhere. Texts are not kept.
public struct AnswerStream: Sendable {
    private let format: AnswerFormat
    private var events = EventStreamReader()
    private var model: String?
    private var serviceTier: String?
    /// The latest members of the usage.
    private var usage = JSONTree.object([])
    /// An event that is itself an answer, with its usage.
    private var answer: JSONTree?
    private var failure: String?
    /// Whether the stream is complete.
    public private(set) var isComplete = false

    /// A stream of which nothing has been read yet.
    public init(_ format: AnswerFormat) {
        self.format = format
    }

    /// Reads the next bytes.
    public mutating func read(_ bytes: some Sequence<UInt8>) {
        events.append(bytes)
        while let event = events.next() {
            if event.isDone {
                isComplete = true
            } else if let data = event.data {
                read(event: data)
            }
        }
    }

    /// The record of the request, as far as the stream was read.
    ///
    /// A stream that broke off gives a record that failed with `incomplete_stream` and has the
    /// usage reported so far. If no usage was reported, it is unknown, and the ledger shows the
    /// request as unpriced: with OpenAI, request it with `stream_options.include_usage`.
    ///
    /// - Throws: if nothing named a model, or if the usage contradicts itself.
    public func record() throws(AnswerError) -> UsageRecord {
        guard let model else {
            throw AnswerError(description: "no event of the stream names a model")
        }
        var record = UsageRecord(provider: format.provider, model: model)
        let whole =
            answer ?? .object([.init("model", .text(model)), .init("usage", usage)])
        do throws(AnswerError) {
            if answer != nil || usage != .object([]) { record = try UsageRecord(whole, format) }
        } catch {
            if isComplete { throw error }
        }
        record.operation = format.operation
        record.serviceTier = record.serviceTier ?? serviceTier
        if let failure {
            record.result = .failed(failure)
        } else if !isComplete {
            record.result = .failed("incomplete_stream")
        }
        return record
    }

    // MARK: Events

    private mutating func read(event data: ArraySlice<UInt8>) {
        // Most events are pieces of text and need not be parsed.
        guard model == nil || Self.mayMatter(data), let event = try? JSONTree(parsing: data) else {
            return
        }
        if let error = event.member("error"), case .object = error {
            failure = error.member("type")?.string ?? error.member("code")?.string ?? "error"
        }
        switch format.streaming {
        case .chunks: note(answer: event)
        case .responseEvents:
            guard let response = event.member("response") else { return }
            note(answer: response)
            let type = event.member("type")?.string ?? ""
            if ["response.completed", "response.incomplete", "response.failed"].contains(type) {
                isComplete = true
            }
            if type == "response.failed" {
                failure = response.member("error")?.member("code")?.string ?? "error"
            }
        case .messageEvents:
            if let message = event.member("message") { note(piece: message) }
            note(piece: event)
            if event.member("type")?.string == "message_stop" { isComplete = true }
        }
    }

    private mutating func note(answer event: JSONTree) {
        model = event.member("model")?.string ?? model
        serviceTier = event.serviceTier ?? serviceTier
        if case .object(let members)? = event.member("usage"), !members.isEmpty { answer = event }
    }

    private mutating func note(piece: JSONTree) {
        model = piece.member("model")?.string ?? model
        serviceTier = piece.serviceTier ?? serviceTier
        guard case .object(let members)? = piece.member("usage") else { return }
        for member in members where member.value != .null || usage.member(member.key) == nil {
            usage = usage.replacing(member.key, with: member.value)
        }
    }

    private static let words = ["usage", "error", "message_stop", "response.completed"]
        .map { Array($0.utf8) }

    private static func mayMatter(_ data: ArraySlice<UInt8>) -> Bool {
        words.contains { word in data.contains(sequence: word) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(sequence word: [UInt8]) -> Bool {
        guard let first = word.first, count >= word.count else { return false }
        var start = startIndex
        while let found = self[start...].firstIndex(of: first) {
            if self[found...].starts(with: word) { return true }
            start = found + 1
        }
        return false
    }
}
