import JSON
import LedgerModel

/// Sends alerts to Prometheus' Alertmanager (API v2), which groups and routes them.
///
/// It forgets an alert whose `endsAt` is past, so an open one is sent again every minute.
package struct AlertmanagerChannel: AlertChannel {
    let sender: HTTPSender

    static let resendSeconds: Int64 = 60
    /// As Prometheus does, so that three lost messages resolve nothing.
    private static let activeFor = 4 * resendSeconds * 1_000_000

    package func send(_ notice: AlertNotice) async throws(DeliveryFailure) {
        try await sender.post(Self.body(of: notice), [])
    }

    /// A list of one alert, whose labels are its identity: they are those that do not change.
    package static func body(of notice: AlertNotice) -> String {
        let facts = notice.facts
        let endsAt =
            notice.isResolved
            ? notice.occurredAt : notice.sentAt.advanced(byMicroseconds: activeFor)
        var json = JSONWriter()
        json.array { json in
            json.object { json in
                json.key("labels")
                json.object { json in
                    json.field("alertname", "tally_" + facts["rule"])
                    json.field("ledger", notice.ledger)
                    for key in ["subject", "window", "severity"] where !facts[Name(key)].isEmpty {
                        json.field(key, facts[Name(key)])
                    }
                }
                json.key("annotations")
                json.object { json in
                    json.field("summary", facts.summary)
                    json.field("description", notice.text)
                }
                json.field("startsAt", (facts.raisedAt ?? notice.occurredAt).description)
                json.field("endsAt", endsAt.description)
            }
        }
        return json.text
    }
}
