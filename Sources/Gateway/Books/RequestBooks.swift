package import Booking
package import Budgeting
import Budgets
import EventStore
package import LedgerModel
import Postgres
import PriceBooks
package import Providers
package import Routing
import Synchronization

/// The books of the gateway: money is set aside before a call, and what it used is booked after it.
///
/// Where budgets or controls concern a request, it holds as any caller of `/api/v1/holds` would, and its
/// end is one commit of the request, its attempts, their charges and the settlement. Otherwise only
/// request and charges are appended. With a spool, what can't be written to the ledger at once is in a
/// file first.
package final class RequestBooks: Sendable {
    let ledgers: LedgerRegistry
    let providers: ProviderSet
    /// Nil for none: what the ledger does not take is tried again, until that is given up.
    let spool: BookingSpool?
    let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    private struct State {
        /// Requests with a hold; a request that nobody has any more is forgotten.
        var open: [EventID: WeakRequest] = [:]
        /// Whether the ledger could not be reached the last time.
        var isAway = false
    }

    private struct WeakRequest: Sendable {
        weak let request: OpenRequest?
    }

    /// Requests that are open and have a hold.
    var openRequests: [OpenRequest] {
        state.withLock { state in
            state.open = state.open.filter { $0.value.request != nil }
            return state.open.values.compactMap(\.request)
        }
    }

    /// How long a charge is tried to be booked while the ledger is away and there is no spool.
    package static let bookingMax: Duration = .seconds(30)

    package init(
        ledgers: LedgerRegistry, providers: ProviderSet, spool: BookingSpool? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.ledgers = ledgers
        self.providers = providers
        self.spool = spool
        self.now = now
    }

    // MARK: Before the call

    /// Sets money aside in every budget that counts the request, or in none.
    ///
    /// - Parameter candidates: who could answer, by their names in the price book, in order of
    ///   preference.
    /// - Throws: `BudgetRefusal`, `ControlRefusal`, `HoldInvalid`, or what the ledger throws when it is
    ///   away, unless the route goes on without it.
    package func open(
        _ request: GatewayRequest, _ route: RoutePolicy, expecting: ExpectedUsage,
        candidates: [HoldCandidate]
    ) async throws -> OpenRequest {
        let candidates = Array(candidates.prefix(HoldWish.candidatesMax))
        func opened(_ hold: HoldAnswer?, isUnlimited: Bool = false) -> OpenRequest {
            let open = OpenRequest(
                request, route, expecting, candidates, hold: hold, isUnlimited: isUnlimited)
            spool?.note(open)
            if hold != nil { state.withLock { $0.open[request.id] = WeakRequest(request: open) } }
            return open
        }
        if let spool, spool.isNearlyFull { throw SpoolRefusal.full }
        do {
            if !route.holdsBudgets || candidates.isEmpty || !request.asksModel {
                try await requireLedger(request.ledger)
                return opened(nil)
            }
            let budgets = try await ledgers.openLedger(request.ledger).budgets
            let wish = wish(for: request, expecting, candidates)
            guard try await budgets.concerns(wish) else {
                try await requireLedger(request.ledger)
                return opened(nil)
            }
            return opened(try await budgets.hold(wish, at: now()))
        } catch let error where Self.isAway(error) && route.whenLedgerIsAway == .open {
            guard spool != nil else { throw error }
            return opened(nil, isUnlimited: true)
        }
    }

    private func wish(
        for request: GatewayRequest, _ expected: ExpectedUsage, _ candidates: [HoldCandidate]
    ) -> HoldWish {
        var wish = HoldWish(
            requestID: request.id.description, dimensions: request.dimensions,
            usage: expected.usage, cost: nil)
        wish.dimensions[.provider] = candidates.first?.provider
        wish.dimensions[.model] = candidates.first?.model
        wish.dimensions[.operation] = wish.dimensions[.operation] ?? request.api.ledgerOperation
        wish.candidates = candidates
        wish.call = HoldCall(
            isStreamed: request.isStreamed, maxTokens: expected.maxTokens,
            choices: min(max(expected.choices, 1), HoldCall.choicesMax))
        wish.isOfGateway = true
        return wish
    }

    /// Adds to the hold of a streamed answer that has come so far, where it does not cover that.
    ///
    /// - Throws: `BudgetRefusal`: the answer must be ended.
    package func cover(_ open: OpenRequest, _ outputTokens: Int64) async throws {
        guard !open.covers(outputTokens), open.hold != nil else { return }
        let budgets = try await ledgers.openLedger(open.request.ledger).budgets
        do {
            let answer = try await budgets.extend(
                open.request.id.description, by: [.outputTokens: OpenRequest.sliceTokens],
                cost: nil, step: open.nextStep(), mayLower: true, at: now())
            open.covered(answer.outputTokensHeld)
        } catch let error where Self.isAway(error) && open.route.whenLedgerIsAway == .open {
            open.covered(nil)
        }
    }

    // MARK: After the call

    /// Books request, attempts and charge, and settles the hold; returns when that is as durable as the
    /// route asks.
    ///
    /// It goes on when its task is cancelled. To be called once.
    package func close(_ open: OpenRequest, _ end: RequestEnd) async throws -> BookedRequest {
        precondition(open.takeOpen(), "a request is booked once")
        forget(open)
        // A task of its own, so that nobody who leaves takes the charge along.
        return try await Task { try await book(open, end) }.value
    }

    private func book(_ open: OpenRequest, _ end: RequestEnd) async throws -> BookedRequest {
        let ledger = try await opened(open.request.ledger)
        let booking = RequestBooking(open: open, end: end, providers: providers)
        let booked = try booking.booked(under: ledger.prices)
        let entry = BookingEntry(
            ledger: open.request.ledger, hold: open.hold?.hold.requestID.string, booked: booked)
        if open.route.durability == .lease, let spool {
            // A disk that takes nothing leaves the ledger.
            if (try? spool.hand(entry)) != nil {
                spool.forget(open)
                return told(open, booked, remaining: nil)
            }
        }
        do {
            let remaining = try await Self.append(entry, to: ledger, at: now())
            state.withLock { $0.isAway = false }
            spool?.forget(open)
            return told(open, booked, remaining: remaining)
        } catch let error where Self.isPassing(error) {
            if Self.isAway(error) { state.withLock { $0.isAway = true } }
            if let spool {
                try await spool.write(entry)
            } else {
                _ = try await retried(entry, ledger)
            }
            spool?.forget(open)
            return told(open, booked, remaining: nil)
        }
    }

    /// What the answer tells of it.
    private func told(
        _ open: OpenRequest, _ booked: SettledRequest, remaining: PicodollarSum?
    ) -> BookedRequest {
        let charges = booked.events.filter { $0.kind == .chargeRated }
        let amounts = charges.compactMap(\.amount)
        var cost: Picodollars?
        if !amounts.isEmpty || charges.isEmpty {
            let sum = amounts.reduce(PicodollarSum.zero) { $0 + PicodollarSum($1) }
            cost = Int64(exactly: sum.amount).map { Picodollars($0) }
        }
        if booked.charge != nil, booked.charge?.amount == nil { cost = nil }
        var left = remaining
        if left == nil, let before = open.budgetRemaining, let hold = open.hold?.hold {
            // As the hold left it, with what was not used of it given back.
            left = before + hold.amounts.cost - PicodollarSum(cost ?? .zero)
        }
        return BookedRequest(
            cost: cost, unpriced: booked.charge?.unpriced,
            isEstimated: booked.request.detail?[RequestBooking.usageKey]
                == RequestBooking.estimated,
            budgetRemaining: left)
    }

    /// Releases the hold of a request that nobody was asked to answer, such as one that shares another's
    /// call; nothing is booked.
    package func abandon(_ open: OpenRequest) async {
        guard open.takeOpen() else { return }
        forget(open)
        spool?.forget(open)
        guard open.hold != nil else { return }
        // What can't be released just now expires.
        await Task {
            let ledger = try? await ledgers.openLedger(open.request.ledger)
            _ = try? await ledger?.budgets.release(open.request.id.description, at: now())
        }.value
    }

    // MARK: The ledger

    private func forget(_ open: OpenRequest) {
        if open.hold != nil { state.withLock { _ = $0.open.removeValue(forKey: open.request.id) } }
    }

    /// Also where nothing is held, the ledger must be there to take the charge: after it was away, it is asked
    /// before a request goes on.
    private func requireLedger(_ ledger: LedgerID) async throws {
        let open = try await ledgers.openLedger(ledger)
        guard state.withLock({ $0.isAway }) else { return }
        _ = try await open.store.head()
        state.withLock { $0.isAway = false }
    }

    /// A ledger that may be away for a moment, but was there when its request came.
    private func opened(_ ledger: LedgerID) async throws -> OpenLedger {
        try await Self.retrying(for: Self.bookingMax) { try await ledgers.openLedger(ledger) }
    }

    private func retried(_ entry: BookingEntry, _ ledger: OpenLedger) async throws -> PicodollarSum?
    {
        try await Self.retrying(for: Self.bookingMax) {
            try await Self.append(entry, to: ledger, at: now())
        }
    }

    /// Tries again while the ledger is busy or away, with pauses that grow.
    private static func retrying<R: Sendable>(
        for time: Duration, _ body: () async throws -> R
    ) async throws -> R {
        let end = ContinuousClock.now + time
        var pause = Duration.milliseconds(20)
        while true {
            do { return try await body() } catch let error where isPassing(error) {
                guard ContinuousClock.now + pause < end else { throw error }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    /// Whether the ledger can't be reached.
    static func isAway(_ error: any Error) -> Bool {
        guard let fault = error as? any Fault else { return false }
        if case .unavailable = fault.kind { return true }
        return false
    }

    /// Whether the same may work a little later.
    static func isPassing(_ error: any Error) -> Bool {
        guard let fault = error as? any Fault else { return false }
        switch fault.kind {
        case .unavailable, .busy: return true
        default: return false
        }
    }
}
