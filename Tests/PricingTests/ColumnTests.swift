import Pricing
import Testing

@Suite("Lines and columns of files")
struct ColumnTests {
    @Test(
        "an error names the line and the column, in characters, whatever the file is written in",
        arguments: [
            ("tally_prices: 2", "line 1, column 15: "),
            ("tally_prices: 1\nname: \"ä\"\nprovider: {}", "line 3, column 1: "),
            ("a: 1\nb: @x", "line 2, column 4: this is neither YAML nor JSON"),
            ("{\"a\": 1,\n \"ü\": 2, \"a\": 3}", "line 1, column 2: \"a\" is given twice"),
        ])
    func places(text: String, place: String) {
        let error = #expect(throws: PriceFileError.self) {
            let root = try FileNode(parsing: text)
            guard let version = root["tally_prices"] else { return }
            if try version.text("tally_prices") != "1" { throw version.error("another version") }
            for entry in try root.entries() where entry.key == "provider" {
                throw entry.error("no provider")
            }
        }
        #expect(error.map { "\($0)".hasPrefix(place) } == true, "\(String(describing: error))")
    }

    @Test("values of YAML and JSON have the same places")
    func alike() throws {
        let json = "{\"ä\": [1,\n  {\"b\": \"ö\", \"c\": 2}]}"
        let yaml = " {\"ä\": [1,\n  {\"b\": \"ö\", \"c\": 2}]}"
        var places: [[[Int]]] = []
        for (text, shift) in [(json, 0), (yaml.replacing("1,", with: "x,"), 1)] {
            let root = try FileNode(parsing: text)
            let list = try #require(root["ä"])
            let inner = try list.items("the list")[1]
            let entries = try inner.entries()
            places.append([
                [list.line, list.column - shift], [inner.line, inner.column],
                [entries[1].line, entries[1].column],
                [entries[1].value.line, entries[1].value.column],
            ])
        }
        #expect(places[0] == [[1, 7], [2, 3], [2, 14], [2, 19]])
        #expect(places[1] == places[0])
    }
}
