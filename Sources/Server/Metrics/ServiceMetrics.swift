import Booking
import EventReading
import HTTPTypes
package import LedgerModel

/// What this process counts: answers, events, and what they cost.
///
/// Every series whose labels are known exists from the start, so that the first increment is an
/// increase and not a new series.
extension PrometheusRegistry {
    /// A name for what has no name of ours.
    private static let other = "other"
    private static let results: [IntakeReport.Status] = [
        .appended, .duplicate, .sameCall, .conflict, .rejected,
    ]
    private static let sources = ["events"] + TelemetrySignal.allCases.map(\.rawValue)

    /// Makes the series of all calls.
    func announce(_ routes: [Route]) {
        for route in routes {
            for status in route.statuses {
                add(0, to: .httpRequests, [route.path, route.method.rawValue, "\(status)"])
            }
            _ = instrument(.httpDuration, [route.path, route.method.rawValue])
        }
        for source in Self.sources {
            for outcome in [IntakeReason.Outcome.rejected, .ignored, .unpriced] {
                add(0, to: .reasons, [source, outcome.rawValue])
            }
        }
        for signal in TelemetrySignal.allCases {
            for outcome in TelemetryRoutes.outcomes {
                add(0, to: .telemetry, [signal.rawValue, outcome])
            }
        }
    }

    /// Makes the series of a ledger, and of providers that it has requests of.
    package func announce(ledger: String, providers: some Sequence<String> = []) {
        for source in Self.sources {
            for result in Self.results { add(0, to: .events, [ledger, source, result.rawValue]) }
        }
        for provider in [Self.other] + providers {
            for family in [MetricFamily.requests, .unpriced] {
                add(0, to: family, [ledger, provider])
            }
            instrument(.spend, [ledger, provider]).add(PicodollarSum.zero)
        }
    }

    /// Counts an answer over HTTP; `route` is the pattern of its path.
    func count(route: String?, method: String, status: Int, seconds: Double) {
        let route = route ?? "unmatched"
        add(1, to: .httpRequests, [route, method, "\(status)"])
        instrument(.httpDuration, [route, method]).observe(seconds)
    }

    /// Counts the events of a body.
    ///
    /// - Parameter providers: the providers that have a name of their own.
    func count(
        _ report: IntakeReport, from source: String, in ledger: String, providers: Set<String>
    ) {
        for result in Self.results where report.count(of: result) > 0 {
            add(report.count(of: result), to: .events, [ledger, source, result.rawValue])
        }
        for (name, booked) in report.booked {
            let provider = providers.label(of: name)
            add(booked.requests, to: .requests, [ledger, provider])
            add(booked.unpriced, to: .unpriced, [ledger, provider])
            instrument(.spend, [ledger, provider]).add(booked.cost)
        }
    }
}

extension Set<String> {
    /// The label of a provider: its name if it is in a price book, which callers do not write.
    package func label(of provider: Name) -> String {
        let name = provider.string.lowercased()
        return contains(name) ? name : "other"
    }
}
