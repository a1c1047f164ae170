import Batching
import LedgerModel
import Providers
import Resilience

/// One call to an upstream for the members of a batch.
enum LiveCall {
    struct End: Sendable {
        let answer: CallAnswer
        /// One for each member that succeeded, else empty.
        var bodies: [[UInt8]] = []

        init(_ answer: CallAnswer, _ bodies: [[UInt8]] = []) {
            self.answer = answer
            self.bodies = bodies
        }
    }

    struct Member: Sendable {
        let body: [UInt8]
        /// In a lane that merges.
        let embedding: EmbeddingRequest?
        let tokens: Int
        let target: LiveTarget
    }

    /// Reads a streamed answer piece by piece.
    static func stream(_ member: Member, _ received: ([UInt8]) async -> Void) async -> End {
        do {
            try await member.target.alone(member.body) { await received($0) }
            return End(.results([.success(tokens: nil)]), [[]])
        } catch { return End(.failed(failure(of: error))) }
    }

    /// Calls for all members: embeddings of one form together, everything else each for itself.
    static func together(_ members: [Member], _ formed: LiveTarget.Formed) async -> End {
        let groups = groups(of: members)
        var results = [PartResult?](repeating: nil, count: members.count)
        var bodies = [[UInt8]](repeating: [], count: members.count)
        var failed: CallFailure?
        await withTaskGroup(of: ([Int], Result<[Part], CallFailure>).self) { tasks in
            for group in groups {
                var own = formed
                own.requests = group.count
                if groups.count > 1 { own.duplicates = 0 }
                tasks.addTask { [own] in (group, await call(group.map { members[$0] }, own)) }
            }
            for await (group, result) in tasks {
                switch result {
                case .success(let parts):
                    for (member, part) in zip(group, parts) {
                        results[member] = part.result
                        bodies[member] = part.body
                    }
                case .failure(let failure):
                    failed = failure
                    for member in group { results[member] = .failure(failure) }
                }
            }
            // One call that failed as a whole may have one guilty member, whom the batcher looks
            // for; among the calls of several groups it is looked for here, each called alone.
            guard groups.count > 1 else { return }
            for group in groups where group.count > 1 {
                guard case .failure(let failure)? = results[group[0]],
                    failure.errorClass.mayBeOfOne
                else { continue }
                for member in group {
                    tasks.addTask { ([member], await call([members[member]], formed)) }
                }
            }
            for await (group, result) in tasks {
                let part = (try? result.get())?.first
                bodies[group[0]] = part?.body ?? []
                if case .failure(let failure) = result { results[group[0]] = .failure(failure) }
                if let part { results[group[0]] = part.result }
            }
        }
        if groups.count == 1, let failed { return End(.failed(failed)) }
        return End(.results(results.compactMap(\.self)), bodies)
    }

    private struct Part: Sendable {
        let body: [UInt8]
        let result: PartResult
    }

    private static func groups(of members: [Member]) -> [[Int]] {
        var groups: [[Int]] = []
        for (index, member) in members.enumerated() {
            let place = groups.firstIndex { group in
                let other = members[group[0]]
                guard let own = member.embedding, let others = other.embedding,
                    let kind = member.target.merged?.kind, kind == other.target.merged?.kind
                else { return false }
                return own.merges(with: others)
            }
            if let place { groups[place].append(index) } else { groups.append([index]) }
        }
        return groups
    }

    private static func call(
        _ members: [Member], _ formed: LiveTarget.Formed
    ) async -> Result<[Part], CallFailure> {
        do {
            if members.count > 1, let merged = members[0].target.merged {
                return .success(try await call(members, merged, formed))
            }
            var body: [UInt8] = []
            try await members[0].target.alone(members[0].body) { body += $0 }
            return .success([Part(body: body, result: .success(tokens: nil))])
        } catch {
            return .failure(failure(of: error))
        }
    }

    private static func call(
        _ members: [Member], _ merged: LiveTarget.Merged, _ formed: LiveTarget.Formed
    ) async throws -> [Part] {
        var parts = await begin(members)
        let ready = parts.indices.filter { parts[$0] == nil }
        do {
            let answers = try await call(
                ready: ready.map { members[$0] }, merged, formed)
            for (place, answer) in zip(ready, answers) { parts[place] = answer }
        } catch {
            for place in ready { await members[place].target.merged?.undo() }
            throw error
        }
        return parts.compactMap(\.self)
    }

    /// - Returns: nil for those that may be called, a failure for the others.
    private static func begin(_ members: [Member]) async -> [Part?] {
        await withTaskGroup(of: (Int, CallFailure?).self) { tasks in
            for (place, member) in members.enumerated() {
                tasks.addTask {
                    do { try await member.target.merged?.begin() } catch {
                        return (place, failure(of: error))
                    }
                    return (place, nil)
                }
            }
            return await tasks.reduce(into: Array(repeating: nil, count: members.count)) {
                $0[$1.0] = $1.1.map { Part(body: [], result: .failure($0)) }
            }
        }
    }

    private static func call(
        ready members: [Member], _ merged: LiveTarget.Merged, _ formed: LiveTarget.Formed
    ) async throws -> [Part] {
        guard !members.isEmpty else { return [] }
        let embeddings = members.compactMap(\.embedding)
        let answer = try await merged.call(EmbeddingRequest.merged(embeddings), formed)
        let answers: [(body: [UInt8], tokens: Int?)] =
            answer.isForAll
            ? members.map { _ in (answer.body, nil) }
            : try EmbeddingAnswer.split(
                answer.body, among: embeddings, expected: members.map(\.tokens)
            ).map { ($0.body, $0.tokens) }
        var parts: [Part] = []
        for (member, own) in zip(members, answers) {
            do {
                let body = try await member.target.merged?.part(answer, own.body)
                parts.append(Part(body: body ?? [], result: .success(tokens: own.tokens)))
            } catch {
                // What one cannot make of its part is no reason for the others.
                parts.append(Part(body: [], result: .failure(failure(of: error))))
            }
        }
        return parts
    }

    private static func failure(of error: any Error) -> CallFailure {
        if let failure = error as? CallFailure { return failure }
        if error is EmbeddingFault { return CallFailure(.miscounted) }
        return CallFailure(of: error) ?? CallFailure(.lost)
    }
}
