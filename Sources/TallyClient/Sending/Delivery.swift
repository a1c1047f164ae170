package import LedgerModel
package import Spooling

/// Sends a spool: carries out the courier's decisions on the spool.
///
/// It makes no calls itself, so a simulation can replace the service and the clock.
package struct Delivery<Generator: RandomNumberGenerator & Sendable>: Sendable {
    package enum Step: Sendable {
        /// Make a call with this body and pass the reply to `settle`.
        case call(body: [UInt8])
        case wait(until: Duration?, orFor: Spool.Waiting?)
        case finished
    }

    private let spool: Spool
    private let journal: Journal
    private var courier: Courier
    private var generator: Generator
    /// The parcel being sent, kept while the call is repeated.
    private var parcel: Spool.Parcel?
    private var isTroubled = false

    package init(
        of spool: Spool, limits: Courier.Limits, journal: Journal, generator: Generator
    ) {
        self.spool = spool
        self.journal = journal
        self.generator = generator
        courier = Courier(limits)
    }

    package mutating func close() { courier.close() }

    package mutating func step(at now: Duration) -> Step {
        switch courier.next(spool.waiting, at: now) {
        case .stop: return .finished
        case .wait(let time, let waiting): return .wait(until: time, orFor: waiting)
        case .send(let recordsMax, let bytesMax):
            do throws(SpoolFault) {
                let parcel = try nextParcel(recordsMax, bytesMax)
                if !parcel.lines.isEmpty { return .call(body: parcel.body) }
                // Only damaged bytes are left.
                try spool.acknowledge(parcel, deadLetters: [], report: journal.reportSpool)
                self.parcel = nil
                return .wait(until: now, orFor: nil)
            } catch {
                parcel = nil
                return failed(error, at: now)
            }
        }
    }

    private mutating func nextParcel(
        _ recordsMax: Int, _ bytesMax: Int
    ) throws(SpoolFault) -> Spool.Parcel {
        if let parcel, parcel.lines.count <= recordsMax { return parcel }
        let next = try spool.read(recordsMax: recordsMax, bytesMax: bytesMax)
        parcel = next
        return next
    }

    private mutating func failed(_ fault: SpoolFault, at now: Duration) -> Step {
        journal.report(.spoolFailed(fault.message))
        let outcome = IngestOutcome.unavailable(retryAfter: nil, fault.message)
        _ = courier.settle(outcome, sent: 0, at: now, using: &generator)
        return .wait(until: now, orFor: nil)
    }

    // MARK: Answers

    package mutating func settle(_ reply: Reply, at now: Duration, wallClock: Timestamp) {
        guard let parcel else { preconditionFailure("a reply without a call") }
        let sent = parcel.lines.count
        let outcome = IngestOutcome(reply, records: sent, at: wallClock)
        tell(outcome)
        let before = courier
        let verdict = courier.settle(outcome, sent: sent, at: now, using: &generator)
        guard case .forget(let refused) = verdict else { return }
        let letters = refused.map { DeadLetter(parcel.line($0.index), $0.reason, at: wallClock) }
        do throws(SpoolFault) {
            try spool.acknowledge(
                parcel, deadLetters: letters.flatMap(\.line), report: journal.reportSpool)
        } catch {
            // The answer will come again when the batch is sent again.
            courier = before
            _ = failed(error, at: now)
            return
        }
        self.parcel = nil
        var duplicates = 0
        if case .stored(let count, _) = outcome { duplicates = count }
        journal.count { statistics in
            statistics.acknowledged += sent - letters.count
            statistics.duplicates += duplicates
            statistics.deadLetters += letters.count
        }
        for letter in letters {
            journal.report(.deadLetter(RecordID(description: letter.id), reason: letter.reason))
        }
    }

    /// Reports when trouble starts and ends, not each attempt.
    private mutating func tell(_ outcome: IngestOutcome) {
        let trouble: TallyClient.Report? =
            switch outcome {
            case .stored, .tooLarge: nil
            case .unavailable(_, let reason): .unavailable(reason)
            case .misconfigured(let reason): .misconfigured(reason)
            }
        journal.count { statistics in
            statistics.calls += 1
            if trouble != nil { statistics.failedCalls += 1 }
        }
        if let trouble, !isTroubled { journal.report(trouble) }
        if trouble == nil && isTroubled { journal.report(.recovered) }
        isTroubled = trouble != nil
    }
}
