import Tokenizing

/// Replaces base64 and long hashes, which take a token for two or three characters and tell a model
/// nothing, by short markers; the originals are in a table beside the prompt.
///
/// Only in prose and in JSON strings: in code, such a text may matter.
enum ReferenceTable {
    static let base64BytesMin = 64
    /// The length of a SHA-1 in hexadecimal.
    static let hashBytesMin = 40
    static let openings: [StaticString] = ["<ref ", "<repeat ", "<similar "]

    static func takeOut(of work: WorkingPrompt, _ counter: TokenCounter) -> StageStep? {
        guard !work.texts.contains(where: { ColumnarText.contains("<ref ", $0.bytes) }) else {
            return nil
        }
        var table = Table()
        var next = work
        for (index, text) in work.texts.enumerated() {
            if let bytes = replaced(text, &table) { next.replace(index, by: bytes, counter) }
        }
        guard !table.references.isEmpty else { return nil }
        return StageStep(work: next, undo: .references(table.references))
    }

    /// The text with its markers replaced by the originals.
    static func restored(_ text: String, _ references: [PromptReference]) -> String {
        guard !references.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var contents: [[UInt8]: [UInt8]] = [:]
        var longest = 0
        for reference in references {
            contents[Array(reference.marker.utf8)] = Array(reference.content.utf8)
            longest = max(longest, reference.marker.utf8.count)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var start = 0
        var position = 0
        while position < bytes.count {
            if bytes[position] == Byte.less,
                openings.contains(where: { bytes.hasPrefix($0, at: position) }),
                let end = bytes[position..<min(position + longest, bytes.count)]
                    .firstIndex(of: Byte.greater),
                let content = contents[Array(bytes[position...end])]
            {
                result += bytes[start..<position]
                result += content
                position = end + 1
                start = position
            } else {
                position += 1
            }
        }
        result += bytes[start...]
        return String(result)
    }

    private struct Table {
        var references: [PromptReference] = []
        private var numbers: [ArraySlice<UInt8>: Int] = [:]
        private var repeated: Set<Int> = []

        mutating func marker(for content: ArraySlice<UInt8>, kind: String) -> String {
            if let number = numbers[content] {
                let marker = "<ref \(number)>"
                if repeated.insert(number).inserted {
                    references.append(PromptReference(marker: marker, content: String(content)))
                }
                return marker
            }
            let number = numbers.count + 1
            numbers[content] = number
            let marker = "<ref \(number): \(kind), \(content.count) characters>"
            references.append(PromptReference(marker: marker, content: String(content)))
            return marker
        }
    }

    private static func replaced(_ text: PromptSegments, _ table: inout Table) -> [UInt8]? {
        let bytes = text.bytes
        var result: [UInt8] = []
        var start = 0
        for segment in text.segments where segment.kind == .prose || segment.kind == .json {
            var position = segment.range.lowerBound
            while position < segment.range.upperBound {
                guard isBase64(bytes[position]) else {
                    position += 1
                    continue
                }
                let begin = position
                while position < segment.range.upperBound, isBase64(bytes[position]) {
                    position += 1
                }
                guard let kind = Kind(bytes[begin..<position]) else { continue }
                while position < segment.range.upperBound, bytes[position] == Byte.equals,
                    kind == .base64
                {
                    position += 1
                }
                result += bytes[start..<begin]
                result += Array(
                    table.marker(for: bytes[begin..<position], kind: kind.rawValue).utf8)
                start = position
            }
        }
        guard start > 0 else { return nil }
        return result + bytes[start...]
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        Byte.isLetter(byte) || Byte.isDigit(byte) || byte == Byte.plus || byte == Byte.minus
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_")
    }

    private enum Kind: String {
        case base64
        case hash = "hexadecimal"

        /// The kind of a run; nil for words, paths, identifiers and everything else that people
        /// write.
        init?(_ run: ArraySlice<UInt8>) {
            guard run.count >= hashBytesMin else { return nil }
            if run.allSatisfy(Byte.isHexadecimal) {
                let digits = run.count(where: Byte.isDigit)
                guard digits * 8 >= run.count, digits * 8 <= run.count * 7 else { return nil }
                self = .hash
                return
            }
            guard run.count >= base64BytesMin else { return nil }
            guard run.count(where: Byte.isDigit) * 20 >= run.count else { return nil }
            var changes = 0
            var words = 0
            var last = 0
            for byte in run {
                let kind = Byte.isDigit(byte) ? 1 : Byte.isUpper(byte) ? 2 : 3
                if kind != last { changes += 1 }
                if !Byte.isDigit(byte) && !Byte.isLetter(byte) && byte != Byte.plus { words += 1 }
                last = kind
            }
            // In random text, the kind of character changes about every second character; in paths
            // and identifiers rarely, and they have many separators.
            guard changes * 4 >= run.count, words * 10 <= run.count else { return nil }
            self = .base64
        }
    }
}
