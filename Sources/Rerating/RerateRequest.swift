package import EventStore
package import LedgerModel
package import Pricing

/// What to rate again: the part of a ledger's history, and the prices.
package struct RerateRequest: Sendable {
    package var prices: PriceSchedule
    package var filter = HistoryFilter()
    /// Whether to report only what would be booked.
    package var isDryRun = false

    package init(prices: PriceSchedule) {
        self.prices = prices
    }
}

/// The result of a re-rating.
package struct RerateReport: Codable, Hashable, Sendable {
    /// The position of the ledger when the re-rating began, which is where it ends.
    package var position: Int64 = 0
    /// Charged requests that were checked.
    package var requests: Int64 = 0
    /// Adjustments that were booked, or would be.
    package var adjusted: Int64 = 0
    /// Adjusted requests that had no price and have one now.
    package var newlyPriced: Int64 = 0
    /// Adjusted requests that had a price and have none now.
    package var newlyUnpriced: Int64 = 0
    /// Adjustments that another process booked in the meantime.
    package var alreadyBooked: Int64 = 0
    /// Requests that should have a charge but have none; they are left alone.
    package var uncharged: Int64 = 0
    /// The cost of the requests as booked before, and under these prices.
    package var before = PicodollarSum.zero
    package var after = PicodollarSum.zero
    /// Requests without a price, before and under these prices.
    package var unpricedBefore: Int64 = 0
    package var unpricedAfter: Int64 = 0

    package init() {}

    package var difference: PicodollarSum { after - before }

    /// Counts an adjustment that was booked, or would be.
    mutating func count(_ change: ChargeChange) {
        adjusted += 1
        if change.before != nil && change.after == nil { newlyPriced += 1 }
        if change.before == nil && change.after != nil { newlyUnpriced += 1 }
    }

    static func += (a: inout RerateReport, b: RerateReport) {
        a.requests += b.requests
        a.adjusted += b.adjusted
        a.newlyPriced += b.newlyPriced
        a.newlyUnpriced += b.newlyUnpriced
        a.alreadyBooked += b.alreadyBooked
        a.uncharged += b.uncharged
        a.before += b.before
        a.after += b.after
        a.unpricedBefore += b.unpricedBefore
        a.unpricedAfter += b.unpricedAfter
    }
}

/// Why a re-rating failed; adjustments booked until then stay and are not booked again.
package enum RerateError: Error, Hashable, Sendable {
    /// A request costs more under these prices than one event can hold.
    case overflow(request: EventID)
    /// Others kept adjusting the same requests.
    case contended(request: EventID)
    /// Another version of the program wrote the stored request.
    case unreadableOrder
}

extension RerateError: Fault {
    package var kind: FaultKind {
        if case .contended = self { .conflict } else { .invalid }
    }

    package var description: String {
        switch self {
        case .overflow(let request):
            "request \(request) would cost more than one event can hold: check for a misplaced "
                + "decimal point in the price book"
        case .unreadableOrder:
            "this version of the program can't read the request: request the re-rating "
                + "again"
        case .contended(let request):
            "request \(request) keeps being adjusted by others: wait until they are done, then "
                + "run it again"
        }
    }
}
