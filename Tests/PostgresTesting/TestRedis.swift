import Glibc

/// A real Redis server for tests: private, only on a Unix socket, and stopped when the process
/// ends.
package final class TestRedis: Sendable {
    private let directory: String
    private let supervisor: Supervisor

    private static let program = "/usr/bin/redis-server"

    package static var isInstalled: Bool { access(program, X_OK) == 0 }

    package static func start() async throws -> TestRedis {
        let directory = try Supervisor.makeDirectory()
        let supervisor = try Supervisor(script: script, arguments: [directory, program])
        let redis = TestRedis(directory: directory, supervisor: supervisor)
        try await redis.expect("ready", after: nil)
        return redis
    }

    private init(directory: String, supervisor: Supervisor) {
        self.directory = directory
        self.supervisor = supervisor
    }

    package var address: String { "unix://\(directory)/socket" }

    /// Kills it; what it had is lost.
    package func kill() async throws { try await expect("killed", after: "kill") }

    package func restart() async throws { try await expect("ready", after: "start") }

    /// Lets it hang, as if its machine had stopped.
    package func freeze() async throws { try await expect("frozen", after: "freeze") }

    package func thaw() async throws { try await expect("thawed", after: "thaw") }

    private func expect(_ wanted: String, after command: String?) async throws {
        let answer = try await supervisor.ask(command)
        guard answer == wanted else {
            throw TestingError("the Redis server in \(directory): \(answer)")
        }
    }

    private static let script = """
        dir=$1
        cd "$dir"
        begin() {
            rm -f "$dir/socket"
            "$2" --port 0 --unixsocket "$dir/socket" --save '' --appendonly no \\
                --dir "$dir" </dev/null >"$dir/log" 2>&1 &
            pid=$!
            tries=0
            until [ -S "$dir/socket" ] || [ $tries -ge 200 ]
            do
                tries=$((tries + 1))
                sleep 0.05
            done
            if [ -S "$dir/socket" ]
            then echo ready
            else echo "did not start: $(tail -n 3 "$dir/log" | tr '\\n' ' ')"
            fi
        }
        begin "$@"
        while read -r command
        do
            case $command in
            kill) kill -9 "$pid"; wait "$pid" 2>/dev/null; echo killed ;;
            start) begin "$@" ;;
            freeze) kill -STOP "$pid"; echo frozen ;;
            thaw) kill -CONT "$pid"; echo thawed ;;
            esac
        done
        kill -9 "$pid"
        wait
        rm -rf "$dir"
        """
}
