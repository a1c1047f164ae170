package import Access
package import LedgerModel
import Synchronization

/// A caller: its ledger, and its scope.
package struct Caller: Sendable {
    package let ledger: LedgerID
    package let scopes: Set<KeyScope>
}

/// Why a caller is refused.
package enum AccessRefusal: Fault {
    case noKey
    case unknownKey
    case missingScope(KeyScope)

    package var kind: FaultKind {
        if case .missingScope = self { .forbidden } else { .unauthenticated }
    }

    package var description: String {
        switch self {
        case .noKey: "an API key is required: send Authorization: Bearer tally_…"
        case .unknownKey: "the API key is unknown or was revoked"
        case .missingScope(let scope): "the API key does not have the scope \(scope.rawValue)"
        }
    }
}

/// Decides who may do what, and caches keys for a few seconds.
///
/// A service that listens only on loopback admits callers without a key until the first key is
/// created; on any other address it always requires a key.
package final class AccessControl: Sendable {
    private let keys: KeyDirectory
    private let isLoopbackOnly: Bool
    let defaultLedger: LedgerID
    private let state = Mutex(State())

    /// The time for which a key may keep working after it was revoked elsewhere.
    package static let keyAgeMax: Duration = .seconds(5)
    private static let keysMax = 10_000

    private struct State {
        var known: [String: (caller: Caller?, expires: ContinuousClock.Instant)] = [:]
        var hasKeys: (answer: Bool, expires: ContinuousClock.Instant)?
    }

    package init(keys: KeyDirectory, isLoopbackOnly: Bool, defaultLedger: LedgerID) {
        self.keys = keys
        self.isLoopbackOnly = isLoopbackOnly
        self.defaultLedger = defaultLedger
    }

    /// The caller with this key, if the key has the scope.
    package func caller(key: String?, needs scope: KeyScope) async throws -> Caller {
        guard let key else {
            guard isLoopbackOnly, try await !hasKeys() else { throw AccessRefusal.noKey }
            return Caller(ledger: defaultLedger, scopes: Set(KeyScope.allCases))
        }
        guard let caller = try await find(key) else { throw AccessRefusal.unknownKey }
        guard caller.scopes.contains(scope) else { throw AccessRefusal.missingScope(scope) }
        return caller
    }

    /// Clears the cache, so that a key created or revoked here takes effect at once.
    package func forget() {
        state.withLock { $0 = State() }
    }

    private func find(_ key: String) async throws -> Caller? {
        let now = ContinuousClock.now
        if let known = state.withLock({ $0.known[key] }), known.expires > now {
            return known.caller
        }
        let caller = try await keys.find(key).map {
            Caller(ledger: $0.ledger, scopes: $0.scopes)
        }
        state.withLock { state in
            if state.known.count >= Self.keysMax { state.known = [:] }
            state.known[key] = (caller, now + Self.keyAgeMax)
        }
        return caller
    }

    private func hasKeys() async throws -> Bool {
        let now = ContinuousClock.now
        if let known = state.withLock({ $0.hasKeys }), known.expires > now { return known.answer }
        let answer = try await !keys.list().isEmpty
        state.withLock { $0.hasKeys = (answer, now + (answer ? Self.keyAgeMax : .seconds(1))) }
        return answer
    }
}
