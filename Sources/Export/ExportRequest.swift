package import EventStore
package import LedgerModel

/// What to export, and how to write it.
package struct ExportRequest: Sendable {
    package enum Format: String, CaseIterable, Sendable {
        /// Native events, one per line, as `tally import` takes them.
        case native
        /// Requests with what they cost, or charges, as a table.
        case csv
        /// Charges in the columns of FOCUS, the FinOps Open Cost and Usage Specification.
        case focus

        package var contentType: String {
            self == .native ? "application/x-ndjson" : "text/csv; charset=utf-8"
        }

        package var fileExtension: String { self == .native ? "ndjson" : "csv" }
    }

    package var format: Format
    package var filter = HistoryFilter()
    /// The last position to export; nil is the head of the ledger.
    package var position: Int64?
    /// Whether to write charges: beside requests in native form, instead of them in a CSV.
    package var includesCharges = false

    /// Which version's columns a FOCUS export has.
    package var focusVersion = FocusVersion.oneTwo

    package init(_ format: Format) {
        self.format = format
    }

    /// The whole events to read, in order.
    func query(of ledger: LedgerID) -> HistoryQuery {
        var query = HistoryQuery(
            ledger, EventColumns(Field.all, with: [.position, .recordedAt]), kinds: kinds)
        query.filter = filter
        query.isOrdered = true
        return query
    }

    private var kinds: [EventKind] {
        switch format {
        case .native:
            EventKind.allCases.filter {
                $0.isReported || includesCharges && ($0.isCharge || $0 == .savingRated)
            }
        case .csv: EventKind.allCases.filter { includesCharges ? $0.isCharge : $0.isRequest }
        case .focus: EventKind.allCases.filter { $0.isRequest || $0.isCharge }
        }
    }
}

/// Why nothing was exported.
package enum ExportRefusal: Error, Hashable, Sendable {
    case beyondHead(position: Int64, head: Int64)
}

extension ExportRefusal: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "position" }

    package var description: String {
        switch self {
        case .beyondHead(let position, let head):
            "position \(position) does not exist yet: the ledger ends at \(head)"
        }
    }
}
