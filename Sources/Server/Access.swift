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
    /// No key is required of anybody who could have one: there is none yet.
    case noKeyYet
    case unknownKey
    case missingScope(KeyScope)
    /// The key is bound to another ledger than the one asked for, which need not exist.
    case otherLedger(String)
    case unknownLedger(String, nearest: String?)

    package var kind: FaultKind {
        switch self {
        case .noKey, .noKeyYet, .unknownKey: .unauthenticated
        case .missingScope, .otherLedger: .forbidden
        case .unknownLedger: .notFound
        }
    }

    package var param: String? {
        switch self {
        case .otherLedger, .unknownLedger: "ledger"
        case .noKey, .noKeyYet, .unknownKey, .missingScope: nil
        }
    }

    package var description: String {
        switch self {
        case .noKey: "an API key is required: send Authorization: Bearer tally_…"
        case .noKeyYet:
            "an API key is required, and none exists yet: make one on the service's machine with "
                + "tally keys create --name NAME, then send Authorization: Bearer tally_…"
        case .unknownKey: "the API key is unknown or was revoked"
        case .missingScope(let scope): "the API key does not have the scope \(scope.rawValue)"
        case .otherLedger(let name):
            "the API key is not for the ledger \(name): use a key of that ledger, or one with the "
                + "scope admin"
        case .unknownLedger(let name, let nearest):
            "there is no ledger \(name): "
                + (nearest.map { "did you mean \($0)?" } ?? "see GET /api/v1/ledgers")
        }
    }
}

/// Decides who may do what, and caches keys for a few seconds.
///
/// A service that listens only on loopback admits callers without a key until the first key is
/// created; on any other address it always requires a key. Such callers, and keys with the scope
/// admin, may choose among all ledgers; any other key is for its own.
package final class AccessControl: Sendable {
    private let keys: KeyDirectory
    private let directory: LedgerDirectory
    private let isLoopbackOnly: Bool
    let defaultLedger: LedgerID
    private let state = Mutex(State())

    /// The time for which a key may keep working after it was revoked elsewhere.
    package static let keyAgeMax: Duration = .seconds(5)
    private static let keysMax = 10_000

    private struct State {
        var known: [String: (caller: Caller?, expires: ContinuousClock.Instant)] = [:]
        var hasKeys: (answer: Bool, expires: ContinuousClock.Instant)?
        /// Ledgers keep their names.
        var ledgers: [String: LedgerID] = [:]
    }

    package init(
        keys: KeyDirectory, directory: LedgerDirectory, isLoopbackOnly: Bool,
        defaultLedger: LedgerID
    ) {
        self.keys = keys
        self.directory = directory
        self.isLoopbackOnly = isLoopbackOnly
        self.defaultLedger = defaultLedger
    }

    /// The caller with this key, if the key has the scope.
    ///
    /// - Parameter ledger: the name of the ledger that the caller chooses.
    package func caller(
        key: String?, needs scope: KeyScope, ledger: String? = nil
    ) async throws -> Caller {
        guard let key else {
            let hasKeys = try await hasKeys()
            guard isLoopbackOnly, !hasKeys else {
                throw hasKeys ? AccessRefusal.noKey : AccessRefusal.noKeyYet
            }
            var chosen = defaultLedger
            if let ledger { chosen = try await find(ledger: ledger) }
            return Caller(ledger: chosen, scopes: Set(KeyScope.allCases))
        }
        guard let caller = try await find(key) else { throw AccessRefusal.unknownKey }
        guard caller.scopes.contains(scope) else { throw AccessRefusal.missingScope(scope) }
        guard let ledger else { return caller }
        return Caller(
            ledger: try await find(ledger: ledger, for: caller), scopes: caller.scopes)
    }

    /// A key for one ledger does not tell which others there are.
    private func find(ledger name: String, for caller: Caller) async throws -> LedgerID {
        if caller.scopes.contains(.admin) { return try await find(ledger: name) }
        do {
            let ledger = try await find(ledger: name)
            if ledger == caller.ledger { return ledger }
        } catch is AccessRefusal {}
        throw AccessRefusal.otherLedger(String(name.prefix(100)))
    }

    private func find(ledger name: String) async throws -> LedgerID {
        if let known = state.withLock({ $0.ledgers[name] }) { return known }
        guard let ledger = try await directory.find(name) else {
            let names = try await directory.list().map(\.name)
            throw AccessRefusal.unknownLedger(
                String(name.prefix(100)), nearest: Likeness.nearest(to: name, among: names))
        }
        state.withLock { state in
            if state.ledgers.count >= Self.keysMax { state.ledgers = [:] }
            state.ledgers[name] = ledger
        }
        return ledger
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
