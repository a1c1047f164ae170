package import LedgerModel

/// What budgets limit, count and hold: money, tokens and requests.
package struct Amounts: Hashable, Sendable {
    package var cost: PicodollarSum
    package var tokens: Int64
    package var requests: Int64

    package init(cost: PicodollarSum = .zero, tokens: Int64 = 0, requests: Int64 = 0) {
        self.cost = cost
        self.tokens = tokens
        self.requests = requests
    }

    package static let zero = Amounts()

    /// Counts stop at the ends of their range, as no budget is that large.
    package static func + (a: Amounts, b: Amounts) -> Amounts {
        Amounts(
            cost: a.cost + b.cost, tokens: saturated(a.tokens, b.tokens),
            requests: saturated(a.requests, b.requests))
    }

    package static prefix func - (a: Amounts) -> Amounts {
        Amounts(cost: .zero - a.cost, tokens: 0 - a.tokens, requests: 0 - a.requests)
    }

    package static func - (a: Amounts, b: Amounts) -> Amounts { a + -b }
    package static func += (a: inout Amounts, b: Amounts) { a = a + b }
    package static func -= (a: inout Amounts, b: Amounts) { a = a - b }

    /// Each of them where it is positive, else nothing.
    package var positive: Amounts {
        Amounts(cost: max(cost, .zero), tokens: max(tokens, 0), requests: max(requests, 0))
    }

    static func saturated(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflows) = a.addingReportingOverflow(b)
        return overflows ? (b < 0 ? .min + 1 : .max) : sum
    }
}

extension Amounts {
    /// What one event adds to the budgets that it counts for: a request its tokens and itself, a
    /// charge its money.
    package init(of event: EventRow) {
        self.init()
        guard let kind = event.kind else { return }
        self.init(of: kind, event.amount) { event.usage }
    }

    package init(of event: borrowing Event) {
        let usage = event.usage
        self.init(of: event.kind, event.amount) { usage }
    }

    private init(of kind: EventKind, _ amount: Picodollars?, _ usage: () -> Usage) {
        self.init()
        if kind.isCharge, let amount { cost = PicodollarSum(amount) }
        if kind.isRequest {
            requests = 1
            tokens = Self.tokens(of: usage())
        }
    }

    /// Input and output tokens together; cached and reasoning tokens are among them.
    package static func tokens(of usage: Usage) -> Int64 {
        saturated(usage[.inputTokens] ?? 0, usage[.outputTokens] ?? 0)
    }
}

/// The limits of a budget in a window; nil where there is none.
package struct Limits: Hashable, Sendable {
    package var cost: PicodollarSum?
    package var tokens: Int64?
    package var requests: Int64?

    package init(cost: PicodollarSum? = nil, tokens: Int64? = nil, requests: Int64? = nil) {
        self.cost = cost
        self.tokens = tokens
        self.requests = requests
    }

    package var isEmpty: Bool { cost == nil && tokens == nil && requests == nil }

    /// Adds to each limit that exists.
    package static func + (a: Limits, b: Amounts) -> Limits {
        let raised =
            Amounts(cost: a.cost ?? .zero, tokens: a.tokens ?? 0, requests: a.requests ?? 0) + b
        return Limits(
            cost: a.cost.map { _ in raised.cost }, tokens: a.tokens.map { _ in raised.tokens },
            requests: a.requests.map { _ in raised.requests })
    }

    /// How far some amounts are above the limits; zero where there is none.
    package func excess(of amounts: Amounts) -> Amounts {
        Amounts(
            cost: cost.map { amounts.cost - $0 } ?? .zero,
            tokens: tokens.map { (amounts - Amounts(tokens: $0)).tokens } ?? 0,
            requests: requests.map { (amounts - Amounts(requests: $0)).requests } ?? 0
        ).positive
    }
}
