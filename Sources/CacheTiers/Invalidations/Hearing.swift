import LedgerModel
import Postgres

/// Keeps an instance informed until its task is cancelled.
struct Hearing: Sendable {
    let invalidations: Invalidations
    /// For a connection of its own; nil to look only.
    let listening: PostgresConfiguration?
    let pause: Duration
    let clock: TierClock
    /// Obeys news that were read at a time.
    let obey: @Sendable (Invalidations.News, Set<Int64>?, Timestamp) async -> Void

    static let backoffFirst: Duration = .milliseconds(100)
    static let backoffMax: Duration = .seconds(1)

    func run() async {
        var backoff = Self.backoffFirst
        while !Task.isCancelled {
            do {
                try await follow { backoff = Self.backoffFirst }
            } catch {
                if Task.isCancelled { return }
                invalidations.failed(error)
                guard await clock.pause(backoff) else { return }
                backoff = min(backoff * 2, Self.backoffMax)
            }
        }
    }

    /// Looks again and again, with one connection as long as it lasts.
    private func follow(_ succeeded: () -> Void) async throws {
        guard let listening else {
            let began = clock.now()
            if let news = try await invalidations.news() { await obey(news, nil, began) }
            succeeded()
            _ = await clock.pause(pause)
            return
        }
        let connection = try await Connection.open(listening)
        do {
            try await connection.session(deadline: Invalidations.lookMax) { session in
                try session.listen(NotifyInvalidation.channel)
            }
            var told: Set<Int64> = []
            while true {
                let applied = invalidations.applied
                let began = clock.now()
                let news = try await connection.session(
                    deadline: Invalidations.lookMax
                ) { session in try Invalidations.news(after: applied, in: session) }
                await obey(news, told, began)
                succeeded()
                told = try await heard(on: connection)
            }
        } catch {
            await connection.close()
            throw error
        }
    }

    /// The numbers that notifications tell of, as soon as there is one, or none after a while.
    private func heard(on connection: Connection) async throws -> Set<Int64> {
        let pause = pause
        let messages = try await connection.session { session in
            try session.notifications(until: .now + pause)
        }
        return Set(messages.compactMap { Int64($0.payload) })
    }
}
