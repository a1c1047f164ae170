package import Estimating
package import LedgerModel
import LedgerSQL
package import Postgres
import ReadModels
import Synchronization

/// What each ledger's bills have taught about estimates, kept for a minute.
package final class LearntEstimates: Sendable {
    private let state = Mutex<[LedgerID: Kept]>([:])

    private struct Kept {
        let calibrations: EstimateCalibrations
        let readAt: Timestamp
    }

    /// How old an answer may be, in microseconds.
    private static let ageMax: Int64 = 60_000_000
    private static let ledgersMax = 1_000

    package init() {}

    /// Without a database, an estimate keeps its own wide band.
    package func of(
        _ ledger: LedgerID, at now: Timestamp, in pool: Pool
    ) async -> EstimateCalibrations {
        let kept = state.withLock { $0[ledger] }
        if let kept, now.microseconds - kept.readAt.microseconds < Self.ageMax {
            return kept.calibrations
        }
        let answer = try? await CalibrationQuery(ledger: ledger, at: now).run(on: pool)
        let calibrations =
            answer?.calibrations ?? kept?.calibrations ?? EstimateCalibrations()
        state.withLock { state in
            if state.count >= Self.ledgersMax { state = [:] }
            state[ledger] = Kept(calibrations: calibrations, readAt: now)
        }
        return calibrations
    }
}
