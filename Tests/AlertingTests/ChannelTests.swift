import Alerting
import Foundation
import LedgerModel
import LedgerTesting
import Testing

@Suite("What channels send")
struct ChannelTests {
    private static let now = Timestamp(year: 2026, month: 11, day: 30)

    private static func notice(
        _ facts: [(key: Name, value: Name)] = [], kind: EventKind = .alertRaised
    ) throws -> AlertNotice {
        var event = Event(
            id: EventID(at: now, entropy: (1, 2)), kind: kind, occurredAt: now)
        event.detail = try Labels(
            [
                ("alert", "0123456789abcdef"), ("rule", "unpriced"), ("subject", "acme/a&b"),
                ("summary", "3 < 4 requests > none"), ("to", "ops"), ("severity", "warning"),
                ("raised_at", "2026-11-29T23:00:00Z"), ("top_1", "web: 2"), ("top_2", "app: 1"),
                ("look", "tally unpriced"),
            ].filter { pair in !facts.contains { $0.key == pair.0 } }.map {
                (key: $0.0, value: $0.1)
            }
                + facts)
        return AlertNotice(
            event, of: "main", sentAt: now.advanced(byMicroseconds: 1_000_000))
    }

    @Test(
        "signatures are those of Standard Webhooks",
        arguments: [
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330, #"{"test": 2432232314}"#,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
            ),
            (
                "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "01", 1_700_000_000, "é{}",
                "v1,FISl6J54aDpS9QdbEsqqYwOQ/NR9si/pcbESrxzR48Q="
            ),
        ] as [(String, String, Int64, String, String)])
    func signatures(secret: String, id: String, time: Int64, body: String, expected: String) throws
    {
        let key = try #require(WebhookSecret(secret))
        #expect(key.signature(of: body, id: id, at: time) == expected)
    }

    @Test(
        "what is no secret of Standard Webhooks is refused",
        arguments: ["", "whsec_", "MfKQ9r8G", "whsec_AAAA", "whsec_?"])
    func secrets(text: String) { #expect(WebhookSecret(text) == nil) }

    @Test("a webhook says what, how much, since when, who and where to look")
    func webhook() throws {
        let body = try JSONValue(WebhookChannel.body(of: try Self.notice()))
        #expect(body["type"].string == "alert.raised")
        #expect(body["data"]["summary"].string == "3 < 4 requests > none")
        #expect(body["data"]["contributors"].items.count == 2)
        #expect(body["data"]["raised_at"].string == "2026-11-29T23:00:00Z")
        #expect(body["data"]["to"] == .missing)
    }

    @Test("Slack gets blocks within its limits, with its characters escaped")
    func slack() throws {
        let body = try JSONValue(SlackChannel.body(of: try Self.notice()))
        let blocks = body["blocks"].items
        #expect(blocks.map { $0["type"].string } == ["header", "section", "section"])
        #expect(blocks[1]["text"]["text"].string == "3 &lt; 4 requests &gt; none")
        #expect(body["text"].string?.contains("acme/a&amp;b") == true)
        let long = Name(String(repeating: "&", count: 650))
        let cut = try JSONValue(
            SlackChannel.body(of: try Self.notice([("summary", long)])))
        let text = try #require(cut["blocks"].items[1]["text"]["text"].string)
        #expect(text.count <= 3_000 && text.hasSuffix("&amp;…"))
    }

    @Test("Alertmanager gets the same labels for an alert and its end, which has its time")
    func alertmanager() throws {
        let raised = try JSONValue(AlertmanagerChannel.body(of: try Self.notice()))
        let over = try JSONValue(
            AlertmanagerChannel.body(of: try Self.notice(kind: .alertResolved)))
        let (a, b) = (try #require(raised.items.first), try #require(over.items.first))
        #expect(a["labels"] == b["labels"])
        #expect(a["labels"]["alertname"].string == "tally_unpriced")
        #expect(a["startsAt"].string == "2026-11-29T23:00:00Z")
        #expect(a["endsAt"].string == "2026-11-30T00:04:01Z")
        #expect(b["endsAt"].string == "2026-11-30T00:00:00Z")
    }

    @Test("a message is made of short lines, and nothing in it becomes a header")
    func mail() throws {
        let odd = Name("é\r\nBcc: x@example.com " + String(repeating: "ü", count: 200))
        let text = MailChannel.message(
            try Self.notice([("subject", odd)]), from: "tally@example.com", to: ["ops@example.com"])
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { (32...126) ~= $0 } })
        #expect(!lines.contains { $0.hasPrefix("Bcc") })
        let body = lines.drop { !$0.isEmpty }.joined()
        let decoded = String(decoding: Data(base64Encoded: body) ?? Data(), as: UTF8.self)
        #expect(decoded.hasPrefix("3 < 4 requests > none\r\n"))
    }

    @Test(
        "addresses of private networks are known in all their forms",
        arguments: [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0",
            "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1",
            "2002:7f00:1::", "2001:db8::1", "2001::1", "nonsense", "",
        ])
    func privateAddresses(text: String) { #expect(NetworkAddress.isPrivate(text)) }

    @Test(
        "others are not",
        arguments: [
            "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ])
    func publicAddresses(text: String) { #expect(!NetworkAddress.isPrivate(text)) }

    @Test("attempts are further and further apart, up to six hours, at any time below that")
    func retries() {
        #expect(RetrySchedule.seconds(after: 1, chance: 0) == 1)
        #expect(RetrySchedule.seconds(after: 1, chance: 1) == 6)
        #expect(RetrySchedule.seconds(after: 5, chance: 1) == 81)
        #expect(RetrySchedule.seconds(after: 40, chance: 1) == 21_601)
        #expect(RetrySchedule.seconds(after: 100, chance: 0.5) == 10_801)
    }
}
