import LedgerModel
import Pricing

/// The results of a re-rating up to its checkpoint.
struct RerateSums: Codable, Sendable {
    var report = RerateReport()
    private var taken: [AllowanceMeter.Taken] = []

    /// The used parts of allowances, if pages came in order.
    var used: [AllowanceMeter.Pool: Int64] {
        get { AllowanceMeter.used(taken) }
        set { taken = AllowanceMeter.taken(newValue) }
    }
}
