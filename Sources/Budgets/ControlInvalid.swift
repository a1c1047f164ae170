package import LedgerModel

/// Why a control can't be defined, changed or found as somebody asked.
package enum ControlInvalid: Fault, Hashable {
    case name(String)
    case noAction(Name)
    case setting(String)
    case unknown(String, nearest: String?)
    case tooMany(Int)
    case tooLong(Name, Labels.Refusal)

    package var kind: FaultKind {
        switch self {
        case .unknown: .notFound
        default: .invalid
        }
    }

    package var param: String? {
        switch self {
        case .name, .unknown: "name"
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .name(let name):
            "\"\(name)\" cannot name a control: use 1 to \(BudgetDefinition.nameBytesMax) letters, "
                + "digits, dots, hyphens and underscores"
        case .noAction(let name):
            "control \(name) does nothing: name below do at least one of "
                + ControlAction.allCases.map(\.rawValue).joined(separator: ", ")
        case .setting(let message): message
        case .unknown(let name, let nearest):
            "there is no control \(name)"
                + (nearest.map { ": did you mean \($0)?" } ?? "; tally controls list shows them")
        case .tooMany(let max): "a ledger has at most \(max) controls"
        case .tooLong(let name, let refusal):
            "control \(name) does not fit into one event, divide it into several: \(refusal)"
        }
    }
}
