import LedgerTesting
import Postgres
import PostgresTesting
import Testing

@Suite("Values travel in binary")
struct ValueTests {
    @Test("every scalar survives the round trip")
    func scalars() async throws {
        var random = SeededGenerator(seed: testSeed())
        let seed = random.seed
        let integers = (0..<200).map { _ in Int64(bitPattern: random.next()) } + [.min, 0, .max]
        let texts = (0..<100).map { _ in Self.text(&random) } + ["", "é", "e\u{301}", "🧾"]
        try await withConnection { connection in
            try await connection.session { session throws in
                for value in integers {
                    let comment: Comment = "seed \(seed)"
                    #expect(try session.one(Echo(value: value)) == value, comment)
                    let int32 = Int32(truncatingIfNeeded: value)
                    #expect(try session.one(Echo(value: int32)) == int32, comment)
                    let int16 = Int16(truncatingIfNeeded: value)
                    #expect(try session.one(Echo(value: int16)) == int16, comment)
                    let double = Double(bitPattern: UInt64(bitPattern: value))
                    let back = try session.one(Echo(value: double))
                    #expect(back == double || (back.isNaN && double.isNaN), comment)
                    let uuid = PostgresUUID(high: UInt64(bitPattern: value), low: 7)
                    #expect(try session.one(Echo(value: uuid)) == uuid, comment)
                    #expect(try session.one(Spelled(value: uuid)) == uuid.description, comment)
                }
                for text in texts {
                    let back = try session.one(Echo(value: text))
                    #expect(Array(back.utf8) == Array(text.utf8), "seed \(seed)")
                    let bytes = Array(text.utf8) + [0, 255]
                    #expect(try session.one(Echo(value: bytes)) == bytes, "seed \(seed)")
                }
                for value in [true, false] {
                    #expect(try session.one(Echo(value: value)) == value)
                }
                #expect(try session.one(Echo(value: [UInt8]())) == [])
                #expect(try session.one(Echo(value: OID.jsonb)) == .jsonb)
            }
        }
    }

    @Test("NULL is nil, and an empty value is not NULL")
    func nulls() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                #expect(try session.one(Echo(value: Int64?.none)) == nil)
                #expect(try session.one(Echo(value: String?.some(""))) == "")
                #expect(try session.one(Echo(value: [UInt8]?.some([]))) == [])
                #expect(try session.one(Echo(value: [Int64]?.none)) == nil)
            }
        }
    }

    @Test("a timestamp keeps every microsecond")
    func timestamps() async throws {
        var random = SeededGenerator(seed: testSeed())
        let seed = random.seed
        // PostgreSQL's years run from 4714 BC to 294276 AD.
        let range: ClosedRange<Int64> = -211_813_488_000_000_000...9_223_371_331_199_999_999
        let values = (0..<200).map { _ in
            PostgresTimestamp(microseconds: Int64.random(in: range, using: &random))
        }
        try await withConnection { connection in
            try await connection.session { session throws in
                for value in values + [.infinity, .minusInfinity] {
                    #expect(try session.one(Echo(value: value)) == value, "seed \(seed)")
                }
                try session.execute("SET TimeZone = 'UTC'")
                let known = PostgresTimestamp(unixMicroseconds: 1_700_000_000_123_457)
                #expect(
                    try session.one(Spelled(value: known)) == "2023-11-14 22:13:20.123457+00")
                #expect(known?.unixMicroseconds == 1_700_000_000_123_457)
            }
        }
    }

    @Test("arrays survive the round trip, NULL elements included")
    func arrays() async throws {
        var random = SeededGenerator(seed: testSeed())
        let seed = random.seed
        let integers = (0..<1_000).map { _ in Int64(bitPattern: random.next()) }
        let texts = (0..<100).map { _ in Self.text(&random) }
        try await withConnection { connection in
            try await connection.session { session throws in
                func check<Value: PostgresValue & Equatable>(_ value: Value) throws {
                    #expect(try session.one(Echo(value: value)) == value, "seed \(seed)")
                }
                try check(integers)
                try check([Int64]())
                try check(integers.map { $0 % 3 == 0 ? nil : $0 })
                try check(integers.map { Int32(truncatingIfNeeded: $0) })
                try check(integers.map { Int16(truncatingIfNeeded: $0) })
                try check(integers.map { $0 > 0 })
                try check(texts)
                try check(texts.map { $0.isEmpty ? nil : $0 })
                try check(texts.map { Array($0.utf8) })
                try check([nil, [1, 2], []] as [[UInt8]?])
                try check(integers.map { PostgresUUID(high: 1, low: UInt64(bitPattern: $0)) })
                try check(integers.map { PostgresTimestamp(microseconds: $0 >> 8) })
                try check(integers.map { PostgresNumeric(Int128($0), scale: 6) })
                try check(integers.prefix(9).map { Double($0) })
            }
        }
    }

    @Test("JSON keeps its meaning")
    func json() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                let back = try session.one(Echo(value: PostgresJSON(text: #"{"a":[1,null]}"#)))
                #expect(back.text == #"{"a": [1, null]}"#)
                let array = [PostgresJSON(text: "1"), PostgresJSON(text: "\"x\"")]
                #expect(try session.one(Echo(value: array)) == array)
            }
        }
    }

    @Test("a numeric is exact, whatever its size")
    func numerics() async throws {
        var random = SeededGenerator(seed: testSeed())
        let seed = random.seed
        let texts =
            (0..<300).map { _ in Self.decimal(&random) }
            + ["0", "0.000", "10000", "0.0001", "0.00010000", "-0.5", "NaN", "123456789.000000001"]
        try await withConnection { connection in
            try await connection.session { session throws in
                for text in texts {
                    let comment: Comment = "seed \(seed), \(text)"
                    let value = try #require(PostgresNumeric(decimal: text), comment)
                    #expect(value.decimal == text, comment)
                    #expect(try session.one(Echo(value: value)) == value, comment)
                    #expect(try session.one(Spelled(value: value)) == text, comment)
                }
                for units in [Int128.max, .min, 0, 1, -1, 10_000, -99_999_999_999_999_999] {
                    for scale in [0, 1, 4, 12, 24] {
                        let value = PostgresNumeric(units, scale: scale)
                        let back = try session.one(Echo(value: value))
                        #expect(back.units(scale: scale) == units)
                    }
                }
            }
        }
        #expect(PostgresNumeric(decimal: "1.5")?.integral == nil)
        #expect(PostgresNumeric(decimal: "1.0")?.integral == 1)
        #expect(PostgresNumeric(decimal: "1e5") == nil)
        #expect(PostgresNumeric(decimal: ".") == nil)
        #expect(PostgresNumeric(decimal: String(repeating: "9", count: 60))?.integral == nil)
    }

    @Test("several parameters of all kinds bind together")
    func manyParameters() async throws {
        struct Mixed: Statement {
            static let sql = "SELECT $1, $2, $3, $4, $5, $6"
            static let columns = Columns(
                Int64.self, String?.self, [UInt8].self, Bool.self, [Int64?].self,
                PostgresUUID.self)
            var parameters: Parameters {
                Parameters(
                    Int64(1), String?.none, [UInt8](), true, [1, nil] as [Int64?],
                    PostgresUUID(high: 1, low: 2))
            }
        }
        try await withConnection { connection in
            let row = try await connection.session { try $0.one(Mixed()) }
            #expect(row.0 == 1)
            #expect(row.1 == nil)
            #expect(row.2 == [])
            #expect(row.3)
            #expect(row.4 == [1, nil])
            #expect(row.5 == PostgresUUID(high: 1, low: 2))
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let scalars = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 1...0x1_FFFF, using: &random))
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func decimal(_ random: inout SeededGenerator) -> String {
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in Character("\(Int.random(in: 0...9, using: &random))") })
        }
        let whole = digits(Int.random(in: 0...40, using: &random)).drop { $0 == "0" }
        let fraction = digits(Int.random(in: 0...30, using: &random))
        let body = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
        let isZero = !body.contains { $0 != "0" && $0 != "." }
        return (!isZero && Bool.random(using: &random) ? "-" : "") + body
    }
}
