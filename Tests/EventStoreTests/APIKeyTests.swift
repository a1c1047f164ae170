import EventStore
import LedgerModel
import LedgerTesting
import StoreTesting
import Testing

@Suite("Events and the keys that they came by", .timeLimit(.minutes(1)))
struct APIKeyTests {
    @Test("an event is a duplicate whichever key it comes by, and keeps the first")
    func duplicates() async throws {
        try await TestLedger.with { bench in
            var random = RandomEvents(seed: testSeed())
            for ledger in [bench.ledger, MemoryLedger(id: LedgerID(7)) { .earliest }]
                as [any LedgerStore]
            {
                for keys in [[nil, "a"], ["a", nil], ["a", "b"], ["a", "a"]] as [[Name?]] {
                    var event = random.request()
                    event.origin = CallOrigin()
                    var outcomes: [AppendReceipt.Outcome] = []
                    for key in keys {
                        event.dimensions[.apiKey] = key
                        var batch = EntryBatch(for: ledger.id)
                        var encoder = EntryEncoder()
                        try batch.add(event, charge: random.charge(for: event), using: &encoder)
                        outcomes += try await ledger.append(batch).outcomes
                    }
                    guard case .appended(let position) = outcomes[0] else {
                        Issue.record("\(outcomes)")
                        continue
                    }
                    #expect(outcomes[1] == .duplicate(position), "\(keys)")
                    let stored = try await ledger.event(event.id)?.event
                    #expect(stored?.dimensions[.apiKey] == keys[0])
                    event.dimensions[.agent] = "another"
                    var batch = EntryBatch(for: ledger.id)
                    var encoder = EntryEncoder()
                    try batch.add(event, using: &encoder)
                    #expect(
                        try await ledger.append(batch).outcomes == [.conflict(position)], "\(keys)")
                }
            }
        }
    }
}
