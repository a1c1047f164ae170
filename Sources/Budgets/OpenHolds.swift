import LedgerModel

/// The open holds of a row, in pieces: whoever changes a copy copies one or two of them, not thousands of holds.
struct OpenHolds: Hashable, Sendable {
    /// All are full but the last, and none is empty: equal holds in equal order are in equal pieces.
    private var pieces: [[OpenHold]] = []

    private static let pieceCount = 64

    var count: Int {
        guard let last = pieces.last else { return 0 }
        return (pieces.count - 1) * Self.pieceCount + last.count
    }

    var all: [OpenHold] { Array(pieces.joined()) }

    func forEach(_ body: (OpenHold) -> Void) {
        for piece in pieces { for hold in piece { body(hold) } }
    }

    mutating func append(_ hold: OpenHold) {
        if pieces.last.map({ $0.count == Self.pieceCount }) != false {
            var piece: [OpenHold] = []
            piece.reserveCapacity(Self.pieceCount)
            pieces.append(piece)
        }
        pieces[pieces.count - 1].append(hold)
    }

    func find(_ id: EventID) -> OpenHold? {
        place(of: id).map { pieces[$0.piece][$0.index] }
    }

    /// The last hold takes the place of the one that is removed.
    mutating func remove(_ id: EventID) -> OpenHold? {
        guard let (piece, index) = place(of: id) else { return nil }
        let removed = pieces[piece][index]
        let moved = pieces[pieces.count - 1].removeLast()
        if moved.id != id { pieces[piece][index] = moved }
        if pieces[pieces.count - 1].isEmpty { pieces.removeLast() }
        return removed
    }

    private func place(of id: EventID) -> (piece: Int, index: Int)? {
        for (number, piece) in pieces.enumerated() {
            // Names of holds differ in their lower half, which is random.
            let index = piece.firstIndex { $0.id.low == id.low && $0.id.high == id.high }
            if let index { return (number, index) }
        }
        return nil
    }
}
