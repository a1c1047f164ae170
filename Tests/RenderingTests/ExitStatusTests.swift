import Booking
import LedgerModel
import Postgres
import Reconciliation
import Rendering
import Rerating
import Runs
import Subscriptions
import Testing

@Suite("Exit codes")
struct ExitStatusTests {
    private static let id = EventID(high: 1, low: 2)

    @Test(
        "errors caused by input or another process are 65",
        arguments: [
            DifferenceTooLarge(day: .earliest, model: "gpt-4o", difference: PicodollarSum(1)),
            RerateError.overflow(request: id), RerateError.contended(request: id),
            RebuildSuperseded(subscription: "spend"), RunLost(run: id),
            EventRefused(reason: "it is too long"),
        ] as [any Fault])
    func rejected(error: any Fault) {
        #expect(ExitStatus(of: error) == .inputRejected)
        #expect(!"\(error)".isEmpty)
    }

    @Test("an unavailable database is 69, a statement that it refuses is 70")
    func database() {
        #expect(ExitStatus(of: PostgresError(.connectionFailed, "away")) == .unavailable)
        #expect(ExitStatus(of: PostgresError(.poolExhausted, "busy")) == .unavailable)
        #expect(ExitStatus(of: PostgresError(.syntaxError, "wrong")) == .internalError)
    }

    @Test("an error that is not a fault is our own defect: 70")
    func defect() {
        struct Surprise: Error {}
        #expect(ExitStatus(of: Surprise()) == .internalError)
    }
}
