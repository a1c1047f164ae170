import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import StoreTesting
import Testing

/// Every store of a ledger keeps the same promises.
@Suite("The contract of a ledger", .serialized, .timeLimit(.minutes(2)))
struct ContractTests {
    @Test(
        "positions are contiguous from one, in the order of the batch",
        arguments: StoreKind.allCases)
    func contiguous(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            var expected: Int64 = 1
            for size in [1, 2, 17, 1, 60] {
                let entries = random.entries(size)
                let receipt = try await store.append(entries)
                for (entry, outcome) in zip(entries, receipt.outcomes) {
                    #expect(outcome == .appended(expected))
                    expected += Int64(entry.rows)
                }
                #expect(receipt.head.position == expected - 1)
                #expect(try await store.head() == receipt.head)
            }
            #expect(
                try await store.everything(pageSize: 7).map(\.position)
                    == Array(1..<expected))
        }
    }

    @Test(
        "what is read is what was appended, request and charge side by side",
        arguments: StoreKind.allCases)
    func readsBack(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let entries = random.entries(80)
            _ = try await store.append(entries)
            let events = try await store.everything().map(\.event)
            #expect(events == entries.flatMap { [$0.request] + ($0.charge.map { [$0] } ?? []) })
        }
    }

    @Test(
        "a duplicate gets the position it has, and nothing is appended",
        arguments: StoreKind.allCases)
    func duplicates(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let entries = random.entries(20)
            let first = try await store.append(entries)
            for _ in 0..<2 {
                let again = try await store.append(entries.reversed())
                #expect(again.isAllDuplicate)
                #expect(
                    again.outcomes.map(\.position)
                        == first.outcomes.map(\.position).reversed())
                #expect(again.head == first.head)
            }
        }
    }

    @Test(
        "what was booked for a request is read with it: its charge and every adjustment",
        arguments: StoreKind.allCases)
    func stored(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let entry = random.entry(charged: true)
            _ = try await store.append([entry, random.entry(charged: false)])
            let charge = try #require(entry.charge)
            let first = try await store.stored(at: [1, 3, 99])
            #expect(first[1]?.event.event == entry.request && first[1]?.charges == [charge])
            #expect(first[3]?.charges == [] && first[3]?.price == nil)
            #expect(first.count == 2)
            var adjustment = Event(
                id: .charge(for: entry.request.id, after: charge.id), kind: .chargeAdjusted,
                occurredAt: charge.occurredAt)
            adjustment.causeID = entry.request.id
            adjustment.amount = Picodollars(7)
            _ = try await store.append([Entry(request: adjustment)])
            let price = try await store.stored(at: [1])[1]?.price
            let booked = PicodollarSum(charge.amount ?? Picodollars(0))
            #expect(price == .priced(booked + PicodollarSum(7)))
        }
    }

    @Test(
        "other content under an id is a conflict, and changes nothing",
        arguments: StoreKind.allCases)
    func conflicts(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let entry = random.entry(charged: true)
            let first = try await store.append([entry])
            var other = entry
            other.request.usage[.inputTokens] = (entry.request.usage[.inputTokens] ?? 0) + 1
            let receipt = try await store.append([other, random.entry(charged: false)])
            #expect(receipt.outcomes == [.conflict(1), .appended(3)])
            #expect(receipt.head.block == first.head.block + 1)
            #expect(try await store.event(entry.request.id)?.event == entry.request)
        }
    }

    @Test(
        "an external id that comes again with another time is a conflict",
        arguments: StoreKind.allCases)
    func identityOutlivesTime(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            var entry = random.entry(charged: false)
            let external = ExternalID(source: "gateway", id: "chatcmpl-1")
            entry.request.externalID = external
            entry.request.id = external.eventID(at: entry.request.occurredAt)
            _ = try await store.append([random.entry(charged: false), entry])
            var later = entry
            later.request.occurredAt = entry.request.occurredAt.advanced(
                byMicroseconds: -40 * Timestamp.dayMicroseconds)
            later.request.id = external.eventID(at: later.request.occurredAt)
            #expect(later.request.id != entry.request.id)
            let receipt = try await store.append([later, entry])
            #expect(receipt.outcomes == [.conflict(2), .duplicate(2)])
            #expect(try await store.event(later.request.id) == nil)
        }
    }

    @Test(
        "within one batch the first of equals is appended, the rest are told so",
        arguments: StoreKind.allCases)
    func twinsInABatch(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let (a, b) = (random.entry(charged: true), random.entry(charged: false))
            var other = a
            other.request.status = 999
            let receipt = try await store.append([a, a, other, b, a])
            #expect(
                receipt.outcomes
                    == [.appended(1), .duplicate(1), .conflict(1), .appended(3), .duplicate(1)])
            #expect(receipt.head.position == 3)
        }
    }

    @Test(
        "a request whose charge's id is taken is refused as a whole", arguments: StoreKind.allCases)
    func together(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let victim = random.entry(charged: true)
            var squatter = random.entry(charged: false)
            squatter.request.id = EventID.charge(for: victim.request.id, after: nil)
            squatter.request.occurredAt = victim.request.occurredAt
            squatter.request.externalID = nil
            let bystander = random.entry(charged: false)
            _ = try await store.append([squatter])
            let receipt = try await store.append([victim, bystander])
            #expect(receipt.outcomes == [.conflict(1), .appended(2)])
            #expect(try await store.event(victim.request.id) == nil)
            let twins = random.entry(charged: true)
            var thief = random.entry(charged: false)
            thief.request.id = EventID.charge(for: twins.request.id, after: nil)
            thief.request.occurredAt = twins.request.occurredAt
            thief.request.externalID = nil
            let second = try await store.append([twins, thief])
            #expect(second.outcomes == [.appended(3), .conflict(4)])
        }
    }

    @Test("reads honour after and limit, whatever they are", arguments: StoreKind.allCases)
    func bounds(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            for _ in 0..<4 { _ = try await store.append(random.entries(3, charged: false)) }
            func positions(after position: Int64, limit: Int) async throws -> [Int64] {
                try await store.events(after: position, limit: limit).map(\.position)
            }
            #expect(try await positions(after: 0, limit: 5) == [1, 2, 3, 4, 5])
            #expect(try await positions(after: 5, limit: 3) == [6, 7, 8])
            #expect(try await positions(after: 10, limit: 100) == [11, 12])
            #expect(try await positions(after: -3, limit: 2) == [1, 2])
            #expect(try await positions(after: 3, limit: 0).isEmpty)
            #expect(try await positions(after: 3, limit: -1).isEmpty)
            #expect(try await positions(after: 12, limit: 5).isEmpty)
            #expect(try await positions(after: .max, limit: .max).isEmpty)
        }
    }

    @Test(
        "an event is found by its id, charges too, and nothing else is",
        arguments: StoreKind.allCases)
    func byID(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let entries = random.entries(10, charged: true)
            _ = try await store.append(entries)
            for (index, entry) in entries.enumerated() {
                let request = try await store.event(entry.request.id)
                #expect(request?.event == entry.request)
                #expect(request?.position == Int64(2 * index + 1))
                let charge = try #require(entry.charge)
                #expect(try await store.event(charge.id)?.event == charge)
            }
            #expect(try await store.event(random.request().id) == nil)
        }
    }

    @Test(
        "blocks link to each other, hold every position, and prove every event",
        arguments: StoreKind.allCases)
    func chain(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            for size in [1, 5, 2, 8] { _ = try await store.append(random.entries(size)) }
            let head = try await store.head()
            #expect(head.block == 4)
            try await auditChain(of: store)
            for recorded in try await store.everything() {
                let found = try await store.proof(of: recorded.event.id)
                var proof = try #require(found)
                #expect(proof.isValid)
                #expect(proof.position == recorded.position)
                #expect(proof.block.recordedAt == recorded.recordedAt)
                proof = InclusionProof(
                    event: random.request().id, position: proof.position,
                    encoding: proof.encoding, path: proof.path, block: proof.block)
                #expect(!proof.isValid)
            }
            for position in [0, -1, head.position + 1, .max] {
                #expect(try await store.block(holding: position) == nil)
            }
            #expect(try await store.proof(of: random.request().id) == nil)
        }
    }

    @Test(
        "an empty batch changes nothing and an empty ledger has an empty head",
        arguments: StoreKind.allCases)
    func empty(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            #expect(try await store.head() == .empty)
            #expect(try await store.append([Entry]()).head == .empty)
            #expect(try await store.everything().isEmpty)
            let head = try await store.append(random.entries(2)).head
            let receipt = try await store.append([Entry]())
            #expect(receipt.outcomes.isEmpty)
            #expect(receipt.head == head)
        }
    }
}
