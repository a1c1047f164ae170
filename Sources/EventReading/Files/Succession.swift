import LedgerModel

/// Holds events back while a later one with the same identity may replace them, as lines of one
/// streamed answer do.
///
/// Constant memory: only so many are held, in the order of their last lines.
struct Succession {
    /// How many events after it may bring the next line of an answer.
    static let heldMax = 1_024

    static let reason = "lines that a later one replaces"

    private var items: [Int: ReadItem] = [:]
    private var latest: [ExternalID: Int] = [:]
    private var first = 0
    private var end = 0

    var isEmpty: Bool { items.isEmpty }

    /// Takes an event or a refusal; whether it replaces an earlier one.
    mutating func hold(_ item: ReadItem) -> Bool {
        var replaces = false
        if let key = Self.key(item) {
            if let earlier = latest.updateValue(end, forKey: key) {
                items[earlier] = nil
                replaces = true
            }
        }
        items[end] = item
        end += 1
        return replaces
    }

    /// The next item that nothing can replace any more.
    mutating func next(atEnd: Bool) -> ReadItem? {
        guard atEnd ? !items.isEmpty : items.count > Self.heldMax else { return nil }
        while first < end {
            defer { first += 1 }
            guard let item = items.removeValue(forKey: first) else { continue }
            if let key = Self.key(item) { latest[key] = nil }
            return item
        }
        return nil
    }

    private static func key(_ item: ReadItem) -> ExternalID? {
        guard case .success(let event) = item.result else { return nil }
        return event.externalID
    }
}
