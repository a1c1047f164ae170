package import Postgres

/// PgBouncer in transaction mode before a test server, on its own Unix socket.
package final class TestPgBouncer: Sendable {
    private let directory: String
    private let supervisor: Supervisor

    package static func start(before server: TestServer) async throws -> TestPgBouncer {
        let directory = try Supervisor.makeDirectory()
        let supervisor = try Supervisor(
            script: script,
            arguments: [directory, Supervisor.unprivileged, server.directory])
        let answer = try await supervisor.ask(nil)
        guard answer == "ready" else { throw TestingError("PgBouncer: \(answer)") }
        return TestPgBouncer(directory: directory, supervisor: supervisor)
    }

    private init(directory: String, supervisor: Supervisor) {
        self.directory = directory
        self.supervisor = supervisor
    }

    /// The configuration of the same database through PgBouncer.
    ///
    /// The caller decides whether statements are prepared.
    package func configuration(
        like direct: PostgresConfiguration
    ) -> PostgresConfiguration {
        var configuration = direct
        let words = direct.url.split(separator: " ").filter {
            !$0.hasPrefix("host=") && !$0.hasPrefix("port=")
        }
        configuration.url = (["host=\(directory)", "port=6432"] + words).joined(separator: " ")
        return configuration
    }

    /// Two server connections for many clients, so that clients really share them.
    private static let script = """
        dir=$1
        run=$2
        if [ -n "$run" ]; then chown postgres "$dir"; fi
        cat >"$dir/pgbouncer.ini" <<END
        [databases]
        * = host=$3 port=5432 user=tally
        [pgbouncer]
        listen_addr =
        listen_port = 6432
        unix_socket_dir = $dir
        auth_type = any
        pool_mode = transaction
        default_pool_size = 2
        max_client_conn = 200
        logfile = $dir/log
        pidfile = $dir/pid
        END
        cd /tmp
        $run /usr/sbin/pgbouncer "$dir/pgbouncer.ini" </dev/null >"$dir/out" 2>&1 &
        tries=0
        until [ -S "$dir/.s.PGSQL.6432" ] || [ $tries -ge 200 ]
        do
            tries=$((tries + 1))
            sleep 0.05
        done
        if [ -S "$dir/.s.PGSQL.6432" ]
        then echo ready
        else echo "did not start: $(tail -n 3 "$dir/log" "$dir/out" | tr '\\n' ' ')"
        fi
        while read -r command; do :; done
        kill -9 "$(cat "$dir/pid")"
        wait
        rm -rf "$dir"
        """
}
