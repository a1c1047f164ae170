import JSON
import LedgerModel
import Rendering
import Testing

/// A result with every kind of member.
private struct Bill: ListedObject {
    var model: Name
    var requests: Int64 = 1
    var cost: PicodollarSum?
    var groups: [(name: String, value: Name)] = []
    var error: String?
    var isCharged = true

    static let listName = "bills"

    static let shape = Shape<Bill> {
        Member(spreading: \.groups)
        Member("model", \.model, .column)
        Member("requests", \.requests, .heading("calls"))
        Member("cost_usd", \.cost, .column, when: \.isCharged)
        Member("error", \.error, omitted: true)
        Member(heading: "verdict") { $0.cost == nil ? "unpriced" : "priced" }
        Member("parts", { [Part(name: "a", count: $0.requests)] })
        Member(including: { Part(name: "own", count: $0.requests) })
    }
}

private struct Part: RenderableObject {
    let name: String
    let count: Int64

    static let shape = Shape<Part> {
        Member("name", \.name)
        Member("count", \.count)
    }
}

@Suite("Rendering: one description")
struct RenderingTests {
    private let priced = Bill(
        model: "gpt-4o", requests: 1_234_567, cost: PicodollarSum(12_500_000),
        groups: [("app", "search")])
    private let unpriced = Bill(model: "a,\"b\"\n", error: "no price")

    @Test("JSON has the members in order: money as exact text, unknown values as null")
    func json() {
        let parts = #""parts":[{"name":"a","count":1234567}],"name":"own","count":1234567}"#
        #expect(
            priced.json == #"{"app":"search","model":"gpt-4o","requests":1234567,"#
                + #""cost_usd":"0.0000125","# + parts)
        #expect(unpriced.json.contains(#""cost_usd":null,"error":"no price""#))
        var free = unpriced
        free.isCharged = false
        #expect(!free.json.contains("cost_usd"))
        #expect(Listing([priced]).json == #"{"bills":["# + priced.json + "]}")
    }

    @Test("a table aligns numbers, groups thousands, and shows unknown values as a dash")
    func table() {
        let text = Table([priced, unpriced], total: priced).text()
        let lines = text.split(separator: "\n")
        #expect(lines[0] == "app     model       calls    cost_usd  verdict")
        #expect(lines[2] == "search  gpt-4o  1,234,567  $0.0000125  priced")
        #expect(lines[3] == "–       a,\"b\"\u{FFFD}          1           –  unpriced")
        #expect(lines.count == 6 && lines[4] == lines[1])
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
        #expect(Table([Bill]()).text().hasPrefix("model  calls  cost_usd  verdict\n"))
    }

    @Test("asked for, money has all of its digits, and colours follow the tone")
    func styles() {
        var long = priced
        long.cost = PicodollarSum(1_234_567_890_123_456)
        #expect(Table([long]).text().contains("  $1,234.57  "))
        var style = TextStyle()
        style.isExact = true
        #expect(Table([long]).text(style).contains("  1234.567890123456  "))
        let facts = Report(.facts([("cost", long.cost.cell)]))
        #expect(facts.text() == "cost  $1,234.57\n")
        #expect(facts.text(style) == "cost  1234.567890123456\n")
        style.hasColors = true
        var table = Table(["model", "change"])
        var change = Cell(money: PicodollarSum(-2_000_000_000_000), isSigned: true)
        change.tone = .good
        table.add([Cell("m"), change])
        table.add([Cell("n"), .unknown])
        let lines = table.text(style).split(separator: "\n")
        #expect(lines[0] == "\u{1B}[1mmodel\u{1B}[0m  \u{1B}[1mchange\u{1B}[0m")
        #expect(lines[2] == "m          \u{1B}[32m-2\u{1B}[0m")
        #expect(lines[3] == "n           \u{1B}[2m–\u{1B}[0m")
        #expect(!table.text().contains("\u{1B}"))
    }

    @Test(
        "a part of one is a fraction in JSON and CSV, a percentage for people",
        arguments: [
            (0.6598, Proportion.Form.bar, "66 % ███████···"), (1.7, .bar, "170 % ██████████"),
            (0, .bar, "0 % ··········"), (0.2615, .change, "+26.2 %"), (-0.5, .change, "-50 %"),
        ])
    func proportions(value: Double, form: Proportion.Form, shown: String) {
        let part = Proportion(value, as: form)
        #expect(part.cell.shown == shown)
        #expect(part.json == value.json)
    }

    @Test("a row that is wider than the terminal is folded, a line for each column")
    func folding() {
        let table = Table([priced, unpriced], total: priced)
        var style = TextStyle()
        style.folding = .above(columns: 47)
        #expect(table.text(style) == table.text())
        style.folding = .above(columns: 46)
        let lines = table.text(style).split(separator: "\n")
        #expect(
            lines.prefix(6) == [
                "-- 1 --------", "app       search", "model     gpt-4o", "calls     1,234,567",
                "cost_usd  $0.0000125", "verdict   priced",
            ])
        #expect(lines[6] == "-- 2 --------" && lines[12] == "-- total --------")
        #expect(lines.count == 18)
        style.folding = .always
        #expect(table.text(style).hasPrefix("-- 1 "))
    }

    @Test(
        "money is rounded for reading: cents above a dollar, three digits below",
        arguments: [
            (0, "$0.00"), (1, "$0.000000000001"), (85_300_000, "$0.0000853"),
            (85_349_999, "$0.0000853"), (85_350_000, "$0.0000854"), (500_000_000_000, "$0.50"),
            (999_499_999_999, "$0.999"), (999_500_000_000, "$1.00"),
            (13_700_000_000_000, "$13.70"), (13_695_000_000_000, "$13.70"),
            (13_705_000_000_000, "$13.70"), (-2_345_678_912_000_000_000, "-$2,345,678.91"),
        ] as [(Int128, String)])
    func rounding(amount: Int128, text: String) {
        #expect(dollars(PicodollarSum(amount)) == text)
        let signed = dollars(PicodollarSum(amount), isSigned: true)
        #expect(signed == (amount > 0 ? "+" + text : text))
    }

    @Test("tail shows a request and its charge as one line, and anything else by its kind")
    func tail() {
        func recorded(_ kind: EventKind, _ id: UInt64, cause: EventID? = nil) -> RecordedEvent {
            let time = Timestamp(year: 2026, month: 11, day: 29)
            var event = Event(id: EventID(high: 1, low: id), kind: kind, occurredAt: time)
            event.causeID = cause
            event.dimensions = [.app: "search", .model: "gpt-4o"]
            if kind.isRequest { event.usage = [.inputTokens: 1_200, .outputTokens: 340] }
            return RecordedEvent(position: Int64(id), recordedAt: time, event: event)
        }
        var lines = TailLines()
        let request = recorded(.requestCompleted, 1)
        var charge = recorded(.chargeRated, 2, cause: request.event.id)
        var priced = charge.event
        priced.amount = Picodollars(6_400_000_000)
        charge = RecordedEvent(position: 2, recordedAt: charge.recordedAt, event: priced)
        #expect(lines.take(request) == [])
        let line = "2026-11-29T00:00:00Z  search            gpt-4o                    1,200 → 340"
        #expect(lines.take(charge) == [line + "       $0.0064"])
        #expect(lines.take(recorded(.requestFailed, 3)) == [])
        #expect(lines.take(recorded(.requestCompleted, 4)) == [line + "       failed"])
        #expect(lines.flush() == [line] && lines.flush() == [])
        let published = lines.take(recorded(.pricesPublished, 5))
        #expect(published.first?.hasSuffix("prices.published") == true)
    }

    @Test("rows beyond the limit are only counted for people, and CSV has all")
    func longTable() {
        let table = Table(Array(repeating: priced, count: 5), rowsShownMax: 2)
        #expect(table.text().contains("and 3 more rows"))
        #expect(table.csv().split(separator: "\r\n").count == 6)
    }

    @Test("CSV quotes where needed, and has no thousands separators and dashes")
    func csv() {
        let lines = Table([priced, unpriced]).csv(endingLinesWith: ";")
        #expect(
            lines == "app,model,calls,cost_usd,verdict;"
                + "search,gpt-4o,1234567,0.0000125,priced;,\"a,\"\"b\"\"\n\",1,,unpriced;")
    }

    @Test("the schema has types, formats, and what may be null or absent")
    func schema() {
        let schema = Bill.schema.json
        #expect(schema.hasPrefix(#"{"type":"object","title":"Bill","properties":{"#))
        #expect(schema.contains(#""cost_usd":{"type":["string","null"],"format":"decimal"}"#))
        #expect(
            schema.contains(#""parts":{"type":"array","items":{"type":"object","title":"Part""#))
        #expect(schema.contains(#""required":["model","requests","parts","name","count"]"#))
        #expect(schema.hasSuffix(#""additionalProperties":{"type":"string"}}"#))
        #expect(
            JSONSchema.nullable(.nullable(.integer)).json.contains("anyOf")
                && Timestamp.schema.json == #"{"type":"string","format":"date-time"}"#)
    }

    @Test(
        "a number has as many decimals as its size lets people read",
        arguments: [
            (0.84731, "0.8473"), (999.5, "999.5"), (4_124.2601, "4,124.3"), (-2_000, "-2,000"),
            (1e300, "1e+300"),
        ])
    func numbers(value: Double, shown: String) {
        #expect(value.cell.shown == shown)
    }

    @Test(
        "an age has one unit, the largest that fits",
        arguments: [
            (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"),
            (86_399, "23 h"), (86_400, "1 d"), (86_400 * 1_234, "1,234 d"),
        ])
    func ages(seconds: Int64, text: String) {
        #expect(age(seconds) == text)
    }

    @Test("a report reads from top to bottom on a terminal, its verdict last")
    func reportText() {
        var report = Report(
            .facts([("requests", Cell("2")), ("cost", Cell("3 USD"))]), .table(Table([priced])),
            .notes(title: "Nothing", []), .notes(title: "Note", ["first", "second"]))
        report.verdict = "they \u{1B}agree"
        #expect(report.text().hasPrefix("requests  2\ncost      3 USD\n\napp"))
        #expect(report.text().hasSuffix("\n\nNote:\n  first\n  second\n\nthey \u{FFFD}agree\n"))
        #expect(!report.text().contains("Nothing"))
    }

    @Test("a page escapes every name by its scalars, and is self-contained")
    func page() {
        var evil = priced
        evil.model = "<script>alert(1)</script>"
        // One Character with its accent, but still a quotation mark to a browser.
        evil.groups = [("app", "\"\u{301} onload='x'")]
        var report = Report(.table(Table([evil], total: evil)), .notes(title: "<b>", ["&\u{1B}"]))
        report.heading = "A </title> in the heading"
        report.cards = [Report.Card("Ledger", "1", "of 2", .bad), Report.Card("Bill", "<i>")]
        report.tone = .good
        report.verdict = "first\nsecond <"
        let html = report.html
        #expect(html.hasPrefix("<!doctype html>") && html.contains("</html>"))
        #expect(!html.contains("<script") && !html.contains("http") && !html.contains("onload='x"))
        #expect(html.contains("&lt;script&gt;alert(1)") && html.contains("&quot;\u{301} onload"))
        #expect(html.contains("A &lt;/title&gt; in") && html.contains("<h2>&lt;b&gt;</h2>"))
        #expect(html.contains("<li>&amp;\u{FFFD}</li>"))
        #expect(html.contains("first<br>second &lt;</p>"))
        #expect(html.contains("<div class=\"card bad\"><span>Ledger</span><strong>1</strong>"))
        #expect(
            html.contains("<div class=\"card \"><span>Bill</span><strong>&lt;i&gt;</strong></div>"))
        #expect(html.contains("<td class=\"n\">1,234,567</td>") && html.contains("<tfoot>"))
    }

    @Test("bars are drawn on pages only")
    func bars() {
        var table = Table(["model", "before/after"])
        table.add([Cell("m"), Cell(bars: [0.5, 2])])
        let html = Report(.table(table)).html
        #expect(html.contains("<i class=\"bar b0\" style=\"width:50.0%\">"))
        #expect(html.contains("<i class=\"bar b1\" style=\"width:100.0%\">"))
        #expect(html.contains("<i class=\"key b1\"></i>after"))
        #expect(table.text() == "model\n-----\nm\n")
    }

    @Test(
        "thousands are grouped in numbers of every size and sign",
        arguments: [
            ("0", "0"), ("999", "999"), ("-1000", "-1,000"), ("1234567.5", "1,234,567.5"),
        ])
    func numerals(plain: String, shown: String) {
        #expect(grouped(numeral: plain) == shown)
    }
}
