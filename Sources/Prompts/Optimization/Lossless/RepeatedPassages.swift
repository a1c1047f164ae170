import Tokenizing

/// Replaces passages that repeat an earlier one, byte for byte, by a reference to it.
///
/// A passage is a paragraph, a block of code, a table or a JSON value; adjacent passages that
/// repeat adjacent ones become one reference. The marker quotes the beginning of the earlier
/// passage, so that the model finds it; the table beside the prompt has all of it.
enum RepeatedPassages {
    static let bytesMin = 160
    static let excerptBytesMax = 48

    static func takeOut(of work: WorkingPrompt, _ counter: TokenCounter) -> StageStep? {
        guard !work.texts.contains(where: { ColumnarText.contains("<repeat ", $0.bytes) }) else {
            return nil
        }
        let passages = Passages.all(in: work.texts)
        var seen: [ArraySlice<UInt8>: Int] = [:]
        var repeats: [(range: Range<Int>, of: Int)] = []
        for (index, passage) in passages.enumerated() {
            let bytes = work.texts[passage.message].bytes[passage.range]
            guard bytes.count >= bytesMin else { continue }
            guard let earlier = seen[bytes] else {
                seen[bytes] = index
                continue
            }
            if let last = repeats.last, last.range.upperBound == index,
                last.of + last.range.count == earlier, earlier < last.range.lowerBound,
                areJoined(passages, last.range.lowerBound...index, last.of...earlier, work)
            {
                repeats[repeats.count - 1].range = last.range.lowerBound..<(index + 1)
            } else {
                repeats.append((index..<(index + 1), earlier))
            }
        }
        return repeats.isEmpty ? nil : replacing(repeats, passages, work, counter)
    }

    /// Whether two sequences of passages are equal, including the text between the passages.
    private static func areJoined(
        _ passages: [Passages.Passage], _ a: ClosedRange<Int>, _ b: ClosedRange<Int>,
        _ work: WorkingPrompt
    ) -> Bool {
        let (lastA, lastB) = (passages[a.upperBound], passages[b.upperBound])
        let (priorA, priorB) = (passages[a.upperBound - 1], passages[b.upperBound - 1])
        guard lastA.message == priorA.message, lastB.message == priorB.message else { return false }
        let gapA = work.texts[lastA.message].bytes[
            priorA.range.upperBound..<lastA.range.lowerBound]
        let gapB = work.texts[lastB.message].bytes[
            priorB.range.upperBound..<lastB.range.lowerBound]
        return gapA == gapB
    }

    private static func replacing(
        _ repeats: [(range: Range<Int>, of: Int)], _ passages: [Passages.Passage],
        _ work: WorkingPrompt, _ counter: TokenCounter
    ) -> StageStep {
        var references: [PromptReference] = []
        var edits: [WorkingPrompt.Edit] = []
        for item in repeats {
            let first = passages[item.range.lowerBound]
            let last = passages[item.range.upperBound - 1]
            let range = first.range.lowerBound..<last.range.upperBound
            let bytes = work.texts[first.message].bytes[range]
            let marker =
                "<repeat \(references.count + 1): the text that begins with \(excerpt(bytes))>"
            references.append(PromptReference(marker: marker, content: String(bytes)))
            edits.append(.init(message: first.message, range: range, text: marker))
        }
        return StageStep(
            work: work.applying(edits, counter), undo: .references(references))
    }

    /// The beginning of a passage: whole words, without characters that would end the marker.
    static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
        var kept: [UInt8] = []
        for byte in bytes.prefix(excerptBytesMax + 1) {
            switch byte {
            case Byte.less, Byte.greater, Byte.backslash, Byte.quote: break
            case 0..<0x20: kept.append(Byte.space)
            default: kept.append(byte)
            }
        }
        guard bytes.count > excerptBytesMax else { return String(kept) + "…" }
        if let space = kept.lastIndex(of: Byte.space), space > 0 {
            kept.removeSubrange(space...)
        } else {
            // Drops a character that may have been cut in two.
            while let last = kept.popLast(), last & 0xC0 == 0x80 {}
        }
        return String(kept) + "…"
    }
}

/// The passages of a prompt: paragraphs of prose, and all other segments as they are.
enum Passages {
    struct Passage: Hashable {
        let message: Int
        let kind: PromptSegments.Kind
        /// Without the whitespace around it.
        let range: Range<Int>
    }

    static func all(in texts: [PromptSegments]) -> [Passage] {
        texts.enumerated().flatMap { message, text in
            text.segments.flatMap { segment in
                let ranges =
                    segment.kind == .prose
                    ? paragraphs(text.bytes, segment.range) : [segment.range]
                return ranges.map { Passage(message: message, kind: segment.kind, range: $0) }
            }
        }
    }

    /// The runs of lines that are not empty.
    static func paragraphs(_ bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start: Int?
        var visibleEnd = range.lowerBound
        var position = range.lowerBound
        while position < range.upperBound {
            let end = min(bytes.lineEnd(from: position), range.upperBound)
            var last = end
            while last > position, Byte.isJSONSpace(bytes[last - 1]) { last -= 1 }
            if last > position {
                if start == nil { start = position }
                visibleEnd = last
            } else if let begin = start {
                found.append(begin..<visibleEnd)
                start = nil
            }
            position = end
        }
        if let begin = start { found.append(begin..<visibleEnd) }
        return found
    }
}
