import CZlib
import CZstd
import EventReading
import Glibc
import LedgerModel
import LedgerTesting
import Testing

let now = Timestamp(year: 2026, month: 11, day: 24)

extension SeededGenerator {
    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }
}

func items(_ json: String, _ form: EventReader.Form = .json) throws -> [ReadItem] {
    var reader = try EventReader(Array(json.utf8), form: form, now: now)
    return reader.readAll()
}

/// The one event of a body.
func event(_ json: String, _ form: EventReader.Form = .json) throws -> Event {
    let items = try items(json, form)
    try #require(items.count == 1)
    return try items[0].result.get()
}

/// Why the one event of a body is refused.
func refusal(_ json: String, _ form: EventReader.Form = .json) throws -> String {
    let items = try items(json, form)
    try #require(items.count == 1)
    switch items[0].result {
    case .success: return "it was accepted"
    case .failure(let rejection): return rejection.reason
    }
}

/// The members of a valid event; a test replaces or adds some.
let goodMembers = [
    "id": "\"019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e4f\"",
    "type": "\"request.completed\"",
    "occurred_at": "\"2025-11-23T17:10:00.123456Z\"",
    "provider": "\"openai\"",
    "model": "\"gpt-4o\"",
]

/// A valid event with some members replaced by JSON text, or left out if nil.
func nativeJSON(_ changes: KeyValuePairs<String, String?> = [:]) -> String {
    var members = goodMembers
    for (key, value) in changes { members[key] = value }
    let keys = members.keys.sorted()
    return "{" + keys.map { "\"\($0)\":\(members[$0] ?? "null")" }.joined(separator: ",") + "}"
}

extension ReadItem {
    var reason: String? {
        if case .failure(let rejection) = result { rejection.reason } else { nil }
    }
    var event: Event? { try? result.get() }
}

// MARK: - Files

/// Writes a file into a new directory and passes its path to the body.
func withFile<R>(
    _ bytes: some Collection<UInt8>, _ body: (String) throws -> R
) throws -> R {
    var template = Array("/tmp/ingest-tests-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = template.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
    defer { unlink(path) }
    let bytes = Array(bytes)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    return try body(path)
}

// MARK: - Compression

func gzipped(_ bytes: [UInt8], windowBits: Int32 = 15 + 16) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1_024)
    let count = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            deflate(&stream, Z_FINISH)
            return output.count - Int(stream.avail_out)
        }
    }
    return Array(output[..<count])
}

func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
    return Array(output[..<count])
}
