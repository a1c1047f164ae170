import Foundation
import LedgerTesting
import Testing

extension PythonEnvironment {
    /// Receivers of notices.
    static let receivers = PythonEnvironment(
        "test-venv-alerts", [["standardwebhooks==1.1.0", "aiosmtpd==1.4.6"]],
        modules: ["standardwebhooks", "aiosmtpd.smtp"])

    static let receiversReason: Comment = """
        needs python3 with venv, and standardwebhooks and aiosmtpd from PyPI, which can't be \
        reached
        """
}

/// Alerts as those receive them who are told.
@Suite("Alerts and who is told")
struct AlertTests {
    private static let secret = "whsec_dGFsbHlzdGljayB0ZXN0cyBvbmx5LCAzMiBieXRlcyE="

    @Test(
        "a webhook is verified by the library of Standard Webhooks, and mail arrives",
        .enabled(PythonEnvironment.receiversReason) { await PythonEnvironment.receivers.isReady })
    func receivers() async throws {
        try await withPlace { place in
            let ports = place.dataDirectory + "/ports.json"
            let received = Task {
                try await PythonEnvironment.receivers.run(
                    "alert_receiver.py", ports, Self.secret, "3")
            }
            try await poll("the receivers listen") { FileManager.default.fileExists(atPath: ports) }
            let numbers = try JSONValue(Array(Data(contentsOf: URL(fileURLWithPath: ports))))
            let (web, mail) = (numbers[0].integer ?? 0, numbers[1].integer ?? 0)
            let file = place.dataDirectory + "/alerts.yaml"
            try """
            tally_alerts: 1
            to: [ops]
            channels:
              ops:
                type: webhook
                url: "http://127.0.0.1:\(web)/hook"
                secret_env: OPS_SECRET
                allow_private: true
              post:
                type: mail
                server: "smtp://127.0.0.1:\(mail)"
                from: tally@example.org
                to: ops@example.org
                allow_plain: true
            """.write(toFile: file, atomically: true, encoding: .utf8)
            let environment = ["TALLY_ALERTS_FILE": file, "OPS_SECRET": Self.secret]
            try await withService(on: place, environment: environment) { service in
                for channel in ["ops", "post"] {
                    let run = try await place.tally(
                        "alerts", "test", channel, environment: environment)
                    #expect(run.exitCode == 0, "\(run)")
                }
                let now = Date().ISO8601Format()
                _ = try await service.client().ingest(
                    EventText("a").with("model", "\"no-such-model\"")
                        .with("occurred_at", "\"\(now)\"").text)
                let run = try await received.value
                #expect(run.exitCode == 0, "\(run)")
                let lines = Set(run.output.split(separator: "\n").map(String.init))
                #expect(lines.contains("webhook alert.raised test"), "\(run)")
                #expect(lines.contains("webhook alert.raised unpriced"), "\(run)")
                #expect(lines.contains { $0.hasPrefix("mail ops@example.org ") }, "\(run)")
                let open = try await place.tally("alerts", "list", "--json")
                #expect(open.output.contains("no-such-model"), "\(open)")
            }
        }
    }
}
