/// A version of FOCUS whose columns an export can have.
package enum FocusVersion: String, CaseIterable, Sendable {
    case oneZero = "1.0"
    case oneOne = "1.1"
    case oneTwo = "1.2"
    case oneThree = "1.3"
}

/// The columns of FOCUS's dataset Cost and Usage, from the table of the specification in
/// `columns.csv`.
package enum FocusSpecification {
    package struct Column: Sendable {
        package enum DataType: String, Sendable {
            case string = "String"
            case decimal = "Decimal"
            case dateTime = "DateTime"
            case json = "JSON"
        }

        package let name: String
        /// The version that introduced it, and the one that no longer has it.
        let since: String
        let until: String
        package let isNullable: Bool
        package let type: DataType
        /// Such as `Currency` or `NonNegative`; empty where the type says all.
        package let format: String
        /// Empty where any value may stand.
        package let allowed: [String]
    }

    /// By name.
    package static func columns(of version: FocusVersion) -> [Column] {
        all.filter {
            $0.since <= version.rawValue && ($0.until.isEmpty || version.rawValue < $0.until)
        }
    }

    private static let all: [Column] = {
        let text = String(decoding: PackageResources.columns_csv, as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
                String($0)
            }
            guard cells.count == 8, let type = Column.DataType(rawValue: cells[5]) else {
                preconditionFailure("columns.csv has a line that is none of its table: \(line)")
            }
            return Column(
                name: cells[0], since: cells[1], until: cells[2], isNullable: cells[4] == "yes",
                type: type, format: cells[6],
                allowed: cells[7].split(separator: "|").map { String($0) })
        }
    }()
}
