import Booking
import Budgeting
import Budgets
import EventStore
import Foundation
import Gateway
import LedgerModel
import Routing
import StoreTesting
import Testing

@Suite("Charges that wait in files", .serialized, .timeLimit(.minutes(5)))
struct BookingSpoolTests {
    private static func lease(_ bench: BooksBench) -> RoutePolicy {
        bench.route { $0.durability = .lease }
    }

    @Test("a charge is in the file first, then once in the ledger, also if it is read twice")
    func drained() async throws {
        for isHeld in [false, true] {
            try await BooksBench.with { bench in
                if isHeld { try await bench.define("1") }
                let spool = try bench.spool()
                let books = bench.books(spool)
                let open = try await bench.open(bench.request(), Self.lease(bench), in: books)
                let attempt = FailedAttempt(
                    BooksBench.candidate, status: 200, errorType: "cut",
                    latency: .milliseconds(7), metered: MeteredAnswer(usage: [.inputTokens: 500]))
                let booked = try await books.close(open, BooksBench.end { $0.attempts = [attempt] })
                #expect(booked.cost == Picodollars(4_000_000_000))
                #expect(spool.waitingRecords == 2)
                #expect(try await bench.events(.requestCompleted).isEmpty)
                // The files as they are now, for a process that dies before it acknowledges.
                let copy = bench.directory + "-copy"
                try FileManager.default.copyItem(atPath: bench.directory, toPath: copy)
                try await books.drain()
                #expect(spool.waitingRecords == 0)
                let after = try await bench.kinds()
                #expect(after.filter { $0 == .chargeRated }.count == 2)
                spool.close()

                let again = try BookingSpool(directory: copy, report: { _ in })
                #expect(again.waitingRecords == 2)
                try await bench.books(again).drain()
                #expect(try await bench.kinds() == after)
                again.close()
                try FileManager.default.removeItem(atPath: copy)
                if isHeld { #expect(try await bench.status().held == .zero) }
            }
        }
    }

    @Test("wherever a file is torn, what was synced before is booked, once")
    func torn() async throws {
        try await BooksBench.with { bench in
            let spool = try bench.spool()
            let books = bench.books(spool)
            for _ in 0..<3 {
                let open = try await bench.open(bench.request(), Self.lease(bench), in: books)
                _ = try await books.close(open, BooksBench.end())
            }
            spool.close()
            let folder = bench.directory + "/bookings"
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: folder)
                    .first { $0.hasSuffix(".segment") })
            let whole = try #require(FileManager.default.contents(atPath: folder + "/" + name))
            var counts: [Int] = []
            for part in stride(from: 0, through: whole.count, by: max(1, whole.count / 40)) {
                let torn = bench.directory + "-\(part)"
                try FileManager.default.createDirectory(
                    atPath: torn + "/bookings", withIntermediateDirectories: true)
                try whole.prefix(part).write(to: URL(filePath: torn + "/bookings/" + name))
                let left = try BookingSpool(directory: torn, report: { _ in })
                counts.append(left.waitingRecords)
                try await bench.books(left).drain()
                #expect(left.waitingRecords == 0)
                left.close()
                try FileManager.default.removeItem(atPath: torn)
            }
            #expect(counts == counts.sorted() && counts.first == 0)
            let charges = try await bench.events(.chargeRated).count
            #expect(charges == (counts.last ?? 0) && charges >= 2)
        }
    }

    @Test("a full spool refuses requests before they are made")
    func full() async throws {
        try await BooksBench.with { bench in
            let spool = try bench.spool(bytesMax: 64 << 10)
            let books = bench.books(spool)
            var isRefused = false
            for _ in 0..<200 where !isRefused {
                do {
                    let open = try await bench.open(bench.request(), Self.lease(bench), in: books)
                    _ = try await books.close(open, BooksBench.end())
                } catch is SpoolRefusal { isRefused = true }
            }
            #expect(isRefused && spool.isNearlyFull)
            let waiting = spool.waitingRecords
            try await books.drain()
            #expect(try await bench.events(.chargeRated).count == waiting)
            let open = try await bench.open(bench.request(), Self.lease(bench), in: books)
            await books.abandon(open)
            spool.close()
        }
    }

    @Test("what a killed instance left open becomes unresolved, once, and its hold is settled")
    func killed() async throws {
        for isHeld in [false, true] {
            try await BooksBench.with { bench in
                if isHeld { try await bench.define("1") }
                let spool = try bench.spool()
                let books = bench.books(spool)
                let left = bench.request()
                let open = try await bench.open(left, bench.route(), in: books)
                let done = try await bench.open(bench.request(), bench.route(), in: books)
                _ = try await books.close(done, BooksBench.end())
                let waiting = try await bench.open(bench.request(), Self.lease(bench), in: books)
                _ = try await books.close(waiting, BooksBench.end())
                // As if the process were killed here: its lock is the kernel's to release.
                spool.close()

                let next = try bench.spool()
                let restarted = bench.books(next)
                try await restarted.drain()
                #expect(try await restarted.resolveAbandoned() == 1)
                let event = try #require(try await bench.ledger.store.event(left.id)?.event)
                #expect(event.kind == .requestFailed && event.errorType == "unresolved")
                #expect(event.usage[.inputTokens] == 1_000 && event.detail?["usage"] == "estimated")
                #expect((0...100).contains(event.usage.value(.outputTokens)))
                #expect(try await bench.events(.chargeRated).count == 3)
                #expect(try await bench.events(.requestCompleted).count == 2)
                if isHeld { #expect(try await bench.status().held == .zero) }
                next.close()

                let third = try bench.spool()
                #expect(try await bench.books(third).resolveAbandoned() == 0)
                // It was not dead after all: the charge is what it used, not both.
                _ = try await books.close(open, BooksBench.end())
                let charges = try await bench.events(.chargeRated, .chargeAdjusted)
                    .filter { $0.causeID == left.id }
                let sum = charges.compactMap(\.amount).reduce(PicodollarSum.zero) {
                    $0 + PicodollarSum($1)
                }
                #expect(sum == PicodollarSum(BooksBench.cost))
                third.close()
            }
        }
    }

    @Test("a hold of the gateway that nobody ends is booked as unresolved when its time is over")
    func expired() async throws {
        try await BooksBench.with { bench in
            try await bench.define("1") { $0.holdSeconds = 1 }
            let books = bench.books()
            let request = bench.request()
            let open = try await bench.open(request, bench.route(), in: books)
            let end = ContinuousClock.now + .seconds(30)
            while try await bench.status().held != .zero, ContinuousClock.now < end {
                try await bench.ledger.budgets.expireDue(at: BooksBench.now)
            }
            #expect(
                try await bench.kinds() == [
                    .budgetHeld, .requestFailed, .chargeRated, .budgetSettled,
                ])
            let event = try #require(try await bench.ledger.store.event(request.id)?.event)
            #expect(event.errorType == "unresolved" && event.usage[.inputTokens] == 1_000)
            let booked = try await books.close(open, BooksBench.end())
            #expect(booked.cost == BooksBench.cost)
            let sum = try await bench.events(.chargeRated, .chargeAdjusted)
                .compactMap(\.amount).reduce(PicodollarSum.zero) { $0 + PicodollarSum($1) }
            #expect(sum == PicodollarSum(BooksBench.cost))
        }
    }
}
