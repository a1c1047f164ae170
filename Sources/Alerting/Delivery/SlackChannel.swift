import JSON
import LedgerModel

/// Sends notices to one of Slack's incoming webhooks, as blocks.
package struct SlackChannel: AlertChannel {
    let sender: HTTPSender

    /// Slack's limits, in characters.
    static let headerMax = 150
    static let sectionMax = 3_000

    package func send(_ notice: AlertNotice) async throws(DeliveryFailure) {
        try await sender.post(Self.body(of: notice), [])
    }

    /// A header, what and how much, and one section with the rest.
    package static func body(of notice: AlertNotice) -> String {
        let details = notice.lines.map { "*\($0.label)* \(escaped($0.text))" }
        var json = JSONWriter()
        json.object { json in
            json.field("text", escaped(notice.title))
            json.key("blocks")
            json.array { json in
                block("header", "plain_text", String(notice.title.prefix(headerMax)), to: &json)
                block("section", "mrkdwn", cut(escaped(notice.facts.summary)), to: &json)
                block(
                    "section", "mrkdwn", cut(details.joined(separator: "\n")), to: &json)
            }
        }
        return json.text
    }

    private static func block(
        _ type: String, _ textType: String, _ text: String, to json: inout JSONWriter
    ) {
        json.object { json in
            json.field("type", type)
            json.key("text")
            json.object { json in
                json.field("type", textType)
                json.field("text", text.isEmpty ? "–" : text)
            }
        }
    }

    /// The three characters that mean something to Slack.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    /// Cut before an escape that would be split.
    private static func cut(_ text: String) -> String {
        guard text.utf16.count > sectionMax else { return text }
        var cut = ""
        var length = 1
        for character in text {
            length += character.utf16.count
            if length > sectionMax { break }
            cut.append(character)
        }
        if let escape = cut.lastIndex(of: "&"), !cut[escape...].contains(";") {
            cut = String(cut[..<escape])
        }
        return cut + "…"
    }
}
