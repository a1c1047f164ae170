import LedgerModel
import ReadModels
import Synchronization

/// What answers are expected to be at most, kept for a minute.
final class ExpectedLengths: Sendable {
    private struct Kept {
        let tokens: Int64
        let readAt: Timestamp
    }

    private let kept = Mutex<[LengthQuery: Kept]>([:])

    /// How old an expectation may be, in microseconds.
    private static let ageMax: Int64 = 60_000_000
    private static let rememberedMax = 10_000

    func known(_ query: LengthQuery, at now: Timestamp) -> Int64? {
        let kept = kept.withLock { $0[Self.timeless(query)] }
        guard let kept, now.microseconds - kept.readAt.microseconds < Self.ageMax else {
            return nil
        }
        return kept.tokens
    }

    func note(_ tokens: Int64, for query: LengthQuery, at now: Timestamp) {
        kept.withLock { kept in
            if kept.count >= Self.rememberedMax { kept.removeAll() }
            kept[Self.timeless(query)] = Kept(tokens: tokens, readAt: now)
        }
    }

    private static func timeless(_ query: LengthQuery) -> LengthQuery {
        LengthQuery(
            ledger: query.ledger, app: query.app, feature: query.feature, model: query.model,
            shape: query.shape, at: .earliest)
    }
}
