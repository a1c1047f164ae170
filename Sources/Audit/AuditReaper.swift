import Postgres

/// Ends the server processes of queries that nobody waits for any more.
///
/// A process notices its end between two steps, which in some functions are long. One that stays
/// deaf is killed as a last step, where the server is ours: that costs all sessions of the server
/// a restart (docs/decisions/0053).
struct AuditReaper: Sendable {
    let logins: AuditLogins
    let patience: Duration
    let kill: (@Sendable (Int32) -> Void)?

    private static let firstPause = Duration.milliseconds(20)
    private static let pauseMax = Duration.seconds(2)

    /// Sees to it that the process ends, and leaves the slot then; returns at once.
    func end(_ pid: Int32, thenLeave slot: AuditSlots.Slot) {
        Task {
            await end(pid)
            slot.leave()
        }
    }

    private func end(_ pid: Int32) async {
        let deadline = ContinuousClock.now + patience
        var pause = Self.firstPause
        var isKilled = false
        while await isThere(pid) {
            if let kill, !isKilled, ContinuousClock.now >= deadline {
                kill(pid)
                isKilled = true
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.pauseMax)
        }
    }

    /// Tells the process to end; whether it was still there.
    private func isThere(_ pid: Int32) async -> Bool {
        do {
            return try await logins.endSession(pid)
        } catch let error as PostgresError where error.code == .closed {
            return false
        } catch {
            // A database that is away proves nothing.
            return true
        }
    }
}
