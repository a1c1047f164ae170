import Benchmarks
import Testing

@Suite("Benchmark statistics")
struct StatisticsTests {
    @Test("the median is the middle value, or the mean of the two middle ones")
    func median() {
        #expect(Sample([3, 1, 2]).median == 2)
        #expect(Sample([4, 1, 3, 2]).median == 2.5)
        #expect(Sample([7]).median == 7)
        #expect(Sample([8, 10, 12]).spread == 0.4)
        #expect(Sample([5]).spread == 0)
        #expect(Sample(all: [1, nil]) == nil)
    }

    @Test("a report's ratio is the median of the runs' ratios")
    func ratio() {
        let runs = [(100, 200.0), (90, 100.0), (60, 150.0)].map { events, limit in
            BenchmarkReport.Run(events: Int64(events), seconds: 1, limit: limit)
        }
        let report = BenchmarkReport(name: "append", runs: runs)
        #expect(report.perSecond.median == 90)
        #expect(report.limit?.median == 150)
        #expect(report.ratio?.median == 0.5)
        #expect(report.p50 == nil)
        #expect(report.json.contains("\"ratio_to_limit\":0.5,"))
        #expect(report.json.contains("\"runs\":[{\"events\":100,\"seconds\":1,"))
        #expect(report.table.contains("median"))
    }

    @Test("percentiles of latencies are those of what was recorded, to three digits")
    func percentiles() {
        var latencies = Latencies()
        for milliseconds in 1...1_000 {
            latencies.record(microseconds: UInt64(milliseconds * 1_000))
        }
        let summary = latencies.summary
        #expect(abs(summary.p50Milliseconds - 500) < 2)
        #expect(abs(summary.p99Milliseconds - 990) < 2)
        var twice = latencies
        twice.add(latencies)
        #expect(twice.summary == summary)
    }

    @Test("an answer is read once its head is complete")
    func answers() {
        let text = "HTTP/1.1 200 OK\r\ncontent-LENGTH: 12\r\nServer: x\r\n\r\n{\"appended\":"
        let head = HTTPAnswerHead(Array(text.utf8))
        #expect(head?.status == 200)
        #expect(head?.contentLength == 12)
        #expect(head?.bytes == text.utf8.count - 12)
        #expect(HTTPAnswerHead(Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n".utf8)) == nil)
        #expect(HTTPAnswerHead(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))?.contentLength == 0)
    }

    @Test("a chunked answer ends with its last chunk, wherever it is cut")
    func chunks() throws {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\na;x=1\r\n0123456789\r\n0\r\n\r\n"
        let bytes = Array(text.utf8)
        let head = try #require(HTTPAnswerHead(bytes))
        #expect(head.isChunked && head.contentLength == nil)
        var chunks = HTTPChunks(from: head.bytes)
        for count in head.bytes..<bytes.count {
            #expect(try chunks.end(in: Array(bytes.prefix(count))) == nil)
        }
        #expect(try chunks.end(in: bytes) == bytes.count)
    }
}
