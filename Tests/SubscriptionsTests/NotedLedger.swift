import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Subscriptions
import Synchronization

/// A ledger with a table of what subscriptions did: one row for each range that a member folded.
extension TestLedger {
    static func withNotes(_ body: (TestLedger) async throws -> Void) async throws {
        try await with { fixture in
            try await fixture.administer(
                """
                CREATE TABLE tally.folded (member text, version integer, ledger_id bigint,
                    after bigint, up_to bigint);
                CREATE TABLE tally.seen (member text, version integer, ledger_id bigint,
                    position bigint, whole bigint);
                GRANT ALL ON tally.folded, tally.seen TO tally_service
                """)
            try await body(fixture)
        }
    }

    /// One block of so many events.
    func append(
        _ count: Int, _ random: inout RandomEvents, app: Name = "fine",
        to ledger: PostgresLedger? = nil
    ) async throws {
        let entries = (0..<count).map { _ in
            var request = random.request()
            request.externalID = nil
            request.dimensions[.app] = app
            return (event: request, charge: Event?.none)
        }
        try await append(entries, to: ledger ?? self.ledger)
    }

    /// One block with an event for each app.
    func append(apps: Name..., from random: inout RandomEvents) async throws {
        let entries = apps.map { app in
            var request = random.request()
            request.externalID = nil
            request.dimensions[.app] = app
            return (event: request, charge: Event?.none)
        }
        try await append(entries)
    }

    /// The positions of the events that a member folded one by one.
    func seen(by member: String, version: Int32 = 1) async throws -> [Int] {
        try await text(
            "SELECT position FROM tally.seen WHERE member = '\(member)' "
                + "AND version = \(version) ORDER BY position"
        ).compactMap { $0[0].flatMap { Int($0) } }
    }

    /// The ranges that a member folded, as `after-upTo`, in order.
    func ranges(of member: String) async throws -> [String] {
        try await text(
            "SELECT after || '-' || up_to FROM tally.folded WHERE member = '\(member)' "
                + "ORDER BY after, up_to"
        ).compactMap { $0[0] }
    }
}

/// Which members folded together, call by call, as `members after-upTo`.
final class Calls: Sendable {
    private let calls = Mutex<[String]>([])

    func add(_ members: [Member], _ range: EventRange) {
        let names = members.map(\.name).joined(separator: "+")
        calls.withLock { $0.append("\(names) \(range.after)-\(range.upTo)") }
    }

    /// What was called since the last time.
    func take() -> [String] {
        calls.withLock { calls in
            defer { calls = [] }
            return calls
        }
    }
}

extension SubscriptionGroup {
    /// Notes each range that a member folds; those that are fragile cannot fold the app "poison".
    static func noting(
        _ subscriptions: [Subscription], _ calls: Calls = Calls(), fragile: Set<String> = [],
        then: @escaping @Sendable (Session) throws -> Void = { _ in }
    ) -> SubscriptionGroup {
        SubscriptionGroup(
            folding: subscriptions, as: "notes",
            erase: { member, ledger, _, session in
                try session.execute(
                    "DELETE FROM tally.folded WHERE member = '\(member.name)' "
                        + "AND ledger_id = \(ledger) AND version < \(member.version)")
            },
            fold: { range, members, session in
                calls.add(members, range)
                for member in members {
                    try session.execute(
                        "INSERT INTO tally.folded VALUES ('\(member.name)', \(member.version), "
                            + "\(range.ledger), \(range.after), \(range.upTo))")
                    guard fragile.contains(member.name) else { continue }
                    try session.execute(
                        "SELECT 1 / (count(*) = 0)::int FROM tally.events WHERE app = 'poison' "
                            + "AND ledger_id = \(range.ledger) "
                            + "AND position > \(range.after) AND position <= \(range.upTo)")
                }
                try then(session)
                return range.count
            })
    }
}

extension SubscriptionGroup {
    /// Notes each event that a member folds; those that are fragile cannot fold the app "poison".
    static func seeing(_ names: [String], fragile: Set<String>) -> SubscriptionGroup {
        SubscriptionGroup(
            folding: names.map { Subscription($0) }, as: "seen",
            erase: { member, ledger, _, session in
                try session.execute(
                    "DELETE FROM tally.seen WHERE member = '\(member.name)' "
                        + "AND ledger_id = \(ledger) AND version < \(member.version)")
            },
            fold: { range, members, session in
                let leftOut = range.leftOut.map(String.init).joined(separator: ",")
                var count = 0
                for member in members {
                    let poison = fragile.contains(member.name) ? "poison" : ""
                    count = try session.execute(
                        "INSERT INTO tally.seen SELECT '\(member.name)', \(member.version), "
                            + "ledger_id, position, 1 / (app <> '\(poison)')::int "
                            + "FROM tally.events WHERE ledger_id = \(range.ledger) "
                            + "AND position > \(range.after) AND position <= \(range.upTo) "
                            + "AND position <> ALL ('{\(leftOut)}')")
                }
                return Int64(count)
            })
    }
}

extension Subscription {
    /// One that folds at every look.
    init(_ name: String, patience: Duration = .zero, page: Int64 = Self.pagePositionsMax) {
        self.init(name: name, definition: 1, patience: patience, pagePositionsMax: page)
    }
}

/// What a test lets happen in the middle of an effect.
struct Crashed: Error {}
