import Glibc
package import Postgres

/// A real PostgreSQL for tests: private, only on a Unix socket, and stopped when the process ends.
///
/// Most tests need `TestServer.shared()` and `withScratchDatabase`. A test that stops the server
/// starts its own with `start()`.
package final class TestServer: Sendable {
    package let directory: String
    private let supervisor: Supervisor
    private let templates = Templates()

    /// The server of this test process, started once.
    package static func shared() async throws -> TestServer {
        try await SharedServer.instance.server()
    }

    /// Starts another server.
    package static func start() async throws -> TestServer {
        let directory = try Supervisor.makeDirectory()
        let supervisor = try Supervisor(
            script: script, arguments: [directory, Supervisor.unprivileged])
        let server = TestServer(directory: directory, supervisor: supervisor)
        try await server.expect("ready", after: nil)
        return server
    }

    private init(directory: String, supervisor: Supervisor) {
        self.directory = directory
        self.supervisor = supervisor
    }

    /// The configuration of a database of this server, for the superuser.
    package func configuration(database: String = "postgres") -> PostgresConfiguration {
        var configuration = PostgresConfiguration(
            url: "host=\(directory) port=5432 user=tally dbname=\(database)")
        // Many databases are created at once here, and connecting has to wait for that.
        configuration.connectTimeout = .seconds(30)
        return configuration
    }

    /// Ends all sessions and stops the server; its data stay.
    package func stop() async throws {
        try await expect("stopped", after: "stop")
    }

    /// Starts a stopped server again.
    package func restart() async throws {
        try await expect("ready", after: "start")
    }

    /// Lends a database made from the template, and removes it afterwards.
    package func withScratchDatabase<T>(
        from template: String = "template1", _ body: (PostgresConfiguration) async throws -> T
    ) async throws -> T {
        let name = "scratch_\(UInt64.random(in: 0...UInt64.max))"
        try await administer("CREATE DATABASE \(name) TEMPLATE \(template)")
        do {
            let value = try await body(configuration(database: name))
            try await administer("DROP DATABASE \(name) WITH (FORCE)")
            return value
        } catch {
            // The server may be stopped; the test's own error matters more.
            try? await administer("DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    /// Creates a template database at the first call; returns its name for
    /// `withScratchDatabase(from:)`.
    package func template(
        named name: String,
        _ build: @escaping @Sendable (PostgresConfiguration) async throws -> Void
    ) async throws -> String {
        try await templates.make(name) { [self] in
            try await administer("CREATE DATABASE \(name)")
            try await build(configuration(database: name))
            // Nobody may be connected to a database while it is copied.
            try await administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
            try await administer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
        }
        return name
    }

    private func administer(_ sql: String) async throws {
        let connection = try await Connection.open(configuration())
        _ = try await connection.session { session in try session.execute(sql) }
        await connection.close()
    }

    private func expect(_ wanted: String, after command: String?) async throws {
        let answer = try await supervisor.ask(command)
        guard answer == wanted else {
            throw TestingError("the test server in \(directory): \(answer)")
        }
    }

    private static let script = """
        dir=$1
        run=$2
        bin=$(pg_config --bindir)
        begin() {
            if $run "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start \
                </dev/null >"$dir/start.log" 2>&1
            then echo ready
            else echo "did not start: $(tail -n 3 "$dir/log" | tr '\\n' ' ')"
            fi
        }
        end() {
            $run "$bin/pg_ctl" -D "$dir/data" -w -m "$1" stop </dev/null >/dev/null 2>&1
        }
        cd /tmp
        if [ -n "$run" ]; then chown postgres "$dir"; fi
        if $run "$bin/initdb" -D "$dir/data" -U tally --auth=trust -E UTF8 --locale=C --no-sync \
            </dev/null >"$dir/initdb.log" 2>&1
        then
            cat >>"$dir/data/postgresql.conf" <<END
        listen_addresses = ''
        unix_socket_directories = '$dir'
        port = 5432
        max_connections = 600
        END
            begin
        else
            echo "initdb failed: $(tail -n 3 "$dir/initdb.log" | tr '\\n' ' ')"
        fi
        while read -r command
        do
            case $command in
            stop) end fast; echo stopped ;;
            start) begin ;;
            esac
        done
        end immediate
        rm -rf "$dir"
        """
}

private actor SharedServer {
    static let instance = SharedServer()
    private var starting: Task<TestServer, any Error>?

    func server() async throws -> TestServer {
        let task = starting ?? Task { try await TestServer.start() }
        starting = task
        return try await task.value
    }
}

private actor Templates {
    private var making: [String: Task<Void, any Error>] = [:]

    func make(_ name: String, _ build: @escaping @Sendable () async throws -> Void) async throws {
        let task = making[name] ?? Task { try await build() }
        making[name] = task
        try await task.value
    }
}
