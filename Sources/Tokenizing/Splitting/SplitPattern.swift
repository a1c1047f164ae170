/// A pattern by which a tokenizer's file splits text, compiled to a list of steps.
///
/// It matches like common engines: at each place the first alternative that fits, greedy, with
/// backtracking. A step that failed at a place is not tried there again, so a match takes time
/// linear in the text that it examines.
package struct SplitPattern: Sendable {
    enum Step: Sendable {
        /// One scalar of a set.
        case one(ScalarSet)
        /// The first or, if that fails, the second.
        case either(Int, Int)
        case jump(Int)
        /// A look-ahead: a scalar of the set must, or must not, follow.
        case ahead(ScalarSet, isWanted: Bool)
        /// Alternatives since the matching `.keep` are no longer tried.
        case keep
        case kept
        case matched
    }

    private let steps: [Step]
    let source: String

    /// - Throws: a fault that names what is not supported.
    package init(_ source: String) throws(TokenizerFault) {
        self.source = source
        var compiler = PatternCompiler(source)
        steps = try compiler.compile()
    }

    /// Appends the ends of the pieces of a range: of its matches, and of the text between them.
    func split(_ scanner: TextScanner, _ range: Range<Int>, into ends: inout [Int]) {
        var matcher = Matcher(steps: steps, scanner: scanner, end: range.upperBound)
        var (place, gapEnd) = (range.lowerBound, range.lowerBound)
        var isGap = false
        while place < range.upperBound {
            if let end = matcher.match(from: place), end > place {
                if isGap { ends.append(gapEnd) }
                isGap = false
                ends.append(end)
                place = end
            } else {
                place = scanner.next(place).end
                isGap = true
                gapEnd = place
            }
        }
        if isGap { ends.append(gapEnd) }
    }

    private struct Matcher {
        private struct Choice: Hashable {
            let step: Int32
            let place: Int
        }

        let steps: [Step]
        let scanner: TextScanner
        let end: Int
        private var choices: [Choice] = []
        private var kept: [Int] = []
        private var tried: Set<Choice> = []

        init(steps: [Step], scanner: TextScanner, end: Int) {
            self.steps = steps
            self.scanner = scanner
            self.end = end
        }

        /// The number of choices after which failed ones are remembered.
        private static let rememberedFrom = 4_096

        mutating func match(from start: Int) -> Int? {
            choices.removeAll(keepingCapacity: true)
            kept.removeAll(keepingCapacity: true)
            tried.removeAll()
            var (step, place, work) = (0, start, 0)
            while true {
                var isFitting = true
                switch steps[step] {
                case .one(let set):
                    let next = place < end ? set.next(scanner, place) : nil
                    isFitting = next != nil
                    place = next ?? place
                    step += 1
                case .either(let first, let second):
                    work += 1
                    choices.append(Choice(step: Int32(second), place: place))
                    step = first
                case .jump(let target): step = target
                case .ahead(let set, let isWanted):
                    isFitting = (place < end && set.next(scanner, place) != nil) == isWanted
                    step += 1
                case .keep:
                    kept.append(choices.count)
                    step += 1
                case .kept:
                    choices.removeLast(choices.count - (kept.popLast() ?? choices.count))
                    step += 1
                case .matched: return place
                }
                if !isFitting {
                    guard let choice = nextChoice(work) else { return nil }
                    (step, place) = (Int(choice.step), choice.place)
                }
            }
        }

        /// The last choice with an untried alternative.
        private mutating func nextChoice(_ work: Int) -> Choice? {
            while let choice = choices.popLast() {
                while let last = kept.last, last > choices.count { kept.removeLast() }
                if work < Self.rememberedFrom || tried.insert(choice).inserted { return choice }
            }
            return nil
        }
    }
}

/// Scalars that a pattern names one by one, by ranges or by classes.
struct ScalarSet: Sendable, Equatable {
    var classes: ClassSet = []
    var ranges: [ClosedRange<UInt32>] = []
    /// Negated sets inside this one, such as `\S`.
    var excluded: [ScalarSet] = []
    var isNegated = false

    func contains(_ scalar: UInt32, _ scalarClass: UInt8) -> Bool {
        let isIn =
            classes.has(scalarClass) || ranges.contains { $0.contains(scalar) }
            || excluded.contains { $0.contains(scalar, scalarClass) }
        return isIn != isNegated
    }

    /// The place of the next scalar if this one is in the set; nil if it is not.
    func next(_ scanner: TextScanner, _ index: Int) -> Int? {
        let (scalar, next) = scanner.scalar(index)
        return contains(scalar, scanner.classes[scalar]) ? next : nil
    }
}
