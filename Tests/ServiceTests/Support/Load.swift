import Foundation
import LedgerTesting
import Synchronization
import Testing

/// Writers that send batch after batch, and record what the service acknowledged.
final class Load: Sendable {
    /// Whether a writer repeats a batch until it is acknowledged, as an outbox does.
    enum Patience { case untilAcknowledged, once }

    private let name: String
    private let patience: Patience
    private let writers: Int
    private let state: Mutex<State>

    private struct State {
        var urls: [String]
        var isStopping = false
        var acknowledged: Set<String> = []
        var batches = 0
        var statuses: [Int: Int] = [:]
        var lostConnections = 0
        var complaints: [String] = []
    }

    static let batchEvents = 20
    /// The time after which a writer whose batch is not accepted gives up.
    private static let patienceMax: Duration = .seconds(90)

    /// - Parameters:
    ///   - urls: where to send; each batch goes to each of them, one after another.
    ///   - name: the prefix of the ids.
    init(
        _ urls: String..., name: String = "load", writers: Int = 8,
        patience: Patience = .untilAcknowledged
    ) {
        self.name = name
        self.writers = writers
        self.patience = patience
        state = Mutex(State(urls: urls))
    }

    /// Lets the writers write while the body runs.
    func run(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers { group.addTask { await self.write(as: writer) } }
            do { try await body() } catch {
                stop()
                group.cancelAll()
                throw error
            }
            stop()
            try await group.waitForAll()
        }
    }

    private func stop() { state.withLock { $0.isStopping = true } }

    /// Sends all further batches, retries included, to another address.
    func redirect(to url: String) { state.withLock { $0.urls = [url] } }

    var batches: Int { state.withLock { $0.batches } }
    var acknowledged: Set<String> { state.withLock { $0.acknowledged } }
    var statuses: [Int: Int] { state.withLock { $0.statuses } }
    var lostConnections: Int { state.withLock { $0.lostConnections } }
    var complaints: [String] { state.withLock { $0.complaints } }

    /// Waits until `count` more batches were acknowledged.
    func more(_ count: Int, within limit: Duration = .seconds(60)) async throws {
        let goal = batches + count
        try await poll(
            "\(count) more batches are acknowledged", within: limit,
            evidence: { "\(self.batches - goal + count) were; \(self.statuses)" }
        ) { batches >= goal }
    }

    // MARK: A writer

    private func write(as writer: Int) async {
        var number = 0
        while !isStopping {
            let ids = (0..<Self.batchEvents).map { "\(name)-\(writer)-\(number)-\($0)" }
            let body = array(ids.map { EventText($0) })
            for index in 0..<state.withLock({ $0.urls.count }) {
                guard await deliver(body, ids, to: index) else { return }
            }
            number += 1
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Delivers a batch; returns whether the writer continues.
    private func deliver(_ body: String, _ ids: [String], to index: Int) async -> Bool {
        let start = ContinuousClock.now
        while !Task.isCancelled {
            let urls = state.withLock { $0.urls }
            let client = TallyClient(url: urls[min(index, urls.count - 1)], timeout: .seconds(30))
            if await send(body, ids, client) { return true }
            if patience == .once && isStopping { return false }
            guard ContinuousClock.now - start < Self.patienceMax else {
                complain("a batch was not taken within \(Self.patienceMax)")
                return false
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// Whether the batch was acknowledged.
    private func send(_ body: String, _ ids: [String], _ client: TallyClient) async -> Bool {
        let answer: Answer
        do { answer = try await client.post("/api/v1/events", body) } catch {
            state.withLock { $0.lostConnections += 1 }
            return false
        }
        state.withLock { $0.statuses[answer.status, default: 0] += 1 }
        guard answer.status == 200 else {
            if ![429, 503].contains(answer.status) {
                complain("\(answer.status): \(answer.text)")
            } else if (try? answer.failure.message.string?.isEmpty) != false
                || answer.header("retry-after") == nil
            {
                complain("\(answer.status) without a sentence or Retry-After: \(answer.text)")
            }
            return false
        }
        guard let report = try? answer.json, let appended = report.appended.integer,
            let duplicates = report.duplicates.integer, appended + duplicates == ids.count
        else {
            complain("not all were taken: \(answer.text.prefix(500))")
            return true
        }
        state.withLock { state in
            state.batches += 1
            state.acknowledged.formUnion(ids)
        }
        return true
    }

    private func complain(_ text: String) {
        state.withLock { if $0.complaints.count < 10 { $0.complaints.append(text) } }
    }
}

/// Checks that must hold for a ledger, whatever happened to it.
struct Auditor {
    let place: Place

    /// Checks that acknowledged events are there once, with their charges, that the chain is
    /// intact, and that the read models agree with it in the end; a service must be running.
    ///
    /// - Parameter isComplete: whether the writers repeated everything until it was acknowledged,
    ///   so that there must be no other events.
    func check(_ loads: Load..., isComplete: Bool) async throws {
        for load in loads { #expect(load.complaints == []) }
        let rows = try await place.psql(
            "SELECT external_id, count(*) FROM tally.events WHERE kind = 1 GROUP BY 1"
        ).split(separator: "\n").map { $0.split(separator: "|") }
        let stored = Set(rows.map { String($0[0]) })
        let acknowledged = loads.reduce(into: Set()) { $0.formUnion($1.acknowledged) }
        #expect(acknowledged.subtracting(stored).isEmpty, "nothing acknowledged is lost")
        #expect(rows.filter { $0[1] != "1" }.isEmpty, "nothing is there twice")
        if isComplete { #expect(stored.subtracting(acknowledged).isEmpty) }
        let charges = try await place.psql(
            "SELECT count(*), count(DISTINCT cause_id) FROM tally.events WHERE kind = 10")
        #expect(charges == "\(stored.count)|\(stored.count)", "one charge a request")

        let verified = try await place.tally("verify")
        #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
        try await readModelsAgree()
        let answers = loads.map { "\($0.statuses), lost connections \($0.lostConnections)" }
        print("audited: \(stored.count) stored, \(acknowledged.count) acknowledged, \(answers)")
    }

    private func readModelsAgree() async throws {
        try await poll("spend equals the sum of charges") {
            let sums = try await place.psql(
                """
                SELECT (SELECT coalesce(sum(cost_pico), 0) FROM tally.current_spend_hourly),
                    (SELECT coalesce(sum(amount_pico), 0) FROM tally.events WHERE kind = 10)
                """
            ).split(separator: "|")
            return sums.count == 2 && sums[0] == sums[1]
        }
        let halted = try await place.psql(
            "SELECT count(*) FROM tally.places WHERE halted_at IS NOT NULL")
        #expect(halted == "0")
    }
}
