/// Polls until a condition holds, for things that another process does in its own time.
package func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ isTrue: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !isTrue() {
        guard ContinuousClock.now < end else {
            throw TestingError("still not so after \(limit): \(what)")
        }
        await Task.yield()
    }
}
