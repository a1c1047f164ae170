import JSON
import LedgerModel

/// Two texts, and whether they ask the same.
package struct LabelledPair: Sendable, Equatable {
    package let a: String
    package let b: String
    package let isSame: Bool

    package init(_ a: String, _ b: String, isSame: Bool) {
        self.a = a
        self.b = b
        self.isSame = isSame
    }

    /// Reads a line of JSON with `a`, `b` and `same` (true, false, 1 or 0).
    package init?(line: some Sequence<UInt8>) {
        guard let tree = try? JSONTree(parsing: line), let a = tree["a"]?.string,
            let b = tree["b"]?.string
        else { return nil }
        switch tree["same"] {
        case .boolean(let flag)?: self.init(a, b, isSame: flag)
        case .number("1")?: self.init(a, b, isSame: true)
        case .number("0")?: self.init(a, b, isSame: false)
        default: return nil
        }
    }
}

/// Traffic over labelled pairs: shadow, agreement, then serving; what was served is checked against
/// the labels.
///
/// All texts share one scope. In each round every text is asked, in a random order, after half of
/// what is stored has expired. A model answers; how often it answers alike is given.
package struct TrafficSimulation: Sendable {
    package var rounds = 24
    /// How often a question gets the answer of its meaning; otherwise it gets one of its own.
    package var sameAnswer = 0.9
    /// How often the first of a pair that is not the same gets the answer of the second.
    package var chance = 0.02
    /// Different pairs that always get one answer, such as "yes".
    package var stuck = 0.01
    package var seed: UInt64 = 1

    package init() {}

    package struct Outcome: Sendable, Equatable {
        /// Look-ups, after an exact miss, with a stored question that is labelled the same.
        package var possible = 0
        package var served = 0
        package var servedFalse = 0
        /// Of these, pairs whose answers are always equal.
        package var servedStuck = 0
        package var possibleLastRound = 0
        package var servedLastRound = 0
        /// Distinct pairs.
        package var pairsServed = 0
        package var pairsServedFalse = 0

        package var falseShare: Double { served == 0 ? 0 : Double(servedFalse) / Double(served) }
        package var recall: Double {
            possible == 0 ? 0 : Double(served - servedFalse) / Double(possible)
        }
        package var recallLastRound: Double {
            possibleLastRound == 0 ? 0 : Double(servedLastRound) / Double(possibleLastRound)
        }
    }

    package func run(
        _ pairs: [LabelledPair], embed: (String) -> [Float]
    ) -> Outcome {
        var random = SplitMix(state: seed)
        var world = World(pairs)
        world.chooseStuck(stuck, &random)
        var similar = SimilarQuestions(bytesMax: 1 << 32)
        let questions = world.texts.enumerated().map { index, text in
            Neighbours.Question(
                ledger: LedgerID(1), key: world.keys[index], check: .zero, scope: .zero, text: text,
                vector: embed(text))
        }
        let place = Dictionary(uniqueKeysWithValues: zip(world.keys, world.texts.indices))
        var stored: Set<Int> = []
        var outcome = Outcome()
        var (seen, seenFalse) = (Set<[Int]>(), Set<[Int]>())
        for round in 0..<rounds {
            for text in stored.sorted() where random.unit() < 0.5 {
                stored.remove(text)
                similar.forget(world.keys[text])
            }
            for text in world.texts.indices.shuffled(using: &random) where !stored.contains(text) {
                let isPossible = world.members(of: text).contains { stored.contains($0) }
                let isLast = round == rounds - 1
                outcome.possible += isPossible ? 1 : 0
                outcome.possibleLastRound += isPossible && isLast ? 1 : 0
                if let finding = similar.look(questions[text], mayServe: true), finding.serve,
                    let neighbour = place[finding.candidate.key]
                {
                    let isFalse = !world.areSame(text, neighbour)
                    outcome.served += 1
                    outcome.servedFalse += isFalse ? 1 : 0
                    outcome.servedStuck += isFalse && world.isStuck(text, neighbour) ? 1 : 0
                    outcome.servedLastRound += isLast && !isFalse ? 1 : 0
                    let pair = [min(text, neighbour), max(text, neighbour)]
                    seen.insert(pair)
                    if isFalse { seenFalse.insert(pair) }
                    continue
                }
                let answer = world.answer(
                    to: text, sameAnswer: sameAnswer, chance: chance, round: round, &random)
                similar.stored(questions[text], answer: AnswerSketch(answer))
                stored.insert(text)
            }
        }
        outcome.pairsServed = seen.count
        outcome.pairsServedFalse = seenFalse.count
        return outcome
    }

    /// The texts, their meanings by the labels, and the answers they get.
    private struct World {
        var texts: [String] = []
        var keys: [Digest] = []
        private var meanings: [Int] = []
        private var groups: [Int: [Int]] = [:]
        private var differing: [(Int, Int)] = []
        /// By text: whose answer it always gets.
        private var stuck: [Int: Int] = [:]
        /// By text: one that it may be mistaken for.
        private var resembles: [Int: Int] = [:]

        init(_ pairs: [LabelledPair]) {
            var places: [Name: Int] = [:]
            var parents: [Int] = []
            func root(_ text: Int) -> Int {
                var text = text
                while parents[text] != text { text = parents[text] }
                return text
            }
            for pair in pairs {
                let sides = [pair.a, pair.b].map { text in
                    if let place = places[Name(text)] { return place }
                    places[Name(text)] = texts.count
                    parents.append(texts.count)
                    texts.append(text)
                    return texts.count - 1
                }
                if pair.isSame {
                    parents[root(sides[0])] = root(sides[1])
                } else {
                    differing.append((sides[0], sides[1]))
                }
            }
            keys = texts.map { Digest(hashing: $0.utf8) }
            meanings = texts.indices.map(root)
            for text in texts.indices { groups[meanings[text], default: []].append(text) }
            for (a, b) in differing { resembles[a] = b }
        }

        func areSame(_ a: Int, _ b: Int) -> Bool { meanings[a] == meanings[b] }

        func members(of text: Int) -> [Int] {
            (groups[meanings[text]] ?? []).filter { $0 != text }
        }

        mutating func chooseStuck(_ share: Double, _ random: inout SplitMix) {
            for (a, b) in differing where random.unit() < share { stuck[a] = b }
        }

        func isStuck(_ a: Int, _ b: Int) -> Bool { stuck[a] == b || stuck[b] == a }

        func answer(
            to text: Int, sameAnswer: Double, chance: Double, round: Int,
            _ random: inout SplitMix
        ) -> String {
            if let other = stuck[text] { return "answer \(meanings[other])" }
            if let other = resembles[text], random.unit() < chance {
                return "answer \(meanings[other])"
            }
            if random.unit() < sameAnswer { return "answer \(meanings[text])" }
            return "answer \(meanings[text]) of text \(text) in round \(round)"
        }
    }
}

/// SplitMix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return StableHash.mixed(state)
    }

    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53 as UInt64) }
}
