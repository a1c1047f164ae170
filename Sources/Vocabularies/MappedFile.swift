import Glibc

/// A file mapped into memory for reading, until its last user releases it.
final class MappedFile: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("opened", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw VocabularyFailure("\(path) is not a file; name a tokenizer file")
        }
        guard status.st_size > 0 else { throw VocabularyFailure("\(path) is empty") }
        let size = Int(status.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw Self.failure("mapped", path) }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

    private static func failure(_ verb: String, _ path: String) -> VocabularyFailure {
        VocabularyFailure("\(path) can't be \(verb): \(String(cString: strerror(errno)))")
    }
}
