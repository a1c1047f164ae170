import Foundation
import LedgerTesting
import Testing

extension PythonEnvironment {
    /// A mail server with TLS.
    static let mailServers = PythonEnvironment(
        "test-venv-mail", [["aiosmtpd==1.4.6", "trustme"]], modules: ["aiosmtpd.smtp", "trustme"])

    static let mailServersReason: Comment = """
        needs python3 with venv, and aiosmtpd and trustme from PyPI, which can't be reached
        """
}

/// Mail of alerts, as servers take it that insist on TLS.
@Suite("Mail of alerts")
struct AlertMailTests {
    private static let password = "a password of a test"

    @Test(
        "mail goes over TLS, begun with STARTTLS or from the start, to servers that prove who they are",
        .enabled(PythonEnvironment.mailServersReason) {
            await PythonEnvironment.mailServers.isReady
        })
    func tls() async throws {
        try await withPlace { place in
            let directory = place.dataDirectory
            let received = Task {
                try await PythonEnvironment.mailServers.run(
                    "tls_mail_receiver.py", directory, Self.password, "3")
            }
            let file = directory + "/ports.json"
            try await poll("the servers listen") { FileManager.default.fileExists(atPath: file) }
            let ports = try JSONValue(Array(Data(contentsOf: URL(fileURLWithPath: file))))
                .items.map { $0.integer ?? 0 }
            let environment = [
                "TALLY_ALERTS_FILE": try Self.channels(in: directory, ports),
                "MAIL_PASSWORD": Self.password,
            ]
            func test(_ channel: String) async throws -> CommandRun {
                try await place.tally("alerts", "test", channel, environment: environment)
            }
            // A server that nobody vouches for, one without TLS, and a wrong password.
            for (channel, words) in [
                ("stranger", "certificate"), ("stranger-tls", "certificate"),
                ("no-tls", "STARTTLS"), ("locked-out", "ogin"),
            ] {
                let run = try await test(channel)
                #expect(run.exitCode == 65 && run.errors.contains(words), "\(channel): \(run)")
            }
            for channel in ["starttls", "smtps", "plain"] {
                let run = try await test(channel)
                #expect(run.exitCode == 0, "\(channel): \(run)")
            }
            let run = try await received.value
            #expect(run.exitCode == 0, "\(run)")
            let lines = run.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 3, "only what was meant to arrive did: \(lines)")
            #expect(lines[0].hasPrefix("starttls TLSv1") && lines[0].hasSuffix(" ann"))
            #expect(lines[1].hasPrefix("smtps TLSv1") && lines[1].hasSuffix(" ann"))
            #expect(lines[2] == "plain clear text nobody")
        }
    }

    /// A file with one channel for each way to reach the three servers.
    private static func channels(in directory: String, _ ports: [Int]) throws -> String {
        let (starttls, smtps) = ("smtp://127.0.0.1:\(ports[0])", "smtps://127.0.0.1:\(ports[1])")
        let plain = "smtp://127.0.0.1:\(ports[2])"
        let (ca, login) = (
            "ca_file: \"\(directory)/ca.pem\"", "user: ann, password_env: MAIL_PASSWORD"
        )
        let channels = [
            ("starttls", "server: \"\(starttls)\", \(ca), \(login)"),
            ("smtps", "server: \"\(smtps)\", \(ca), \(login)"),
            ("plain", "server: \"\(plain)\", allow_plain: true"),
            ("stranger", "server: \"\(starttls)\", \(login)"),
            ("stranger-tls", "server: \"\(smtps)\", \(login)"),
            ("no-tls", "server: \"\(plain)\", \(ca)"),
            ("locked-out", "server: \"\(smtps)\", \(ca), user: ann, password_env: PATH"),
        ].map { name, keys in
            "  \(name): {type: mail, \(keys), from: tally@example.org, to: ops@example.org}"
        }
        let path = directory + "/alerts.yaml"
        try ("tally_alerts: 1\nchannels:\n" + channels.joined(separator: "\n") + "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
