import Budgets
import LedgerModel
import Synchronization

/// What a provider surely still has in its cache of a session's prompt.
struct CachedPrefix: Hashable, Sendable {
    /// The input tokens that the answer read from the cache or wrote to it.
    let tokens: Int64
    /// When the cache was last used.
    let at: Timestamp
    /// Whether the provider was asked to keep it for an hour, not only for five minutes.
    let isForAnHour: Bool

    static let minutesMax: Int64 = 60
    private static let minutesUsual: Int64 = 5

    init(tokens: Int64, at: Timestamp, isForAnHour: Bool) {
        self.tokens = tokens
        self.at = at
        self.isForAnHour = isForAnHour
    }

    /// What an answer leaves behind; nil if it did not read from the cache, so that nobody knows whether the
    /// next one will.
    init?(after usage: Usage, at time: Timestamp, before: CachedPrefix?) {
        let read = usage[.cacheReadInputTokens] ?? 0
        guard read > 0 else { return nil }
        let hour = usage[.cacheWriteOneHourInputTokens] ?? 0
        tokens = read + (usage[.cacheWriteInputTokens] ?? 0) + hour
        at = time
        // Reading a prefix renews it for the time that it was written for.
        isForAnHour = hour > 0 || before?.isForAnHour == true
    }

    func runs(at now: Timestamp) -> Bool {
        let minutes = isForAnHour ? Self.minutesMax : Self.minutesUsual
        return now < at.advanced(byMicroseconds: minutes * 60_000_000)
    }
}

/// The prefixes of the sessions that this process settled last or looked up.
///
/// The newest answer of a session says what is cached. One that this process settled is known here; any other
/// is found in the ledger, at most every few seconds for a session that has none.
final class CachedPrefixes: Sendable {
    struct Key: Hashable, Sendable {
        let session: Name
        let provider: Name
        let model: Name

        init(session: Name, provider: Name, model: Name) {
            self.session = session
            self.provider = provider
            self.model = model
        }

        /// - Returns: nil for calls that belong to no session.
        init?(_ dimensions: Dimensions) {
            guard let session = dimensions[.session], let provider = dimensions[.provider],
                let model = dimensions[.model]
            else { return nil }
            self.session = session
            self.provider = provider
            self.model = model
        }
    }

    private struct Entry {
        let prefix: CachedPrefix?
        let notedAt: Timestamp
    }

    private let entries = Mutex<[Key: Entry]>([:])

    private static let rememberedMax = 100_000
    /// For how long a session without a prefix is not looked up again.
    private static let agreedMicroseconds: Int64 = 10_000_000

    /// What is known of a session; nil if the ledger has to be asked.
    func known(_ key: Key, at now: Timestamp) -> CachedPrefix?? {
        guard let entry = entries.withLock({ $0[key] }) else { return nil }
        if let prefix = entry.prefix, prefix.runs(at: now) { return .some(prefix) }
        let isFresh = now.microseconds - entry.notedAt.microseconds < Self.agreedMicroseconds
        return isFresh ? .some(nil) : nil
    }

    func note(_ prefix: CachedPrefix?, of key: Key, at now: Timestamp) {
        entries.withLock { entries in
            if entries.count >= Self.rememberedMax { entries.removeAll() }
            entries[key] = Entry(prefix: prefix, notedAt: now)
        }
    }

    /// Notes what an answer left behind, for the model that was asked and for the one that answered.
    func note(_ request: Event, to hold: Hold) {
        // A call that failed before it was read says nothing.
        if request.usage.isEmpty { return }
        let keys = [Key(request.dimensions), Key(hold.event.dimensions)].compactMap(\.self)
        for key in Set(keys) { note(request, of: key) }
    }

    private func note(_ request: Event, of key: Key) {
        entries.withLock { entries in
            let before = entries[key]?.prefix
            // Answers of one session may be settled in another order.
            if let before, before.at > request.occurredAt { return }
            let prefix = CachedPrefix(
                after: request.usage, at: request.occurredAt, before: before)
            if entries.count >= Self.rememberedMax { entries.removeAll() }
            entries[key] = Entry(prefix: prefix, notedAt: request.occurredAt)
        }
    }
}
