import JSON
import LedgerModel
package import Rerating

extension RerateReport {
    /// The report as the command line prints it and the service answers it.
    package var json: String {
        var json = JSONWriter()
        json.object { json in
            json.field("position", position)
            json.field("requests", requests)
            json.field("adjusted", adjusted)
            json.field("newly_priced", newlyPriced)
            json.field("newly_unpriced", newlyUnpriced)
            json.field("already_booked", alreadyBooked)
            json.field("uncharged", uncharged)
            json.field("unpriced_before", unpricedBefore)
            json.field("unpriced_after", unpricedAfter)
            json.field("before_usd", before.description)
            json.field("after_usd", after.description)
            json.field("difference_usd", difference.description)
        }
        return json.text
    }
}
