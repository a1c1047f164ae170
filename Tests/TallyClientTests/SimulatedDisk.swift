import LedgerTesting
import Spooling
import Synchronization
import TallyClient

/// A directory in memory that loses what a real one may lose in a power cut.
final class SimulatedDisk: SpoolDisk {
    enum Crash {
        /// The process is killed; the kernel keeps everything that it wrote.
        case kill
        /// The power fails: unsynced bytes are kept, in part or not at all.
        case powerLoss
    }

    private struct Content {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
    }

    private struct State {
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var contents: [Content] = []
        var capacity = Int.max
        var life = 0
        /// The number of modifying calls until the process dies; nil means that it lives.
        var callsLeft: Int?
        var isDead = false
        var generator: SeededGenerator

        var used: Int { names.values.reduce(0) { $0 + contents[$1].bytes.count } }
    }

    private let state: Mutex<State>

    init(seed: UInt64 = 1) {
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    // MARK: What a test does to it

    /// Makes the process die at the n-th modifying call from now on.
    func die(after calls: Int) { state.withLock { $0.callsLeft = calls } }

    var isDead: Bool { state.withLock { $0.isDead } }

    func limit(to bytes: Int) { state.withLock { $0.capacity = bytes } }

    /// Restarts with what the crash has left.
    func restart(after crash: Crash) {
        state.withLock { state in
            state.life += 1
            state.callsLeft = nil
            state.isDead = false
            guard crash == .powerLoss else { return }
            for name in Set(state.names.keys).union(state.durableNames.keys)
            where state.names[name] != state.durableNames[name] {
                if Bool.random(using: &state.generator) {
                    state.names[name] = state.durableNames[name]
                }
            }
            for file in Set(state.names.values) {
                let content = state.contents[file]
                // Only appended bytes can be torn here: a spool overwrites only its cursor.
                let isAppended = content.bytes.starts(with: content.durable)
                let kept = Int.random(
                    in: 0...max(0, content.bytes.count - content.durable.count),
                    using: &state.generator)
                state.contents[file].bytes =
                    isAppended
                    ? Array(content.bytes.prefix(content.durable.count + kept)) : content.durable
                state.contents[file].durable = state.contents[file].bytes
            }
            state.durableNames = state.names
        }
    }

    /// The bytes of a file, to inspect or to damage.
    subscript(name: String) -> [UInt8] {
        get { state.withLock { state in state.names[name].map { state.contents[$0].bytes } ?? [] } }
        set {
            state.withLock { state in
                if state.names[name] == nil {
                    state.names[name] = state.contents.count
                    state.contents.append(Content())
                }
                if let file = state.names[name] { state.contents[file].bytes = newValue }
            }
        }
    }

    var segmentNames: [String] {
        state.withLock { $0.names.keys.filter { $0.hasSuffix(".segment") }.sorted() }
    }

    // MARK: What a spool does to it

    func files() throws(SpoolFault) -> [String: Int] {
        state.withLock { state in state.names.mapValues { state.contents[$0].bytes.count } }
    }

    func create(_ name: String) throws(SpoolFault) -> any SpoolFile {
        try change { state throws(SpoolFault) in
            guard state.names[name] == nil else { throw SpoolFault(.failed, "\(name) exists") }
        }
        return try open(name)
    }

    func open(_ name: String) throws(SpoolFault) -> any SpoolFile {
        let (file, life) = try change { state throws(SpoolFault) in
            let file = state.names[name] ?? state.contents.count
            if file == state.contents.count { state.contents.append(Content()) }
            state.names[name] = file
            return (file, state.life)
        }
        return File(disk: self, file: file, life: life)
    }

    func read(_ name: String, from offset: Int, count: Int) throws(SpoolFault) -> [UInt8] {
        Array(self[name].dropFirst(offset).prefix(count))
    }

    func remove(_ name: String) throws(SpoolFault) { try change { $0.names[name] = nil } }

    func rename(_ name: String, to newName: String) throws(SpoolFault) {
        try change { state in
            state.names[newName] = state.names[name]
            state.names[name] = nil
        }
    }

    func syncDirectory() throws(SpoolFault) { try change { $0.durableNames = $0.names } }

    func release() {}

    private struct File: SpoolFile {
        let disk: SimulatedDisk
        let file: Int
        let life: Int

        func write(_ bytes: [UInt8], at offset: Int) throws(SpoolFault) {
            try disk.write(bytes, to: file, at: offset, life: life)
        }

        func sync() throws(SpoolFault) {
            try disk.change(life: life) { state in
                state.contents[file].durable = state.contents[file].bytes
            }
        }
    }

    private func write(
        _ bytes: [UInt8], to file: Int, at offset: Int, life: Int
    ) throws(SpoolFault) {
        let isDying = state.withLock { $0.callsLeft == 0 }
        var count = bytes.count
        if isDying {
            count = state.withLock { Int.random(in: 0...bytes.count, using: &$0.generator) }
        }
        try state.withLock { state throws(SpoolFault) in
            guard life == state.life, !state.isDead else { throw SpoolFault(.failed, "dead") }
            let grown = max(0, offset + count - state.contents[file].bytes.count)
            guard state.used + grown <= state.capacity else {
                throw SpoolFault(.diskFull, "the disk is full")
            }
            let end = min(state.contents[file].bytes.count, offset + count)
            state.contents[file].bytes.replaceSubrange(offset..<end, with: bytes.prefix(count))
        }
        try change(life: life) { _ in }
    }

    @discardableResult
    private func change<T: Sendable>(
        life: Int? = nil, _ body: (inout State) throws(SpoolFault) -> T
    ) throws(SpoolFault) -> T {
        try state.withLock { state throws(SpoolFault) in
            guard !state.isDead, life ?? state.life == state.life else {
                throw SpoolFault(.failed, "the process is dead")
            }
            if state.callsLeft == 0 {
                state.isDead = true
                throw SpoolFault(.failed, "the process died")
            }
            state.callsLeft = state.callsLeft.map { $0 - 1 }
            return try body(&state)
        }
    }
}
