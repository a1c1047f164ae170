import LedgerModel
import Pricing
import Providers
import Testing

@Suite("Providers")
struct ProviderTests {
    private static let good = """
        tally_providers: 1
        providers:
          openai:
            keys: {main: {env: OPENAI_API_KEY, requests_per_minute: 500}, other: {file: /nowhere}}
            models: {small: gpt-4o-mini}
            timeouts: {connect: 5s, total: 10m}
          local: {kind: compatible, base_url: "http://localhost:8000/v1/"}

        """

    @Test("a file is read, with what it leaves out")
    func good() throws {
        let providers = try ProviderFile.read(Self.good)
        #expect(providers.map(\.name) == ["openai", "local"])
        #expect(providers[0].baseURL == "https://api.openai.com/v1" && providers[0].hasBatches)
        #expect(
            providers[0].model("small") == "gpt-4o-mini"
                && providers[0].times.total == .seconds(600))
        #expect(providers[1].url("/v1/files") == "http://localhost:8000/v1/files")
        #expect(providers[1].prices == "local" && !providers[1].hasBatches)
    }

    @Test(
        "an error names its place",
        arguments: [
            ("tally_providers: 1\nproviders: {}", "names no providers"),
            (
                "tally_providers: 1\nproviders: {openai: {keys: {a: {text: x}}}}",
                "one of env and file"
            ),
            ("tally_providers: 1\nproviders: {x: {kind: y}}", "kind is y"),
            ("tally_providers: 1\nproviders: {openai: {}}", "it has no keys"),
            (
                "tally_providers: 1\nproviders:\n  openai:\n    keys: {a: {env: A}}\n    colour: red",
                "5"
            ),
            (
                "tally_providers: 1\nproviders: {v: {kind: compatible, base_url: 'http://u:p@h'}}",
                "user, password"
            ),
        ])
    func bad(_ text: String, _ words: String) {
        let error = #expect(throws: PriceFileError.self) { try ProviderFile.read(text) }
        #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    }

    @Test("a key is neither printed nor mirrored, and one that is missing is told of")
    func secrets() throws {
        let (set, missing) = ProviderSet.load(
            try ProviderFile.read(Self.good), environment: ["OPENAI_API_KEY": "sk-1\n"])
        #expect(missing.map(\.key) == ["other"])
        let secret = try #require(set.secret(of: set.all[0], key: nil))
        #expect(secret.text == "sk-1")
        var dumped = ""
        dump(set, to: &dumped)
        #expect(!"\(set)\(secret)\(dumped)".contains("sk-1"))
    }

    @Test("a form is read the same, wherever it is cut")
    func forms() throws {
        let form = Array(
            """
            --x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n\
            --x\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n\
            {"a":1}\r\n--\r\n{"b":2}\n\r\n--x--\r\n
            """.utf8)
        for size in 1...form.count {
            var reader = try MultipartReader(contentType: "multipart/form-data; boundary=x")
            var (names, part, contents) = ([String](), "", [String: [UInt8]]())
            for start in stride(from: 0, to: form.count, by: size) {
                try reader.take(form[start..<min(form.count, start + size)]) { piece in
                    switch piece {
                    case .part(let name, let file):
                        part = name
                        names.append(file ?? name)
                    case .data(let bytes): contents[part, default: []] += bytes
                    }
                }
            }
            try reader.finish()
            #expect(names == ["purpose", "a.jsonl"])
            #expect(contents["purpose"] == Array("batch".utf8))
            #expect(contents["file"] == Array("{\"a\":1}\r\n--\r\n{\"b\":2}\n".utf8))
        }
        var cut = try MultipartReader(contentType: "multipart/form-data; boundary=\"x\"")
        try cut.take(form.dropLast(8)) { _ in }
        #expect(throws: FormFault.cutOff) { try cut.finish() }
    }
}
