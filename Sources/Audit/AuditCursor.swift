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
        var isFirst = true
        while true {
            // One row more than allowed shows whether there is more.
            let wanted = min(pieceRows, rowsLeft + 1)
            let piece = try session.query(
                "FETCH FORWARD \(wanted) FROM tally_audit", rowsMax: min(wanted, rowsLeft),
                bytesMax: bytesLeft)
            if isFirst {
                isFirst = false
                try receive(
                    .columns(
                        piece.columns.map {
                            AuditColumn(name: $0.name, type: $0.type.description)
                        }))
            }
            if !piece.rows.isEmpty { try receive(.rows(piece.rows)) }
            let bytes = piece.rows.reduce(0) { $0 + $1.reduce(0) { $0 + ($1?.utf8.count ?? 0) } }
            rowsLeft -= piece.rows.count
            bytesLeft -= bytes
            if piece.isTruncated || piece.rows.count < wanted {
                return AuditSummary(
                    rows: limits.rows - rowsLeft, isTruncated: piece.isTruncated)
            }
            let rowBytes = max(1, bytes / max(1, piece.rows.count))
            pieceRows = min(max(1, Self.pieceBytes / rowBytes), Self.pieceRowsMax)
        }
    }
}
