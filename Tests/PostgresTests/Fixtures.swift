import Postgres
import PostgresTesting
import Synchronization

/// Returns a value as the server understood it.
struct Echo<Value: PostgresValue>: Statement {
    static var sql: String { "SELECT $1" }
    static var columns: Columns<Value> { Columns(Value.self) }
    let value: Value
    var parameters: Parameters { Parameters(value) }
}

/// The server's text of a value.
struct Spelled<Value: PostgresValue>: Statement {
    static var sql: String { "SELECT $1::text" }
    static var columns: Columns<String?> { Columns(String?.self) }
    let value: Value
    var parameters: Parameters { Parameters(value) }
}

struct Numbers: Statement {
    static let sql = "SELECT n FROM generate_series(1, $1::int8) AS n ORDER BY n"
    static let columns = Columns(Int64.self)
    let upTo: Int64
    var parameters: Parameters { Parameters(upTo) }
}

/// More rows than anybody waits for, produced one by one.
struct Endless: Statement {
    static let sql = "SELECT generate_series(1, 1000000000)"
    static let columns = Columns(Int32.self)
}

struct Divide: Statement {
    static let sql = "SELECT $1::int8 / $2::int8"
    static let columns = Columns(Int64.self)
    let dividend: Int64
    let divisor: Int64
    var parameters: Parameters { Parameters(dividend, divisor) }
}

/// The state of one backend; no row if it has ended.
struct BackendState: Statement {
    static let sql = "SELECT state FROM pg_stat_activity WHERE pid = $1"
    static let columns = Columns(String?.self)
    let pid: Int32
    var parameters: Parameters { Parameters(pid) }
}

struct Terminate: Statement {
    static let sql = "SELECT pg_terminate_backend($1)"
    static let columns = Columns(Bool.self)
    let pid: Int32
    var parameters: Parameters { Parameters(pid) }
}

/// A connection to a scratch database, closed afterwards.
func withConnection<T>(_ body: (Connection) async throws -> T) async throws -> T {
    try await TestServer.shared().withScratchDatabase { configuration in
        let connection = try await Connection.open(configuration)
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }
}

/// The PostgresError that the body throws.
func postgresError<T>(_ body: () async throws -> T) async throws -> PostgresError {
    do {
        _ = try await body()
    } catch let error as PostgresError {
        return error
    }
    throw TestingError("a PostgresError was expected, and nothing was thrown")
}

struct OwnError: Error, Equatable {
    var number = 1
}

/// A value that several tasks write.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    var value: Value { mutex.withLock { $0 } }

    func update(_ change: (inout Value) -> Void) {
        mutex.withLock { value in
            var copy = value
            change(&copy)
            value = copy
        }
    }
}
