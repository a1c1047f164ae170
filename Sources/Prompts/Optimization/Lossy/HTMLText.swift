/// The text that a reader of a web page sees.
///
/// Scripts, styles, navigation and other page furniture are removed with their content, tags become
/// line breaks or nothing, entities become characters. It is not an HTML parser: it searches
/// forward for the end of each tag and element, and anything that never ends is text. Code in
/// fences stays.
enum HTMLText {
    static let closingTagsMin = 5

    private static let dropped: [StaticString] = [
        "script", "style", "noscript", "svg", "nav", "footer", "iframe", "template", "head", "form",
        "aside",
    ]
    private static let inline: Set<[UInt8]> = Set(
        [
            "a", "b", "i", "em", "strong", "span", "u", "s", "small", "sub", "sup", "code", "font",
            "mark",
        ]
        .map { Array($0.utf8) })

    static func read(_ text: PromptSegments) -> [UInt8]? {
        let bytes = text.bytes
        guard looksLikeHTML(bytes) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2)
        var start = 0
        for segment in text.segments where segment.kind == .code && isFence(bytes, segment.range) {
            append(bytes, start..<segment.range.lowerBound, to: &result)
            result += bytes[segment.range]
            start = segment.range.upperBound
        }
        append(bytes, start..<bytes.count, to: &result)
        return result.count < bytes.count ? result : nil
    }

    private static func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
        var closing = 0
        for index in bytes.indices.dropLast(2)
        where bytes[index] == Byte.less && bytes[index + 1] == UInt8(ascii: "/")
            && Byte.isLetter(bytes[index + 2])
        {
            closing += 1
            if closing >= closingTagsMin { return true }
        }
        return false
    }

    private static func isFence(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let first = bytes[range].first { !Byte.isBlank($0) }
        return first == Byte.backtick || first == Byte.tilde
    }

    private static func append(_ bytes: [UInt8], _ range: Range<Int>, to result: inout [UInt8]) {
        var reader = HTMLReader(bytes, range)
        reader.read(into: &result)
    }

    private struct HTMLReader {
        let bytes: [UInt8]
        let range: Range<Int>
        var position: Int
        /// Elements that have no end tag in the rest of the text.
        var endless: Set<Int> = []
        var isPending = false

        init(_ bytes: [UInt8], _ range: Range<Int>) {
            self.bytes = bytes
            self.range = range
            position = range.lowerBound
        }

        mutating func read(into result: inout [UInt8]) {
            while position < range.upperBound {
                let byte = bytes[position]
                if byte == Byte.less, skipComment() || skipElement() { continue }
                if byte == Byte.less, let tag = tag() {
                    write(tag, to: &result)
                } else if byte == UInt8(ascii: "&"), let character = entity() {
                    write(character, to: &result)
                } else {
                    write([byte], to: &result)
                    position += 1
                }
            }
        }

        /// Appends text with its whitespace collapsed.
        private mutating func write(_ text: [UInt8], to result: inout [UInt8]) {
            for byte in text {
                if byte == Byte.newline {
                    while result.last == Byte.space { result.removeLast() }
                    if result.suffix(2) != [Byte.newline, Byte.newline] { result.append(byte) }
                } else if Byte.isBlank(byte) {
                    if let last = result.last, last != Byte.space, last != Byte.newline {
                        result.append(Byte.space)
                    }
                } else {
                    result.append(byte)
                }
            }
        }

        private mutating func skipComment() -> Bool {
            guard bytes.hasPrefix("<!", at: position) else { return false }
            let isComment = bytes.hasPrefix("<!--", at: position)
            if isComment, endless.contains(-1) { return false }
            var end = position + 2
            while end < range.upperBound {
                if isComment ? bytes.hasPrefix("-->", at: end) : bytes[end] == Byte.greater {
                    position = end + (isComment ? 3 : 1)
                    return true
                }
                end += 1
            }
            if isComment { endless.insert(-1) }
            return false
        }

        /// Skips an element whose content is not shown.
        private mutating func skipElement() -> Bool {
            let names = HTMLText.dropped
            guard let index = names.firstIndex(where: { hasName($0, at: position + 1) }),
                !endless.contains(index)
            else { return false }
            var end = position + 1
            while end < range.upperBound {
                if bytes[end] == Byte.less, end + 1 < range.upperBound,
                    bytes[end + 1] == UInt8(ascii: "/"), hasName(names[index], at: end + 2)
                {
                    while end < range.upperBound, bytes[end] != Byte.greater { end += 1 }
                    position = min(end + 1, range.upperBound)
                    return true
                }
                end += 1
            }
            endless.insert(index)
            return false
        }

        private func hasName(_ name: StaticString, at start: Int) -> Bool {
            let count = name.utf8CodeUnitCount
            guard start + count < range.upperBound else { return false }
            let isEqual = name.withUTF8Buffer { buffer in
                (0..<count).allSatisfy { Byte.lower(bytes[start + $0]) == buffer[$0] }
            }
            return isEqual && !Byte.isWord(bytes[start + count])
        }

        static let tagBytesMax = 4_096

        /// The replacement for the tag that begins here; nil if no tag begins here.
        private mutating func tag() -> [UInt8]? {
            var name = position + 1
            if name < range.upperBound, bytes[name] == UInt8(ascii: "/") { name += 1 }
            guard name < range.upperBound, Byte.isLetter(bytes[name]) else { return nil }
            var nameEnd = name
            while nameEnd < range.upperBound, Byte.isWord(bytes[nameEnd]) { nameEnd += 1 }
            let limit = min(range.upperBound, position + Self.tagBytesMax)
            guard let end = bytes[position..<limit].firstIndex(of: Byte.greater) else { return nil }
            let isOpening = name == position + 1
            position = end + 1
            let key = bytes[name..<nameEnd].map(Byte.lower)
            if HTMLText.inline.contains(key) { return [] }
            switch String(key) {
            case "li": return isOpening ? [Byte.newline, Byte.minus, Byte.space] : []
            case "td", "th": return isOpening ? [] : Array(" | ".utf8)
            case "img", "input", "button", "option", "label": return [Byte.space]
            default: return [Byte.newline]
            }
        }

        private mutating func entity() -> [UInt8]? {
            let limit = min(range.upperBound, position + 12)
            guard let end = bytes[position..<limit].firstIndex(of: UInt8(ascii: ";")) else {
                return nil
            }
            let name = String(bytes[(position + 1)..<end])
            let character: String
            switch name {
            case "amp": character = "&"
            case "lt": character = "<"
            case "gt": character = ">"
            case "quot": character = "\""
            case "apos": character = "'"
            case "nbsp": character = " "
            case "mdash": character = "—"
            case "ndash": character = "–"
            case "hellip": character = "…"
            case "copy": character = "©"
            default:
                guard name.hasPrefix("#") else { return nil }
                let isHexadecimal = name.hasPrefix("#x") || name.hasPrefix("#X")
                let code = UInt32(
                    name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
                guard let scalar = code.flatMap(Unicode.Scalar.init) else { return nil }
                character = String(Character(scalar))
            }
            position = end + 1
            return Array(character.utf8)
        }
    }
}
