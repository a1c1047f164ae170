import LedgerModel

/// Messages that are kept or dropped together: a tool call and its results, thinking and what
/// follows it.
enum ToolExchanges {
    /// Ranges that cover all messages in order; no call is in another range than its result.
    static func units(of messages: [ChatMessage]) -> [Range<Int>] {
        let results = resultPlaces(messages)
        var units: [Range<Int>] = []
        for (index, message) in messages.enumerated() {
            let end = last(of: index, message, messages, results) + 1
            if let open = units.last, index < open.upperBound {
                units[units.count - 1] = open.lowerBound..<max(open.upperBound, end)
            } else {
                units.append(index..<end)
            }
        }
        return units
    }

    private static func resultPlaces(_ messages: [ChatMessage]) -> [Name: [Int]] {
        var places: [Name: [Int]] = [:]
        for (index, message) in messages.enumerated() {
            for case let id? in message.resultIDs { places[Name(id), default: []].append(index) }
        }
        return places
    }

    /// The last message that has to follow `message`.
    private static func last(
        of index: Int, _ message: ChatMessage, _ messages: [ChatMessage],
        _ results: [Name: [Int]]
    ) -> Int {
        var last = index
        let isOnlyThinking =
            !message.parts.isEmpty
            && message.parts.allSatisfy { if case .reasoning = $0 { true } else { false } }
        if isOnlyThinking, index + 1 < messages.count { last = index + 1 }
        guard message.hasCalls else { return last }
        for id in message.callIDs {
            guard let id else {
                // Without ids, the results are the messages that directly follow.
                var next = index + 1
                while next < messages.count, messages[next].hasResults { next += 1 }
                last = max(last, next - 1)
                continue
            }
            guard let places = results[Name(id)] else { continue }
            // Ids may be reused: the next result belongs to the call.
            if let place = places.first(after: index) { last = max(last, place) }
        }
        return last
    }
}

extension [Int] {
    /// The first element above `limit` of an ascending list.
    fileprivate func first(after limit: Int) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > limit { high = middle } else { low = middle + 1 }
        }
        return low < count ? self[low] : nil
    }
}
