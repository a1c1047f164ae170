import Foundation
import Glibc

/// The service that runs on a data directory, as the kernel knows it.
struct LocalService {
    let pid: Int32

    /// The process that holds the service's lock, from the kernel's list of locks: to try the lock
    /// would keep a service that starts just now from taking it.
    ///
    /// - Parameter directory: the data directory.
    init?(in directory: String) {
        var status = stat()
        guard stat(directory + "/service.lock", &status) == 0,
            let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        else { return nil }
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", words[3] == "WRITE",
                words[5].split(separator: ":").last.flatMap({ UInt($0) }) == status.st_ino,
                let pid = Int32(words[4])
            else { continue }
            self.pid = pid
            return
        }
        return nil
    }

    /// Where it listens; nil if the kernel does not tell, as to another user.
    var listener: ListenAddress? {
        let inodes = sockets
        for file in ["tcp", "tcp6"] {
            guard
                let table = try? String(contentsOfFile: "/proc/\(pid)/net/\(file)", encoding: .utf8)
            else { continue }
            for line in table.split(separator: "\n").dropFirst() {
                let words = line.split(separator: " ")
                // 0A is the state of a listening socket.
                guard words.count > 9, words[3] == "0A", inodes.contains(String(words[9])) else {
                    continue
                }
                if let address = ListenAddress(kernel: words[1]) { return address }
            }
        }
        return nil
    }

    /// The numbers of its open sockets.
    private var sockets: Set<String> {
        let directory = "/proc/\(pid)/fd"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let targets = files.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: directory + "/" + $0)
        }
        return Set(
            targets.filter { $0.hasPrefix("socket:[") }.map {
                String($0.dropFirst("socket:[".count).dropLast())
            })
    }
}

extension ListenAddress {
    /// Reads `0100007F:1F90`, as /proc/net/tcp has it: words of four bytes in the machine's order.
    init?(kernel text: some StringProtocol) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16),
            parts[0].count == 8 || parts[0].count == 32
        else { return nil }
        var bytes: [UInt8] = []
        var rest = parts[0][...]
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            withUnsafeBytes(of: word) { bytes += $0 }
            rest = rest.dropFirst(8)
        }
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &name, socklen_t(name.count)) != nil else { return nil }
        self.init(
            host: String(
                decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
            port: Int(port))
    }

    /// As it is written: `127.0.0.1:8080`, `[::1]:8080`.
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
