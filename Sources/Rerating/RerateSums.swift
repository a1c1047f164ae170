import LedgerModel
import Pricing

/// What a re-rating found and booked until its checkpoint.
struct RerateSums: Codable, Sendable {
    var report = RerateReport()
    private var taken: [AllowanceMeter.Taken] = []

    /// What was taken from allowances, if pages came in their order.
    var used: [AllowanceMeter.Pool: Int64] {
        get { AllowanceMeter.used(taken) }
        set { taken = AllowanceMeter.taken(newValue) }
    }
}
