package import EventStore
package import LedgerModel

/// Names an alert: the rule, its subject and the window, each of which has a state of its own.
package struct AlertName: Hashable, Sendable {
    /// The rule's name, with what of it is meant where a rule has several: `budgets/80 %`.
    package let rule: Name
    /// What it is about: a budget, a model, a provider; empty for the ledger.
    package let subject: Name
    /// The time that it is about, such as `2026-11-30`; empty for one that lasts until it is over.
    package let window: Name

    package init(rule: Name, subject: Name = "", window: Name = "") {
        self.rule = rule
        self.subject = subject
        self.window = window
    }

    /// Sixteen hexadecimal digits, by which people name it.
    package var id: Name {
        let text = [rule, subject, window].map(\.string).joined(separator: "\u{0}")
        return Name(hexadecimal(Digest(hashing: text.utf8).words[0]))
    }

    package var key: StateKey { Self.key(of: id) }

    package static func key(of alert: Name) -> StateKey { StateKey(kind: 20, name: alert) }
}

/// Where an alert stands; equal to the fold of its events.
///
///     ok → firing → acknowledged → resolved → firing …
///
/// A silenced alert is an acknowledged one with an end: until then nothing is raised, also if it is
/// resolved in between; if it is still there afterwards, it is raised again.
package struct AlertState: Hashable, Sendable {
    package enum Phase: String, Sendable { case ok, firing, acknowledged, resolved }

    package private(set) var phase = Phase.ok
    /// The number of events so far; each of them says its own.
    package private(set) var revision: Int64 = 0
    package private(set) var raisedAt: Timestamp?
    package private(set) var silencedUntil: Timestamp?

    package init() {}

    package var isOpen: Bool { phase == .firing || phase == .acknowledged }

    package enum Command: Hashable, Sendable {
        case observe(Verdict)
        case acknowledge
        case silence(until: Timestamp)
    }

    /// What a look at an alert's condition found.
    package enum Verdict: Hashable, Sendable {
        case breached
        /// Neither a reason to raise nor one to resolve.
        case unsettled
        case clear
    }

    package enum Transition: Hashable, Sendable {
        case raised
        case acknowledged
        case silenced(until: Timestamp)
        case resolved
    }

    /// What follows from a command; nil if everything stays as it is.
    package static func decide(
        _ command: Command, given state: AlertState, at now: Timestamp
    ) throws(AlertRefusal) -> Transition? {
        switch command {
        case .observe(.breached):
            if let until = state.silencedUntil { return until <= now ? .raised : nil }
            return state.isOpen ? nil : .raised
        case .observe(.clear): return state.isOpen ? .resolved : nil
        case .observe(.unsettled): return nil
        case .acknowledge:
            guard state.isOpen else { throw .notFiring }
            return state.phase == .firing ? .acknowledged : nil
        case .silence(let until):
            guard state.isOpen else { throw .notFiring }
            guard until > now else { throw .past(until) }
            return .silenced(until: until)
        }
    }

    package static func evolve(
        _ state: inout AlertState, by transition: Transition, at time: Timestamp
    ) {
        state.revision += 1
        switch transition {
        case .raised:
            (state.phase, state.raisedAt, state.silencedUntil) = (.firing, time, nil)
        case .acknowledged: state.phase = .acknowledged
        case .silenced(let until): (state.phase, state.silencedUntil) = (.acknowledged, until)
        case .resolved: state.phase = .resolved
        }
    }
}

// MARK: - As bytes

extension AlertState {
    /// Reads a state row; nil for bytes that no state has.
    package init?(_ bytes: [UInt8]) {
        if bytes.isEmpty { return }
        let parts = String(decoding: bytes, as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, let phase = Phase(rawValue: String(parts[0])),
            let revision = Int64(parts[1])
        else { return nil }
        (self.phase, self.revision) = (phase, revision)
        raisedAt = Timestamp(rfc3339: parts[2])
        silencedUntil = Timestamp(rfc3339: parts[3])
    }

    package var bytes: [UInt8] {
        let times = [raisedAt, silencedUntil].map { $0?.description ?? "" }
        return Array("\(phase.rawValue) \(revision) \(times.joined(separator: " "))".utf8)
    }
}

/// Why an alert stays as it is.
package enum AlertRefusal: Fault, Equatable {
    case unknown(String)
    case notFiring
    case past(Timestamp)
    /// Somebody else was first.
    case changed
    /// The condition does not change anything.
    case unchanged

    package var kind: FaultKind {
        switch self {
        case .unknown: .notFound
        case .past: .invalid
        case .notFiring, .changed, .unchanged: .conflict
        }
    }

    package var description: String {
        switch self {
        case .unknown(let id): "there is no alert \(id): see tally alerts list"
        case .notFiring: "the alert is resolved, so there is nothing to acknowledge"
        case .past(let time): "\(time) is past: name a time to come"
        case .changed: "somebody changed the alert at the same time: try again"
        case .unchanged: "the alert stays as it is"
        }
    }
}
