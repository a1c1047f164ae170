import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres

/// Exports what a ledger held at a position; never writes to it.
///
/// Reads pages of whole blocks in short transactions. What is visible up to a position never
/// changes, so the pages are consistent without a long snapshot, and the same request at the same
/// position gives the same bytes.
package struct LedgerExport: Sendable {
    private let ledger: LedgerID
    private let pool: Pool

    /// About how many rows a page has; it is written into memory before it is handed over.
    static let pageRows: Int64 = 8_192

    package init(ledger: LedgerID, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// Fixes the position and finds the pages to read.
    package func plan(_ request: ExportRequest) async throws -> ExportPlan {
        let ledger = self.ledger
        let end = try await pool.session { try $0.first(LedgerEnd(ledger: ledger)) }
        guard let (name, head) = end else { throw UnknownLedger(ledger: ledger) }
        let position = request.position ?? head
        guard position <= head else {
            throw ExportRefusal.beyondHead(position: position, head: head)
        }
        let pages = try await pool.session {
            try HistoryPage.list(
                request.filter, of: ledger, upTo: position, rows: Self.pageRows, in: $0)
        }
        return ExportPlan(
            ledger: ledger, name: name, position: position, request: request, pages: pages,
            pool: pool)
    }
}

/// An export with a fixed position: a header, then pages in position order.
package struct ExportPlan: Sendable {
    private let ledger: LedgerID
    private let name: String
    /// The last position to export.
    package let position: Int64
    private let request: ExportRequest
    private let pages: [HistoryPage]
    private let pool: Pool
    private let query: HistoryQuery
    private let focusColumns: [FocusColumn]
    private let books = UsedBooks()

    init(
        ledger: LedgerID, name: String, position: Int64, request: ExportRequest,
        pages: [HistoryPage], pool: Pool
    ) {
        self.ledger = ledger
        self.name = name
        self.position = position
        self.request = request
        self.pages = pages
        self.pool = pool
        query = request.query(of: ledger)
        focusColumns = FocusColumn.columns(of: request.focusVersion)
    }

    /// The output for one page.
    package struct Chunk: Sendable {
        package var bytes: [UInt8] = []
        package var rows: Int64 = 0
        /// Rows with an unknown cost.
        package var unpriced: Int64 = 0

        package init() {}
    }

    package var pageCount: Int { pages.count }

    /// The last position of a page, for progress.
    package func lastPosition(ofPage index: Int) -> Int64 { pages[index].positions.upperBound }

    /// What comes before the first page.
    package var header: [UInt8] {
        let names: [String]
        switch request.format {
        case .native: return []
        case .csv:
            names = request.includesCharges ? TableRow.chargeHeader : TableRow.requestHeader
        case .focus: names = focusColumns.map(\.rawValue)
        }
        return Array((names.joined(separator: ",") + "\r\n").utf8)
    }

    /// Reads and writes one page in a transaction of its own.
    package func page(_ index: Int) async throws -> Chunk {
        let page = pages[index]
        return try await pool.transaction(readOnly: true) { session in
            switch self.request.format {
            case .native: try self.nativeLines(of: page, in: session)
            case .csv:
                self.request.includesCharges
                    ? try self.charges(of: page, in: session)
                    : try self.requests(of: page, in: session)
            case .focus: try self.focus(of: page, in: session)
            }
        }
    }

    private func nativeLines(of page: HistoryPage, in session: Session) throws -> Chunk {
        var (out, line, chunk) = (ExportBytes(), NativeLine(), Chunk())
        let completions = try Completions(of: page, in: ledger, session, upTo: position)
        try query.read(.page(page), in: session) { row in
            let addition = completions.isEmpty ? nil : completions[row.eventID]
            line.write(row, with: addition, to: &out)
            chunk.rows += 1
        }
        chunk.bytes = out.bytes
        return chunk
    }

    private func charges(of page: HistoryPage, in session: Session) throws -> Chunk {
        var (out, chunk) = (ExportBytes(), Chunk())
        try query.read(.page(page), in: session) { row in
            TableRow.write(charge: row, to: &out)
            chunk.rows += 1
            if row.int64(.amount) == nil { chunk.unpriced += 1 }
        }
        chunk.bytes = out.bytes
        return chunk
    }

    private func focus(of page: HistoryPage, in session: Session) throws -> Chunk {
        var (out, chunk) = (ExportBytes(), Chunk())
        var request: (id: EventID?, usage: Usage) = (nil, Usage())
        let completions = try Completions(of: page, in: ledger, session, upTo: position)
        // A COPY is running while its rows are read, so books are read before.
        try books.know(try bookIDs(of: page, in: session), in: session)
        var pricer = FocusPricer { [books] in books[$0] }
        try query.read(.page(page), in: session) { row in
            if row.kind?.isRequest == true {
                // Its charge is the next row: they were appended together.
                request = (row.id(.id), row.usage)
                completions.complete(&request.usage, of: row.eventID)
                return
            }
            if row.amount == nil { chunk.unpriced += 1 }
            let isRating = row.kind == .chargeRated
            let isOwn = request.id != nil && request.id == row.id(.causeID)
            let usage = isRating && isOwn ? request.usage : nil
            let lines: [FocusLine?] = isRating ? try pricer.lines(of: row, usage: usage) : [nil]
            for (index, line) in lines.enumerated() {
                FocusRow(row, line: line, usage: index == 0 ? usage : nil, ledger: name)
                    .write(focusColumns, of: row, to: &out)
                chunk.rows += 1
            }
        }
        chunk.bytes = out.bytes
        return chunk
    }

    /// The books that priced the charges of a page.
    private func bookIDs(of page: HistoryPage, in session: Session) throws -> Set<EventID> {
        var ids: Set<EventID> = []
        var charges = HistoryQuery(ledger, EventColumns([.bookID]), kinds: [.chargeRated])
        charges.filter = request.filter
        try charges.read(.page(page), in: session) { row in
            if let id = row.id(.bookID) { ids.insert(id) }
        }
        return ids
    }

    // MARK: Requests with their current cost

    private func requests(of page: HistoryPage, in session: Session) throws -> Chunk {
        var (out, chunk) = (ExportBytes(), Chunk())
        var ids: [EventID] = []
        var ends: [Int] = []
        let completions = try Completions(of: page, in: ledger, session, upTo: position)
        try query.read(.page(page), in: session) { row in
            guard let id = row.id(.id) else { return }
            var usage = row.usage
            completions.complete(&usage, of: id)
            TableRow.write(request: row, usage: usage, to: &out)
            ids.append(id)
            ends.append(out.bytes.count)
        }
        let costs = try costs(of: ids, in: session)
        var whole = ExportBytes()
        whole.bytes.reserveCapacity(out.bytes.count + ids.count * 96)
        var start = 0
        for (end, cost) in zip(ends, costs) {
            whole.bytes.append(contentsOf: out.bytes[start..<end])
            TableRow.write(cost, to: &whole)
            start = end
            if cost.state == .unpriced { chunk.unpriced += 1 }
        }
        chunk.rows = Int64(ids.count)
        chunk.bytes = whole.bytes
        return chunk
    }

    /// Follows each request's chain of charges by id: H(request ‖ previous).
    private func costs(of requests: [EventID], in session: Session) throws -> [RequestCost] {
        let charges = HistoryQuery(ledger, RequestCost.columns)
        var costs = [RequestCost](repeating: RequestCost(), count: requests.count)
        var sought: [EventID: Int] = [:]
        for (index, request) in requests.enumerated() {
            sought[.charge(for: request, after: nil)] = index
        }
        while !sought.isEmpty {
            var next: [EventID: Int] = [:]
            try charges.read(.ids(sought.keys.sorted()), in: session) { charge in
                guard charge.position <= position, let id = charge.id(.id),
                    let index = sought[id]
                else { return }
                costs[index].add(charge)
                next[.charge(for: requests[index], after: id)] = index
            }
            sought = next
        }
        return costs
    }
}
