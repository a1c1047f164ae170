/// What has come of a streamed answer, kept so that others can read it from its start.
///
/// Pieces are numbered from 0. While nothing was dropped, anybody may join; once the buffer is
/// larger than its bound, pieces that everybody has read are dropped.
struct ReplayBuffer: Sendable {
    private var pieces: [[UInt8]] = []
    /// Dropped pieces at the front of `pieces`, and of the whole answer.
    private var holes = 0
    private(set) var dropped = 0
    /// The bytes of what is kept.
    private(set) var bytes = 0

    /// Pieces that came, kept or not.
    var count: Int { dropped + pieces.count - holes }

    var isWhole: Bool { dropped == 0 }

    mutating func append(_ piece: [UInt8]) {
        pieces.append(piece)
        bytes += piece.count
    }

    /// The pieces from a place on.
    func pieces(from position: Int) -> ArraySlice<[UInt8]> {
        precondition(position >= dropped, "nobody reads what was dropped")
        return pieces[(holes + position - dropped)...]
    }

    /// Drops the pieces before a place.
    mutating func drop(before position: Int) {
        while dropped < position {
            bytes -= pieces[holes].count
            pieces[holes] = []
            holes += 1
            dropped += 1
        }
        if holes > 32, holes > pieces.count / 2 {
            pieces.removeFirst(holes)
            holes = 0
        }
    }
}
