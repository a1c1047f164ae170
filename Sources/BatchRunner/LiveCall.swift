import Batching
import LedgerModel
import NIOCore
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

    typealias Member = (body: [UInt8], embedding: EmbeddingRequest?, tokens: Int)

    /// Reads a streamed answer piece by piece.
    static func stream(
        _ body: [UInt8], _ client: ProviderClient, _ path: String,
        _ received: ([UInt8]) async -> Void
    ) async -> End {
        do {
            let stream = try await client.open(ProviderCall(post: path, json: body))
            guard (200..<300).contains(stream.status) else {
                return End(.failed(CallFailure(status: stream.status) { stream.headers[$0] }))
            }
            try await stream.read { await received(Array($0.readableBytesView)) }
            return End(.results([.success(tokens: nil)]), [[]])
        } catch { return End(.failed(CallFailure(of: error) ?? CallFailure(.lost))) }
    }

    /// Calls for all members: embeddings of one form together, everything else each for itself.
    static func merged(
        _ members: [Member], _ client: ProviderClient, _ path: String
    ) async -> End {
        let groups = groups(of: members)
        var results = [PartResult?](repeating: nil, count: members.count)
        var bodies = [[UInt8]](repeating: [], count: members.count)
        var failures: [CallFailure] = []
        await withTaskGroup(of: ([Int], Result<[EmbeddingPart], CallFailure>).self) { tasks in
            for group in groups {
                tasks.addTask { (group, await call(group.map { members[$0] }, client, path)) }
            }
            for await (group, result) in tasks {
                switch result {
                case .success(let parts):
                    for (member, part) in zip(group, parts) {
                        results[member] = .success(tokens: part.tokens)
                        bodies[member] = part.body
                    }
                case .failure(let failure):
                    failures.append(failure)
                    for member in group { results[member] = .failure(failure) }
                }
            }
        }
        // One call that failed as a whole may have one guilty member, whom the batcher looks for.
        if groups.count == 1, let failure = failures.first { return End(.failed(failure)) }
        return End(.results(results.compactMap(\.self)), bodies)
    }

    private typealias EmbeddingPart = (body: [UInt8], tokens: Int?)

    private static func groups(of members: [Member]) -> [[Int]] {
        var groups: [[Int]] = []
        for (index, member) in members.enumerated() {
            let place = groups.firstIndex { group in
                guard let own = member.embedding, let other = members[group[0]].embedding else {
                    return false
                }
                return own.merges(with: other)
            }
            if let place { groups[place].append(index) } else { groups.append([index]) }
        }
        return groups
    }

    private static func call(
        _ members: [Member], _ client: ProviderClient, _ path: String
    ) async -> Result<[EmbeddingPart], CallFailure> {
        let embeddings = members.compactMap(\.embedding)
        let isMerged = members.count > 1 && embeddings.count == members.count
        let body = isMerged ? EmbeddingRequest.merged(embeddings) : members[0].body
        do {
            let answer = try await client.call(ProviderCall(post: path, json: body))
            guard (200..<300).contains(answer.status) else {
                return .failure(CallFailure(status: answer.status) { answer.headers[$0] })
            }
            guard isMerged else { return .success([(answer.body, nil)]) }
            let parts = try EmbeddingAnswer.split(
                answer.body, among: embeddings, expected: members.map(\.tokens))
            return .success(parts.map { ($0.body, $0.tokens) })
        } catch is EmbeddingFault {
            return .failure(CallFailure(.miscounted))
        } catch {
            return .failure(CallFailure(of: error) ?? CallFailure(.lost))
        }
    }
}
