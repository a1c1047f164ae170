package import LedgerModel
package import Postgres
package import Routing

/// All instances of a service, by what each says of itself in the database, and how many are wanted.
///
/// Each instance speaks a few times a minute; one that was silent for longer has gone. Whoever looks
/// decides; of two that decide the same moment one is first, and the other finds that it was.
package struct Fleet: Sendable {
    private let pool: Pool

    /// After so long a silence an instance is not counted.
    package static let silenceMax: Duration = .seconds(30)
    /// How often each speaks.
    package static let interval: Duration = .seconds(5)
    /// After so long it is forgotten.
    private static let keptMicroseconds: Int64 = 3_600_000_000

    package init(pool: Pool) {
        self.pool = pool
    }

    /// How many instances are wanted, and what that follows from.
    package struct Standing: Sendable, Hashable {
        package let load: FleetLoad
        /// Nil before the first decision.
        package let wanted: Int?
        package let decidedAt: Timestamp
    }

    /// Says how an instance stands.
    package func say(
        _ load: FleetLoad, of instance: EventID, at now: Timestamp
    ) async throws {
        let statement = SayLoad(instance: instance, load: load, now: now)
        let drop = DropInstances(before: now.advanced(byMicroseconds: -Self.keptMicroseconds))
        _ = try await pool.session { session in
            _ = try session.run(statement)
            return try session.run(drop)
        }
    }

    /// An instance goes.
    package func leave(_ instance: EventID) async throws {
        _ = try await pool.session { try $0.run(DropInstance(instance: instance)) }
    }

    package func standing(at now: Timestamp) async throws -> Standing {
        let since = now.advanced(byMicroseconds: -Self.silenceMax.wholeSeconds * 1_000_000)
        return try await pool.session { session in
            let load = try session.run(FindFleet(since: since)).first ?? FleetLoad()
            let scaling = try session.run(FindScaling()).first
            return Standing(
                load: load, wanted: scaling?.wanted, decidedAt: scaling?.decidedAt ?? .earliest)
        }
    }

    /// Decides anew how many instances are wanted; nil if what is wanted stays, or another instance
    /// was first.
    package func decide(
        under policy: ScalingPolicy, at now: Timestamp
    ) async throws -> (decision: ScalingDecision, load: FleetLoad)? {
        let standing = try await standing(at: now)
        let since = max(now.microseconds - standing.decidedAt.microseconds, 0)
        guard
            let decision = ScalingRule(policy).decide(
                standing.load, wanted: standing.wanted, sinceLast: .microseconds(since))
        else { return nil }
        let change = ChangeScaling(
            wanted: decision.wanted, from: standing.wanted, now: now)
        let isFirst = try await pool.session { try !$0.run(change).isEmpty }
        return isFirst ? (decision, standing.load) : nil
    }
}

extension Duration {
    fileprivate var wholeSeconds: Int64 { components.seconds }
}
