/// Compiles the subset of regular expressions that tokenizers use; everything else is refused by
/// name, never guessed.
///
/// Supported: scalars, `[…]` with ranges, classes and `^`, `\p{…}` of general categories, `\s \S \r
/// \n \t`, groups, `(?i:…)` for the letters of ASCII, alternatives, greedy and possessive
/// quantifiers, `(?!x)` and `(?=x)` of one scalar.
struct PatternCompiler {
    private let pattern: [Unicode.Scalar]
    private var place = 0
    private var steps: [SplitPattern.Step] = []
    private var ignoresCase = false
    private var depth = 0

    private static let stepsMax = 4_096
    private static let depthMax = 16

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    mutating func compile() throws(TokenizerFault) -> [SplitPattern.Step] {
        try alternatives()
        guard place == pattern.count else { throw fault("a ) without its (") }
        steps.append(.matched)
        return steps
    }

    private func fault(_ what: String) -> TokenizerFault {
        TokenizerFault("its pattern has \(what) at place \(place + 1), which is not supported")
    }

    private var current: Unicode.Scalar? { place < pattern.count ? pattern[place] : nil }

    private mutating func take(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard pattern[place...].starts(with: scalars) else { return false }
        place += scalars.count
        return true
    }

    private mutating func alternatives() throws(TokenizerFault) {
        depth += 1
        guard depth <= Self.depthMax else { throw fault("too many groups inside each other") }
        defer { depth -= 1 }
        var exits: [Int] = []
        while true {
            let fork = steps.count
            steps.append(.jump(fork + 1))
            try sequence()
            guard take("|") else { break }
            exits.append(steps.count)
            steps.append(.jump(0))
            steps[fork] = .either(fork + 1, steps.count)
        }
        for exit in exits { steps[exit] = .jump(steps.count) }
    }

    private mutating func sequence() throws(TokenizerFault) {
        while let scalar = current, scalar != "|", scalar != ")" {
            let start = steps.count
            try atom(scalar)
            try quantifier(from: start)
            guard steps.count <= Self.stepsMax else { throw fault("too many steps") }
        }
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(TokenizerFault) {
        switch scalar {
        case "(": try group()
        case "[":
            place += 1
            steps.append(.one(try bracket()))
        case ".": throw fault("a dot")
        case "^": throw fault("a ^")
        case "$": throw fault("a $, whose meaning differs between engines,")
        case "*", "+", "?", "{": throw fault("a quantifier without something before it")
        default: steps.append(.one(try single()))
        }
    }

    private mutating func group() throws(TokenizerFault) {
        let hadCase = ignoresCase
        if take("(?i:") {
            ignoresCase = true
        } else if take("(?!") || take("(?=") {
            let isWanted = pattern[place - 1] == "="
            let set: ScalarSet
            if take("[") { set = try bracket() } else { set = try single() }
            guard take(")") else { throw fault("a lookahead at more than one scalar") }
            return steps.append(.ahead(set, isWanted: isWanted))
        } else if take("(?:") {
        } else if take("(?") {
            throw fault("a group of an unknown kind")
        } else {
            place += 1
        }
        try alternatives()
        guard take(")") else { throw fault("a ( without its )") }
        ignoresCase = hadCase
    }

    private mutating func quantifier(from start: Int) throws(TokenizerFault) {
        let (least, most): (Int, Int?)
        if take("?") {
            (least, most) = (0, 1)
        } else if take("*") {
            (least, most) = (0, nil)
        } else if take("+") {
            (least, most) = (1, nil)
        } else if current == "{" {
            (least, most) = try bounds()
        } else {
            return
        }
        if current == "?" { throw fault("a lazy quantifier") }
        let isBraced = pattern[place - 1] == "}"
        if isBraced, current == "+" { throw fault("a + after a }, whose meaning differs,") }
        let isPossessive = take("+")
        if let next = current, "*?{".unicodeScalars.contains(next) {
            throw fault("two quantifiers")
        }
        let body = Array(steps[start...])
        if most == nil, body.contains(where: { if case .either = $0 { true } else { false } }) {
            throw fault("a repeated group that repeats or chooses inside")
        }
        steps.removeLast(body.count)
        if isPossessive { steps.append(.keep) }
        for _ in 0..<least { append(body, from: start) }
        if let most {
            let forks = (least..<most).map { _ in
                steps.append(.jump(0))
                append(body, from: start)
                return steps.count - body.count - 1
            }
            for fork in forks { steps[fork] = .either(fork + 1, steps.count) }
        } else {
            let fork = steps.count
            steps.append(.jump(0))
            append(body, from: start)
            steps.append(.jump(fork))
            steps[fork] = .either(fork + 1, steps.count)
        }
        if isPossessive { steps.append(.kept) }
    }

    /// A copy of steps that were compiled to begin at `start`.
    private mutating func append(_ body: [SplitPattern.Step], from start: Int) {
        let moved = steps.count - start
        for step in body {
            switch step {
            case .either(let first, let second):
                steps.append(.either(first + moved, second + moved))
            case .jump(let target): steps.append(.jump(target + moved))
            default: steps.append(step)
            }
        }
    }

    /// Reads `{n}`, `{n,}` or `{n,m}`.
    private mutating func bounds() throws(TokenizerFault) -> (Int, Int?) {
        let end = pattern[place...].firstIndex(of: "}") ?? pattern.count
        let parts = String(String.UnicodeScalarView(pattern[place..<end])).dropFirst()
            .split(separator: ",", omittingEmptySubsequences: false)
        guard end < pattern.count, let first = parts.first, let least = Int(first), least <= 256,
            parts.count == 1 || parts.count == 2
        else { throw fault("a quantifier of an unknown form") }
        place = end + 1
        if parts.count == 1 { return (least, least) }
        if parts[1].isEmpty { return (least, nil) }
        guard let most = Int(parts[1]), most >= least, most <= 256 else {
            throw fault("a quantifier of an unknown form")
        }
        return (least, most)
    }

    // MARK: - Sets

    /// Reads one scalar or one class outside of brackets.
    private mutating func single() throws(TokenizerFault) -> ScalarSet {
        var set = ScalarSet()
        if case .scalar(let scalar) = try item(into: &set) { add(scalar...scalar, to: &set) }
        return set
    }

    /// Reads the rest of a set after `[`.
    private mutating func bracket() throws(TokenizerFault) -> ScalarSet {
        var set = ScalarSet()
        set.isNegated = take("^")
        while current != "]" {
            guard current != nil else { throw fault("a [ without its ]") }
            if current == "[" || take("&&") { throw fault("a set inside a set") }
            guard case .scalar(let low) = try item(into: &set) else { continue }
            let isRange =
                current == "-" && place + 1 < pattern.count && pattern[place + 1] != "]"
            guard isRange else {
                add(low...low, to: &set)
                continue
            }
            place += 1
            guard case .scalar(let high) = try item(into: &set), high >= low else {
                throw fault("a range of an unknown form")
            }
            add(low...high, to: &set)
        }
        place += 1
        return set
    }

    private enum Item {
        case scalar(UInt32)
        /// A class, which was already added to the set.
        case added
    }

    private mutating func item(into set: inout ScalarSet) throws(TokenizerFault) -> Item {
        guard let scalar = current else { throw fault("an end too early") }
        place += 1
        guard scalar == "\\" else { return .scalar(scalar.value) }
        guard let escaped = current else { throw fault("a \\ at the end") }
        place += 1
        switch escaped {
        case "r": return .scalar(0x0D)
        case "n": return .scalar(0x0A)
        case "t": return .scalar(0x09)
        case "s": set.classes.insert(.space)
        case "S": set.excluded.append(ScalarSet(classes: .space, isNegated: true))
        case "d": throw fault("\\d, whose meaning differs between engines,")
        case "p", "P":
            let classes = try category()
            if escaped == "p" {
                set.classes.formUnion(classes)
            } else {
                set.excluded.append(ScalarSet(classes: classes, isNegated: true))
            }
        default:
            guard !escaped.properties.isAlphabetic, escaped.value > 0x20,
                !("0"..."9").contains(escaped)
            else { throw fault("\\\(escaped)") }
            return .scalar(escaped.value)
        }
        return .added
    }

    private static let categories: [String: ClassSet] = [
        "L": .letter, "Ll": .lower, "M": .mark, "N": .number, "P": .punctuation, "S": .symbol,
    ]

    /// The classes that `\p{…}` names; no tokenizer distinguishes Lu from Lt, or Lm from Lo.
    private mutating func category() throws(TokenizerFault) -> ClassSet {
        let end = pattern[place...].firstIndex(of: "}") ?? pattern.count
        guard current == "{", end < pattern.count else { throw fault("\\p without a {category}") }
        let name = String(String.UnicodeScalarView(pattern[place + 1..<end]))
        if let set = Self.categories[name] {
            place = end + 1
            return set
        }
        for (pair, set) in [(["Lu", "Lt"], ClassSet.upper), (["Lm", "Lo"], .caseless)] {
            guard pair.contains(name) else { continue }
            // The other of the two has to be in the same brackets.
            let other = pair.first { $0 != name } ?? name
            let closing = pattern[end...].firstIndex(of: "]") ?? end
            let opening = pattern[..<place].lastIndex(of: "[") ?? place
            let brackets = String(String.UnicodeScalarView(pattern[opening..<closing]))
            guard brackets.utf8Contains("\\p{\(other)}") else { break }
            place = end + 1
            return set
        }
        throw fault("\\p{\(name)}")
    }

    /// Adds a range, and its other case if case is ignored.
    private func add(_ range: ClosedRange<UInt32>, to set: inout ScalarSet) {
        set.ranges.append(range)
        guard ignoresCase else { return }
        for scalar in range where (scalar | 0x20) &- 0x61 < 26 {
            set.ranges.append((scalar ^ 0x20)...(scalar ^ 0x20))
            // The long s and the Kelvin sign.
            if scalar | 0x20 == 0x73 { set.ranges.append(0x17F...0x17F) }
            if scalar | 0x20 == 0x6B { set.ranges.append(0x212A...0x212A) }
        }
    }
}

extension String {
    fileprivate func utf8Contains(_ other: String) -> Bool {
        let (all, part) = (Array(utf8), Array(other.utf8))
        return all.indices.contains { all[$0...].starts(with: part) }
    }
}
