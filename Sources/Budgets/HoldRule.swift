import LedgerModel

/// How much of a call a budget sets aside before the call is made.
package enum HoldMode: String, CaseIterable, Sendable {
    /// The input, without the price of what the provider surely has cached, and a slice of output
    /// that is extended ahead of the stream; all of the output where the call is not streamed.
    case stream
    /// The input, and as much output as the ledger's own answers let expect.
    case expected
    /// Whatever the call can cost at most.
    case strict
}

/// How a budget holds: its mode, with the settings that belong to it.
package struct HoldRule: Hashable, Sendable {
    package var mode: HoldMode
    /// Output tokens of a slice.
    package var slice: Int64
    /// The part of the limits in money and tokens that no hold may take, in percent: what calls use
    /// beyond what was held for them is settled from it.
    package var reserve: Int64

    package static let sliceDefault: Int64 = 512
    package static let sliceMax: Int64 = 1_000_000
    package static let reserveMax: Int64 = 90
    /// What is expected is exceeded now and then.
    package static let reserveExpectedDefault: Int64 = 5
    /// How many answers exceed what is expected: one in a hundred.
    package static let expectedRisk = 0.01

    package init(
        mode: HoldMode = .stream, slice: Int64 = Self.sliceDefault, reserve: Int64? = nil
    ) {
        self.mode = mode
        self.slice = slice
        self.reserve = reserve ?? (mode == .expected ? Self.reserveExpectedDefault : 0)
    }
}

extension BudgetDefinition {
    /// What of the limits of a window only settlements may use.
    package func reserved(in window: Window) -> Amounts {
        let limits = limits(in: window)
        return Amounts(
            cost: PicodollarSum((limits.cost ?? .zero).amount * Int128(hold.reserve) / 100),
            tokens: Int64(Int128(limits.tokens ?? 0) * Int128(hold.reserve) / 100))
    }

    /// The limits of a window as holds see them.
    package func holdLimits(in window: Window) -> Limits {
        let limits = limits(in: window)
        return hold.reserve == 0 ? limits : limits + -reserved(in: window)
    }
}
