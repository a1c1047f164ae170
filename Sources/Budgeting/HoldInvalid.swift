import Budgets
package import LedgerModel

/// What is wrong with a hold, or with what is asked of it.
package enum HoldInvalid: Fault, Hashable {
    case unknown(String)
    case notOpen(String)
    case otherHold(String)
    case otherSettlement(String)
    case noPrice(model: String, budget: Name)
    case noOutputMax(model: String, budget: Name)
    case noProvider
    case tooManyBudgets(Int)
    case tooMuch
    case lost

    package var kind: FaultKind {
        switch self {
        case .unknown: .notFound
        case .notOpen, .otherHold, .otherSettlement: .conflict
        case .noPrice, .noOutputMax, .noProvider, .tooManyBudgets, .tooMuch: .invalid
        case .lost: .defect
        }
    }

    /// Whether another model might do.
    var isOfModel: Bool {
        switch self {
        case .noPrice, .noOutputMax: true
        default: false
        }
    }

    package var param: String? {
        switch self {
        case .unknown, .otherHold: "request_id"
        case .noPrice: "model"
        case .noOutputMax: "max_tokens"
        case .noProvider: "provider"
        case .tooMuch: "amount_usd"
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .unknown(let id): "there is no hold \(id)"
        case .notOpen(let id): "hold \(id) has ended: it cannot be extended"
        case .otherHold(let id):
            "request_id \(id) has another hold, of other usage or dimensions: give each call its "
                + "own id"
        case .otherSettlement(let id): "hold \(id) was settled with another usage"
        case .noPrice(let model, let budget):
            "model \(model) has no price here, so budget \(budget) cannot tell what the call may "
                + "cost: give amount_usd, or import a price (docs/prices.md)"
        case .noOutputMax(let model, let budget):
            "nobody says how long an answer of model \(model) may be, so budget \(budget) cannot tell "
                + "what the call may cost: give max_tokens"
        case .noProvider: "provider is missing: the request of a hold is booked under it"
        case .tooManyBudgets(let count):
            "\(count) budgets count this request: at most \(Hold.budgetsMax) may"
        case .tooMuch: "the amount is more than one event can hold"
        case .lost: "the ledger does not have the hold that it appended"
        }
    }
}
