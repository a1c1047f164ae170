import Tokenizing

/// Moves text that changes with every request after text that stays the same, because providers
/// cache a prompt up to its first difference from an earlier one.
///
/// Lines that state the time, a date or an identifier of the request move to the end of their own
/// message; of the messages before the first answer, those of the system come first, then those
/// that the previous request had as well. Nothing moves across an answer or a tool's result, no
/// line leaves its message, and the question stays last. Every move can be undone.
enum StablePrefix {
    static func order(
        _ work: WorkingPrompt, _ counter: TokenCounter, after previous: Prompt?
    ) -> StageStep? {
        var next = work
        var moves: [Move] = []
        if let order = messageOrder(work.prompt, previous) {
            next.reorder(order)
            moves.append(.messages(order))
        }
        let before = previous.map { Set($0.messages.flatMap { lines(of: $0.text) }) }
        for index in next.texts.indices {
            let role = next.prompt.messages[index].role
            guard role == .system || role == .user else { continue }
            let text = next.texts[index]
            guard let order = lineOrder(text, before: before) else { continue }
            let move = Move.lines(message: index, order: order)
            next.replace(index, by: move.reordered(text.bytes, by: order), counter)
            moves.append(move)
        }
        return moves.isEmpty ? nil : StageStep(work: next, undo: .moves(moves))
    }

    /// The new order of the messages, or nil if nothing has to move.
    private static func messageOrder(_ prompt: Prompt, _ previous: Prompt?) -> [Int]? {
        let messages = prompt.messages
        let answered = messages.firstIndex { $0.role == .assistant || $0.role == .tool }
        // The last message before an answer, or of all messages, is the question.
        let leading = max(0, (answered ?? messages.count) - 1)
        let known = Set(previous?.messages ?? [])
        let ranks = messages.indices.map { index in
            if index >= leading {
                return index == leading && messages[index].role == .system ? 0 : 3
            }
            if messages[index].role == .system { return 0 }
            return known.contains(messages[index]) ? 1 : 2
        }
        let order = messages.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
        return order == Array(messages.indices) ? nil : order
    }

    /// The new order of the lines of a text, with changing lines last; nil if nothing has to move.
    private static func lineOrder(
        _ text: PromptSegments, before: Set<ArraySlice<UInt8>>?
    ) -> [Int]? {
        var staying: [Int] = []
        var changing: [Int] = []
        let masked = before.map { Set($0.map(VolatileText.masked)) }
        for (number, line) in proseLines(text).enumerated() {
            let bytes = text.bytes[line.range]
            let isVolatile: Bool
            if !line.isProse {
                isVolatile = false
            } else if let before, let masked {
                isVolatile =
                    !before.contains(bytes) && bytes.contains(where: Byte.isDigit)
                    && masked.contains(VolatileText.masked(bytes))
            } else {
                isVolatile = VolatileText.isStatement(bytes)
            }
            if isVolatile { changing.append(number) } else { staying.append(number) }
        }
        guard let first = changing.first, let last = staying.last, first < last else { return nil }
        return staying + changing
    }

    /// The lines of a text without their newlines, and whether all of them are prose.
    private static func proseLines(
        _ text: PromptSegments
    ) -> [(range: Range<Int>, isProse: Bool)] {
        var lines: [(range: Range<Int>, isProse: Bool)] = []
        var start = 0
        var segment = 0
        let bytes = text.bytes
        while start <= bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != Byte.newline { end += 1 }
            while segment < text.segments.count, text.segments[segment].range.upperBound <= start {
                segment += 1
            }
            let isProse =
                segment < text.segments.count && text.segments[segment].kind == .prose
                && text.segments[segment].range.lowerBound <= start
                && text.segments[segment].range.upperBound >= end
            lines.append((start..<end, isProse))
            start = end + 1
        }
        return lines
    }

    static func lines(of text: String) -> [ArraySlice<UInt8>] {
        Array(text.utf8).split(separator: Byte.newline, omittingEmptySubsequences: false)
    }
}

/// A change of order that can be undone.
enum Move: Sendable {
    /// `order` has the old number of each line.
    case lines(message: Int, order: [Int])
    /// `order` has the old index of each message.
    case messages([Int])

    func undo(in prompt: inout Prompt) {
        switch self {
        case .messages(let order):
            guard order.count == prompt.messages.count else { return }
            let now = prompt.messages
            for (new, old) in order.enumerated() { prompt.messages[old] = now[new] }
        case .lines(let message, let order):
            guard message < prompt.messages.count else { return }
            let now = StablePrefix.lines(of: prompt.messages[message].text)
            guard now.count == order.count else { return }
            var inverse = order
            for (new, old) in order.enumerated() { inverse[old] = new }
            let bytes = Array(prompt.messages[message].text.utf8)
            prompt.messages[message].text = String(reordered(bytes, by: inverse))
        }
    }

    /// The lines of a text in another order.
    func reordered(_ bytes: [UInt8], by order: [Int]) -> [UInt8] {
        let lines = bytes.split(separator: Byte.newline, omittingEmptySubsequences: false)
        return Array(order.map { lines[$0] }.joined(separator: [Byte.newline]))
    }
}

/// Text that changes with every request: times, dates and identifiers.
enum VolatileText {
    static let lineBytesMax = 200
    static let digitsMin = 4

    private static let labels: Set<String> = [
        "now", "today", "date", "time", "datetime", "timestamp", "nonce", "uuid", "request",
        "session", "trace", "conversation", "correlation", "generated", "clock",
    ]

    /// Whether a line states such a value, such as `Current time: …` or `Today is …`.
    static func isStatement(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count <= lineBytesMax, line.count(where: Byte.isDigit) >= digitsMin else {
            return false
        }
        let text = String(line).lowercased()
        guard let split = text.firstIndex(of: ":") ?? isVerb(in: text) else { return false }
        let label = text[..<split].split { !$0.isLetter }
        guard label.count <= 5, label.contains(where: { labels.contains(String($0)) }) else {
            return false
        }
        return text[split...].utf8.count(where: Byte.isDigit) >= digitsMin
    }

    private static func isVerb(in text: String) -> String.Index? {
        var words = text.startIndex
        while let space = text[words...].firstIndex(of: " ") {
            if text[space...].hasPrefix(" is ") { return space }
            words = text.index(after: space)
        }
        return nil
    }

    /// The line with each run of digits, and of the characters that join them, as one mark.
    static func masked(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in line {
            if Byte.isDigit(byte) {
                if result.last != Byte.zero { result.append(Byte.zero) }
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// The first timestamp or UUID from `start` on.
    static func first(
        in bytes: [UInt8], from start: Int
    ) -> (range: Range<Int>, kind: CachePrefix.Cause.Kind)? {
        var position = start
        while position < bytes.count {
            guard Byte.isWord(bytes[position]) else {
                position += 1
                continue
            }
            var end = position
            var separators = 0
            var digits = 0
            while end < bytes.count, isInside(bytes[end]) {
                if Byte.isDigit(bytes[end]) {
                    digits += 1
                } else if !Byte.isLetter(bytes[end]) {
                    separators += 1
                }
                end += 1
            }
            let run = position..<end
            if run.count >= 15, isTimestamp(bytes, run) { return (run, .time) }
            if run.count == 36, separators == 4, digits >= 8, isUUID(bytes, run) {
                return (run, .identifier)
            }
            position = max(end, position + 1)
        }
        return nil
    }

    private static func isInside(_ byte: UInt8) -> Bool {
        Byte.isDigit(byte) || Byte.isLetter(byte) || byte == Byte.minus || byte == Byte.colon
            || byte == Byte.dot || byte == Byte.plus
    }

    /// Whether a run is a time such as `2026-11-24T13:05`, or longer.
    private static func isTimestamp(_ bytes: [UInt8], _ run: Range<Int>) -> Bool {
        let shape: [UInt8] = Array("0000-00-00T00:00".utf8)
        guard run.count >= shape.count else { return false }
        for (offset, mark) in shape.enumerated() {
            let byte = bytes[run.lowerBound + offset]
            guard mark == Byte.zero ? Byte.isDigit(byte) : byte | 0x20 == mark | 0x20 else {
                return false
            }
        }
        return true
    }

    private static func isUUID(_ bytes: [UInt8], _ run: Range<Int>) -> Bool {
        run.enumerated().allSatisfy { offset, index in
            [8, 13, 18, 23].contains(offset)
                ? bytes[index] == Byte.minus : Byte.isHexadecimal(bytes[index])
        }
    }
}
