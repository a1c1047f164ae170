import JSON

/// How an answer comes, apart from what it says: whole, or as bad networks and bad providers send it.
package struct UpstreamShape: Sendable {
    /// A place of an answer.
    package enum Place: String, Sendable, CaseIterable {
        /// After the head.
        case start
        /// Before the first text or call of a tool.
        case first
        case middle
        /// Before a stream tells its usage.
        case usage
        /// Before the last frame.
        case end
    }

    /// Where the connection is closed.
    package var cut: Place?
    /// Where a stream says that it failed, and ends.
    package var error: Place?
    /// Where it is silent for a time.
    package var stall: Place?
    package var stallMilliseconds = 0
    /// A chunk in the middle is not JSON.
    package var isMalformed = false
    package var omitsUsage = false
    package var omitsEnd = false
    /// What `content-length` says too much, or too little.
    package var lengthOff = 0
    /// A chunk in the middle has a text of so many bytes.
    package var lineBytes = 0
    /// So many bytes are sent at a time.
    package var pieceBytes = 0
    package var pieceMicroseconds = 0
    /// Lines end with CRLF.
    package var hasCarriageReturns = false
    /// Streams are told to be `text/plain`.
    package var isMislabelled = false

    package init() {}

    /// Whether an answer comes as it should.
    var isPlain: Bool {
        cut == nil && stall == nil && lengthOff == 0 && pieceBytes == 0 && !hasCarriageReturns
    }

    mutating func apply(_ json: JSONTree) throws(ScriptRefused) {
        for member in json.members ?? [] {
            switch member.key {
            case "cut": cut = try Self.place(member)
            case "error": error = try Self.place(member)
            case "stall": stall = try Self.place(member)
            case "stall_ms": stallMilliseconds = try UpstreamScript.count(member)
            case "malformed": isMalformed = member.value == .boolean(true)
            case "omit":
                let words = member.value.items?.compactMap(\.string) ?? []
                omitsUsage = words.contains("usage")
                omitsEnd = words.contains("end")
            case "length_off":
                guard let off = member.value.integer, abs(off) <= 1 << 30 else {
                    throw ScriptRefused(what: "length_off must be a whole number")
                }
                lengthOff = off
            case "line_bytes": lineBytes = try UpstreamScript.count(member)
            case "piece_bytes": pieceBytes = try UpstreamScript.count(member)
            case "piece_us": pieceMicroseconds = try UpstreamScript.count(member)
            case "crlf": hasCarriageReturns = member.value == .boolean(true)
            case "mislabelled": isMislabelled = member.value == .boolean(true)
            default: throw ScriptRefused(what: "a shape has no member \(member.key)")
            }
        }
    }

    private static func place(_ member: JSONTree.Member) throws(ScriptRefused) -> Place? {
        if member.value == .null { return nil }
        guard let place = member.value.string.flatMap(Place.init) else {
            let places = Place.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScriptRefused(what: "\(member.key) must be one of \(places)")
        }
        return place
    }
}
