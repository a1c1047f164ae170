package import Caching
import JSON
package import LedgerModel

/// Gives a stored answer in the form that somebody asks for.
///
/// An answer is kept as it came. Who asks for that form gets the very bytes; any other form is made
/// of them, so one stored answer serves streamed and unstreamed callers.
package enum AnswerReplay {
    /// - Parameters:
    ///   - contentType: that of the stored body.
    ///   - usage: what is known of it, for a stream that was recorded without.
    package static func body(
        _ stored: [UInt8], contentType: String, of dialect: RequestDialect, as form: AnswerForm,
        usage: Usage
    ) throws(UnreadableAnswer) -> [UInt8] {
        let isStream = AnswerForm.isStream(contentType)
        switch form {
        case .whole:
            guard isStream else { return stored }
            let whole = try AssembledAnswer(stored, isStream: true, of: dialect).whole
            return Array(completed(whole, of: dialect, by: usage).json.utf8)
        case .stream(let withUsage):
            if isStream {
                guard dialect.tellsUsageOnDemand else { return stored }
                return try stream(stored, withUsage: withUsage, dialect, usage)
            }
            guard let shape = dialect.shape else { return stored }
            let whole = try AssembledAnswer(stored, isStream: false, of: dialect).whole
            return shape.replay(completed(whole, of: dialect, by: usage), withUsage: withUsage)
        }
    }

    /// A stored stream with or without the chunk that tells the usage.
    private static func stream(
        _ stored: [UInt8], withUsage: Bool, _ dialect: RequestDialect, _ usage: Usage
    ) throws(UnreadableAnswer) -> [UInt8] {
        let events = ServerSentEvents.read(stored)
        var (chunks, tellsInside, last) = ([Range<Int>](), false, JSONTree?.none)
        for event in events where event.data != ServerSentEvent.done {
            // Reading every chunk costs more than sending it, and few can be the one.
            guard last == nil || event.data.contains("\"usage\"") else { continue }
            let chunk = try event.json()
            last = chunk
            guard chunk["usage"] != nil else { continue }
            // Some providers tell it in the last chunk of the text.
            let isAlone = chunk["choices"]?.items?.isEmpty == true
            if isAlone { chunks.append(event.range) } else { tellsInside = true }
        }
        if withUsage == (tellsInside || !chunks.isEmpty) { return stored }
        var bytes: [UInt8] = []
        if !withUsage {
            var at = 0
            for chunk in chunks {
                bytes += stored[at..<chunk.lowerBound]
                at = chunk.upperBound
            }
            return bytes + stored[at...]
        }
        guard let told = told(usage), let last else { return stored }
        let done = events.last { $0.data == ServerSentEvent.done }?.range.lowerBound
        let end = done ?? stored.count
        let isChat = dialect == .chatCompletions
        bytes += stored[..<end]
        ServerSentEvents.write(
            ChatAnswers(isChat: isChat).usageChunk(told, like: last).json, to: &bytes)
        return bytes + stored[end...]
    }

    /// A whole answer that tells its usage, if somebody knows it.
    private static func completed(
        _ whole: JSONTree, of dialect: RequestDialect, by usage: Usage
    ) -> JSONTree {
        guard dialect.tellsUsageOnDemand, whole["usage"] == nil, let told = told(usage) else {
            return whole
        }
        return whole.replacing("usage", with: told)
    }

    private static func told(_ usage: Usage) -> JSONTree? {
        let (input, output) = (usage.value(.inputTokens), usage.value(.outputTokens))
        guard input + output > 0 else { return nil }
        return .of([
            ("prompt_tokens", .number(String(input))),
            ("completion_tokens", .number(String(output))),
            ("total_tokens", .number(String(input + output))),
        ])
    }
}
