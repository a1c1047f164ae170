import Resilience

/// The earliest deadline first, with nothing else to respect.
///
/// It knows no tenants, no classes and no back-off, so what misses its deadline here would be hard
/// to save for anybody.
package struct DeadlineOracle {
    /// Requests that miss their deadlines, refused ones included, on a number of servers.
    ///
    /// A failed call is repeated at once, with the same failures as in the simulation.
    package static func late(
        _ requests: [Simulation.Request], servers: Int, upstream: Simulation.Upstream,
        attemptsMax: Int
    ) -> Int {
        var waiting = SlotHeap<Order>()
        var running = SlotHeap<Moment>()
        var waitingPlaces = Array(repeating: SlotHeap<Order>.absent, count: requests.count)
        var runningPlaces = waitingPlaces
        var attempts = Array(repeating: 0, count: requests.count)
        var late = 0
        func due(_ index: Int) -> Moment { requests[index].submission.deadline ?? .never }
        func wait(_ index: Int) {
            waiting.insert(
                Int32(index), key: Order(due: due(index), sequence: UInt64(index)), &waitingPlaces)
        }
        func fill(at now: Moment) {
            while running.count < servers, let first = waiting.first {
                waiting.remove(first.slot, &waitingPlaces)
                let index = Int(first.slot)
                if due(index) <= now {
                    late += 1
                    continue
                }
                attempts[index] += 1
                running.insert(
                    first.slot, key: now.advanced(byMicroseconds: requests[index].service),
                    &runningPlaces)
            }
        }
        func finish(before moment: Moment) {
            while let first = running.first, first.key < moment {
                running.remove(first.slot, &runningPlaces)
                let index = Int(first.slot)
                let hasFailed = upstream.fails(index, attempt: attempts[index])
                if hasFailed, attempts[index] < attemptsMax {
                    wait(index)
                } else if first.key > due(index) {
                    late += 1
                }
                fill(at: first.key)
            }
        }
        for (index, request) in requests.enumerated() {
            finish(before: request.arrives)
            wait(index)
            fill(at: request.arrives)
        }
        finish(before: .never)
        return late
    }
}
