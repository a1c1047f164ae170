import Alerting
import LedgerModel
import Pricing
import Testing

@Suite("The file of alerts")
struct AlertFileTests {
    private static let file = """
        tally_alerts: 1
        to: [ops, log]
        escalate_to: boss
        escalate_after: 30m
        channels:
          ops: {type: webhook, url: "https://example.com/hook", secret_env: OPS_SECRET}
          boss:
            type: mail
            server: smtp://mail.example.com:587
            from: tally@example.com
            to: [boss@example.com, ops@example.com]
            user: tally
            password_file: /run/secrets/mail
            ca_file: /etc/ssl/own.pem
          chat: {type: slack, url_env: SLACK_URL}
          prometheus: {type: alertmanager, url: "http://am:9093", allow_private: true}
        rules:
          unpriced: {when: unpriced, percent: 1, to: chat}
          quiet: {when: silence, after: 15m, severity: critical}
          search: {when: spend, limit_usd: 12.5, per: day, only: {app: search}, percents: [100, 90]}
        without: failures
        """

    @Test("channels, rules and routes are read; the standard rules are there unless left out")
    func reads() throws {
        let plan = try AlertFile.read(Self.file)
        #expect(
            plan.channels.map(\.kind.word) == ["log", "webhook", "mail", "slack", "alertmanager"])
        #expect(
            plan.channels[2].kind
                == .mail(
                    MailSettings(
                        server: "smtp://mail.example.com:587", from: "tally@example.com",
                        to: ["boss@example.com", "ops@example.com"], user: "tally",
                        password: .file("/run/secrets/mail"), caFile: "/etc/ssl/own.pem")))
        #expect(
            plan.rules.map(\.name) == [
                "unpriced", "quiet", "search", "health", "budgets", "cached_share_drop",
            ])
        let escalation = AlertRoute.Escalation(to: "boss", afterSeconds: 1_800)
        #expect(plan.rules[0].route == AlertRoute(["chat"], escalation: escalation))
        #expect(
            plan.rules[1].route
                == AlertRoute(["ops", "log"], severity: "critical", escalation: escalation))
        #expect(plan.rules[1].condition == .silence(seconds: 900))
        var levels = BudgetLevels()
        levels.percents = [90, 100]
        let limit = SpendLimit(
            PicodollarSum(12_500_000_000_000), per: .day, filters: [.app: "search"])
        #expect(plan.rules[2].condition == .spend(limit, levels))
        #expect(plan.rules[3].route.channels == ["ops", "log"])
    }

    @Test(
        "what is wrong is refused with its line and column",
        arguments: [
            ("tally_alerts: 2", "line 1, column 1: the file: tally_alerts must be 1"),
            ("tally_alerts: 1\nchanels: {}", "line 2, column 10: the file has no chanels"),
            (
                "tally_alerts: 1\nchannels:\n  a: {type: webhook, url: x}",
                "line 3, column 6: channel a: one of secret, secret_env and secret_file is needed"
            ),
            (
                "tally_alerts: 1\nchannels:\n  a: {type: webhook, url: x, secret: whsec_x}",
                "line 3, column 6: channel a: secret must not stand in the file: write secret_env or _file"
            ),
            (
                "tally_alerts: 1\nchannels:\n  a: {type: pigeon}",
                "line 3, column 6: channel a: pigeon is no type of channel: log, webhook, slack, alertmanager "
                    + "or mail"
            ),
            (
                "tally_alerts: 1\nrules:\n  a: {when: health, to: ops}",
                "line 3, column 6: rule a: there is no channel ops"
            ),
            (
                "tally_alerts: 1\nrules:\n  a: {when: silence, after: soon}",
                "line 3, column 6: rule a: after is soon: write 90s, 15m, 12h or 1d"
            ),
            (
                "tally_alerts: 1\nrules:\n  a: {when: spend, limit_usd: 12x, per: day}",
                "line 3, column 6: rule a: limit_usd is 12x: write US dollars, such as 100 or 0.5"
            ),
            (
                "tally_alerts: 1\nwithout: unpriced2",
                "line 2, column 10: unpriced2 is none of the standard rules"
            ),
        ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: PriceFileError.self) { try AlertFile.read(text) }
        #expect("\(error.map { "\($0)" } ?? "")" == message)
    }
}
