extension TextProfile {
    /// Which differences of meaning the guards find between two texts.
    ///
    /// They err on one side: an unknown difference counts as one where a wrong answer could come of
    /// it. What they accept may still differ in meaning, so nothing is served on their word alone.
    ///
    /// - Parameter isQuick: stops at the first difference, which is enough to refuse a pair.
    package func compared(with other: TextProfile, isQuick: Bool = false) -> Comparison {
        if self == other { return Comparison([], .form, 0) }
        var found: Set<Difference> = []
        let checks: [(Difference, () -> Bool)] = [
            (.length, { isTooLong || other.isTooLong }),
            (.numbers, { numbers != other.numbers }),
            (.literals, { literals != other.literals }),
            (.comparison, { comparisons != other.comparisons }),
            (.quantity, { quantities != other.quantities }),
            (.negation, { negations != other.negations }),
            (.time, { times != other.times || tense != other.tense }),
            (.person, { !arePersonsEqual(to: other) }),
            (.question, { !areQuestionsAlike(other) }),
            (.language, { !areLanguagesAlike(other) }),
            (.names, { !areNamesShared(with: other) }),
            (.order, { bag == other.bag && sequence != other.sequence }),
            (.direction, { !areRelationsEqual(to: other) || isOpposite(to: other) }),
        ]
        for (difference, check) in checks where check() {
            found.insert(difference)
            if isQuick { break }
        }
        let isFormal = words == other.words
        if isQuick, !found.isEmpty { return Comparison(Array(found), .content, 0) }
        let (onlyHere, onlyThere) = (
            Self.minus(content, other.content), Self.minus(other.content, content)
        )
        // `on a mac`: a phrase that only one has restricts the question.
        if isRestricted(onlyHere) != other.isRestricted(onlyThere) { found.insert(.subject) }
        if !found.contains(.length), !isFormal {
            if isReordered(other) { found.insert(.order) }
            if isSubstituted(other, onlyHere, onlyThere) { found.insert(.subject) }
        }
        let rewording: Rewording =
            isFormal ? .form : onlyHere.isEmpty && onlyThere.isEmpty ? .grammar : .content
        let sides = [
            onlyHere + Self.minus(function, other.function),
            onlyThere + Self.minus(other.function, function),
        ].map { StableHash.of($0.sorted()) }.sorted()
        return Comparison(
            Difference.allCases.filter(found.contains), rewording, StableHash.of(sides))
    }

    // MARK: - Guards

    /// A name of one text is at least a word of the other.
    private func areNamesShared(with other: TextProfile) -> Bool {
        let (mine, theirs) = (Set(words), Set(other.words))
        return names.allSatisfy(theirs.contains) && other.names.allSatisfy(mine.contains)
    }

    /// A word that both have must have the same prepositions before it.
    ///
    /// Only `of` and `to` may come and go, and no strong one may at all.
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
        for next in Set(mine.keys).union(theirs.keys) {
            let (words, others) = (mine[next] ?? [], theirs[next] ?? [])
            if words.isEmpty || others.isEmpty {
                guard words.union(others).isSubset(of: Self.loose) else { return false }
            } else if words != others {
                return false
            }
        }
        func strong(_ profile: TextProfile) -> [UInt64] {
            profile.relations.filter(\.isStrong).map(\.word).sorted()
        }
        return strong(self) == strong(other)
    }

    private func isRestricted(_ own: [UInt64]) -> Bool {
        guard !own.isEmpty else { return false }
        return relations.contains { !Self.loose.contains($0.word) && own.contains($0.next) }
    }

    private static let loose: Set<UInt64> = [StableHash.ofWord("of"), StableHash.ofWord("to")]

    private func isOpposite(to other: TextProfile) -> Bool {
        let (mine, theirs) = (Set(opposites.keys), Set(other.opposites.keys))
        for (word, list) in opposites where !theirs.contains(word) {
            if list.contains(where: { theirs.contains($0) && !mine.contains($0) }) { return true }
        }
        return false
    }

    private func arePersonsEqual(to other: TextProfile) -> Bool {
        guard persons != other.persons else {
            return persons.nonzeroBitCount < 2 || people == other.people
        }
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
        // Texts of the same words mostly agree at both ends; the rest is compared if it is short.
        let start = zip(a, b).prefix { $0 == $1 }.count
        let end = zip(a[start...].reversed(), b[start...].reversed()).prefix { $0 == $1 }.count
        let (left, right) = (Array(a[start..<(a.count - end)]), Array(b[start..<(b.count - end)]))
        guard max(left.count, right.count) <= Self.orderedMax else { return true }
        let common =
            left.count + right.count - Self.minus(left, right).count
            - Self.minus(right, left).count
        return Self.longestCommon(left, right) * 2 < common
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

    /// Words between those that begin and end two texts alike whose order is compared.
    static let orderedMax = 192

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
