import Export
import JSON
import LedgerTesting

/// Checks a table against FOCUS: its columns and cells against the specification's own table, and
/// the rules of its text that name several columns.
struct FocusValidator {
    private let columns: [FocusSpecification.Column]

    init(_ version: FocusVersion) {
        columns = FocusSpecification.columns(of: version)
    }

    /// The first violations, in words.
    func violations(of table: ParsedTable, max: Int = 10) -> [String] {
        var found: [String] = columns.filter { !table.columns.contains($0.name) }.map {
            "there is no column \($0.name)"
        }
        let known = Set(columns.map(\.name))
        found += table.columns.filter { !known.contains($0) && !$0.hasPrefix("x_") }.map {
            "\($0) is no column of this version, and has no x_"
        }
        for (index, row) in table.rows.enumerated() where found.count < max {
            found += (cells(row) + rules(row)).map { "row \(index + 1): \($0)" }
        }
        return found + prices(table)
    }

    // MARK: Cells

    private func cells(_ row: [String: String]) -> [String] {
        columns.compactMap { column in
            guard let cell = row[column.name] else { return nil }
            if cell.isEmpty { return column.isNullable ? nil : "\(column.name) is null" }
            let isFit =
                switch column.type {
                case .string: fits(cell, column.format)
                case .decimal:
                    isDecimal(cell) && !(column.format == "NonNegative" && cell.hasPrefix("-"))
                case .dateTime: isTime(cell)
                case .json: isFlatObject(cell)
                }
            if !isFit { return "\(column.name) is \(cell)" }
            let isAllowed = column.allowed.isEmpty || column.allowed.contains(cell)
            return isAllowed ? nil : "\(column.name) may not be \(cell)"
        }
    }

    private func fits(_ cell: String, _ format: String) -> Bool {
        switch format {
        case "Currency": cell.wholeMatch(of: /[A-Z]{3}/) != nil
        case "Unit": cell.wholeMatch(of: /([1-9][0-9]* )?[A-Z][A-Za-z]*/) != nil
        default: true
        }
    }

    private func isDecimal(_ cell: String) -> Bool {
        cell.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?/) != nil
    }

    private func isTime(_ cell: String) -> Bool {
        cell.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil
    }

    private func isFlatObject(_ cell: String) -> Bool {
        guard case .map(let members) = try? JSONValue(cell) else { return false }
        return members.values.allSatisfy { $0.items.isEmpty && $0.members.isEmpty }
    }

    // MARK: Rules

    private func rules(_ row: [String: String]) -> [String] {
        func value(_ column: String) -> String { row[column] ?? "" }
        var found: [String] = []
        let isUsage = value("ChargeCategory") == "Usage" && value("ChargeClass").isEmpty
        let needed = [
            "PricingCategory", "PricingQuantity", "PricingUnit", "ListUnitPrice",
            "ContractedUnitPrice", "SkuId", "SkuPriceId", "ConsumedQuantity", "ConsumedUnit",
        ]
        for column in needed where isUsage && value(column).isEmpty {
            found.append("\(column) is null, of usage that corrects nothing")
        }
        if value("ChargeCategory") != "Usage", !value("ConsumedQuantity").isEmpty {
            found.append("ConsumedQuantity is not null, of no usage")
        }
        for (price, cost) in [
            ("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost"),
        ]
        where !value(price).isEmpty {
            let product = multiplied(value(price), value("PricingQuantity"))
            if product != scaled(value(cost)) { found.append("\(price) × quantity is not \(cost)") }
        }
        for (column, other) in [
            ("PricingQuantity", "PricingUnit"), ("ConsumedQuantity", "ConsumedUnit"),
            ("SubAccountId", "SubAccountName"), ("SubAccountId", "SubAccountType"),
            ("CommitmentDiscountQuantity", "CommitmentDiscountUnit"),
        ] where row[other] != nil && value(column).isEmpty != value(other).isEmpty {
            found.append("only one of \(column) and \(other) is null")
        }
        if value("SkuPriceId").isEmpty, !value("SkuPriceDetails").isEmpty {
            found.append("SkuPriceDetails without SkuPriceId")
        }
        for period in ["BillingPeriod", "ChargePeriod"]
        where value("\(period)Start") >= value("\(period)End") {
            found.append("the \(period) ends before it starts")
        }
        return found
    }

    /// A price of an SKU has one SKU, one list unit price and one set of details.
    private func prices(_ table: ParsedTable) -> [String] {
        var known: [String: [String]] = [:]
        var found: [String] = []
        for row in table.rows {
            guard let id = row["SkuPriceId"], !id.isEmpty else { continue }
            let facts = ["SkuId", "ListUnitPrice", "SkuPriceDetails"].map { row[$0] ?? "" }
            if known.updateValue(facts, forKey: id) ?? facts != facts {
                found.append("\(id) has several SKUs, list unit prices or details")
            }
        }
        return found
    }

    /// In units of 1e-24.
    private func scaled(_ text: String) -> Int128? { scaledDecimal(text, scale: 24) }

    /// Only as far as 1e-24 goes; nil for factors that are longer.
    private func multiplied(_ a: String, _ b: String) -> Int128? {
        guard let a = scaledDecimal(a, scale: 12), let b = scaledDecimal(b, scale: 12) else {
            return nil
        }
        return a * b
    }
}
