import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// The newest proposals of a ledger.
struct ListProposals: Statement {
    static let sql = """
        SELECT proposal_id, proposed_at, source, book_id, base_id, models_compared, models_equal,
            models_removed, models_added, prices_higher, prices_lower, prices_removed,
            prices_added, decision, decided_at
        FROM tally.price_proposals WHERE ledger_id = $1
        ORDER BY proposed_at DESC, proposal_id LIMIT 1000
        """
    static let columns = Columns(
        EventID.self, Timestamp.self, String.self, EventID.self, EventID.self, Int64.self,
        Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
        String?.self, Timestamp?.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = PriceProposal

    static func row(
        _ cells: (
            EventID, Timestamp, String, EventID, EventID, Int64, Int64, Int64, Int64, Int64, Int64,
            Int64, Int64, String?, Timestamp?
        )
    ) throws(PostgresError) -> PriceProposal {
        var summary = BookDifference.Summary()
        summary.modelsCompared = Int(cells.5)
        summary.modelsEqual = Int(cells.6)
        summary.modelsOnlyInFirst = Int(cells.7)
        summary.modelsOnlyInSecond = Int(cells.8)
        summary.higher = Int(cells.9)
        summary.lower = Int(cells.10)
        summary.pricesOnlyInFirst = Int(cells.11)
        summary.pricesOnlyInSecond = Int(cells.12)
        return PriceProposal(
            id: cells.0, proposedAt: cells.1, source: cells.2,
            book: PriceBookID(high: cells.3.high, low: cells.3.low),
            base: PriceBookID(high: cells.4.high, low: cells.4.low), summary: summary,
            decision: cells.13.flatMap { PriceProposal.Decision(rawValue: $0) },
            decidedAt: cells.14)
    }
}

/// Inserts nothing if the same proposal waits, or if a commit is retried.
struct InsertProposal: Statement {
    static let sql = """
        INSERT INTO tally.price_proposals (ledger_id, proposal_id, proposed_at, source, book_id,
            base_id, models_compared, models_equal, models_removed, models_added, prices_higher,
            prices_lower, prices_removed, prices_added, decision, decided_at, event_id,
            effective_from)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        ON CONFLICT DO NOTHING RETURNING proposal_id
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let proposal: PriceProposal
    let publication: DecidedPublication?
    var parameters: Parameters {
        let summary = proposal.summary
        return Parameters(
            ledger, proposal.id, proposal.proposedAt, proposal.source, proposal.book.asEventID,
            proposal.base.asEventID, Int64(summary.modelsCompared), Int64(summary.modelsEqual),
            Int64(summary.modelsOnlyInFirst), Int64(summary.modelsOnlyInSecond),
            Int64(summary.higher), Int64(summary.lower), Int64(summary.pricesOnlyInFirst),
            Int64(summary.pricesOnlyInSecond), proposal.decision?.rawValue, proposal.decidedAt,
            publication?.event, publication?.effectiveFrom)
    }
}

struct SupersedeProposals: Statement {
    static let sql = """
        UPDATE tally.price_proposals SET decision = 'superseded', decided_at = $3
        WHERE ledger_id = $1 AND decision IS NULL AND book_id <> $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let except: PriceBookID
    let at: Timestamp
    var parameters: Parameters { Parameters(ledger, except.asEventID, at) }
}

/// One decision per proposal; returns no row if there is one already.
struct DecideProposal: Statement {
    static let sql = """
        UPDATE tally.price_proposals
        SET decision = $3, decided_at = $4, event_id = $5, effective_from = $6
        WHERE ledger_id = $1 AND proposal_id = $2 AND decision IS NULL
        RETURNING proposal_id
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let proposal: EventID
    let decision: PriceProposal.Decision
    let at: Timestamp
    let publication: DecidedPublication?
    var parameters: Parameters {
        Parameters(
            ledger, proposal, decision.rawValue, at, publication?.event,
            publication?.effectiveFrom)
    }
}

/// The `prices.published` event of an approved proposal, from the proposal's row.
struct DecidedPublication {
    let event: EventID
    let decidedAt: Timestamp
    let book: PriceBookID
    let effectiveFrom: Timestamp?
}

/// Approvals whose event the ledger lacks.
struct ListUnpublished: Statement {
    static let sql = """
        SELECT event_id, decided_at, book_id, effective_from
        FROM tally.price_proposals AS proposals
        WHERE ledger_id = $1 AND event_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM tally.events
            WHERE events.ledger_id = proposals.ledger_id AND events.event_id = proposals.event_id)
        ORDER BY decided_at, event_id LIMIT 1000
        """
    static let columns = Columns(
        EventID.self, Timestamp.self, EventID.self, Timestamp?.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = DecidedPublication

    static func row(
        _ cells: (EventID, Timestamp, EventID, Timestamp?)
    ) throws(PostgresError) -> DecidedPublication {
        DecidedPublication(
            event: cells.0, decidedAt: cells.1,
            book: PriceBookID(high: cells.2.high, low: cells.2.low), effectiveFrom: cells.3)
    }
}

extension PriceBookID {
    var asEventID: EventID { EventID(high: high, low: low) }
}
