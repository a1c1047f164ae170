/// Which units of a text another text keeps, and which it contradicts.
struct UnitComparison {
    private let source: [TextUnits.Unit]
    private let result: [TextUnits.Unit]
    private let lexicon: Lexicon
    /// For each unit of the source, whether some unit of the result has its content.
    private var isKept: [Bool]
    private(set) var contradictions = 0

    /// Words in more units than this are not used to find units.
    static let postingsMax = 64
    /// The share of a unit's words, without fillers, that must be kept for the unit to count as
    /// kept.
    static let keptShareMin = 0.6
    /// The same for instructions and errors, in which every word may matter.
    static let keptWhollyMin = 0.85
    /// The share of a result's words that a unit must have to be its origin.
    static let resemblingMin = 0.5

    init(_ source: [TextUnits.Unit], _ result: [TextUnits.Unit], _ lexicon: Lexicon) {
        self.source = source
        self.result = result
        self.lexicon = lexicon
        let unchanged = Set(result.map(\.words))
        isKept = source.map { unchanged.contains($0.words) }
        let known = Set(source.map(\.words))
        let vocabulary = source.reduce(into: Set<Int>()) { $0.formUnion($1.words) }
        let changed = result.indices.filter { !known.contains(result[$0].words) }
        guard !changed.isEmpty else { return }
        let changedIndex = Index(changed, result, lexicon)
        for unit in source.indices where !isKept[unit] {
            isKept[unit] = changedIndex.best(for: source[unit]).map { isKeeping($0, unit) } ?? false
        }
        let sourceIndex = Index(Array(source.indices), source, lexicon)
        for unit in changed where contradicts(result[unit], sourceIndex, vocabulary) {
            contradictions += 1
        }
    }

    /// The share of the wanted units that are kept.
    func kept(_ isWanted: (TextUnits.Unit) -> Bool) -> Double {
        var wanted = 0
        var found = 0
        for (index, unit) in source.enumerated() where isWanted(unit) {
            wanted += 1
            if isKept[index] { found += 1 }
        }
        return wanted == 0 ? 1 : Double(found) / Double(wanted)
    }

    private func isKeeping(_ candidate: Int, _ unit: Int) -> Bool {
        let (original, other) = (source[unit], result[candidate])
        let present = Set(other.words)
        guard original.numbers.isSubset(of: present), original.names.isSubset(of: present),
            original.negations <= other.negations
        else { return false }
        let wanted = original.words.filter { !lexicon.isFiller($0) }
        guard !wanted.isEmpty else { return true }
        let share = Double(wanted.count { present.contains($0) }) / Double(wanted.count)
        return share
            >= (original.isInstruction || original.isError
                ? Self.keptWhollyMin : Self.keptShareMin)
    }

    /// Whether a unit of the result contradicts the unit that it resembles.
    private func contradicts(
        _ unit: TextUnits.Unit, _ index: Index, _ vocabulary: Set<Int>
    ) -> Bool {
        if !unit.numbers.isSubset(of: vocabulary) || !unit.names.isSubset(of: vocabulary) {
            return true
        }
        let meaning = unit.words.filter { !lexicon.isFiller($0) }
        guard meaning.count >= 2, let best = index.best(for: unit) else { return false }
        let original = source[best]
        let present = Set(original.words)
        let shared = meaning.count { present.contains($0) }
        guard Double(shared) / Double(meaning.count) >= Self.resemblingMin else { return false }
        if shared < meaning.count || unit.negations != original.negations { return true }
        return !isInOrder(meaning, original.words.filter { !lexicon.isFiller($0) })
    }

    private func isInOrder(_ part: [Int], _ whole: [Int]) -> Bool {
        var next = part.startIndex
        for word in whole where next < part.endIndex && word == part[next] { next += 1 }
        return next == part.endIndex
    }

    /// Units by their words.
    private struct Index {
        private var postings: [Int: [Int]] = [:]
        private let lexicon: Lexicon

        init(_ chosen: [Int], _ units: [TextUnits.Unit], _ lexicon: Lexicon) {
            self.lexicon = lexicon
            for unit in chosen {
                for word in Set(units[unit].words) where !lexicon.isFiller(word) {
                    postings[word, default: []].append(unit)
                }
            }
        }

        /// The unit that has most in common with this one; of equals, the first.
        func best(for unit: TextUnits.Unit) -> Int? {
            var votes: [Int: Int] = [:]
            for word in Set(unit.words) {
                guard let found = postings[word], found.count <= UnitComparison.postingsMax else {
                    continue
                }
                for other in found { votes[other, default: 0] += 1 }
            }
            return votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
        }
    }
}
