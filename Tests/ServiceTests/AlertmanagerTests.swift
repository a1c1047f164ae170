import Foundation
import LedgerTesting
import Testing

/// Prometheus' own Alertmanager, of the Debian package, on loopback.
private final class Alertmanager: Sendable {
    static let program = "/usr/bin/prometheus-alertmanager"
    static let isThere = FileManager.default.isExecutableFile(atPath: program)

    let url: String
    private let child: Child

    /// Runs one while the body runs, which nobody else is told of.
    static func with<T>(
        in directory: String, _ body: (Alertmanager) async throws -> T
    ) async throws -> T {
        let file = directory + "/alertmanager.yml"
        try "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        let address = "127.0.0.1:\(Int.random(in: 20_000...60_000))"
        let child = try Child(
            program,
            [
                "--config.file=\(file)", "--storage.path=\(directory)/alertmanager",
                "--web.listen-address=\(address)", "--cluster.listen-address=",
            ])
        let alertmanager = Alertmanager(url: "http://" + address, child: child)
        do {
            try await poll(
                "Alertmanager answers", evidence: { child.errors.suffix(1_000).description }
            ) {
                (try? await alertmanager.client.get("/-/ready").status) == 200
            }
            let value = try await body(alertmanager)
            await alertmanager.end()
            return value
        } catch {
            await alertmanager.end()
            throw error
        }
    }

    private init(url: String, child: Child) {
        self.url = url
        self.child = child
    }

    private func end() async {
        await child.end()
        child.discard()
    }

    private var client: TallyClient { TallyClient(url: url) }

    /// The alerts that are not over.
    func active() async throws -> [JSONValue] {
        let answer = try await client.get("/api/v2/alerts?active=true")
        guard answer.status == 200 else { throw ServiceTestError("\(answer)") }
        return try answer.json.items
    }
}

@Suite("Alertmanager")
struct AlertmanagerTests {
    @Test(
        "Alertmanager has an alert while it is open, by being told again, and not after its end",
        .enabled(
            if: Alertmanager.isThere, "needs the Debian package prometheus-alertmanager"))
    func life() async throws {
        try await withPlace { place in
            try await Alertmanager.with(in: place.dataDirectory) { alertmanager in
                let environment = ["TALLY_ALERTS_FILE": try Self.file(place, alertmanager.url)]
                try await withService(on: place, environment: environment) { service in
                    let now = Date().ISO8601Format()
                    _ = try await service.client().ingest(
                        EventText("a").with("model", "\"new-model\"")
                            .with("occurred_at", "\"\(now)\"").text)
                    var found: JSONValue?
                    try await poll("it is raised", within: .seconds(60)) {
                        found = try await alertmanager.active().first
                        return found != nil
                    }
                    let first = try #require(found)
                    #expect(first.labels.alertname == "tally_unpriced")
                    #expect(first.labels.ledger == "default")
                    #expect(first.labels.subject.string?.contains("new-model") == true)
                    #expect(first.annotations.summary.string?.contains("no price") == true)
                    #expect(first.status.state == "active")

                    // Without being told again it would forget the alert after four minutes.
                    try await poll("its end moved on") {
                        _ = try await Self.hurry(place)
                        let again = try await alertmanager.active().first
                        return again?.endsAt.string ?? "" > first.endsAt.string ?? ""
                            && again?.startsAt == first.startsAt
                    }
                    #expect(try await alertmanager.active().count == 1, "it is the same alert")

                    let book = place.dataDirectory + "/book.yaml"
                    try """
                    tally_prices: 1
                    name: ours
                    providers:
                      openai:
                        models:
                          new-model: {input_mtok: 1, output_mtok: 2}

                    """.write(toFile: book, atomically: true, encoding: .utf8)
                    let priced = try await place.tally("prices", "import", book)
                    #expect(priced.exitCode == 0, "\(priced.errors)")
                    try await poll("it is over", within: .seconds(90)) {
                        try await alertmanager.active().isEmpty
                    }
                    try await poll("nothing is told again after the end") {
                        try await Self.hurry(place) == 0
                    }
                }
            }
        }
    }

    /// Makes what waits for its time due; how many notices that are.
    private static func hurry(_ place: Place) async throws -> Int? {
        Int(
            try await place.psql(
                """
                WITH due AS (
                    UPDATE tally.alert_deliveries SET due_at = now()
                    WHERE channel = 'am' AND finished_at IS NULL RETURNING 1)
                SELECT count(*) FROM due
                """))
    }

    private static func file(_ place: Place, _ url: String) throws -> String {
        let path = place.dataDirectory + "/alerts.yaml"
        try """
        tally_alerts: 1
        to: [am]
        channels:
          am: {type: alertmanager, url: "\(url)", allow_private: true}
        """.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
