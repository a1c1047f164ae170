package import Access
package import LedgerModel

/// A run as stored in the registry.
package struct Run: Sendable {
    package enum State: String, CaseIterable, Sendable {
        case queued, running, done, failed, cancelled

        /// Whether the run has ended.
        package var isFinal: Bool { self != .queued && self != .running }
    }

    package let id: EventID
    package let ledger: LedgerID
    /// The kind of work, such as `replay.prices`.
    package let kind: String
    /// The scope that a caller needs to cancel it.
    package let scope: KeyScope
    package let state: State
    /// Its progress; the total is unknown until the work reports it.
    package let done: Int64
    package let total: Int64?
    /// Whether it is to be cancelled; its owner notices within a second.
    package let isCancelRequested: Bool
    package let error: String?
    package let createdAt: Timestamp
    package let startedAt: Timestamp?
    package let updatedAt: Timestamp
    package let finishedAt: Timestamp?
}

/// Why a run was refused; nothing was stored.
package enum RunRefusal: Error, Sendable {
    case tooManyWaiting(max: Int)
    case requestTooLarge(bytes: Int, max: Int)
    case unknownKind(String)
}

extension RunRefusal: Fault {
    package var kind: FaultKind {
        switch self {
        case .tooManyWaiting: .busy(retryAfter: .seconds(5))
        case .requestTooLarge: .tooLarge
        case .unknownKind: .invalid
        }
    }

    package var param: String? {
        if case .unknownKind = self { "kind" } else { nil }
    }

    package var description: String {
        switch self {
        case .tooManyWaiting(let max):
            "this ledger already has \(max) runs waiting or running: try again when one of "
                + "them is done, or cancel one"
        case .requestTooLarge(let bytes, let max):
            "the run's request has \(bytes) bytes: the limit is \(max)"
        case .unknownKind(let kind): "there is no kind of run named \(kind)"
        }
    }
}

/// The run belongs to another process now, or was cancelled: this process's work on it is dropped.
package struct RunLost: Fault {
    package var kind: FaultKind { .conflict }

    package let run: EventID

    package init(run: EventID) {
        self.run = run
    }

    package var description: String {
        "run \(run) was cancelled, or continues elsewhere because this process did not answer in "
            + "time"
    }
}

/// A kind of work and the code that does it.
package struct RunKind: Sendable {
    package let name: String
    /// Does the work, from the checkpoint on, if there is one.
    ///
    /// It may be called several times for one run, by several processes, at worst at the same time;
    /// the outcome of only one of them is written. An error ends the run as failed, unless the
    /// database was unavailable: then it is tried again. When cancelled, it must stop soon.
    package let work: @Sendable (RunContext) async throws -> RunOutcome

    package init(
        _ name: String, work: @escaping @Sendable (RunContext) async throws -> RunOutcome
    ) {
        self.name = name
        self.work = work
    }
}
