import LedgerModel
import LedgerSQL
package import Postgres
package import Subscriptions

/// A version of a read model that a page is folded into.
package struct DueModel: Sendable {
    let model: ReadModel
    let version: Int32

    package init(_ model: ReadModel, version: Int32) {
        self.model = model
        self.version = version
    }
}

/// One scan of a range of events that feeds every read model which is due, in one transaction.
package struct PageFold: Sendable {
    let range: EventRange
    let due: [DueModel]

    /// Positions in one COPY; memory is looked at after each.
    private static let scanPositionsMax: Int64 = 131_072
    /// Cells in memory, over all rollups, at about 200 bytes each; beyond that they are written.
    private static let cellsMax = 1_000_000

    package init(_ range: EventRange, into due: [DueModel]) {
        self.range = range
        self.due = due
    }

    /// Exactly once is the caller's business: it holds the claim, and moves the place.
    ///
    /// - Returns: how many events there were.
    package func run(in session: Session) throws -> Int64 {
        let versions = due.flatMap { due in due.model.rollups.map { _ in due.version } }
        let byHand = due.filter { $0.model.byHand != nil }
        var scan = EventScan(due.flatMap(\.model.rollups), readsIDs: !byHand.isEmpty)
        let writer = RollupWriter(ledger: range.ledger, session: session)
        // A lost fold is simply folded again, so it need not wait for the disk. A page is a run of
        // the index by position, whatever statistics say.
        try session.execute(
            """
            SET LOCAL synchronous_commit = off; SET LOCAL plan_cache_mode = force_custom_plan;
            SET LOCAL jit = off; SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;
            SET LOCAL enable_bitmapscan = off
            """)
        var after = range.after
        while after < range.upTo {
            let end = min(after + Self.scanPositionsMax, range.upTo)
            try session.copyOutRows(rows(after, end, scan.needs)) { row in
                do {
                    try scan.take(&row)
                } catch let error as PostgresError {
                    // A row that can't be read: trying again would not help.
                    throw ImpossibleEvent(error)
                }
            }
            if !scan.pending.isEmpty {
                let ids = scan.pending.flatMap { [$0.causeID, $0.previousID].compactMap(\.self) }
                let named = Set(ids).subtracting(range.quarantine.ids)
                scan.settle(try NamedEvent.find(named, of: range.ledger, in: session))
            }
            try scan.settleTurns(versions) { version, digests in
                try session.run(
                    LoadThreads(ledger: range.ledger, version: version, threads: digests)
                ).reduce(into: [:]) { $0[Int($1.ordinal) - 1] = $1.thread }
            }
            after = end
            if after < range.upTo, scan.size > Self.cellsMax {
                try writer.write(
                    zip(scan.drain(isLast: false), versions).map { (fold: $0, version: $1) })
            }
        }
        try writer.write(zip(scan.drain(isLast: true), versions).map { (fold: $0, version: $1) })
        scan.nameThreads()
        for due in byHand {
            try due.model.byHand?.fold(range, due.version, scan.found, session)
        }
        return scan.found.events
    }

    private func rows(_ after: Int64, _ end: Int64, _ needs: ScanNeeds) -> String {
        // A row that can't be read has to be left out by the server.
        let leftOut = range.leftOut.map(String.init).joined(separator: ",")
        let others = leftOut.isEmpty ? "" : "AND position <> ALL ('{\(leftOut)}') "
        return """
            COPY (SELECT \(needs.columns) FROM tally.events WHERE ledger_id = \(range.ledger) \
            AND position > \(after) AND position <= \(end) AND event_id >= '\(range.firstID)' \
            AND event_id < '\(range.endID)' \(others)ORDER BY position) TO STDOUT (FORMAT binary)
            """
    }
}
