package import LedgerModel

/// What a token of input costs a model's callers, by whether a cache had it.
package struct CacheRates: Hashable, Sendable {
    package let input: Rate
    package let read: Rate
    /// Written for five minutes, and for an hour.
    package let write: Rate
    package let writeHour: Rate

    package init(input: Rate, read: Rate, write: Rate, writeHour: Rate) {
        self.input = input
        self.read = read
        self.write = write
        self.writeHour = writeHour
    }
}

extension Rater {
    /// The rates of a request of some size: bounds of the price list apply to it.
    ///
    /// What a book has no rate for costs as much as other input, as it is charged.
    package mutating func cacheRates(
        of dimensions: Dimensions, input: Int64, at time: Timestamp
    ) throws(RatingOverflow) -> Result<CacheRates, UnpricedReason> {
        let usage: Usage = [
            .inputTokens: min(max(input, 4), Usage.countMax), .cacheReadInputTokens: 1,
            .cacheWriteInputTokens: 1, .cacheWriteOneHourInputTokens: 1,
        ]
        let derivation = try derive(
            usage, provider: dimensions[.provider], model: dimensions[.model] ?? Name(""),
            serviceTier: dimensions[.serviceTier], region: dimensions[.region], at: time)
        if case .unpriced(let reason) = derivation.rating { return .failure(reason) }
        func rate(_ unit: UsageUnit) -> Rate? {
            derivation.lines.first { $0.unit == unit }?.rate
        }
        let input = rate(.inputTokens) ?? .zero
        return .success(
            CacheRates(
                input: input, read: rate(.cacheReadInputTokens) ?? input,
                write: rate(.cacheWriteInputTokens) ?? input,
                writeHour: rate(.cacheWriteOneHourInputTokens) ?? input))
    }
}

extension CacheRates {
    /// Money of some cached input, in ninths of 1e-24 USD; nil if it is too large to compute.
    package struct Ninths: Hashable, Sendable {
        /// What the input cost.
        package var cost: Int128 = 0
        /// What reads saved, against input that is not cached.
        package var readSaving: Int128 = 0
        /// What writes cost beyond it.
        package var writePremium: Int128 = 0
        /// What input that could have been read would have saved.
        package var missed: Int128 = 0

        package init() {}
    }

    package func money(
        input: Int128, read: Int128, write: Int128, writeHour: Int128, missed: Int128
    ) -> Ninths? {
        func times(_ tokens: Int128, _ rate: Int128) -> Int128? {
            let (product, overflow) = tokens.multipliedReportingOverflow(by: rate)
            // Sums of a few of these stay in bounds.
            return overflow || product.magnitude > 1 << 118 ? nil : product
        }
        let uncached = input - read - write - writeHour
        guard let plain = times(uncached, self.input.ninths),
            let ofRead = times(read, self.read.ninths),
            let ofWrite = times(write, self.write.ninths),
            let ofHour = times(writeHour, self.writeHour.ninths),
            let saving = times(read, self.input.ninths - self.read.ninths),
            let premium = times(write, self.write.ninths - self.input.ninths),
            let hourPremium = times(writeHour, self.writeHour.ninths - self.input.ninths),
            let lost = times(missed, self.input.ninths - self.read.ninths)
        else { return nil }
        var money = Ninths()
        money.cost = plain + ofRead + ofWrite + ofHour
        money.readSaving = saving
        money.writePremium = premium + hourPremium
        money.missed = lost
        return money
    }
}
