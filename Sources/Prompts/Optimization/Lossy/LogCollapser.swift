/// Collapses log lines that differ only in their parameters.
///
/// After Drain (He, Zhu, Zheng and Lyu 2017): lines are grouped by their number of words and their
/// first word, then by the share of equal words; words with digits are parameters from the start.
/// Of each group, the first and last line stay, every line with an error or a warning with the
/// indented lines after it, and lines whose parameter is far from the others; lines without a group
/// stay as well. The rest is counted where the group begins.
enum LogCollapser {
    static let linesMin = 20
    static let similarityMin = 0.5
    /// The most groups that a line is compared with; after that, a line is a group of its own.
    static let groupsMax = 32
    static let wordsMax = 64
    /// Smaller groups stay as they are.
    static let groupLinesMin = 4
    static let outlierDeviations = 4.0
    static let outliersMax = 5

    static func collapse(_ text: PromptSegments) -> [UInt8]? {
        var result: [UInt8] = []
        var changed = false
        var run: [Range<Int>] = []
        var segment = 0
        var position = 0
        func finish() {
            if let collapsed = LogLines(text.bytes, run)?.collapsed() {
                result += collapsed
                changed = true
            } else {
                for line in run { result += text.bytes[line] }
            }
            run.removeAll()
        }
        while position < text.bytes.count {
            let end = text.bytes.lineEnd(from: position)
            while segment < text.segments.count, text.segments[segment].range.upperBound <= position
            {
                segment += 1
            }
            let line = position..<end
            let isProse =
                segment < text.segments.count && text.segments[segment].kind == .prose
                || LogLines.isEntry(text.bytes, line)
            if isProse, line.count > 1 {
                run.append(line)
            } else {
                finish()
                result += text.bytes[line]
            }
            position = end
        }
        finish()
        return changed ? result : nil
    }
}

private struct LogLines {
    private struct Group {
        var template: [ArraySlice<UInt8>?]
        var lines: [Int] = []
    }

    private let bytes: [UInt8]
    private let lines: [Range<Int>]

    /// Nil if these lines are not a log.
    init?(_ bytes: [UInt8], _ lines: [Range<Int>]) {
        guard lines.count >= LogCollapser.linesMin else { return nil }
        let entries = lines.count { Self.isEntry(bytes, $0) }
        guard entries * 5 >= lines.count * 3 else { return nil }
        self.bytes = bytes
        self.lines = lines
    }

    private static let levels: [StaticString] = [
        "INFO", "DEBUG", "WARN", "ERROR", "TRACE", "FATAL", "NOTICE", "info", "debug", "warn",
        "error", "level=",
    ]
    private static let headBytesMax = 48

    /// Whether a line has a time or a level near its beginning.
    static func isEntry(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard let first = line.first, !Byte.isBlank(bytes[first]) else { return false }
        for index in line.prefix(headBytesMax) {
            if Byte.isDigit(bytes[index]), index + 4 < line.upperBound,
                bytes[index + 2] == Byte.colon, Byte.isDigit(bytes[index + 1]),
                Byte.isDigit(bytes[index + 3]), Byte.isDigit(bytes[index + 4])
            {
                return true
            }
            let isStart = index == line.lowerBound || !Byte.isWord(bytes[index - 1])
            if isStart, Byte.isLetter(bytes[index]),
                levels.contains(where: { bytes.hasPrefix($0, at: index) })
            {
                return true
            }
        }
        return false
    }

    /// The lines that stay, with counts of the others; nil if all stay.
    func collapsed() -> [UInt8]? {
        let words = lines.map { self.words($0) }
        let groups = self.groups(words)
        var kept = [Bool](repeating: false, count: lines.count)
        kept[0] = true
        kept[lines.count - 1] = true
        var begins: [Int: Int] = [:]
        for (number, group) in groups.enumerated() {
            begins[group.lines[0]] = number
            if group.lines.count < LogCollapser.groupLinesMin {
                for line in group.lines { kept[line] = true }
            } else {
                kept[group.lines[0]] = true
                kept[group.lines[group.lines.count - 1]] = true
                for line in outliers(group, words) { kept[line] = true }
            }
        }
        var followsKept = false
        for line in lines.indices {
            let isIndented = Byte.isBlank(bytes[lines[line].lowerBound])
            if isWarning(lines[line]) { kept[line] = true }
            if isIndented, followsKept { kept[line] = true }
            followsKept = kept[line]
        }
        guard kept.contains(false) else { return nil }
        var result: [UInt8] = []
        for line in lines.indices where kept[line] {
            result += bytes[lines[line]]
            guard let number = begins[line] else { continue }
            let missing = groups[number].lines.count { !kept[$0] }
            if missing > 0 {
                result += Array("<left out: \(missing) more lines like the one before>\n".utf8)
            }
        }
        return result
    }

    private func words(_ line: Range<Int>) -> [ArraySlice<UInt8>] {
        bytes[line].split(maxSplits: LogCollapser.wordsMax, whereSeparator: Byte.isJSONSpace)
    }

    private func groups(_ words: [[ArraySlice<UInt8>]]) -> [Group] {
        struct Key: Hashable {
            let count: Int
            let first: ArraySlice<UInt8>?
        }
        var groups: [Group] = []
        var buckets: [Key: [Int]] = [:]
        for (line, words) in words.enumerated() {
            let key = Key(count: words.count, first: words.first { !isParameter($0) })
            let known = buckets[key] ?? []
            var best: (group: Int, similarity: Double)?
            for group in known {
                let similarity = similarity(groups[group].template, words)
                if similarity > best?.similarity ?? 0 { best = (group, similarity) }
            }
            if let best, best.similarity >= LogCollapser.similarityMin {
                for (index, word) in words.enumerated()
                where groups[best.group].template[index] != word {
                    groups[best.group].template[index] = nil
                }
                groups[best.group].lines.append(line)
            } else {
                if known.count < LogCollapser.groupsMax {
                    buckets[key, default: []].append(groups.count)
                }
                groups.append(
                    Group(template: words.map { isParameter($0) ? nil : $0 }, lines: [line]))
            }
        }
        return groups
    }

    private func isParameter(_ word: ArraySlice<UInt8>) -> Bool {
        word.contains(where: Byte.isDigit)
    }

    /// The share of a line's words that the template has, or leaves open where the line has a
    /// parameter.
    private func similarity(_ template: [ArraySlice<UInt8>?], _ words: [ArraySlice<UInt8>])
        -> Double
    {
        guard !words.isEmpty else { return 1 }
        var equal = 0
        for (part, word) in zip(template, words)
        where part == word || (part == nil && isParameter(word)) {
            equal += 1
        }
        return Double(equal) / Double(words.count)
    }

    private func isWarning(_ line: Range<Int>) -> Bool {
        let slice = bytes[line]
        if ErrorSigns.areIn(slice) { return true }
        for index in line
        where bytes[index] | 0x20 == UInt8(ascii: "w")
            && (index == line.lowerBound || !Byte.isWord(bytes[index - 1]))
        {
            if slice[index...].prefix(4).map(Byte.lower).elementsEqual("warn".utf8) { return true }
        }
        return false
    }

    /// The lines whose numbers are far from those of their group.
    private func outliers(_ group: Group, _ words: [[ArraySlice<UInt8>]]) -> [Int] {
        var found: [Int] = []
        for (index, part) in group.template.enumerated() where part == nil {
            var numbers: [(line: Int, value: Double)] = []
            for line in group.lines {
                if let value = number(in: words[line][index]) { numbers.append((line, value)) }
            }
            guard numbers.count == group.lines.count else { continue }
            let count = Double(numbers.count)
            let mean = numbers.reduce(0) { $0 + $1.value } / count
            let variance =
                numbers.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / count
            let limit = LogCollapser.outlierDeviations * variance.squareRoot()
            guard limit > 0 else { continue }
            let far = numbers.filter { abs($0.value - mean) >= limit }
            found += far.prefix(LogCollapser.outliersMax).map(\.line)
        }
        return found
    }

    /// The one number in a word such as `12`, `12ms` or `took=12`.
    private func number(in word: ArraySlice<UInt8>) -> Double? {
        guard word.count <= 32, let start = word.firstIndex(where: Byte.isDigit) else { return nil }
        var end = start
        while end < word.endIndex, Byte.isDigit(word[end]) || word[end] == Byte.dot { end += 1 }
        guard !word[end...].contains(where: Byte.isDigit) else { return nil }
        return Double(String(word[start..<end]))
    }
}
