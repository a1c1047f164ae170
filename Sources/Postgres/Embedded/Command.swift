import FoundationEssentials
import Glibc

/// One run of another program, from start to end.
///
/// The child inherits nothing: it has its own session (so a Ctrl-C in our terminal does not reach
/// it), default signal handling, `/` as its directory, a small environment without `PG…` variables,
/// and no descriptor above 2. A lock or a listening socket that leaked into a server that outlives
/// us would be held for ever.
package struct Command: Sendable {
    package struct Outcome: Sendable {
        /// Whether the program exited with status 0 in time.
        package let succeeded: Bool
        /// What it printed on either stream, or why it could not run.
        package let output: String
    }

    /// Program (an absolute path, or a name looked up in PATH) and its arguments.
    package var arguments: [String]
    /// Written to standard input at once, so keep it small.
    package var input: String
    /// Where it runs.
    package var directory: String

    static let inputBytesMax = 4_096
    static let outputBytesMax = 65_536

    package init(_ arguments: [String], input: String = "", in directory: String = "/") {
        precondition(!arguments.isEmpty && input.utf8.count <= Self.inputBytesMax)
        self.arguments = arguments
        self.input = input
        self.directory = directory
    }

    /// Runs to the end; kills the program when `timeout` has passed.
    package func run(timeout: Duration = .seconds(10)) -> Outcome {
        let deadline = ContinuousClock.now + timeout
        var ends: [Int32] = [-1, -1]
        // A socket pair, not pipes: close-on-exec from the start, and works both ways.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            return Outcome(succeeded: false, output: "no socket: \(systemErrorText())")
        }
        defer { close(ends[0]) }
        // Written before there is a reader: it fits the buffer.
        let bytes = Array(input.utf8)
        let written = send(ends[0], bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(ends[0], Int32(SHUT_WR))
        let spawned = spawn(streams: ends[1])
        close(ends[1])
        guard written == bytes.count, case .success(let child) = spawned else {
            return Outcome(succeeded: false, output: spawned.failureText)
        }
        let (output, inTime) = Self.readAll(ends[0], until: deadline)
        if !inTime { kill(child, SIGKILL) }
        return Outcome(succeeded: Self.exitedCleanly(child) && inTime, output: output)
    }

    private enum Spawned {
        case success(pid_t)
        case failure(String)

        var failureText: String {
            if case .failure(let text) = self { text } else { "its input could not be written" }
        }
    }

    private func spawn(streams: Int32) -> Spawned {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream: Int32 in 0...2 {
            posix_spawn_file_actions_adddup2(&actions, streams, stream)
        }
        for descriptor in 3...Self.highestDescriptor() + Self.descriptorsMargin {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | Self.ownSession
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let words = ["env", "--chdir=\(directory)"] + arguments
        var argumentPointers = words.map { strdup($0) } + [nil]
        var environmentPointers = Self.environment.map { strdup($0) } + [nil]
        defer {
            for pointer in argumentPointers { free(pointer) }
            for pointer in environmentPointers { free(pointer) }
        }
        var child: pid_t = 0
        let status = posix_spawnp(
            &child, words[0], &actions, &attributes, &argumentPointers, &environmentPointers)
        return status == 0
            ? .success(child) : .failure("\(arguments[0]): \(String(cString: strerror(status)))")
    }

    /// `POSIX_SPAWN_SETSID`, which glibc shows only to those who ask for GNU extensions.
    private static let ownSession: Int32 = 0x80

    /// How many descriptors other threads may open while we start a child.
    private static let descriptorsMargin: Int32 = 64

    private static func highestDescriptor() -> Int32 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.max() ?? 1_024
    }

    /// The child's environment: nothing that changes its language, libpq defaults or time zone.
    private static var environment: [String] {
        var variables = ["LC_ALL=C", "TZ=UTC", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        if let libraries = getenv("LD_LIBRARY_PATH") {
            variables.append("LD_LIBRARY_PATH=\(String(cString: libraries))")
        }
        return variables
    }

    /// Reads to the end of file; keeps the first `outputBytesMax` bytes.
    private static func readAll(
        _ descriptor: Int32, until deadline: ContinuousClock.Instant
    ) -> (text: String, inTime: Bool) {
        var collected: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            let milliseconds =
                left.components.seconds * 1_000
                + left.components.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else {
                return (String(decoding: collected, as: UTF8.self), false)
            }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Int32(clamping: milliseconds)) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return (String(decoding: collected, as: UTF8.self), true) }
            let room = outputBytesMax - collected.count
            collected.append(contentsOf: buffer[0..<min(count, room)])
        }
    }

    private static func exitedCleanly(_ child: pid_t) -> Bool {
        var status: Int32 = -1
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return false }
        }
        return status == 0
    }
}
