import Glibc

/// The machine on which the figures were measured.
package struct Machine: Sendable {
    package let cores: Int
    package let cpu: String
    package let memoryMegabytes: Int
    package let postgresql: String
    package let kernel: String
    package let date: String

    init(postgresql: String, date: String) {
        self.postgresql = postgresql
        self.date = date
        cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        cpu = procValue("model name", in: "/proc/cpuinfo") ?? "unknown"
        memoryMegabytes =
            sysconf(Int32(_SC_PHYS_PAGES)) / 1_024 * sysconf(Int32(_SC_PAGESIZE)) / 1_024
        kernel =
            readFile("/proc/sys/kernel/osrelease")?.split(separator: "\n").first
            .map(String.init) ?? "unknown"
    }
}

/// The peak memory of a process in MB; nil if it has ended.
func peakMegabytes(ofProcess pid: Int32) -> Double? {
    guard let value = procValue("VmHWM", in: "/proc/\(pid)/status"),
        let kilobytes = value.split(separator: " ").first.flatMap({ Double($0) })
    else { return nil }
    return kilobytes / 1_024
}

/// The memory of a process in MB as it is now; nil if it has ended.
func residentMegabytes(ofProcess pid: Int32) -> Double? {
    guard let value = procValue("VmRSS", in: "/proc/\(pid)/status"),
        let kilobytes = value.split(separator: " ").first.flatMap({ Double($0) })
    else { return nil }
    return kilobytes / 1_024
}

/// The time that processors have spent for a process and all that it started, in seconds.
///
/// Of one that has ended, the time is in the one that waited for it.
func processorSeconds(ofTree root: Int32) -> Double {
    var children: [Int32: [Int32]] = [:]
    var ticks: [Int32: Int] = [:]
    guard let folder = opendir("/proc") else { return 0 }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard let pid = Int32(name), let stat = readFile("/proc/\(pid)/stat"),
            let end = stat.lastIndex(of: ")")
        else { continue }
        // The name, in parentheses, may hold anything; what follows begins with the third field.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 14, let parent = Int32(fields[1]) else { continue }
        children[parent, default: []].append(pid)
        ticks[pid] = fields[11...14].reduce(0) { $0 + (Int($1) ?? 0) }
    }
    var open = [root]
    var sum = 0
    while let pid = open.popLast() {
        sum += ticks[pid] ?? 0
        open += children[pid] ?? []
    }
    return Double(sum) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// The process that started another one; nil if there is none such here.
func parent(ofProcess pid: Int32) -> Int32? {
    procValue("PPid", in: "/proc/\(pid)/status").flatMap { Int32($0) }
}

/// The value of the first line `key: value`.
private func procValue(_ key: String, in path: String) -> String? {
    for line in readFile(path)?.split(separator: "\n") ?? [] where line.hasPrefix(key) {
        guard let colon = line.firstIndex(of: ":") else { continue }
        var value = line[line.index(after: colon)...]
        while value.first == " " || value.first == "\t" { value.removeFirst() }
        return String(value)
    }
    return nil
}

/// The content of a file; nil if it cannot be read.
func readFile(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&piece, 1, piece.count, file)
        bytes += piece.prefix(count)
        if count < piece.count { break }
    }
    return String(decoding: bytes, as: UTF8.self)
}
