import Postgres

/// Runs one query synchronously: declares the cursor and fetches pieces up to a limit.
struct AuditCursor: Sendable {
    let text: String
    let limits: AuditLimits
    let receive: @Sendable (AuditPiece) throws -> Void

    static let prefix = "DECLARE tally_audit NO SCROLL CURSOR FOR "
    /// Rows of the first piece; later pieces are sized by how large the rows turned out.
    private static let firstPieceRows = 64
    private static let pieceRowsMax = 8_192
    private static let pieceBytes = 1 << 20

    func run(in session: Session) throws -> AuditSummary {
        _ = try session.query(Self.prefix + text)
        var rowsLeft = limits.rows
        var bytesLeft = limits.bytes
        var pieceRows = Self.firstPieceRows
        var size: RowSize?
        while true {
            // One row more than allowed shows whether there is more.
            let wanted = min(pieceRows, rowsLeft + 1)
            let piece = try session.query(
                "FETCH FORWARD \(wanted) FROM tally_audit", rowsMax: min(wanted, rowsLeft),
                bytesMax: bytesLeft)
            if size == nil {
                let columns = piece.columns.map {
                    AuditColumn(name: $0.name, type: $0.type.description)
                }
                try receive(.columns(columns))
            }
            let rowSize = size ?? RowSize(names: piece.columns.map(\.name))
            size = rowSize
            let (rows, bytes) = rowSize.prefix(of: piece.rows, bytesMax: bytesLeft)
            if !rows.isEmpty { try receive(.rows(Array(rows))) }
            rowsLeft -= rows.count
            bytesLeft -= bytes
            let isTruncated = piece.isTruncated || rows.count < piece.rows.count
            if isTruncated || piece.rows.count < wanted {
                return AuditSummary(rows: limits.rows - rowsLeft, isTruncated: isTruncated)
            }
            let rowBytes = max(1, bytes / max(1, rows.count))
            pieceRows = min(max(1, Self.pieceBytes / rowBytes), Self.pieceRowsMax)
        }
    }
}

/// How large rows are as objects of JSON, in which names, NULLs and escapes take their bytes too.
struct RowSize {
    /// Of the names, with quotes, colons and commas.
    private let frame: Int

    init(names: [String]) {
        frame = names.reduce(2) { $0 + Self.bytes(of: $1) + 2 }
    }

    func bytes(of row: [String?]) -> Int {
        row.reduce(frame) { $0 + ($1.map(Self.bytes) ?? 4) }
    }

    /// The first rows that fit, and their size.
    func prefix(of rows: [[String?]], bytesMax: Int) -> (rows: ArraySlice<[String?]>, bytes: Int) {
        var total = 0
        for (index, row) in rows.enumerated() {
            let size = bytes(of: row)
            if total + size > bytesMax { return (rows[..<index], total) }
            total += size
        }
        return (rows[...], total)
    }

    private static func bytes(of text: String) -> Int {
        text.utf8.reduce(2) { sum, byte in
            switch byte {
            case 0..<0x20: sum + 6
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): sum + 2
            default: sum + 1
            }
        }
    }
}

extension AuditPiece {
    /// About the bytes that it holds in memory until it is written, as rows and as text.
    var bytes: Int {
        guard case .rows(let rows) = self else { return 0 }
        return rows.reduce(0) { sum, row in
            row.reduce(sum + 64) { $0 + 128 + 3 * ($1?.utf8.count ?? 0) }
        }
    }
}
