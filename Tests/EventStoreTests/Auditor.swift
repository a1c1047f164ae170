import EventStore
import LedgerModel
import Testing

/// Recomputes the chain of any store from what it reads back, block by block.
func auditChain(of store: any LedgerStore) async throws {
    let events = try await store.everything()
    var head = Head.empty
    var recordedAt = Timestamp(microseconds: .min)
    var index = 0
    while let (block, leaves) = try await store.block(holding: head.position + 1) {
        #expect(block.ledger == store.id.number)
        #expect(block.number == head.block + 1)
        #expect(block.firstPosition == head.position + 1)
        #expect(block.previousHash == head.hash)
        #expect(block.count == Int64(leaves.count))
        #expect(block.root == MerkleTree.root(of: leaves))
        #expect(block.recordedAt >= recordedAt)
        for leaf in leaves {
            let recorded = try #require(index < events.count ? events[index] : nil)
            #expect(recorded.position == Int64(index) + 1)
            #expect(recorded.recordedAt == block.recordedAt)
            #expect(leafHash(of: recorded.event) == leaf)
            index += 1
        }
        recordedAt = block.recordedAt
        head = Head(position: block.lastPosition, block: block.number, hash: block.hash)
    }
    #expect(index == events.count)
    #expect(try await store.head() == head)
}

func leafHash(of event: Event) -> Digest? {
    var image = EventImage()
    image.append(event)
    var hasher = LeafHasher()
    return hasher.leaf(of: image.buffer)
}

/// What callers were told, checked in the end against what the ledger holds.
struct Auditor: Sendable {
    struct Answer: Sendable {
        let entry: Entry
        let outcome: AppendReceipt.Outcome
    }

    private(set) var answers: [Answer] = []

    mutating func note(_ entries: [Entry], _ receipt: AppendReceipt) {
        #expect(entries.count == receipt.outcomes.count)
        answers += zip(entries, receipt.outcomes).map { Answer(entry: $0, outcome: $1) }
    }

    /// Nothing acknowledged is lost or changed, nothing is there twice, nothing is there that
    /// nobody sent, and no two callers were told that they appended the same event.
    func audit(_ store: any LedgerStore) async throws {
        let events = try await store.everything()
        #expect(events.map(\.position) == Array(1..<Int64(events.count) + 1))
        #expect(Set(events.map(\.event.id)).count == events.count)
        let identities = events.compactMap(\.event.externalID)
        #expect(Set(identities).count == identities.count)
        var appended: Set<Int64> = []
        var explained: Set<Int64> = []
        for answer in answers {
            let position = answer.outcome.position
            guard position >= 1, position <= Int64(events.count) else {
                Issue.record("position \(position) was acknowledged and is not there")
                continue
            }
            let stored = events[Int(position) - 1].event
            switch answer.outcome {
            case .appended:
                #expect(appended.insert(position).inserted, "\(position) was appended twice")
                fallthrough
            case .duplicate:
                #expect(stored == answer.entry.request)
                explained.insert(position)
                guard let charge = answer.entry.charge else { continue }
                // A duplicate is told by its request; the charge is what was booked first.
                guard Int(position) < events.count else {
                    Issue.record("the charge of \(position) is not there")
                    continue
                }
                #expect(events[Int(position)].event.id == charge.id)
                explained.insert(position + 1)
            case .sameCall: Issue.record("requests without an origin repeat no other")
            case .conflict:
                #expect(stored != answer.entry.request)
                #expect(
                    stored.id == answer.entry.request.id
                        || stored.externalID == answer.entry.request.externalID)
            }
        }
        #expect(explained.count == events.count, "some events were sent by nobody")
        try await auditChain(of: store)
    }
}
