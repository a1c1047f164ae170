import EventReading
import Glibc
import LedgerModel
import LedgerTesting
import Testing

/// Reads a whole file in pieces of a given size.
func imported(
    _ bytes: some Collection<UInt8>, _ format: ImportFormat, map: [String] = [],
    set: [String] = [], pieceBytes: Int = 256 * 1_024, sortedRowsMax: Int = 1_000_000
) throws -> [ReadItem] {
    try withFile(bytes) { path in
        let mapping = try ImportMapping(map: map, set: set)
        var limits = ImportLimits()
        limits.pieceBytes = pieceBytes
        limits.sortedRowsMax = sortedRowsMax
        var reader = try EventFileReader(
            path: path, format: format, mapping: mapping, now: now, limits: limits)
        var items: [ReadItem] = []
        while let more = try reader.next(max: 100) { items += more }
        return items
    }
}

private func summary(_ items: [ReadItem]) -> [String] {
    items.map { item in
        switch item.result {
        case .success(let event): "\(item.place): \(event.externalID?.id.string ?? "-") \(event)"
        case .failure(let rejection): "\(item.place): \(rejection.reason)"
        }
    }
}

private let requestOptions = ["type=request.completed", "provider=openai", "model=gpt-4o"]

@Suite("A file of JSON")
struct JSONFileTests {
    @Test("arrays, lines and objects over several lines are recognized by content")
    func layouts() throws {
        let one = nativeJSON()
        let spread = one.replacing(",\"", with: ",\n  \"").replacing("{\"", with: "{\n  \"")
        let expected = try event(one)
        for text in [
            "[\(one),\(one)]", " \n [ \(one)\n, \(one) ] \n", "\(one)\n\(one)\n",
            "\(one)\r\n\(one)",
            "\u{FEFF}\(one)\n\n\(one)", "\(spread)\n\(spread)\n", "[\(spread),\(spread)]",
        ] {
            let items = try imported(text.utf8, .native)
            #expect(items.map(\.event) == [expected, expected], "\(text)")
        }
        #expect(try imported([], .native).isEmpty)
        #expect(try imported("[]".utf8, .native).isEmpty)
    }

    @Test("the lines of elements, of lines and of objects are counted from 1")
    func lines() throws {
        let bad = "{\"app\":1,\n\"id\":\"x\"}"
        #expect(try imported("[\n\(bad),\n\n\(bad)]".utf8, .native).map(\.line) == [2, 5])
        #expect(try imported("\n{}\n\n{}".utf8, .native).map(\.line) == [2, 4])
        #expect(try imported("{\n}\n{\n}".utf8, .native).map(\.line) == [1, 3])
    }

    @Test("only a bad element or line is rejected")
    func neighbours() throws {
        let one = nativeJSON()
        let array = try imported("[\(one),{\"a\" 1},7,\(one)]".utf8, .native)
        #expect(array.map { $0.event != nil } == [true, false, false, true])
        let lines = try imported("\(one)\n{\"a\"\n\u{0}\n\(one)".utf8, .native)
        #expect(lines.map { $0.event != nil } == [true, false, false, true])
    }

    @Test(
        "an error between the elements of an array ends the reading with its line",
        arguments: [
            ("[\n", "the array is not closed"), ("[{}", "the array is not closed"),
            ("[{} {}]", "a comma or the end of the array"), ("[{},]", "expected a value"),
            ("[,{}]", "expected a value"), ("[{}] x", "there is something after the array"),
        ])
    func brokenArray(_ text: String, _ reason: String) throws {
        do {
            _ = try imported(text.utf8, .native)
            Issue.record("\(text) was read")
        } catch ImportFault.malformed(_, _, let found) {
            #expect(found.contains(reason), "\(found)")
        }
    }

    @Test("a line of more than a megabyte is refused, its neighbours are not")
    func longLine() throws {
        let long = "{\"app\":\"" + String(repeating: "x", count: 3_000_000) + "\"}"
        let text = [nativeJSON(), long, nativeJSON()].joined(separator: "\n")
        let items = try imported(text.utf8, .native)
        #expect(items.map { $0.event != nil } == [true, false, true])
        #expect(items.map(\.line) == [1, 2, 3])
        #expect(items[1].reason?.hasPrefix("it is longer than 1048576 bytes") == true)
    }

    @Test("CloudEvents come as lines or as an array")
    func cloudEvents() throws {
        let one =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"cache.miss\","
            + "\"time\":\"2025-11-23T17:10:00Z\"}"
        #expect(try imported("\(one)\n\(one)".utf8, .cloudevents).compactMap(\.event).count == 2)
        #expect(try imported("[\(one),\(one)]".utf8, .cloudevents).compactMap(\.event).count == 2)
    }

    @Test("gzip and zstd files are recognised, cut ones are a fault")
    func compressed() throws {
        let text = Array(String(repeating: nativeJSON() + "\n", count: 3_000).utf8)
        for bytes in [gzipped(text), zstandard(text)] {
            for piece in [1_000, 256 * 1_024] {
                let items = try imported(bytes, .native, pieceBytes: piece)
                #expect(items.compactMap(\.event).count == 3_000)
            }
            #expect(throws: ImportFault.self) { try imported(bytes.dropLast(), .native) }
        }
    }

    @Test("pieces of every size give the same events")
    func pieceSizes() throws {
        var random = RandomEvents(seed: 7)
        var lines: [String] = []
        for _ in 0..<4 { lines.append(random.json(random.reported())) }
        lines.insert("{\"broken\":", at: 2)
        for text in [
            lines.joined(separator: "\r\n"),
            "["
                + lines.filter { !$0.contains("broken") }
                .joined(separator: " ,\n") + "]",
        ] {
            let whole = summary(try imported(text.utf8, .native))
            for piece in 1...97 {
                #expect(
                    summary(try imported(text.utf8, .native, pieceBytes: piece)) == whole,
                    "\(piece)")
            }
        }
    }

    @Test("a missing file is a fault with its path")
    func missing() throws {
        #expect(throws: ImportFault.cannotRead(path: "/nowhere/x", errno: ENOENT)) {
            _ = try EventFileReader(path: "/nowhere/x", format: .native, now: now)
        }
        #expect(throws: ImportFault.self) {
            var reader = try EventFileReader(path: "/tmp", format: .native, now: now)
            _ = try reader.next()
        }
    }
}

@Suite("A CSV file")
struct CSVFileTests {
    private let map = ["occurred_at=Time", "input_tokens=In", "labels.kind=Kind"]

    @Test("quotes, breaks inside them, CRLF and a byte order mark are read as RFC 4180 says")
    func quoting() throws {
        let text =
            "\u{FEFF}Time,\"In\",Kind\r\n"
            + "2023-11-16 18:17:03.9799600,4808,\"a, \"\"b\"\"\r\nc\"\r\n"
            + "\"2023-11-16T18:17:03+01:00\", 10 ,x \"y\" z\n"
            + "\n"
            + "2023-11-16 18:17:05,,\n"
            + "2023-11-16,1,last"
        let items = try imported(text.utf8, .csv, map: map, set: requestOptions)
        let events = items.compactMap(\.event)
        try #require(events.count == 4, "\(items.map(\.reason))")
        #expect(items.map(\.line) == [2, 4, 6, 7])
        #expect(
            events.map(\.occurredAt.description) == [
                "2023-11-16T18:17:03.979960Z", "2023-11-16T17:17:03Z", "2023-11-16T18:17:05Z",
                "2023-11-16T00:00:00Z",
            ])
        #expect(events.map { $0.usage[.inputTokens] } == [4_808, 10, nil, 1])
        #expect(
            events.map { $0.labels?["kind"]?.string } == [
                "a, \"b\"\r\nc", "x \"y\" z", nil, "last",
            ])
        #expect(events.allSatisfy { $0.dimensions[.provider] == "openai" })
    }

    @Test("a bad row is refused with its line and column, and no other row is")
    func badRows() throws {
        let good = "2023-11-16,1,k\n"
        let text =
            "Time,In,Kind\n" + good + "2023-11-16,1\n" + good + "2023-11-16,x,k\n"
            + "noon,1,k\n" + good + "2023-11-16,1,\"k\"x\n" + "2023-11-16,-4,k\n" + good
        let items = try imported(text.utf8, .csv, map: map, set: requestOptions)
        #expect(items.filter { $0.event != nil }.map(\.line) == [2, 4, 7, 10])
        #expect(
            items.compactMap(\.reason) == [
                "the row has 2 columns, the header has 3",
                "usage.input_tokens \"x\" is not a number (column In)",
                "occurred_at \"noon\" is not a time: expected RFC 3339, such as "
                    + "2026-11-23T17:10:00.123Z (column Time)",
                "text follows the closing quotation mark of column 3",
                "input_tokens is -4: a count must lie between 0 and 1000000000000000",
            ])
    }

    @Test("a quotation that is never closed rejects only its line")
    func openQuote() throws {
        let text = "Time,In,Kind\n2023-11-16,1,\"k\n2023-11-16,2,k\n2023-11-16,3,k\n"
        for padding in [0, 40_000] {
            let more = String(repeating: "2023-11-16,3,kkkkkkkkkkkkkkkkkkkkkkkk\n", count: padding)
            let items = try imported((text + more).utf8, .csv, map: map, set: requestOptions)
            #expect(items.count == 3 + padding)
            #expect(items.filter { $0.event == nil }.map(\.line) == [2])
        }
    }

    @Test("bytes that are not UTF-8 are refused where they are used, and only there")
    func notUTF8() throws {
        var bytes = Array("Time,In,Kind,Note\n2023-11-16,1,k,".utf8) + [0xFF]
        bytes += Array("\n2023-11-16,1,".utf8) + [0xFF] + Array(",x\n2023-11-16,1,".utf8)
        bytes += [0] + Array(",x\n".utf8)
        let items = try imported(bytes, .csv, map: map, set: requestOptions)
        #expect(
            items.map(\.reason) == [
                nil, "column Kind is not UTF-8", "column Kind contains a NUL character",
            ])
    }

    @Test(
        "a wrong mapping is one clear fault before anything is read",
        arguments: [
            (["occurred_at=When"], requestOptions, "its columns are Time, In, Kind"),
            (["occurred=Time"], requestOptions, "there is no field occurred; the fields are id,"),
            (["modle=Time"], requestOptions, "there is no field modle: did you mean model?"),
            (["occurred_at"], requestOptions, "has no equals sign"),
            (["occurred_at="], requestOptions, "names no column"),
            (["occurred_at=Time", "occurred_at=In"], [], "occurred_at is given twice"),
            (["occurred_at=Time", "app=In"], requestOptions + ["app=x"], "app is given twice"),
            (
                ["occurred_at=Time"], ["type=request.completed"],
                "no column supplies provider, model"
            ),
            (["input_tokens=In"], requestOptions, "no column supplies occurred_at"),
            (["occurred_at=Time"], ["type=request"], "--set type: type \"request\" is unknown"),
            (["occurred_at=Time"], requestOptions + ["id=7"], "give every row the same id"),
            (["occurred_at=Time"], requestOptions + ["input_tokens=x"], "is not a number"),
        ])
    func badMapping(_ map: [String], _ set: [String], _ reason: String) throws {
        do {
            _ = try imported("Time,In,Kind\n".utf8, .csv, map: map, set: set)
            Issue.record("it was read")
        } catch ImportFault.mapping(let found) {
            #expect(found.contains(reason), "\(found)")
        }
    }

    @Test("without --map, columns are mapped to the fields of the same name")
    func ownNames() throws {
        let text =
            "id,occurred_at,type,usage.input_tokens,labels.a,other\n"
            + "x-1,2023-11-16T00:00:00Z,cache.hit,7,b,c\n"
        let items = try imported(text.utf8, .csv)
        let event = try items[0].result.get()
        #expect(event.externalID == ExternalID(source: "", id: "x-1"))
        #expect(event.kind == .cacheHit)
        #expect(event.usage[.inputTokens] == 7)
        #expect(event.labels?["a"] == "b")
    }

    @Test("an empty file and a duplicate column are faults")
    func headers() throws {
        #expect(throws: ImportFault.self) {
            try imported([], .csv, map: map, set: requestOptions)
        }
        #expect(throws: ImportFault.self) {
            try imported("Time,Time,In,Kind\n".utf8, .csv, map: map, set: requestOptions)
        }
        #expect(try imported("Time,In,Kind".utf8, .csv, map: map, set: requestOptions).isEmpty)
    }

    @Test("pieces of every size give the same events")
    func pieceSizes() throws {
        let text =
            "\u{FEFF}Time,In,Kind\r\n2023-11-16,1,\"a\"\"b\r\n,\"\r\n2023-11-16,1,k\r\nbad\r\n"
            + "2023-11-16,1,k\r\n\r\n2023-11-16,2,\"open\r\n2023-11-16,3,k"
        let whole = summary(try imported(text.utf8, .csv, map: map, set: requestOptions))
        #expect(whole.count == 6)
        for piece in 1...text.utf8.count {
            let items = try imported(
                text.utf8, .csv, map: map, set: requestOptions, pieceBytes: piece)
            #expect(summary(items) == whole, "\(piece)")
        }
    }

    @Test("random tables are split as a naive writer joined them", arguments: [1, 2, 3])
    func naiveTable(_ seed: UInt64) throws {
        var random = RandomEvents(seed: seed)
        var text = "A,T,B\n"
        var expected: [[String]] = []
        for _ in 0..<300 {
            let cells = [random.text().string, random.text().string]
            expected.append(cells)
            let quoted = cells.map { cell in
                // By scalars: a quotation mark with a combining accent is one Character.
                let scalars = cell.unicodeScalars
                let mustQuote = scalars.contains { [",", "\"", "\n", "\r"].contains($0) }
                let inside = scalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
                return mustQuote || random.random.chance(3) ? "\"\(inside)\"" : cell
            }
            text += "\(quoted[0]),2023-11-16,\(quoted[1])"
            text += random.random.chance(2) ? "\n" : "\r\n"
        }
        let items = try imported(
            text.utf8, .csv, map: ["occurred_at=T", "app=A", "labels.b=B"],
            set: requestOptions, pieceBytes: 777)
        let found = items.map { item -> [String?] in
            let event = item.event
            return [event?.dimensions[.app]?.string, event?.labels?["b"]?.string]
        }
        #expect(found.elementsEqual(expected) { $0.elementsEqual($1) }, "seed \(seed)")
    }

    @Test("objects of NDJSON are mapped by dotted paths")
    func paths() throws {
        let text =
            "{\"at\":\"2025-11-23T17:10:00Z\",\"response\":{\"usage\":{\"in\":5}},\"n\":null}\n"
            + "{\"at\":\"2025-11-23T17:10:00Z\",\"response\":{\"usage\":\"x\"}}\n"
            + "{\"at\":{}}\n{\n"
        let items = try imported(
            text.utf8, .ndjson,
            map: ["occurred_at=at", "input_tokens=response.usage.in", "user=n"],
            set: requestOptions)
        #expect(items.map(\.event?.usage[.inputTokens]) == [5, nil, nil, nil])
        #expect(items.map { $0.event != nil } == [true, true, false, false])
        #expect(items[2].reason == "at is an object: expected one value")
    }

    @Test(
        "a bare number is a time since 1970: seconds, milliseconds or microseconds",
        arguments: [
            "1763916600", "1763916600.25", "1763916600250", "1763916600250000", "1.7639166e9",
        ])
    func epochs(_ number: String) throws {
        let items = try imported(
            "{\"created\":\(number)}".utf8, .ndjson, map: ["occurred_at=created"],
            set: requestOptions)
        let time = try items[0].result.get().occurredAt.description
        #expect(time.hasPrefix("2025-11-23T16:50:00"))
        #expect(time.hasSuffix(".250000Z") == number.contains("25"))
    }
}

@Suite("Rows without an id")
struct OccurrenceTests {
    private let map = ["occurred_at=T", "user=U"]

    private func ids(_ items: [ReadItem]) -> [String] {
        items.map { $0.event?.externalID?.id.string ?? $0.reason ?? "" }
    }

    @Test("identical rows get numbers, and the source import", arguments: [1, 2, 3, 1_000_000])
    func numbers(_ sortedRowsMax: Int) throws {
        let text = "T,U,X\n2023-11-16,a,1\n2023-11-16,b,2\n2023-11-16,a,3\nbad\n2023-11-16,a,1\n"
        let items = try imported(
            text.utf8, .csv, map: map, set: requestOptions, sortedRowsMax: sortedRowsMax)
        let ids = ids(items)
        #expect(ids.map { $0.suffix(2) }.filter { $0.hasPrefix("-") } == ["-1", "-1", "-2", "-3"])
        #expect(Set(ids.map { $0.prefix(32) }).count == 3)
        #expect(items.compactMap(\.event).allSatisfy { $0.externalID?.source == "import" })
    }

    @Test(
        "numbers equal those of a naive count, however little memory there is",
        arguments: [1, 2, 3, 4, 5, 6], [1, 7, 64, 1_000_000])
    func naive(_ seed: UInt64, _ sortedRowsMax: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let users = [1, 3, 50, 1_000, 1_000_000, 2][Int(seed) - 1]
        var text = "T,U\n"
        var seen: [Int: Int] = [:]
        var expected: [String] = []
        for _ in 0..<2_000 {
            let user = Int.random(in: 0..<users, using: &generator)
            text += "2023-11-16,u\(user)\n"
            seen[user, default: 0] += 1
            expected.append("u\(user)-\(seen[user] ?? 0)")
        }
        let items = try imported(
            text.utf8, .csv, map: map, set: requestOptions, sortedRowsMax: sortedRowsMax)
        let found = items.map { item -> String in
            let number = item.event?.externalID?.id.string.split(separator: "-").last ?? "?"
            return "\(item.event?.dimensions[.user]?.string ?? "?")-\(number)"
        }
        #expect(found == expected, "seed \(seed)")
        #expect(Set(ids(items)).count == 2_000)
    }

    @Test("a file that has grown gives its old rows the same ids, as does another order of --map")
    func stable() throws {
        let text = "T,U\n2023-11-16,a\n2023-11-16,a\n"
        let first = ids(try imported(text.utf8, .csv, map: map, set: requestOptions))
        let grown = ids(
            try imported(
                (text + "2023-11-16,a\n").utf8, .csv, map: map.reversed(),
                set: requestOptions + ["app=x"]))
        #expect(Array(grown.prefix(2)) == first)
        #expect(grown[2].hasSuffix("-3"))
    }

    @Test("a row with an id keeps it; only an empty one is generated")
    func ownID() throws {
        let text = "T,I\n2023-11-16,x\n2023-11-16,\n2023-11-16,\n"
        let items = try imported(
            text.utf8, .csv, map: ["occurred_at=T", "id=I"],
            set: requestOptions + ["source=billing"])
        let ids = items.compactMap { $0.event?.externalID }
        #expect(ids.map(\.source.string) == ["billing", "billing", "billing"])
        #expect(ids[0].id == "x")
        #expect(ids[1].id.string.hasSuffix("-1") && ids[2].id.string.hasSuffix("-2"))
    }

    @Test(
        "8,819 real requests are read from the Azure trace",
        .enabled(
            if: access(azureTrace, R_OK) == 0,
            "azure-llm-2023-code.csv is not there: set TALLY_TEST_DATA"))
    func azure() throws {
        let mapping = try ImportMapping(
            map: [
                "occurred_at=TIMESTAMP", "input_tokens=ContextTokens",
                "output_tokens=GeneratedTokens",
            ], set: requestOptions + ["app=code"])
        var last = ImportProgress?.none
        var reader = try EventFileReader(
            path: azureTrace, format: .csv, mapping: mapping, now: now, progress: { last = $0 })
        var events: [Event] = []
        while let item = try reader.next() { events.append(try item.result.get()) }
        #expect(events.count == 8_819)
        #expect(Set(events.map(\.id)).count == 8_819)
        #expect(events[0].occurredAt.description == "2023-11-16T18:17:03.979960Z")
        #expect(events[0].usage == [.inputTokens: 4_808, .outputTokens: 10])
        #expect(last?.bytesRead == last?.totalBytes)
    }
}

private let azureTrace: String = {
    let name = "azure-llm-2023-code.csv"
    if let folder = getenv("TALLY_TEST_DATA") { return String(cString: folder) + "/" + name }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/../shared/data/\(name)"
}()

@Suite("A pipe")
struct PipeTests {
    @Test("input that can be read only once is stored if it must be read twice")
    func pipe() throws {
        let csv = "T,U\n2023-11-16,a\n2023-11-16,a\n"
        for (text, format, set) in [
            (Array(csv.utf8), ImportFormat.csv, ["type=cache.hit", "occurred_at=2023-11-16"]),
            (gzipped(Array(csv.utf8)), .csv, ["type=cache.hit", "occurred_at=2023-11-16"]),
            (Array("[\(nativeJSON()),\(nativeJSON())]".utf8), .native, []),
        ] {
            var ends: [Int32] = [0, 0]
            try #require(Glibc.pipe(&ends) == 0)
            try #require(write(ends[1], text, text.count) == text.count)
            close(ends[1])
            defer { close(ends[0]) }
            let mapping = try ImportMapping(map: format == .csv ? ["user=U"] : [], set: set)
            var reader = try EventFileReader(
                path: "/dev/fd/\(ends[0])", format: format, mapping: mapping, now: now)
            let items = try reader.next(max: 10) ?? []
            #expect(items.compactMap(\.event).count == 2, "\(items.map(\.reason))")
            #expect(try reader.next(max: 10) == nil)
        }
    }
}
