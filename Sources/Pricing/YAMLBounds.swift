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
    private var anchors: Set<String> = []
    private var aliases: [(name: String, line: Int)] = []

    /// - Throws: `PriceFileError` for more values or a deeper nesting than any price file has, and
    ///   for aliases: a few, each of several others, mean more values than fit any memory.
    static func check(_ text: String) throws(PriceFileError) {
        var bounds = YAMLBounds()
        let bytes = text.utf8
        for index in bytes.indices {
            try bounds.take(bytes[index]) {
                String(
                    decoding: bytes[bytes.index(after: index)...].prefix(while: isNamed),
                    as: UTF8.self)
            }
        }
        // What only looks like an alias has no anchor of that name in the same text.
        guard let alias = bounds.aliases.first(where: { bounds.anchors.contains($0.name) }) else {
            return
        }
        throw PriceFileError(
            "*\(alias.name) is an alias, which this file cannot have: write the values out",
            line: alias.line)
    }

    private mutating func take(
        _ byte: UInt8, name: () -> String
    ) throws(PriceFileError) {
        defer { before = byte }
        switch byte {
        case UInt8(ascii: "\n"):
            line += 1
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
            if !name.isEmpty { anchors.insert(name) }
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

    private var startsWord: Bool { " \t\r\n[,{:?-".utf8.contains(before) }
}
