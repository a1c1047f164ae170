import LedgerModel
import TallyClient
import Testing

/// The meaning of the service's answers, and answers that are not the service's.
@Suite("Answers")
struct AnswerTests {
    private func outcome(
        _ status: Int, _ body: String = "", retryAfter: String? = nil, records: Int = 3
    ) -> IngestOutcome {
        IngestOutcome(
            .answer(status: status, retryAfter: retryAfter, body: Array(body.utf8)),
            records: records, at: RecordEncoder.now)
    }

    private func report(
        _ counts: [Int], _ events: String = ""
    ) -> String {
        """
        {"appended":\(counts[0]),"duplicates":\(counts[1]),"conflicts":\(counts[2]),\
        "rejected":\(counts[3]),"head":{"position":9,"hash":"00"},"events":[\(events)]}
        """
    }

    @Test("a report that accounts for every record is an acknowledgement")
    func stored() {
        let duplicate = #"{"index":1,"id":"a","status":"duplicate","position":4}"#
        #expect(
            outcome(200, report([2, 1, 0, 0], duplicate)) == .stored(duplicates: 1, refused: []))
        let refusals = """
            {"index":0,"id":"a","status":"rejected","error":"usage is empty"},\
            {"index":2,"id":"c","status":"conflict","position":4}
            """
        #expect(
            outcome(200, report([1, 0, 1, 1], refusals))
                == .stored(
                    duplicates: 0,
                    refused: [
                        .init(index: 0, reason: "usage is empty"),
                        .init(index: 2, reason: "another event has this identity"),
                    ]))
    }

    @Test(
        "anything else with status 200 acknowledges nothing",
        arguments: [
            "", "<html>It works!</html>", "{}", "[]", #"{"appended":3}"#,
            #"{"appended":2,"duplicates":0,"conflicts":0,"rejected":0,"events":[]}"#,
            #"{"appended":2,"duplicates":0,"conflicts":0,"rejected":1,"events":[]}"#,
            """
            {"appended":2,"duplicates":0,"conflicts":0,"rejected":1,"events":[{"index":7,\
            "status":"rejected"}]}
            """,
        ])
    func impostors(body: String) {
        if case .misconfigured = outcome(200, body) { return }
        Issue.record("\(outcome(200, body))")
    }

    @Test("statuses are distinguished: later, smaller, or a setting has to be corrected")
    func statuses() {
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            guard case .unavailable = outcome(status) else {
                Issue.record("\(status)")
                continue
            }
        }
        for status in [204, 301, 302, 307, 400, 401, 403, 404, 405, 415, 422] {
            guard case .misconfigured = outcome(status) else {
                Issue.record("\(status)")
                continue
            }
        }
        let refusal = #"{"error":{"type":"invalid_request_error","message":"gzip is corrupt"}}"#
        #expect(outcome(400, refusal) == .tooLarge("status 400: gzip is corrupt"))
        #expect(outcome(413) == .tooLarge("status 413"))
        #expect(outcome(401, refusal) == .misconfigured("status 401: gzip is corrupt"))
    }

    @Test("Retry-After is read as seconds or as a date, and ignored when it is neither")
    func retryAfter() {
        let cases: [(String, Duration?)] = [
            ("0", .zero), ("120", .seconds(120)), (" 7", .seconds(7)), ("-1", nil), ("soon", nil),
            ("1.5", nil), ("Tue, 24 Nov 2026 00:02:05 GMT", .seconds(125)),
            ("Mon, 23 Nov 2026 23:59:00 GMT", .zero), ("Tue, 24 Now 2026 00:02:05 GMT", nil),
            ("Tue, 24 Nov 2026 00:02 GMT", nil), ("Tue, 24 Nov 2026 00:02:05 CET", nil),
        ]
        for (text, expected) in cases {
            #expect(
                outcome(503, retryAfter: text)
                    == .unavailable(retryAfter: expected, "status 503"), "\(text)")
        }
    }
}
