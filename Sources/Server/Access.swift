package import Access
package import LedgerModel
package import NIOCore
import Synchronization

/// A caller: the ledger of the call, what the caller may do, and where.
package struct Caller: Sendable {
    package let ledger: LedgerID
    package let scopes: Set<KeyScope>
    package let reach: KeyReach
    /// As whom the ledger records what the caller changes.
    var name = "nobody"
    /// The id of the caller's key; nil without one.
    var key: EventID?
}

/// Why a caller is refused.
package enum AccessRefusal: Fault {
    case noKey
    /// No key is required of anybody who could have one: there is none yet.
    case noKeyYet
    case unknownKey
    /// The key has none of these scopes.
    case missingScope([KeyScope])
    /// There is no such ledger, or the key is not for it: nobody learns which.
    case unknownLedger(String, nearest: String?)

    package var kind: FaultKind {
        switch self {
        case .noKey, .noKeyYet, .unknownKey: .unauthenticated
        case .missingScope: .forbidden
        case .unknownLedger: .notFound
        }
    }

    package var param: String? {
        switch self {
        case .unknownLedger: "ledger"
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
        case .missingScope(let scopes):
            "the API key does not have the scope "
                + scopes.map(\.rawValue).joined(separator: " or ")
        case .unknownLedger(let name, let nearest):
            "there is no ledger \(name) that you may use: "
                + (nearest.map { "did you mean \($0)?" } ?? "see GET /api/v1/ledgers")
        }
    }
}

/// Decides who may do what, and caches keys for a few seconds.
///
/// A service that listens only on loopback admits callers without a key until the first key is
/// created; on any other address it always requires a key. Such callers, and keys with the scope
/// operator, may choose among all ledgers; any other key among its own.
package final class AccessControl: Sendable {
    private let keys: KeyDirectory
    private let directory: LedgerDirectory
    private let isLoopbackOnly: Bool
    let defaultLedger: LedgerID
    private let state = Mutex(State())

    /// The time for which a key may keep working after it was revoked elsewhere.
    package static let keyAgeMax: Duration = .seconds(5)
    /// The time for which a key that was known is taken while the database is away.
    private static let keyAwayMax: Duration = .seconds(600)
    private static let keysMax = 10_000

    private struct KnownKey {
        let caller: Caller?
        /// When the database said so.
        let saidAt: ContinuousClock.Instant
        /// When it is asked again.
        var expires: ContinuousClock.Instant
    }

    private struct State {
        var known: [String: KnownKey] = [:]
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

    /// The caller with this key, if the key has one of the scopes.
    ///
    /// - Parameter name: the name of the ledger that the caller chooses.
    package func caller(
        key: String?, needs scopes: [KeyScope], ledger name: String? = nil
    ) async throws -> Caller {
        let caller = try await caller(key)
        guard !caller.scopes.isDisjoint(with: scopes) else {
            throw AccessRefusal.missingScope(scopes)
        }
        guard let name else { return caller }
        return Caller(
            ledger: try await ledger(named: name, within: caller.reach), scopes: caller.scopes,
            reach: caller.reach, name: caller.name, key: caller.key)
    }

    /// Who may call what needs no key.
    func anybody() -> Caller { Caller(ledger: defaultLedger, scopes: [], reach: .ledgers([])) }

    /// The ledger with this name, among those that somebody may see.
    ///
    /// Who may not see every ledger is answered from the key alone, so that neither the words nor
    /// the time of an answer tell whether another ledger exists.
    func ledger(named name: String, within reach: KeyReach) async throws -> LedgerID {
        let others: [String]
        switch reach {
        case .ledgers(let own):
            if let found = own.first(where: { $0.name == name }) { return found.id }
            others = own.map(\.name)
        case .everyLedger:
            if let found = try await find(ledger: name) { return found }
            others = try await directory.list().map(\.name)
        }
        throw AccessRefusal.unknownLedger(
            String(name.prefix(100)), nearest: Likeness.nearest(to: name, among: others))
    }

    private func find(ledger name: String) async throws -> LedgerID? {
        if let known = state.withLock({ $0.ledgers[name] }) { return known }
        guard let ledger = try await directory.find(name) else { return nil }
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

    private func caller(_ key: String?) async throws -> Caller {
        guard let key else {
            let hasKeys = try await hasKeys()
            guard isLoopbackOnly, !hasKeys else {
                throw hasKeys ? AccessRefusal.noKey : AccessRefusal.noKeyYet
            }
            return Caller(
                ledger: defaultLedger, scopes: Set(KeyScope.allCases), reach: .everyLedger,
                name: "a caller on this machine")
        }
        guard let caller = try await find(key) else { throw AccessRefusal.unknownKey }
        return caller
    }

    private func find(_ key: String) async throws -> Caller? {
        let now = ContinuousClock.now
        let known = state.withLock { $0.known[key] }
        if let known, known.expires > now { return known.caller }
        let caller: Caller?
        do {
            caller = try await keys.find(key).map { key in
                Caller(
                    ledger: key.ledgers.first?.id ?? defaultLedger, scopes: key.scopes,
                    reach: key.reach, name: "key \(key.name)", key: key.id)
            }
        } catch {
            // Without the database, where keys are revoked, the last answer is the best there is.
            guard let known, known.caller != nil, known.saidAt + Self.keyAwayMax > now else {
                throw error
            }
            // Finding out that it is away takes time, which not every call should wait for.
            state.withLock { $0.known[key]?.expires = .now + Self.keyAgeMax }
            return known.caller
        }
        state.withLock { state in
            if state.known.count >= Self.keysMax { state.known = [:] }
            state.known[key] = KnownKey(
                caller: caller, saidAt: now, expires: now + Self.keyAgeMax)
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

extension SocketAddress {
    /// Whether it is an address of this machine alone: 127.0.0.0/8 or ::1.
    ///
    /// The text is that of a number, which no name can pretend to be.
    package var isLoopback: Bool {
        guard let address = ipAddress else { return false }
        return address == "::1" || address.trimmingPrefix("::ffff:").hasPrefix("127.")
    }
}
