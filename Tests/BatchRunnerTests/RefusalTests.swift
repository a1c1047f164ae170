import BatchRunner
import Booking
import Budgeting
import Budgets
import JSON
import LedgerModel
import Providers
import StoreTesting
import TestUpstream
import Testing

@Suite("What batches refuse")
struct RefusalTests {
    @Test("a model without a batch rate is refused, and nothing is kept")
    func noRate() async throws {
        try await Night.with { night in
            let error = await #expect(throws: BatchFault.self) {
                try await night.submit(1, model: "no-such-model")
            }
            #expect(error?.description.contains("no batch rate for no-such-model") == true)
            let left = try await night.service.list(
                for: night.owner, as: [.jobs], after: nil, limit: 10)
            #expect(left.isEmpty)
        }
    }

    @Test("a budget without room refuses the batch")
    func overBudget() async throws {
        try await Night.with { night in
            var small = WrittenBudget(name: "small", limits: WrittenAmounts(usd: "0.000001"))
            small.window = "total"
            _ = try await night.ledgers.openLedger(night.test.id).budgets.change(
                "small", .set(try small.definition()), by: "a test", at: night.clock.now)
            await #expect(throws: BudgetRefusal.self) { try await night.submit(1_000) }
        }
    }

    @Test("what is another key's does not exist")
    func owners() async throws {
        try await Night.with { night in
            let asked = try await night.submit(1)
            let other = BatchOwner(
                ledger: night.test.id, key: night.clock.newID(), isAdministrator: false)
            await #expect(throws: BatchFault.unknownBatch(asked.id.description)) {
                try await night.service.find(asked.id, for: other, as: [.jobs])
            }
            #expect(
                try await night.service.list(for: other, as: [.jobs], after: nil, limit: 5).isEmpty)
        }
    }

    @Test("a file is read line by line, and a bad line is named")
    func files() async throws {
        try await Night.with { night in
            var upload = night.service.upload(for: night.owner, at: night.clock.now)
            let good =
                #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":"#
                + Night.chat(1).body.json + "}\n"
            try await upload.take(Array((good + "{\"custom_id\":\n").utf8)[...])
            let file = try await upload.finish(name: "x.jsonl", purpose: "batch")
            let error = await #expect(throws: BatchFault.self) {
                try await night.service.create(
                    BatchOrder(.openAI, endpoint: "/v1/chat/completions"), from: file.id,
                    for: night.owner, at: night.clock.now)
            }
            #expect(error?.description.hasPrefix("request 1: it is not JSON") == true)
        }
    }

    @Test(
        "a request that can't be batched is refused",
        arguments: [
            #"{"messages":[]}"#, #"{"model":"gpt-4o-mini","stream":true,"messages":[]}"#,
        ])
    func badLines(_ body: String) async throws {
        try await Night.with { night in
            let item = BatchItem(customID: "a", body: try JSONTree(parsing: body.utf8))
            await #expect(throws: BatchFault.self) {
                try await night.service.create(
                    BatchOrder(.jobs, endpoint: "/v1/chat/completions"), [item],
                    for: night.owner, at: night.clock.now)
            }
        }
    }

    @Test("more than a ledger may keep is refused")
    func full() async throws {
        var settings = BatchSettings()
        settings.bytesMax = 100
        try await Night.with(settings: settings) { night in
            await #expect(throws: BatchFault.self) { try await night.submit(2) }
        }
    }
}
