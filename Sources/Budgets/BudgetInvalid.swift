package import LedgerModel

/// Why a budget can't be defined, changed or used as somebody asked.
package enum BudgetInvalid: Fault, Hashable {
    case name(String)
    case window(String)
    case zone(String)
    case noLimit(String)
    case amount(String, member: String)
    case filter(String)
    case hold(String)
    case unknown(String, nearest: String?)
    case retired(String)
    case tooMany(Int)
    case tooLong(Labels.Refusal)
    case topUpWithoutLimit(String)

    package var kind: FaultKind {
        switch self {
        case .unknown: .notFound
        case .retired: .conflict
        default: .invalid
        }
    }

    package var param: String? {
        switch self {
        case .name, .unknown, .retired: "name"
        case .window: "window"
        case .zone: "zone"
        case .amount(_, let member): member
        case .filter: "filter"
        case .hold: "hold"
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .name(let name):
            "\"\(name)\" cannot name a budget: use 1 to \(BudgetDefinition.nameBytesMax) letters, "
                + "digits, dots, hyphens and underscores"
        case .window(let message): message
        case .zone(let zone):
            "there is no time zone \(zone): use a name such as Europe/Berlin or UTC"
        case .noLimit(let name): "budget \(name) needs a limit in USD, tokens or requests"
        case .amount(let text, let member):
            "\(member) is \(text): give a number above 0, in USD with at most 12 decimals"
        case .filter(let message), .hold(let message): message
        case .unknown(let name, let nearest):
            "there is no budget \(name)"
                + (nearest.map { ": did you mean \($0)?" } ?? "; tally budgets list shows them")
        case .retired(let name): "budget \(name) was removed: define it again under this name"
        case .tooMany(let max): "a ledger has at most \(max) budgets"
        case .tooLong(let refusal): "the budget does not fit into one event: \(refusal)"
        case .topUpWithoutLimit(let name):
            "budget \(name) has no limit of that kind, so there is nothing to add to"
        }
    }
}
