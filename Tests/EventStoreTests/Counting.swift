import EventStore
import LedgerModel
import LedgerTesting
import Testing

/// Rules of posting as the tests keep them: what each app was charged, times a weight.
///
/// The weight is the revision of the rules, so that whoever posts by old ones is found out.
struct Counting {
    /// What a row counts.
    struct Sum: Equatable {
        var cost: Int64 = 0
        var requests: Int64 = 0

        init() {}

        init(_ state: [UInt8]) {
            cost = Self.integer(state.prefix(8))
            requests = Self.integer(state.dropFirst(8))
        }

        var bytes: [UInt8] {
            [cost, requests].flatMap { value in
                withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
            }
        }

        private static func integer(_ bytes: some Collection<UInt8>) -> Int64 {
            bytes.reduce(0) { $0 << 8 | Int64($1) }
        }

        mutating func count(_ kind: EventKind, _ amount: Picodollars?, weight: UInt8) {
            if kind.isCharge { cost &+= Int64(weight) &* (amount?.amount ?? 0) }
            if kind.isRequest { requests += Int64(weight) }
        }
    }

    static let names: [Name] = ["none"] + (0..<4).map { Name("x-\($0)") }

    static func key(_ app: Name) -> StateKey { StateKey(kind: 3, name: app) }

    static func rules(_ revision: [UInt8]) -> PostingRules {
        guard let weight = revision.first else { return .none }
        return PostingRules(revision: revision) { row in
            guard let kind = row.kind, kind.isCharge || kind.isRequest else { return [] }
            let app = row.text(Dimension.app.field).map { String(decoding: $0, as: UTF8.self) }
            let amount = row.amount
            return [
                Posting(to: key(Name(app ?? "none"))) { bytes in
                    var sum = Sum(bytes)
                    sum.count(kind, amount, weight: weight)
                    bytes = sum.bytes
                }
            ]
        }
    }

    /// Puts rules into force; `after` are those that the decision is made by.
    static func revise(to weight: UInt8, after: UInt8? = nil, id: EventID) -> Decision {
        Decision(id: id, on: [PostingRules.key]) { rows, _ in
            if let after, rows.revision != [after] { throw OtherRules(found: rows.revision) }
            rows[PostingRules.key] = [weight]
            var event = Event(id: id, kind: .budgetDefined, occurredAt: id.time)
            event.detail = try Labels([("weight", Name(String(weight)))])
            return [event]
        }
    }

    struct OtherRules: Error, Equatable {
        let found: [UInt8]
    }

    /// What the events say: rules are in force from the block after the one that defines them.
    static func fold(_ store: any LedgerStore) async throws -> [Name: Sum] {
        var sums: [Name: Sum] = [:]
        var (weight, position) = (UInt8(0), Int64(0))
        let events = try await store.everything()
        while let block = try await store.block(holding: position + 1)?.block {
            let inside = events.filter { block.firstPosition...block.lastPosition ~= $0.position }
            for event in inside.map(\.event) where event.kind.isCharge || event.kind.isRequest {
                sums[event.dimensions[.app] ?? "none", default: Sum()]
                    .count(event.kind, event.amount, weight: weight)
            }
            for event in inside.map(\.event) where event.kind == .budgetDefined {
                weight = event.detail?["weight"].flatMap { UInt8($0.string) } ?? weight
            }
            position = block.lastPosition
        }
        return sums
    }

    /// The rows of state are the fold of the events.
    static func audit(_ store: any LedgerStore) async throws {
        let folded = try await fold(store)
        for name in names {
            let found = Sum(try await store.state(of: key(name)))
            #expect(found == folded[name] ?? Sum(), "the sum of \(name)")
        }
    }
}

/// The rules that one process knows; it reads newer ones when its writer asks for them.
final class KnownRules: Sendable {
    private let revision = Shared<[UInt8]>([])
    private let reader = Shared<(any LedgerStore)?>(nil)

    /// How often newer rules were read.
    let loads = Shared(0)

    /// Names the store where the rules in force are.
    func read(from store: any LedgerStore) { reader.update { $0 = store } }

    var known: [UInt8] { revision.value }

    var source: PostingSource {
        PostingSource(
            current: { Counting.rules(self.revision.value) },
            load: {
                self.loads.update { $0 += 1 }
                if let store = self.reader.value {
                    let newer = try await store.state(of: PostingRules.key)
                    self.revision.update { $0 = newer }
                }
                return Counting.rules(self.revision.value)
            })
    }
}

/// Lends an empty store whose writer posts, with rules of weight 1 in force.
func withCountingStore(
    _ kind: StoreKind, _ body: (any LedgerStore, KnownRules) async throws -> Void
) async throws {
    let rules = KnownRules()
    try await withStore(kind, posting: rules.source) { store in
        rules.read(from: store)
        let id = EventID(at: Timestamp(year: 2026, month: 11, day: 1), entropy: (1, 1))
        _ = try await store.append(Counting.revise(to: 1, id: id))
        try await body(store, rules)
        try await Counting.audit(store)
        try await auditChain(of: store)
    }
}
