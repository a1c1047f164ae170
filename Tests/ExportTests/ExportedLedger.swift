import EventStore
import Export
import JSON
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import StoreTesting

/// The events that a test appended.
struct History {
    var requests: [Event] = []
    /// Ratings and adjustments by request.
    var charges: [EventID: [Event]] = [:]

    var allCharges: [Event] { charges.values.flatMap(\.self) }

    func sum(of request: EventID) -> Int128 {
        (charges[request] ?? []).reduce(0) { $0 + Int128($1.amount?.amount ?? 0) }
    }

    var sum: Int128 { requests.reduce(0) { $0 + sum(of: $1.id) } }
}

/// A ledger that is exported.
extension TestLedger {
    /// Appends requests with charges in blocks, some failed ones without, then chains of
    /// adjustments of some.
    func fill(_ count: Int, seed: UInt64, days: Int64 = 40) async throws -> History {
        var random = RandomEvents(seed: seed, days: days)
        var history = History()
        for start in stride(from: 0, to: count, by: 500) {
            var batch = EntryBatch(for: ledger.id)
            var encoder = EntryEncoder()
            for _ in start..<min(count, start + 500) {
                let request = random.request()
                let isCharged = request.kind == .requestCompleted || random.chance(0.5)
                let charge = isCharged ? random.charge(for: request) : nil
                try batch.add(request, charge: charge, using: &encoder)
                history.requests.append(request)
                if let charge { history.charges[request.id] = [charge] }
            }
            _ = try await ledger.append(batch)
        }
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for request in history.requests {
            while let last = history.charges[request.id]?.last, random.chance(0.2) {
                var adjustment = last
                adjustment.kind = .chargeAdjusted
                adjustment.previousID = last.id
                adjustment.id = .charge(for: request.id, after: last.id)
                adjustment.unpriced = nil
                adjustment.amount = Picodollars(.random(in: -999...999, using: &random.random))
                try batch.add(adjustment, using: &encoder)
                history.charges[request.id]?.append(adjustment)
            }
        }
        if !batch.isEmpty { _ = try await ledger.append(batch) }
        return history
    }

    /// Appends a request with a price, and an adjustment that takes it back; returns its id.
    func appendTakenBack(_ reason: Name) async throws -> EventID {
        var random = RandomEvents(seed: 1, days: 1)
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        var request = random.request()
        request.kind = .requestCompleted
        var charge = random.charge(for: request)
        (charge.amount, charge.unpriced) = (Picodollars(6_000_000_000), nil)
        try batch.add(request, charge: charge, using: &encoder)
        _ = try await ledger.append(batch)
        var adjustment = charge
        adjustment.kind = .chargeAdjusted
        adjustment.previousID = charge.id
        adjustment.id = .charge(for: request.id, after: charge.id)
        adjustment.amount = Picodollars(-6_000_000_000)
        adjustment.unpriced = reason
        batch = EntryBatch(for: ledger.id)
        try batch.add(adjustment, using: &encoder)
        _ = try await ledger.append(batch)
        return request.id
    }

    func plan(_ request: ExportRequest) async throws -> ExportPlan {
        try await LedgerExport(ledger: ledger.id, pool: pool).plan(request)
    }

    func text(_ request: ExportRequest) async throws -> String {
        try await text(of: plan(request))
    }

    func text(of plan: ExportPlan) async throws -> String {
        var bytes = plan.header
        for index in 0..<plan.pageCount { bytes += try await plan.page(index).bytes }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A CSV as rows of cells by column, read by independent code, so that it cannot share our
/// mistakes.
struct ParsedTable {
    let columns: [String]
    let rows: [[String: String]]

    init(_ text: String) {
        var lines: [[String]] = [[]]
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if isQuoted {
                if scalar != "\"" {
                    cell.append(scalar)
                } else if scalars.first == "\"" {
                    cell.append(scalar)
                    scalars.removeFirst()
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" && cell.isEmpty {
                isQuoted = true
            } else if scalar == "," || scalar == "\r" && scalars.first == "\n" {
                lines[lines.count - 1].append(String(cell))
                cell.removeAll()
                if scalar == "\r" {
                    scalars.removeFirst()
                    lines.append([])
                }
            } else {
                cell.append(scalar)
            }
        }
        columns = lines[0]
        rows = lines.dropFirst().filter { !$0.isEmpty }.map { cells in
            cells.count == lines[0].count
                ? Dictionary(uniqueKeysWithValues: zip(lines[0], cells)) : ["broken": "\(cells)"]
        }
    }
}

/// Dollars as picodollars.
func picodollars(_ text: String?) -> Int128? {
    text.flatMap { $0.isEmpty ? nil : scaledDecimal($0, scale: 12) }
}
