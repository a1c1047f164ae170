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
