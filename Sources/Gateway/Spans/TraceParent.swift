package import HTTPTypes

/// What a caller says of the trace that it is in: the headers `traceparent` and `tracestate`.
///
/// W3C Trace Context, <https://www.w3.org/TR/trace-context/>, sections 3.2 and 3.3. What is not
/// written as they say is as if it were not there.
package struct TraceParent: Hashable, Sendable {
    package let trace: TraceID
    /// The caller's span.
    package let span: UInt64
    /// Of the flags, those that are defined: 1 is sampled, 2 says that the trace's id is random.
    package let flags: UInt8
    /// What systems on the way noted, as it came; nil for nothing that could be read.
    package let state: String?

    package init?(_ headers: HTTPFields) {
        let parents = headers[values: .traceParent]
        guard parents.count == 1, let read = Self.read(parents[0]) else { return nil }
        (trace, span, flags) = read
        state = TraceState.joined(headers[values: .traceState])
    }

    private static let flagsKnown: UInt8 = 3
    /// `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
    private static let length = 55

    private static func read(_ text: String) -> (TraceID, UInt64, UInt8)? {
        let bytes = Array(text.utf8)
        guard bytes.count >= length, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = word(bytes[0..<2]), version != 0xFF,
            let high = word(bytes[3..<19]), let low = word(bytes[19..<35]), high | low != 0,
            let span = word(bytes[36..<52]), span != 0,
            let flags = word(bytes[53..<55])
        else { return nil }
        // A later version may say more, behind another dash.
        guard bytes.count == length || (version > 0 && bytes[length] == dash) else { return nil }
        return (TraceID(high: high, low: low), span, UInt8(flags) & flagsKnown)
    }

    private static let dash = UInt8(ascii: "-")

    /// Up to sixteen digits; letters are lower case.
    private static func word(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var word: UInt64 = 0
        for digit in digits {
            switch digit {
            case 48...57: word = word << 4 | UInt64(digit - 48)
            case 97...102: word = word << 4 | UInt64(digit - 87)
            default: return nil
            }
        }
        return word
    }
}

package struct TraceID: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// The list in `tracestate`: members of a key and a value, the last that changed first.
enum TraceState {
    /// Members in a list; one with more is not one.
    private static let membersMax = 32
    /// Bytes that are passed on.
    private static let bytesMax = 512
    /// Bytes of a member from which on it goes first where there is no room.
    private static let memberBytesMax = 128

    /// One list of what several headers say; nil for nothing, or for what breaks the rules.
    static func joined(_ headers: [String]) -> String? {
        var members: [Substring] = []
        var keys: Set<Substring> = []
        for member in headers.flatMap({ $0.split(separator: ",") }) {
            let member = trimmed(member)
            if member.isEmpty { continue }
            guard let key = key(of: member), keys.insert(key).inserted,
                members.count < membersMax
            else { return nil }
            members.append(member)
        }
        while members.reduce(members.count - 1, { $0 + $1.utf8.count }) > bytesMax {
            let large = members.lastIndex { $0.utf8.count > memberBytesMax }
            members.remove(at: large ?? members.count - 1)
        }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    /// The key of a member, whose value is checked too.
    private static func key(of member: Substring) -> Substring? {
        guard let equals = member.firstIndex(of: "=") else { return nil }
        let key = member[..<equals]
        let value = member[member.index(after: equals)...].utf8
        let isValue =
            (1...256).contains(value.count) && value.last != UInt8(ascii: " ")
            && value.allSatisfy { 0x20...0x7E ~= $0 && $0 != 0x2C && $0 != 0x3D }
        return isValue && isKey(key) ? key : nil
    }

    /// A word, or the name of a tenant, an at sign and that of a system.
    private static func isKey(_ key: Substring) -> Bool {
        let parts = key.split(separator: "@", omittingEmptySubsequences: false).map(\.utf8)
        func isWord(_ word: Substring.UTF8View, upTo max: Int, _ isFirst: (UInt8) -> Bool) -> Bool {
            (1...max).contains(word.count) && word.first.map(isFirst) == true
                && word.allSatisfy { isLetter($0) || isDigit($0) || "_-*/".utf8.contains($0) }
        }
        switch parts.count {
        case 1: return isWord(parts[0], upTo: 256, isLetter)
        case 2:
            return isWord(parts[0], upTo: 241) { isLetter($0) || isDigit($0) }
                && isWord(parts[1], upTo: 14, isLetter)
        default: return false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 97...122 ~= byte }
    private static func isDigit(_ byte: UInt8) -> Bool { 48...57 ~= byte }
}

extension HTTPField.Name {
    /// The names that W3C gives them.
    package static let traceParent = name("traceparent")
    package static let traceState = name("tracestate")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a name") }
        return name
    }
}
