import Dispatch
import Glibc

/// A shell that runs servers for a test process and outlives it just long enough to clean up.
///
/// It reads commands from a socket whose other end only the test process holds. However the
/// process ends, killed included, the shell sees the end of input, stops what it started and
/// removes its directory.
final class Supervisor: Sendable {
    private let socket: Int32
    private let queue = DispatchQueue(label: "tallystick.testing.supervisor")

    /// - Parameters:
    ///   - script: answers each command with one line on its standard output.
    ///   - arguments: `$1`, `$2`, … of the script.
    init(script: String, arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw TestingError("socketpair: \(String(cString: strerror(errno)))")
        }
        socket = ends[0]
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Its own session: Ctrl-C at the terminal must not kill it before it cleans up.
        let words =
            ["/usr/bin/setsid", "/bin/bash", "-c", Self.prelude + script, "supervisor"] + arguments
        var pointers = words.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, words[0], &actions, nil, &pointers, environ)
        guard status == 0 else {
            throw TestingError("posix_spawn: \(String(cString: strerror(status)))")
        }
    }

    /// A descriptor of the test runner kept open here would make it wait for us.
    private static let prelude = """
        for path in /proc/self/fd/*; do
            number=${path##*/}
            if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
        done 2>/dev/null
        trap : INT TERM HUP

        """

    deinit {
        close(socket)
    }

    /// Sends a command and waits for the line of its answer, off Swift's own threads.
    func ask(_ command: String?) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(with: Result { try exchange(command) })
            }
        }
    }

    private func exchange(_ command: String?) throws -> String {
        if let command {
            let line = Array((command + "\n").utf8)
            guard send(socket, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else {
                throw TestingError("the supervisor is gone")
            }
        }
        var answer: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(socket, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw TestingError("the supervisor ended without an answer") }
            if byte == UInt8(ascii: "\n") { return String(decoding: answer, as: UTF8.self) }
            answer.append(byte)
        }
    }

    /// The prefix of a command that makes it run as a user whom PostgreSQL accepts.
    static var unprivileged: String { geteuid() == 0 ? "runuser -u postgres --" : "" }

    /// A fresh directory with a name short enough for socket paths.
    static func makeDirectory() throws -> String {
        var template = Array("/tmp/tally-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw TestingError("mkdtemp: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

package struct TestingError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
