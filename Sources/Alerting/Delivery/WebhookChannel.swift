import Crypto
import Foundation
import JSON
import LedgerModel

/// Sends notices as Standard Webhooks (https://www.standardwebhooks.com), which receivers verify
/// with any of its libraries.
package struct WebhookChannel: AlertChannel {
    let sender: HTTPSender
    let secret: WebhookSecret

    package func send(_ notice: AlertNotice) async throws(DeliveryFailure) {
        let body = Self.body(of: notice)
        let id = notice.id.description
        let time = notice.sentAt.unixMilliseconds / 1_000
        try await sender.post(
            body,
            [
                ("webhook-id", id), ("webhook-timestamp", "\(time)"),
                ("webhook-signature", secret.signature(of: body, id: id, at: time)),
            ])
    }

    package static func body(of notice: AlertNotice) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("type", notice.kind.name)
            json.field("timestamp", notice.occurredAt.description)
            json.key("data")
            json.object { json in
                json.field("ledger", notice.ledger)
                json.field("escalated", notice.isEscalation)
                for (key, value) in notice.facts.labels?.pairs ?? []
                where !AlertNotice.internalFacts.contains(key) {
                    json.field(key.string, value.string)
                }
                json.key("contributors")
                json.array(of: notice.facts.contributors) { $0.value($1) }
            }
        }
        return json.text
    }
}

extension AlertNotice {
    /// How it is delivered, and what stands elsewhere in the body.
    fileprivate static let internalFacts: Set<Name> = [
        "to", "escalate_to", "escalate_after_s", "top_1", "top_2", "top_3",
    ]
}

/// The key that a webhook's sender and receiver share: `whsec_` and base64.
package struct WebhookSecret: Sendable {
    private let key: SymmetricKey

    /// Nil for what is no such secret, or a key of other than 24 to 64 bytes.
    package init?(_ text: String) {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix),
            let bytes = Data(base64Encoded: String(text.dropFirst(prefix.count))),
            (24...64).contains(bytes.count)
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// - Parameter time: seconds since 1970.
    package func signature(of body: String, id: String, at time: Int64) -> String {
        let signed = Data("\(id).\(time).\(body)".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: key)
        return "v1," + Data(code).base64EncodedString()
    }
}
