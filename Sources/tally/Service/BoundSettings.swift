import Configuration
import Foundation
import Server

/// Who may call the service, and what callers may use up.
struct BoundSettings: Sendable {
    /// Further names by which the service may be called, such as a proxy's.
    let hosts: [String]
    let limits: ServerLimits

    private static let memoryMin = 64 << 20

    init(_ reader: ConfigReader) throws {
        hosts = (reader.string(forKey: "tally.allowed.hosts") ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
        var limits = ServerLimits()
        if let text = reader.string(forKey: "tally.memory.budget") {
            guard let bytes = Self.bytes(text), bytes >= Self.memoryMin else {
                throw InputRefused(
                    "memory.budget is \(text): write at least 64MB, such as 512MB or 1GB")
            }
            limits.memoryBytesMax = bytes
        }
        if let text = reader.string(forKey: "tally.connections.max") {
            guard let count = Int(text), (1...1_000_000).contains(count) else {
                throw InputRefused("connections.max is \(text): write a number such as 1000")
            }
            limits.connectionsMax = count
        }
        self.limits = limits.withConnections(below: Self.descriptorsMax)
    }

    /// Reads `512MB` or `1GB`, in powers of 1,024.
    static func bytes(_ text: String) -> Int? {
        let units = ["KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30]
        let text = text.uppercased().filter { !$0.isWhitespace }
        guard let unit = units[String(text.suffix(2))], let count = Int(text.dropLast(2)),
            (0...1 << 20).contains(count)
        else { return nil }
        return count * unit
    }

    /// How many files the process may have open.
    private static var descriptorsMax: Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
