import Yams

/// Reads over a YAML text before it is parsed, and refuses what would grow out of proportion to it.
///
/// Nothing here knows quotes and comments, since what hides in them from one reader shows to
/// another; the bounds are too wide for a file that somebody means.
package struct YAMLBounds {
    /// Of brackets in each other, and of lines in each other by their indentation.
    package static let depthMax = 32
    package static let indentationMax = 60

    private var values = 0
    private var depth = 0
    private var indentation = 0
    private var isIndenting = true
    private var line = 1
    private var before = UInt8(ascii: "\n")
    /// Where the names of what looks like anchors stand.
    private var anchors: [String: [Int]] = [:]
    private var aliases: [(name: String, line: Int)] = []

    /// - Throws: `PriceFileError` for more values or a deeper nesting than any price file has, and
    ///   for aliases: a few, each of several others, mean more values than fit any memory.
    static func check(_ text: String) throws(PriceFileError) {
        var bounds = YAMLBounds()
        var bytes = Array(text.utf8)
        for index in bytes.indices {
            try bounds.take(bytes[index], at: index) {
                String(decoding: bytes[(index + 1)...].prefix(while: isNamed), as: UTF8.self)
            }
        }
        // What only looks like an alias has no anchor of that name in the same text.
        let suspects = bounds.aliases.filter { bounds.anchors[$0.name] != nil }
        guard let alias = suspects.first else { return }
        // Quoted texts can look like both. Without its anchor, an alias is an error.
        for offset in suspects.flatMap({ bounds.anchors[$0.name] ?? [] }) {
            bytes[offset] = UInt8(ascii: "x")
        }
        let without = String(decoding: bytes, as: UTF8.self)
        if (try? compose(yaml: without, .basic)) != nil { return }
        throw PriceFileError(
            "*\(alias.name) is an alias, which this file cannot have: write the values out",
            line: alias.line)
    }

    private mutating func take(
        _ byte: UInt8, at offset: Int, name: () -> String
    ) throws(PriceFileError) {
        defer { before = byte }
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"),
            _ where Self.endsBreak(byte):
            if byte == UInt8(ascii: "\n") { line += 1 }
            values += 1
            (isIndenting, indentation) = (true, 0)
            return
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            values += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        case UInt8(ascii: ","), UInt8(ascii: ":"): values += 1
        case UInt8(ascii: "&") where startsWord:
            let name = name()
            if !name.isEmpty { anchors[name, default: []].append(offset) }
        case UInt8(ascii: "*") where startsWord:
            let name = name()
            if !name.isEmpty { aliases.append((name, line)) }
        default: break
        }
        isIndenting = isIndenting && " \t-?:".utf8.contains(byte)
        if isIndenting { indentation += 1 }
        guard values <= FileNode.valuesMax else {
            throw PriceFileError("the file has more than \(FileNode.valuesMax) values", line: line)
        }
        guard depth <= Self.depthMax, indentation <= Self.indentationMax else {
            throw PriceFileError(
                "this is nested deeper than \(Self.depthMax) brackets or \(Self.indentationMax) "
                    + "columns", line: line)
        }
    }

    /// Whether the name of an anchor may have the byte.
    private static func isNamed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private var startsWord: Bool {
        " \t\r\n[,{:?-".utf8.contains(before) || Self.endsBreak(before)
    }

    /// Whether the byte may be the last of NEL, LS, PS or the byte order mark, after which YAML
    /// begins a line.
    private static func endsBreak(_ byte: UInt8) -> Bool {
        [0x85, 0xA8, 0xA9, 0xBF].contains(byte)
    }
}
