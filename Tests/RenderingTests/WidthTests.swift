import LedgerModel
import Rendering
import Testing

/// A row with columns that may be left out.
private struct Row: ListedObject {
    var app: Name = "search"
    var note = "short"
    var tokens: Int64 = 65_969_999
    var failed: Int64 = 3
    var idle: Int64 = 0

    static let listName = "rows"
    static let layout = Table.Layout(
        names: ["input_tokens": "input"], expendable: ["failed", "idle", "input_tokens"],
        nothing: "there are no rows: make some")
    static let shape = Shape<Row> {
        Member("app", \.app, .column)
        Member("note", \.note, .column)
        Member("input_tokens", { RoundCount($0.tokens) }, .column)
        Member("failed", \.failed, .column)
        Member("idle", \.idle, .column)
    }
}

@Suite("How wide a table is")
struct WidthTests {
    private func lines(_ rows: [Row], _ style: TextStyle = TextStyle()) -> [String] {
        Table(rows).text(style).split(separator: "\n").map(String.init)
    }

    private func terminal(_ columns: Int) -> TextStyle {
        var style = TextStyle()
        style.folding = .above(columns: columns)
        return style
    }

    @Test("a column that may be left out is, if it is zero in every row; CSV and JSON keep it")
    func zeros() {
        #expect(lines([Row()])[0] == "app     note   input  failed")
        #expect(lines([Row(), Row(idle: 1)])[0] == "app     note   input  failed  idle")
        #expect(Table([Row()]).csv().hasPrefix("app,note,input_tokens,failed,idle\r\n"))
        #expect(Row().json.contains(#""input_tokens":65969999,"failed":3,"idle":0"#))
    }

    @Test("lines beyond a hundred characters lose columns, and say which")
    func dropped() {
        let wide = Row(note: String(repeating: "x", count: 85))
        let shown = lines([wide])
        #expect(shown[0].hasSuffix("  input"))
        #expect(shown.allSatisfy { $0.count <= TextStyle.usualWidth })
        #expect(shown.last == "left out for their width: failed (--json has all)")
        let wider = lines([Row(note: String(repeating: "x", count: 95))])
        #expect(wider.last == "left out for their width: failed, input (--json has all)")
    }

    @Test("on a terminal long texts are wrapped between words, and folded where that fails")
    func wrapped() {
        let long = Row(note: String(repeating: "wide words ", count: 8) + "end", idle: 1)
        let shown = lines([long, Row()], terminal(50))
        #expect(shown.dropLast().allSatisfy { $0.count <= 50 }, "\(shown)")
        #expect(shown[0] == "app     note" && shown[2].hasPrefix("search  wide words wide"))
        #expect(shown[3].hasPrefix("        "))
        #expect(lines([long], terminal(20))[0].hasPrefix("-- 1 "))
        // Elsewhere a program may read the lines.
        #expect(lines([long]).count == 4)
    }

    @Test("on a terminal sentences are broken between words, and long words never")
    func prose() {
        let word = String(repeating: "f", count: 40)
        var report = Report(.notes(title: "Notes", ["one two three \(word) four"]))
        report.verdict = "a sentence of several words"
        #expect(
            report.text(terminal(20)) == """
                Notes:
                  one two three
                  \(word)
                  four

                a sentence of
                several words

                """)
        #expect(report.text().contains("one two three \(word) four\n"))
    }

    @Test("no rows are a sentence that says what to do")
    func nothing() {
        #expect(Table([Row]()).text() == "there are no rows: make some\n")
        #expect(Listing([Row]()).json == #"{"rows":[]}"#)
        #expect(Table([Row]()).csv() == "app,note,input_tokens,failed,idle\r\n")
    }

    @Test(
        "large counts have three digits for people, and all of them where asked",
        arguments: [
            (0, "0"), (9_999, "9,999"), (10_000, "10k"), (12_345, "12.3k"), (421_456, "421k"),
            (999_499, "999k"), (999_500, "1M"), (2_375_176, "2.38M"), (65_969_999, "66M"),
            (1_000_000_000_000_000, "1,000,000,000,000,000"),
        ] as [(Int64, String)])
    func counts(count: Int64, shown: String) {
        let cell = RoundCount(count).cell
        #expect(cell.shown == shown)
        #expect(RoundCount(count).json == "\(count)")
    }
}
