import Glibc
import Synchronization

/// A directory of the file system, locked for this process.
package struct FileDisk: SpoolDisk {
    private let directory: String
    private let lock: DirectoryLock

    /// Opens a directory, and creates it if necessary.
    package init(directory: String) throws(SpoolUnusable) {
        self.directory = directory
        try Self.make(directory)
        lock = try DirectoryLock(directory)
    }

    private static func make(_ directory: String) throws(SpoolUnusable) {
        var path = directory.hasPrefix("/") ? "" : "."
        for part in directory.split(separator: "/") {
            path += "/" + part
            guard mkdir(path, 0o700) != 0, errno != EEXIST else { continue }
            // A parent directory may permit searching but not writing.
            var status = stat()
            if stat(path, &status) == 0 { continue }
            throw .unusable(
                "cannot create the directory \(path): \(systemErrorText()); create it, or name "
                    + "another directory")
        }
    }

    private func path(_ name: String) -> String { directory + "/" + name }

    package func files() throws(SpoolFault) -> [String: Int] {
        guard let stream = opendir(directory) else { throw fault("list", directory) }
        defer { closedir(stream) }
        var sizes: [String: Int] = [:]
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard lstat(path(name), &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            sizes[name] = Int(status.st_size)
        }
        return sizes
    }

    package func create(_ name: String) throws(SpoolFault) -> any SpoolFile {
        try DescriptorFile(path(name), O_WRONLY | O_CREAT | O_EXCL)
    }

    package func open(_ name: String) throws(SpoolFault) -> any SpoolFile {
        try DescriptorFile(path(name), O_WRONLY | O_CREAT)
    }

    package func read(
        _ name: String, from offset: Int, count: Int
    ) throws(SpoolFault) -> [UInt8] {
        let descriptor = Glibc.open(path(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", path(name)) }
        defer { close(descriptor) }
        var done = 0
        var isFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count {
                let address = buffer.baseAddress.map { $0 + done }
                let got = pread(descriptor, address, count - done, off_t(offset + done))
                if got < 0 && errno == EINTR { continue }
                isFailed = got < 0
                guard got > 0 else { break }
                done += got
            }
            filled = done
        }
        if isFailed { throw fault("read", path(name)) }
        return bytes
    }

    package func remove(_ name: String) throws(SpoolFault) {
        guard unlink(path(name)) == 0 || errno == ENOENT else {
            throw fault("remove", path(name))
        }
    }

    package func rename(_ name: String, to newName: String) throws(SpoolFault) {
        guard Glibc.rename(path(name), path(newName)) == 0 else {
            throw fault("rename", path(name))
        }
    }

    package func syncDirectory() throws(SpoolFault) {
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault("sync", directory) }
    }

    package func release() { lock.release() }
}

private final class DescriptorFile: SpoolFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String, _ flags: Int32) throws(SpoolFault) {
        self.path = path
        descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw fault("open", path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolFault) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done,
                    off_t(offset + done))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let fault = fault("write", path)
                _ = ftruncate(descriptor, off_t(offset))
                throw fault
            }
            done += count
        }
    }

    func sync() throws(SpoolFault) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw fault("sync", path) }
        }
    }
}

/// A `flock(2)` on a file in the directory; the kernel releases it when its holder ends.
private final class DirectoryLock: Sendable {
    private let descriptor: Mutex<Int32>

    init(_ directory: String) throws(SpoolUnusable) {
        let path = directory + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        self.descriptor = Mutex(descriptor)
        guard descriptor >= 0 else {
            throw .unusable(
                "cannot open \(path): \(systemErrorText()); run as the owner of that directory "
                    + "or name another directory")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var text = [UInt8](repeating: 0, count: 32)
            let count = max(0, pread(descriptor, &text, text.count, 0))
            let holder = Int32(String(decoding: text.prefix(count), as: UTF8.self))
            throw .inUse(
                directory: directory,
                holder: holder == getpid()
                    ? "another client of this process"
                    : holder.map { "process \($0)" } ?? "another process")
        }
        let text = Array(String(getpid()).utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }
}

private func fault(_ verb: String, _ path: String) -> SpoolFault {
    let code = errno
    let isFull = code == ENOSPC || code == EDQUOT
    return SpoolFault(
        isFull ? .diskFull : .failed,
        "cannot \(verb) \(path): \(systemErrorText(code))"
            + (isFull ? "; free some space there" : "; fix it, or name another directory"))
}

private func systemErrorText(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
