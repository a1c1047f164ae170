extension TextProfile {
    /// Which differences of meaning the guards find between two texts.
    ///
    /// They err on one side: an unknown difference counts as one where a wrong answer could come of
    /// it. What they accept may still differ in meaning, so nothing is served on their word alone.
    package func compared(with other: TextProfile) -> Comparison {
        let onlyHere = Self.minus(content, other.content)
        let onlyThere = Self.minus(other.content, content)
        let functionHere = Self.minus(function, other.function)
        let functionThere = Self.minus(other.function, function)
        var found: Set<Difference> = []
        if isTooLong || other.isTooLong { found.insert(.length) }
        if numbers != other.numbers { found.insert(.numbers) }
        if literals != other.literals { found.insert(.literals) }
        if !areNamesShared(with: other) { found.insert(.names) }
        if !areNegationsEqual(to: other) { found.insert(.negation) }
        if !areRelationsEqual(to: other) || isOpposite(to: other) { found.insert(.direction) }
        if comparisons != other.comparisons { found.insert(.comparison) }
        if quantities != other.quantities { found.insert(.quantity) }
        if times != other.times || tense != other.tense { found.insert(.time) }
        if !arePersonsEqual(to: other) { found.insert(.person) }
        if !areQuestionsAlike(other) { found.insert(.question) }
        if !areLanguagesAlike(other) { found.insert(.language) }
        if !found.contains(.length) {
            if isReordered(other) { found.insert(.order) }
            if isSubstituted(other, onlyHere, onlyThere) { found.insert(.subject) }
        }
        let rewording: Rewording =
            words == other.words
            ? .form : onlyHere.isEmpty && onlyThere.isEmpty ? .grammar : .content
        let sides = [
            StableHash.of((onlyHere + functionHere).sorted()),
            StableHash.of((onlyThere + functionThere).sorted()),
        ].sorted()
        return Comparison(
            differences: Difference.allCases.filter(found.contains), rewording: rewording,
            exchange: StableHash.of(sides))
    }

    // MARK: - Guards

    /// A name of one text is at least a word of the other.
    private func areNamesShared(with other: TextProfile) -> Bool {
        let (mine, theirs) = (Set(words), Set(other.words))
        return names.allSatisfy(theirs.contains) && other.names.allSatisfy(mine.contains)
    }

    private func areNegationsEqual(to other: TextProfile) -> Bool {
        guard negations.count == other.negations.count else { return false }
        return negations == other.negations
    }

    /// Weak prepositions may come and go, but none may be another one before the same word; strong
    /// ones must be there twice.
    private func areRelationsEqual(to other: TextProfile) -> Bool {
        let shared = Set(content).intersection(other.content)
        func lists(_ profile: TextProfile) -> [UInt64: Set<UInt64>] {
            var result: [UInt64: Set<UInt64>] = [:]
            for relation in profile.relations where shared.contains(relation.next) {
                result[relation.next, default: []].insert(relation.word)
            }
            return result
        }
        let (mine, theirs) = (lists(self), lists(other))
        for (next, words) in mine {
            if let others = theirs[next], others != words { return false }
        }
        func strong(_ profile: TextProfile) -> [UInt64] {
            profile.relations.filter(\.isStrong).map(\.word).sorted()
        }
        return strong(self) == strong(other)
    }

    private func isOpposite(to other: TextProfile) -> Bool {
        let (mine, theirs) = (Set(opposites.keys), Set(other.opposites.keys))
        for (word, list) in opposites where !theirs.contains(word) {
            if list.contains(where: { theirs.contains($0) && !mine.contains($0) }) { return true }
        }
        return false
    }

    private func arePersonsEqual(to other: TextProfile) -> Bool {
        guard persons != other.persons else { return true }
        // One text may leave the person out.
        let (mine, theirs) = (persons & ~other.persons, other.persons & ~persons)
        let gendered: UInt8 = 0b1_1100
        return (mine == 0 || theirs == 0) && (mine | theirs) & gendered == 0
            && (persons == 0 || other.persons == 0)
    }

    private func areQuestionsAlike(_ other: TextProfile) -> Bool {
        guard
            modals == other.modals
                || Set(modals).symmetricDifference(other.modals).isSubset(of: [
                    StableHash.of("can"), StableHash.of("would"),
                ])
        else { return false }
        return question == other.question || question == .none || other.question == .none
    }

    /// Of other languages the guards know too little, so only the same words are the same.
    private func areLanguagesAlike(_ other: TextProfile) -> Bool {
        if language == .foreign || other.language == .foreign { return words == other.words }
        return true
    }

    /// The words that both have stand in another order.
    private func isReordered(_ other: TextProfile) -> Bool {
        if words != other.words, words.sorted() == other.words.sorted() { return true }
        let (mine, theirs) = (Set(content), Set(other.content))
        let a = content.filter(theirs.contains)
        let b = other.content.filter(mine.contains)
        if a == b { return false }
        let common = a.count + b.count - Self.minus(a, b).count - Self.minus(b, a).count
        return Self.longestCommon(a, b) * 2 < common
    }

    /// One content word in the place of another: between the same neighbours, or at the same end.
    ///
    /// `capital of france` and `capital of spain`. Synonyms are one word by now.
    private func isSubstituted(
        _ other: TextProfile, _ onlyHere: [UInt64], _ onlyThere: [UInt64]
    ) -> Bool {
        guard !onlyHere.isEmpty, !onlyThere.isEmpty else { return false }
        let (mine, theirs) = (Set(onlyHere), Set(onlyThere))
        func gaps(_ list: [UInt64], _ lone: Set<UInt64>) -> Set<[UInt64]> {
            var result: Set<[UInt64]> = []
            var before: UInt64 = 1
            var isOpen = false
            for word in list + [2] {
                if lone.contains(word) {
                    isOpen = true
                } else {
                    if isOpen {
                        result.insert([before, 0])
                        result.insert([0, word])
                    }
                    isOpen = false
                    before = word
                }
            }
            return result
        }
        return !gaps(content, mine).isDisjoint(with: gaps(other.content, theirs))
    }

    // MARK: - Lists

    /// What is left of `a` when each of `b` has taken away one of its kind; sorted.
    static func minus(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var counts: [UInt64: Int] = [:]
        for word in b { counts[word, default: 0] += 1 }
        var result: [UInt64] = []
        for word in a {
            if let count = counts[word], count > 0 {
                counts[word] = count - 1
            } else {
                result.append(word)
            }
        }
        return result.sorted()
    }

    /// The length of the longest common subsequence.
    private static func longestCommon(_ a: [UInt64], _ b: [UInt64]) -> Int {
        var row = [Int](repeating: 0, count: b.count + 1)
        for x in a {
            var diagonal = 0
            for (index, y) in b.enumerated() {
                let above = row[index + 1]
                row[index + 1] = x == y ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[b.count]
    }
}
