import Foundation
import Glibc
import LedgerTesting
import Synchronization

/// The result of a program: its exit code and its output.
struct CommandRun: Sendable {
    /// 128 + the signal, if it was killed.
    let exitCode: Int32
    let output: String
    let errors: String

    private static let timeMax: Duration = .seconds(150)

    /// Runs the program under test.
    static func tally(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) async throws -> CommandRun {
        try await run(Workplace.program, arguments, input: input, environment: environment)
    }

    /// Runs a program to its end.
    ///
    /// - Parameter input: the file that it reads as standard input.
    static func run(
        _ program: String, _ arguments: [String], input: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> CommandRun {
        let child = try Child(program, arguments, input: input, environment: environment)
        defer { child.discard() }
        let code = try await child.exit(within: timeMax)
        return CommandRun(exitCode: code, output: child.output, errors: child.errors)
    }

    /// The output as JSON.
    var json: JSONValue {
        get throws {
            do { return try JSONValue(output.utf8) } catch {
                throw ServiceTestError("not the JSON that was expected: \(output)\n\(errors)")
            }
        }
    }

    /// The output as Swift values, for tests that calculate with them.
    func decoded<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(T.self, from: Data(output.utf8))
        } catch {
            throw ServiceTestError("not the JSON that was expected: \(output)\n\(errors)\n\(error)")
        }
    }
}

/// A child process whose output goes to files, so that it need not be read meanwhile.
///
/// A shell is in between: it passes on the exit code and, however the test process ends, it ends
/// the program and any embedded PostgreSQL that the program has left.
final class Child: Sendable {
    private let shell: pid_t
    private let directory: String
    private let state: Mutex<State>

    private struct State {
        /// The shell's standard input; its end tells the shell to clean up.
        var lifeline: Int32?
        var exitCode: Int32?
    }

    /// - Parameter dataDirectory: where an embedded PostgreSQL may run.
    init(
        _ program: String, _ arguments: [String], input: String? = nil,
        environment: [String: String] = [:], dataDirectory: String? = nil
    ) throws {
        directory = try makeTemporaryDirectory("tally-child")
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ServiceTestError(systemCall: "socketpair")
        }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for number: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
        }
        let words =
            ["/bin/bash", "-c", Self.script, "child", directory, input ?? "/dev/null"]
            + [dataDirectory ?? "", program] + arguments
        var pid: pid_t = 0
        let status = withCStrings(words) { words in
            withCStrings(Self.variables(environment)) {
                posix_spawn(&pid, "/bin/bash", &actions, nil, words, $0)
            }
        }
        state = Mutex(State(lifeline: ends[1]))
        shell = pid
        guard status == 0 else { throw ServiceTestError("posix_spawn: error \(status)") }
    }

    /// The environment of the tests, without our own settings, which would affect the program.
    private static func variables(_ more: [String: String]) -> [String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TALLY_") }
            .merging(more) { $1 }.map { "\($0.key)=\($0.value)" }
    }

    /// The process id of the program, which the shell writes to a file at once.
    func pid() async throws -> pid_t {
        try await poll("the program starts") { writtenPID != nil }
        return writtenPID ?? 0
    }

    private var writtenPID: pid_t? {
        pid_t(read("pid").trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The exit code, or 128 + the signal; nil while the program runs.
    private var exitCode: Int32? {
        state.withLock { state in
            var status: Int32 = 0
            if state.exitCode == nil, waitpid(shell, &status, WNOHANG) == shell {
                let signal = status & 0x7F
                state.exitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            }
            return state.exitCode
        }
    }

    var isRunning: Bool { exitCode == nil }
    var output: String { read("stdout") }
    var errors: String { read("stderr") }

    /// Sends a signal to the program.
    func signal(_ number: Int32) async throws {
        let pid = try await pid()
        guard isRunning else { return }
        kill(pid, number)
    }

    /// Waits for the end; a program that takes longer is killed.
    func exit(within limit: Duration) async throws -> Int32 {
        do {
            try await poll("the program ends", within: limit, evidence: { self.errors }) {
                !isRunning
            }
        } catch {
            await end()
            throw error
        }
        return exitCode ?? -1
    }

    /// Ends the program, killed if need be, and waits for that.
    func end() async {
        closeLifeline()
        try? await poll("the program is ended") { !isRunning }
    }

    /// Removes the files with the output.
    func discard() {
        closeLifeline()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func closeLifeline() {
        state.withLock { state in
            if let lifeline = state.lifeline { close(lifeline) }
            state.lifeline = nil
        }
    }

    private func read(_ name: String) -> String {
        let data = FileManager.default.contents(atPath: directory + "/" + name) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// `$1` takes the output, `$2` is standard input, `$3` the data directory; then the program.
    private static let script = """
        files=$1 input=$2 data=$3
        shift 3
        for path in /proc/self/fd/*; do
            number=${path##*/}
            if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
        done 2>/dev/null
        exec 3<&0
        "$@" <"$input" >"$files/stdout" 2>"$files/stderr" 3<&- &
        pid=$!
        echo "$pid" >"$files/pid"
        {
            while read -r _; do :; done
            kill -CONT "$pid"
            kill -TERM "$pid"
            for attempt in {1..100}; do
                kill -0 "$pid" || break
                sleep 0.1
            done
            kill -KILL "$pid"
            for attempt in {1..20}; do
                kill -0 "$pid" || break
                sleep 0.1
            done
            if [ -n "$data" ] && [ -e "$data/pg15/postmaster.pid" ]; then
                kill -QUIT "$(head -n 1 "$data/pg15/postmaster.pid")"
            fi
        } <&3 >/dev/null 2>&1 &
        guard=$!
        exec 3<&-
        wait "$pid"
        status=$?
        kill "$guard" 2>/dev/null
        exit "$status"
        """
}

/// Lends texts as the null-terminated array that C requires.
private func withCStrings<T>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
) -> T {
    let pointers = texts.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
