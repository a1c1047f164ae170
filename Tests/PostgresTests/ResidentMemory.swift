import Glibc
import PostgresTesting

/// The resident memory of this process in bytes.
func residentBytes() throws -> Int {
    guard let file = fopen("/proc/self/statm", "re") else {
        throw TestingError("no /proc/self/statm")
    }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { throw TestingError("an empty statm") }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { throw TestingError(text) }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
