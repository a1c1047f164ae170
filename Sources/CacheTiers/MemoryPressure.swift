import Glibc

/// How much memory there is for this process: that of its cgroup, or of the machine.
package struct MemoryReading: Equatable {
    package let limitBytes: Int
    package let availableBytes: Int

    /// Below this share of the limit, answers leave memory.
    package static let availableMin = 0.05
    /// What they keep each time.
    package static let kept = 0.75

    package var isShort: Bool { Double(availableBytes) < Double(limitBytes) * Self.availableMin }

    /// The tighter of the cgroup (version 2) and `/proc/meminfo`; nil where neither can be read.
    ///
    /// - Parameter read: the text of a file.
    package init?(_ read: (String) -> String?) {
        let machine = Self.machine(read)
        let group = Self.group(read)
        switch (machine, group) {
        case (nil, nil): return nil
        case (let one?, nil), (nil, let one?): self = one
        case (let machine?, let group?):
            self = machine.availableBytes < group.availableBytes ? machine : group
        }
    }

    private init(limitBytes: Int, availableBytes: Int) {
        self.limitBytes = limitBytes
        self.availableBytes = availableBytes
    }

    private static func machine(_ read: (String) -> String?) -> MemoryReading? {
        guard let text = read("/proc/meminfo"), let total = value(of: "MemTotal:", in: text),
            let available = value(of: "MemAvailable:", in: text)
        else { return nil }
        return MemoryReading(limitBytes: total << 10, availableBytes: available << 10)
    }

    /// Pages of files that were not used lately count as free, as the kernel takes them first.
    private static func group(_ read: (String) -> String?) -> MemoryReading? {
        let place =
            read("/proc/self/cgroup")?.split(separator: "\n")
            .first { $0.hasPrefix("0::") }?.dropFirst(3) ?? "/"
        let folder = "/sys/fs/cgroup" + (place == "/" ? "" : place)
        guard let limit = number(read("\(folder)/memory.max")),
            let used = number(read("\(folder)/memory.current"))
        else { return nil }
        let files =
            read("\(folder)/memory.stat").flatMap { value(of: "inactive_file", in: $0) } ?? 0
        return MemoryReading(limitBytes: limit, availableBytes: limit - used + files)
    }

    /// Nil for "max", which is no limit.
    private static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    private static func value(of name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.count >= 2, words[0] == name { return Int(words[1]) }
        }
        return nil
    }

    /// The text of a file of the kernel, which has no size before it is read.
    package static func file(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
