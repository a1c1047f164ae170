package import LedgerModel

/// Questions whose answers are stored, and which of them resemble another one: within a scope only.
///
/// A scope is a ledger, a team and everything but the last question. Of a question are kept the
/// profile of the guards, its MinHash and its vector: no text. Bounded in bytes; the oldest leave.
package struct Neighbours: Sendable {
    /// A question with all that is compared.
    package struct Question: Sendable {
        package let ledger: LedgerID
        package let key: Digest
        package let check: Digest
        package let scope: Digest
        let profile: TextProfile
        let sketch: MinHash
        /// Of length 1; empty or zeros without embeddings or known words.
        let vector: [Float]

        var hasVector: Bool { vector.contains { $0 != 0 } }

        /// - Parameter scope: see `SimilarQuestions.scope`.
        package init(
            ledger: LedgerID, key: Digest, check: Digest, scope: Digest, text: String,
            vector: [Float]
        ) {
            self.ledger = ledger
            self.key = key
            self.check = check
            self.scope = scope
            profile = TextProfile(text)
            sketch = MinHash(contentOf: profile)
            self.vector = vector
        }
    }

    package struct Entry: Sendable {
        package let key: Digest
        package let check: Digest
        package let scope: Digest
        let profile: TextProfile
        let sketch: MinHash
        /// The slot in the index of its scope; nil without a vector.
        fileprivate var vectorSlot: Int?
        /// The place among the members of its scope.
        fileprivate var place: Int
        /// A number that grows: entries leave in its order.
        fileprivate let age: UInt64
        package var answer: AnswerSketch?
        /// The number of the answer; a later one has a greater number.
        package var answerNumber: UInt64

        fileprivate var bytes: Int {
            512 + profile.bytes + MinHash.bytes + (answer == nil ? 0 : 320)
        }
    }

    package struct Candidate: Sendable, Equatable {
        package let slot: Int
        package let key: Digest
        package let check: Digest
        package let score: Double
        /// By meaning; otherwise by words.
        package let isSemantic: Bool
        package let comparison: Comparison
    }

    /// Shares of equal pairs of content words and cosines below these are no likeness.
    package static let nearMin = 0.5
    package static let semanticMin = 0.75
    /// Candidates that are compared by the guards.
    package static let comparedMax = 8

    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var slots: [Digest: Int] = [:]
    private var bands = BandTable()
    private var scopes: [Digest: Scope] = [:]
    /// Slots in the order of their ages; some are long gone.
    private var queue: [(slot: Int, age: UInt64)] = []
    private var head = 0
    private var clock: UInt64 = 0
    private var entryBytes = 0
    private var vectorBytes = 0
    package private(set) var dropped = 0
    package let bytesMax: Int

    private struct Scope {
        /// By number of vector: the slot of its entry.
        var owners: [Int] = []
        var free: [Int] = []
        var vectors: VectorIndex?
        /// The slots of all its entries, also of those without a vector.
        var members: [Int] = []
    }

    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    package var count: Int { slots.count }
    package var bytes: Int { entryBytes + vectorBytes + bands.bytes + scopes.count * 256 }

    package func entry(_ key: Digest) -> Entry? {
        slots[key].flatMap { entries[$0] }
    }

    // MARK: - Changing

    /// Adds a question, or gives one that is there its new answer.
    package mutating func insert(_ question: Question, answer: AnswerSketch?) {
        let (key, scope) = (question.key, question.scope)
        remove(key)
        clock += 1
        var entry = Entry(
            key: key, check: question.check, scope: scope, profile: question.profile,
            sketch: question.sketch, vectorSlot: nil, place: scopes[scope]?.members.count ?? 0,
            age: clock, answer: answer, answerNumber: clock)
        let slot = free.popLast() ?? entries.count
        if slot == entries.count { entries.append(nil) }
        if question.hasVector {
            entry.vectorSlot = add(question.vector, of: slot, to: scope)
        }
        bands.insert(Self.scoped(question.sketch, scope), of: UInt32(slot))
        scopes[scope, default: Scope()].members.append(slot)
        entries[slot] = entry
        slots[key] = slot
        queue.append((slot, clock))
        entryBytes += entry.bytes
        while bytes > bytesMax, count > 1, dropOldest() {}
    }

    package mutating func remove(_ key: Digest) {
        guard let slot = slots.removeValue(forKey: key), let entry = entries[slot] else { return }
        bands.remove(Self.scoped(entry.sketch, entry.scope), of: UInt32(slot))
        entries[slot] = nil
        free.append(slot)
        entryBytes -= entry.bytes
        guard var scope = scopes.removeValue(forKey: entry.scope) else { return }
        let last = scope.members.removeLast()
        if last != slot {
            scope.members[entry.place] = last
            entries[last]?.place = entry.place
        }
        let before = scope.vectors?.bytes ?? 0
        if let vectorSlot = entry.vectorSlot {
            scope.vectors?.remove(vectorSlot)
            scope.free.append(vectorSlot)
        }
        vectorBytes += (scope.members.isEmpty ? 0 : scope.vectors?.bytes ?? 0) - before
        if !scope.members.isEmpty { scopes[entry.scope] = scope }
    }

    private mutating func dropOldest() -> Bool {
        while head < queue.count {
            let (slot, age) = queue[head]
            head += 1
            if head > 4_096, head * 2 > queue.count {
                queue.removeFirst(head)
                head = 0
            }
            if let entry = entries[slot], entry.age == age {
                remove(entry.key)
                dropped += 1
                return true
            }
        }
        return false
    }

    private mutating func add(_ vector: [Float], of slot: Int, to id: Digest) -> Int {
        // Taken out, so that it is changed in place.
        var scope = scopes.removeValue(forKey: id) ?? Scope()
        var vectors = scope.vectors ?? VectorIndex(dimensions: vector.count)
        scope.vectors = nil
        let before = vectors.count == 0 ? 0 : vectors.bytes
        let place = scope.free.popLast() ?? scope.owners.count
        if place == scope.owners.count {
            scope.owners.append(slot)
        } else {
            scope.owners[place] = slot
        }
        vectors.insert(vector, at: place)
        vectorBytes += vectors.bytes - before
        scope.vectors = vectors
        scopes[id] = scope
        return place
    }

    private static func scoped(_ sketch: MinHash, _ scope: Digest) -> [UInt32] {
        sketch.bandHashes.map {
            UInt32(truncatingIfNeeded: StableHash.mixed(UInt64($0) ^ scope.words[0]))
        }
    }

    // MARK: - Looking up

    /// The entries that resemble a question, those that the guards accept first, then by likeness.
    package func candidates(for question: Question) -> [Candidate] {
        let (scope, profile, sketch) = (question.scope, question.profile, question.sketch)
        var scores: [Int: (score: Double, isSemantic: Bool)] = [:]
        for slot in bands.sharers(Self.scoped(sketch, scope), max: 256) {
            guard let entry = entries[Int(slot)], entry.scope == scope else { continue }
            let score = entry.sketch.similarity(to: sketch)
            if score >= Self.nearMin || entry.profile.words == profile.words {
                scores[Int(slot)] = (score, false)
            }
        }
        if question.hasVector, let index = scopes[scope], let vectors = index.vectors,
            vectors.dimensions == question.vector.count
        {
            for found in vectors.nearest(to: question.vector, count: Self.comparedMax) {
                let score = Double(found.score)
                guard score >= Self.semanticMin else { break }
                let slot = index.owners[found.slot]
                if scores[slot] == nil { scores[slot] = (min(1, score), true) }
            }
        }
        let best = scores.sorted { ($0.value.score, $1.key) > ($1.value.score, $0.key) }
            .prefix(Self.comparedMax)
        let compared = best.compactMap { slot, found -> Candidate? in
            guard let entry = entries[slot], entry.key != question.key else { return nil }
            return Candidate(
                slot: slot, key: entry.key, check: entry.check, score: found.score,
                isSemantic: found.isSemantic,
                comparison: profile.compared(with: entry.profile, isQuick: true))
        }
        return compared.filter(\.comparison.isAcceptable)
            + compared.filter { !$0.comparison.isAcceptable }
    }

    /// Another entry of the scope, by a number: to see how often answers are equal by chance.
    package func any(in scope: Digest, number: UInt64, except key: Digest) -> Entry? {
        guard let members = scopes[scope]?.members, !members.isEmpty else { return nil }
        let slot = members[Int(number % UInt64(members.count))]
        guard let entry = entries[slot], entry.key != key else { return nil }
        return entry
    }
}
