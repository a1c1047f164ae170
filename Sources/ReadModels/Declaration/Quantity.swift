import LedgerModel
import Performance

/// What can be counted, summed or distributed of an event; measures choose from these.
///
/// Usage comes first, so that a unit's number is that of its quantity.
struct Quantity: Hashable, Sendable {
    let number: Int

    private init(_ number: Int) { self.number = number }

    static func usage(_ unit: UsageUnit) -> Quantity { Quantity(Int(unit.rawValue)) }

    static let requests = Quantity(18)
    static let failedRequests = Quantity(19)
    static let finishedRequests = Quantity(20)
    static let cutOffRequests = Quantity(21)
    static let refusedRequests = Quantity(22)
    static let charges = Quantity(23)
    /// Negative where an adjustment gave a price to what had none.
    static let unpricedRequests = Quantity(24)
    /// Picodollars.
    static let cost = Quantity(25)

    static let estimatedRequests = Quantity(26)
    static let estimatedTokens = Quantity(27)
    static let billedTokens = Quantity(28)

    // Of prompts, of caches and of batches: no event is two of these, so they share numbers.

    static let prompts = Quantity(29)
    static let countedPrompts = Quantity(30)
    static let lossyPrompts = Quantity(31)
    /// Prompts, hits or batches whose saving has no price.
    static let unpricedSavings = Quantity(32)
    static let tokensBefore = Quantity(33)
    static let tokensAfter = Quantity(34)
    static let tokensSaved = Quantity(35)
    /// Picodollars.
    static let saved = Quantity(36)
    static let judgedPrompts = Quantity(37)
    /// Millionths.
    static let quality = Quantity(38)
    static let answeredPrompts = Quantity(39)
    static let answeredTokens = Quantity(40)
    static let usefulOutputTokens = Quantity(41)

    static let hits = prompts
    static let misses = Quantity(30)
    static let storedAnswers = Quantity(31)
    static let evicted = Quantity(33)
    static let unusedEvicted = Quantity(34)
    static let invalidated = Quantity(35)
    static let bytesServed = Quantity(37)
    static let bytesStored = Quantity(38)
    static let bytesEvicted = Quantity(39)
    /// Picodollars.
    static let storingCost = Quantity(40)

    static let batches = prompts
    static let batchedRequests = Quantity(30)
    static let duplicates = Quantity(31)
    static let succeeded = Quantity(33)
    static let failed = Quantity(34)
    static let expired = Quantity(35)
    static let retries = Quantity(37)
    static let deadlineMisses = Quantity(38)
    /// Milliseconds.
    static let waited = Quantity(39)
    static let completedBatches = Quantity(40)
    /// Batches of one request.
    static let loneBatches = Quantity(41)

    // Of requests as calls, which are none of these either.

    /// The microseconds of a stage of the gateway.
    static func time(of stage: CallStage) -> Quantity {
        stage == .book ? Quantity(48) : Quantity(29 + stage.number)
    }
    /// Requests that tell the times of their stages.
    static let stagedRequests = Quantity(49)

    // Those that are distributed; the value is a bucket.
    static let latency = Quantity(42)
    static let timeToFirstToken = Quantity(43)
    /// Output of completed requests.
    static let answerLength = Quantity(44)
    /// The `max_tokens` that a request was sent with.
    static let answerLimit = Quantity(45)
    /// Billed ÷ estimated, in thousandths.
    static let estimateRatio = Quantity(46)
    /// Milliseconds that the first request of a batch waited.
    static let wait = Quantity(47)

    // Of calls: of the completed ones, but for failures and slots.
    static let callLatency = Quantity(50)
    static let callFirstToken = Quantity(51)
    /// Output tokens a second, in thousandths.
    static let callRate = Quantity(52)
    static let callQueue = Quantity(53)
    /// The number of a `FailureClass`.
    static let failureClass = Quantity(54)
    /// The number of a `SlotBucket`.
    static let latencySlot = Quantity(55)
    static let firstTokenSlot = Quantity(56)

    // Of the turns of sessions.
    /// Input that a turn shares with the turn before, at most.
    static let readableTokens = Quantity(60)
    /// What of it was not read from the cache.
    static let missedTokens = Quantity(61)
    /// What requests that keep it warm since the turn before would have read.
    static let warmTokens = Quantity(59)
    /// Turns that read less than half of it.
    static let lostTurns = Quantity(62)
    /// Turns that read it again after a lost one.
    static let recoveredTurns = Quantity(63)

    var bit: UInt64 { 1 << UInt64(number) }
}

/// What one event says: some quantities with their values.
struct Fact {
    /// A bit for each quantity that is told.
    private(set) var mask: UInt64 = 0
    private var values = InlineArray<64, Int64>(repeating: 0)

    /// Whether it tells nothing.
    var isEmpty: Bool { mask == 0 }

    /// Values that are not told are left as they are: nobody reads them.
    mutating func removeAll() { mask = 0 }

    subscript(quantity: Quantity) -> Int64? {
        get { mask & quantity.bit == 0 ? nil : values[quantity.number] }
        set {
            mask = newValue == nil ? mask & ~quantity.bit : mask | quantity.bit
            values[quantity.number] = newValue ?? 0
        }
    }

    @inline(__always)
    mutating func tell(_ number: Int, _ value: Int64) {
        mask |= 1 << UInt64(number)
        values[number] = value
    }

    @inline(__always)
    func value(_ number: Int) -> Int64 { values[number] }
}
