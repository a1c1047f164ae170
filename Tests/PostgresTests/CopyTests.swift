import Postgres
import PostgresTesting
import Testing

@Suite("COPY and streams")
struct CopyTests {
    private static let table = "CREATE TABLE t (a int8, b text, c bytea, d int4)"
    private static let copyIn = "COPY t FROM STDIN (FORMAT binary)"
    private static let copyOut = "COPY (SELECT * FROM t ORDER BY a) TO STDOUT (FORMAT binary)"

    @Test("100,000 rows go in and come out the same")
    func roundTrip() async throws {
        let count: Int64 = 100_000
        try await withConnection { connection in
            try await connection.session { try $0.execute(Self.table) }
            let written = try await connection.transaction { session throws in
                try session.copyIn(Self.copyIn) { writer in
                    var buffer = BinaryCopyBuffer(reservingCapacity: 1 << 16)
                    buffer.header()
                    for number in 0..<count {
                        buffer.row(fields: 4)
                        buffer.field(number)
                        buffer.field("row \(number)")
                        if number % 3 == 0 { buffer.null() } else { buffer.field([UInt8(1), 2]) }
                        buffer.field(number % 2 == 0 ? Int32?.none : Int32(number))
                        if buffer.count > 60_000 { try writer.write(draining: &buffer) }
                    }
                    buffer.trailer()
                    try writer.write(draining: &buffer)
                }
            }
            #expect(written == Int(count))
            let read = try await connection.session { session throws in
                var next: Int64 = 0
                let affected = try session.copyOutRows(Self.copyOut) { fields in
                    try #require(fields.count == 4)
                    let number = try fields.next(Int64.self)
                    let text = try fields.next(String.self)
                    let bytes = try fields.next([UInt8]?.self)
                    let small = try fields.next(Int32?.self)
                    try #require(number == next && text == "row \(number)")
                    try #require(bytes == (number % 3 == 0 ? nil : [1, 2]))
                    try #require(small == (number % 2 == 0 ? nil : Int32(number)))
                    next += 1
                }
                return [affected, Int(next)]
            }
            #expect(read == [Int(count), Int(count)])
        }
    }

    @Test("prepared buffers can be copied in as they are; an empty table comes out empty")
    func chunks() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                try session.execute("CREATE TABLE n (a int)")
                var rows = 0
                try session.copyOutRows("COPY n TO STDOUT (FORMAT binary)") { _ in rows += 1 }
                #expect(rows == 0)
                let chunks = [Array("1\n2".utf8), Array("3\n".utf8)]
                #expect(try session.copyIn("COPY n FROM STDIN", chunks) == 2)
                var text: [String] = []
                try session.copyOut("COPY n TO STDOUT") { row in
                    text.append(String(decoding: row, as: UTF8.self))
                }
                #expect(text == ["1\n", "23\n"])
            }
        }
    }

    @Test("the caller's own error inside COPY wins, and the connection stays usable")
    func callersErrorWins() async throws {
        try await withConnection { connection in
            try await connection.session { try $0.execute("CREATE TABLE n (a int)") }
            try await connection.session { session throws in
                #expect(throws: OwnError(number: 5)) {
                    try session.copyIn("COPY n FROM STDIN") { writer in
                        for number in 0..<100_000 { try writer.write("\(number)\n") }
                        throw OwnError(number: 5)
                    }
                }
                #expect(try session.query("SELECT count(*) FROM n").rows == [["0"]])
                #expect(throws: OwnError(number: 6)) {
                    try session.copyOut("COPY (\(Endless.sql)) TO STDOUT") { _ in
                        throw OwnError(number: 6)
                    }
                }
                #expect(throws: OwnError(number: 7)) {
                    try session.stream(Endless()) { number in
                        if number == 10 { throw OwnError(number: 7) }
                    }
                }
                #expect(try session.run(Numbers(upTo: 2)) == [1, 2])
            }
        }
    }

    @Test("the server's error in a COPY is reported, and the connection stays usable")
    func serversError() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                try session.execute("CREATE TABLE n (a int PRIMARY KEY)")
                do {
                    try session.copyIn("COPY n FROM STDIN") { writer in
                        // The error comes early; a megabyte follows it.
                        for _ in 0..<500_000 { try writer.write("1\n") }
                    }
                    Issue.record("duplicate keys went through")
                } catch let error as PostgresError {
                    #expect(error.code == .uniqueViolation)
                    #expect(error.constraint == "n_pkey")
                }
                for wrong in ["SELECT 1", "COPY n TO STDOUT"] {
                    #expect(throws: PostgresError.self) { try session.copyIn(wrong, []) }
                }
                for wrong in ["SELECT 1", "COPY n FROM STDIN", "COPY (SELECT 1) TO STDOUT"] {
                    #expect(throws: PostgresError.self) {
                        try session.copyOutRows(wrong) { _ in }
                    }
                }
                #expect(try session.run(Numbers(upTo: 1)) == [1])
            }
        }
    }

    @Test("a million rows stream through in constant memory")
    func streamsInConstantMemory() async throws {
        struct Wide: Statement {
            static let sql = "SELECT n, repeat('x', 200) FROM generate_series(1, 1000000) AS n"
            static let columns = Columns(Int32.self, String.self)
        }
        try await withConnection { connection in
            let before = try residentBytes()
            let (sum, peak) = try await connection.session { session throws in
                var sum = 0
                var peak = 0
                try session.stream(Wide()) { number, text in
                    sum += Int(number)
                    if number % 100_000 == 0 { peak = max(peak, try residentBytes()) }
                    try #require(text.utf8.count == 200)
                }
                return (sum, peak)
            }
            #expect(sum == 500_000_500_000)
            // All rows at once would take more than 200 MB; other tests run beside this one.
            #expect(peak - before < 120 << 20)
        }
    }

    @Test("an error in the middle of a stream is thrown, and the session stays usable")
    func streamError() async throws {
        struct Failing: Statement {
            static let sql = "SELECT 10 / (5 - n) FROM generate_series(1, 10) AS n"
            static let columns = Columns(Int32.self)
        }
        try await withConnection { connection in
            try await connection.session { session throws in
                var seen: [Int32] = []
                do {
                    try session.stream(Failing()) { seen.append($0) }
                    Issue.record("a division by zero went through")
                } catch let error as PostgresError {
                    #expect(error.code == .dataError)
                }
                #expect(seen == [2, 3, 5, 10])
                #expect(try session.run(Numbers(upTo: 1)) == [1])
            }
        }
    }
}
