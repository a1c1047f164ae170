package import Budgets
import LedgerModel
import Pricing

/// Budgets as a file: to define all of them at once, or to try them on history.
///
///     budgets:
///       growth: {usd: 500, for: {team: growth}}
///       people: {usd: 2, each: user, window: day, zone: Europe/Berlin}
package enum BudgetPolicyFile {
    package static let bytesMax = 1 << 20

    package static func read(_ text: String) throws -> [BudgetDefinition] {
        guard text.utf8.count <= bytesMax else {
            throw BudgetInvalid.filter("the file is larger than \(bytesMax >> 20) MiB")
        }
        let root = try FileNode(parsing: text)
        guard let budgets = root["budgets"] else {
            throw root.error("budgets is missing: list each budget below it, by its name")
        }
        for entry in try root.entries() where entry.key != "budgets" {
            throw entry.value.error("\(entry.key) is not known here: the file has budgets")
        }
        let definitions = try budgets.entries("budgets").map { entry in
            do { return try definition(entry.key, entry.value) } catch let error as BudgetInvalid {
                throw entry.value.error(error.description)
            }
        }
        guard definitions.count <= BudgetBook.budgetsMax else {
            throw BudgetInvalid.tooMany(BudgetBook.budgetsMax)
        }
        return definitions
    }

    private static let keys = [
        "usd", "tokens", "requests", "for", "each", "window", "starts", "zone", "enforcement",
        "hold_seconds",
    ]

    private static func definition(_ name: String, _ node: FileNode) throws -> BudgetDefinition {
        var budget = WrittenBudget(name: name, limits: WrittenAmounts())
        for entry in try node.entries(name) {
            let value = entry.value
            switch entry.key {
            case "usd": budget.limits.usd = try value.text(entry.key)
            case "tokens": budget.limits.tokens = try count(value, entry.key)
            case "requests": budget.limits.requests = try count(value, entry.key)
            case "for":
                budget.filter = try value.entries("for").map { pair in
                    (dimension: pair.key, value: try pair.value.text(pair.key))
                }
            case "each": budget.each = try value.text(entry.key)
            case "window": budget.window = try value.text(entry.key)
            case "starts": budget.starts = try value.text(entry.key)
            case "zone": budget.zone = try value.text(entry.key)
            case "enforcement": budget.enforcement = try value.text(entry.key)
            case "hold_seconds": budget.holdSeconds = try count(value, entry.key)
            default:
                let meant = Likeness.nearest(to: entry.key, among: keys)
                throw value.error(
                    "\(entry.key) is not known in a budget: "
                        + (meant.map { "did you mean \($0)?" }
                            ?? "use \(keys.joined(separator: ", "))"))
            }
        }
        return try budget.definition()
    }

    private static func count(_ node: FileNode, _ what: String) throws -> Int64 {
        let text = try node.text(what)
        guard let count = Int64(text) else {
            throw node.error("\(what) is \(text): give a whole number")
        }
        return count
    }
}
