package import Budgets
package import Calendars
import LedgerModel
import Pricing

/// Budgets and controls as a file: to define all of them at once, or to try them on history.
///
///     budgets:
///       growth: {usd: 500, for: {team: growth}}
///       people: {usd: 2, each: user, window: day, zone: Europe/Berlin}
///     controls:
///       small: {when: {budget: growth, used_percent: 80}, do: {downgrade: {gpt-4o: gpt-4o-mini}}}
package struct BudgetPolicyFile: Sendable {
    package let budgets: [BudgetDefinition]
    /// In their order.
    package let controls: [ControlPolicy]

    package static let bytesMax = 1 << 20

    /// What is wrong is said with its line and column.
    ///
    /// - Parameter zone: of budgets that name none: that of their ledger.
    package static func read(
        _ text: String, in zone: CalendarZone = .utc
    ) throws -> BudgetPolicyFile {
        guard text.utf8.count <= bytesMax else {
            throw BudgetInvalid.filter("the file is larger than \(bytesMax >> 20) MiB")
        }
        let root = try FileNode(parsing: text)
        for entry in try root.entries() where !["budgets", "controls"].contains(entry.key) {
            throw entry.error("\(entry.key) is not known here: the file has budgets and controls")
        }
        guard root["budgets"] != nil || root["controls"] != nil else {
            throw root.error(
                "budgets and controls are missing: list each of them below its kind, by its name")
        }
        let budgets = try root["budgets"]?.entries("budgets").map { try budget($0, in: zone) } ?? []
        guard budgets.count <= BudgetBook.budgetsMax else {
            throw root.error(BudgetInvalid.tooMany(BudgetBook.budgetsMax).description)
        }
        return BudgetPolicyFile(
            budgets: budgets, controls: try root["controls"].map(ControlPolicyFile.read) ?? [])
    }

    private static let keys = [
        "usd", "tokens", "requests", "for", "each", "window", "starts", "zone", "enforcement",
        "hold", "slice", "reserve", "hold_seconds", "lease",
    ]

    private static func budget(
        _ written: FileNode.Entry, in zone: CalendarZone
    ) throws -> BudgetDefinition {
        var budget = WrittenBudget(name: written.key, limits: WrittenAmounts())
        for entry in try written.value.entries(written.key) {
            let value = entry.value
            switch entry.key {
            case "usd": budget.limits.usd = try value.text(entry.key)
            case "tokens": budget.limits.tokens = try value.count(entry.key)
            case "requests": budget.limits.requests = try value.count(entry.key)
            case "for":
                budget.filter = try value.entries("for").map { pair in
                    (dimension: pair.key, value: try pair.value.text(pair.key))
                }
            case "each": budget.each = try value.text(entry.key)
            case "window": budget.window = try value.text(entry.key)
            case "starts": budget.starts = try value.text(entry.key)
            case "zone": budget.zone = try value.text(entry.key)
            case "enforcement": budget.enforcement = try value.text(entry.key)
            case "hold": budget.hold = try value.text(entry.key)
            case "slice": budget.slice = try value.count(entry.key)
            case "reserve": budget.reserve = try value.count(entry.key)
            case "hold_seconds": budget.holdSeconds = try value.count(entry.key)
            case "lease": budget.leases = try value.flag(entry.key)
            default: throw entry.unknown(in: "a budget", among: keys)
            }
        }
        do { return try budget.definition(in: zone) } catch {
            // What is wrong with one setting is said where it stands.
            let place = error.param.flatMap { written.value[$0 == "filter" ? "for" : $0] }
            if case .name = error { throw written.error(error.description) }
            throw (place ?? written.value).error(error.description)
        }
    }
}

extension FileNode {
    func flag(_ what: String) throws(PriceFileError) -> Bool {
        let text = try text(what)
        guard let flag = Bool(text) else {
            throw error("\(what) is \(text): use true or false")
        }
        return flag
    }

    func count(_ what: String) throws(PriceFileError) -> Int64 {
        let text = try text(what)
        guard let count = Int64(text) else {
            throw error("\(what) is \(text): give a whole number")
        }
        return count
    }
}

extension FileNode.Entry {
    /// A key that nobody asked for.
    func unknown(in what: String, among keys: [String]) -> PriceFileError {
        let meant = Likeness.nearest(to: key, among: keys, part: 3)
        return error(
            "\(key) is not known in \(what): "
                + (meant.map { "did you mean \($0)?" } ?? "use \(keys.joined(separator: ", "))"))
    }
}
