import Foundation
import LedgerTesting
import Resilience
import Routing

/// A provider under more load than it can take, and a limit that lets calls through to it.
///
/// Calls come at random (a Poisson process) and are shed above the limit. The provider has slots,
/// and half of them for a third of the time in the middle.
struct LimitsSimulation {
    enum Provider: Sendable {
        /// Refuses calls above its slots at once. How long a first token takes says nothing of its
        /// load: prompts are short and long.
        case refusing
        /// An engine: calls above its slots wait, until their callers give up.
        case queueing
    }

    struct Result {
        var offered = 0
        var shed = 0
        /// Calls that got their first token in time.
        var inTime = 0
        var late = 0
        var refused = 0
        var lost = 0
        var firstTokens: [Double] = []
        var limitAtEnd = 0

        /// The share of what the provider could have answered that was answered in time.
        var goodput = 0.0

        func percentile(_ share: Double) -> Double {
            let sorted = firstTokens.sorted()
            return sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
        }
    }

    var slots = 48
    var seconds = 240.0
    /// Of what the provider can answer.
    var load = 1.4
    var answerMean = 2.0
    var firstTokenMean = 0.25
    /// Of the logarithm of the time to a first token.
    var spread = 0.8
    var goal = 1.5
    var patience = 30.0

    private struct Call {
        let id: Int
        let began: Double
        var first: Double?
        let answerTime: Double
        let firstTime: Double
    }

    private enum Event {
        case arrival
        case end(Call)
        case timeout(Int)
    }

    func run(
        _ provider: Provider, under policy: ConcurrencyLimit.Policy, seed: UInt64
    ) -> Result {
        var run = Run(
            simulation: self, provider: provider, limit: ConcurrencyLimit(policy),
            chance: SeededChance(seed: seed))
        return run.finish()
    }

    private struct Run {
        let simulation: LimitsSimulation
        let provider: Provider
        var limit: ConcurrencyLimit
        var chance: SeededChance
        var result = Result()
        var events: [(at: Double, order: Int, event: Event)] = []
        var order = 0
        var inFlight = 0
        var running = 0
        var queue: [Call] = []
        var now = 0.0

        mutating func finish() -> Result {
            push(0, .arrival)
            while let next = pop(), next.at < simulation.seconds {
                now = next.at
                switch next.event {
                case .arrival: arrive()
                case .end(let call): end(call)
                case .timeout(let id): timeout(id)
                }
            }
            let capacity = Double(simulation.slots) * 5 / 6 / simulation.answerMean
            result.goodput = Double(result.inTime) / (capacity * simulation.seconds)
            result.limitAtEnd = limit.limit
            return result
        }

        var slots: Int {
            let third = simulation.seconds / 3
            return third..<(2 * third) ~= now ? simulation.slots / 2 : simulation.slots
        }

        mutating func arrive() {
            let rate = simulation.load * Double(simulation.slots) / simulation.answerMean
            push(now + exponential(1 / rate), .arrival)
            result.offered += 1
            guard inFlight < limit.limit else {
                result.shed += 1
                return
            }
            inFlight += 1
            let call = Call(
                id: result.offered, began: now, answerTime: exponential(simulation.answerMean),
                firstTime: simulation.firstTokenMean * exp(simulation.spread * normal()))
            if running < slots {
                start(call)
            } else if provider == .refusing {
                result.refused += 1
                tell(.overload, began: call.began)
            } else {
                queue.append(call)
                push(now + simulation.patience, .timeout(call.id))
            }
        }

        mutating func start(_ call: Call) {
            running += 1
            var call = call
            call.first = now + call.firstTime - call.began
            push(now + max(call.answerTime, call.firstTime), .end(call))
        }

        mutating func end(_ call: Call) {
            running -= 1
            let first = call.first ?? 0
            result.firstTokens.append(first)
            if first <= simulation.goal { result.inTime += 1 } else { result.late += 1 }
            tell(.success(first: .microseconds(Int64(first * 1e6))), began: call.began)
            while running < slots, !queue.isEmpty { start(queue.removeFirst()) }
        }

        mutating func timeout(_ id: Int) {
            guard let place = queue.firstIndex(where: { $0.id == id }) else { return }
            let call = queue.remove(at: place)
            result.lost += 1
            tell(.overload, began: call.began)
        }

        mutating func tell(_ end: ConcurrencyLimit.End, began: Double) {
            limit.ended(
                end, began: Self.moment(began), inFlight: inFlight, at: Self.moment(now))
            inFlight -= 1
        }

        static func moment(_ seconds: Double) -> Moment {
            Moment(microseconds: Int64(seconds * 1e6))
        }

        // MARK: Chance and time

        mutating func exponential(_ mean: Double) -> Double {
            -mean * log(1 - chance.fraction())
        }

        mutating func normal() -> Double {
            (-2 * log(1 - chance.fraction())).squareRoot() * cos(2 * .pi * chance.fraction())
        }

        mutating func push(_ at: Double, _ event: Event) {
            order += 1
            events.append((at, order, event))
            var child = events.count - 1
            while child > 0, isBefore(child, (child - 1) / 2) {
                events.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> (at: Double, order: Int, event: Event)? {
            guard let first = events.first, let last = events.popLast() else { return nil }
            guard !events.isEmpty else { return first }
            events[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2]
                where child < events.count && isBefore(child, least) {
                    least = child
                }
                if least == parent { return first }
                events.swapAt(parent, least)
                parent = least
            }
        }

        func isBefore(_ a: Int, _ b: Int) -> Bool {
            (events[a].at, events[a].order) < (events[b].at, events[b].order)
        }
    }
}
