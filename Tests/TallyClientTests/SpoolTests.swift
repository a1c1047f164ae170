import Foundation
import LedgerTesting
import Spooling
import TallyClient
import Testing

/// Records in files, and their recovery.
@Suite("The spool")
struct SpoolTests {
    private let disk = SimulatedDisk()
    private let reports = Reports()

    private func open(_ limits: Spool.Limits = .small) throws -> Spool {
        try Spool(on: disk, limits: limits, report: reports.add)
    }

    private func fill(_ spool: Spool, _ texts: some Sequence<String>) throws {
        for text in texts { _ = try spool.append(Array(text.utf8)) }
    }

    private func acknowledgeAll(_ spool: Spool) throws {
        let parcel = try spool.read(recordsMax: .max, bytesMax: .max)
        try spool.acknowledge(parcel, deadLetters: [], report: reports.add)
    }

    @Test("records come out in the order in which they went in, across segments and openings")
    func order() throws {
        let texts = (0..<500).map { "record \($0) " + String(repeating: "x", count: $0 % 90) }
        try fill(try open(), texts[..<250])
        let spool = try open()
        #expect(spool.waiting.records == 250)
        try fill(spool, texts[250...])
        #expect(try spool.everything() == texts)
        #expect(try open().everything() == texts)
        #expect(disk.segmentNames.count > 5)
        #expect(reports.all.isEmpty)
    }

    @Test("a parcel ends at either limit, but holds at least one record")
    func parcels() throws {
        let spool = try open()
        try fill(spool, (0..<10).map { "record \($0)" })
        #expect(try spool.read(recordsMax: 3, bytesMax: .max).lines.count == 3)
        #expect(try spool.read(recordsMax: .max, bytesMax: 20).lines.count == 2)
        #expect(try spool.read(recordsMax: .max, bytesMax: 1).lines.count == 1)
    }

    @Test("acknowledged records are gone, even after a restart, and their segments are removed")
    func acknowledged() throws {
        let spool = try open()
        let texts = (0..<300).map { "record \($0) of many that take some room in a file" }
        try fill(spool, texts)
        let before = disk.segmentNames.count
        let parcel = try spool.read(recordsMax: 200, bytesMax: .max)
        try spool.acknowledge(parcel, deadLetters: [], report: reports.add)
        #expect(spool.waiting.records == 100)
        #expect(disk.segmentNames.count < before)
        #expect(try spool.everything() == Array(texts[200...]))
        let again = try open()
        #expect(again.waiting.records == 100)
        #expect(try again.everything() == Array(texts[200...]))
        try acknowledgeAll(again)
        #expect(again.waiting == Spool.Waiting(records: 0, bytes: 0))
        #expect(disk.segmentNames.isEmpty)
        #expect(again.bytes == 0)
    }

    @Test("a number is never used again: an old cursor does not skip new records")
    func numbers() throws {
        let first = try open()
        try fill(first, ["a", "b"])
        try acknowledgeAll(first)
        let second = try open()
        #expect(disk.segmentNames.isEmpty)
        try fill(second, ["c"])
        #expect(try open().everything() == ["c"])
    }

    @Test("a lost or torn cursor causes duplicates, but loses no record")
    func cursor() throws {
        let spool = try open()
        try fill(spool, ["a", "b", "c"])
        let parcel = try spool.read(recordsMax: 2, bytesMax: .max)
        try spool.acknowledge(parcel, deadLetters: [], report: reports.add)
        let cursor = disk["cursor"]
        for length in 0..<cursor.count {
            disk["cursor"] = Array(cursor.prefix(length))
            #expect(try open().everything() == ["a", "b", "c"])
        }
        disk["cursor"] = cursor
        #expect(try open().everything() == ["c"])
    }

    @Test("if the file is cut at any byte of the last record, only that record is lost")
    func tornTail() throws {
        try fill(try open(), ["first", "second", "the last one"])
        let name = try #require(disk.segmentNames.first)
        let whole = disk[name]
        let frame = Segment.frameBytes + "the last one".utf8.count
        for missing in 1...frame {
            disk[name] = Array(whole.dropLast(missing))
            let reports = Reports()
            let spool = try Spool(on: disk, limits: .small, report: reports.add)
            #expect(try spool.everything() == ["first", "second"], "\(missing) bytes cut")
            let isCutBetween = missing == frame
            #expect(
                reports.all
                    == (isCutBetween
                        ? [] : [.damaged(file: name, bytes: frame - missing, isTail: true)]))
            // It continues in a new segment, unaffected by the torn one.
            try fill(spool, ["next"])
            #expect(try spool.everything() == ["first", "second", "next"])
            try acknowledgeAll(spool)
            #expect(disk.segmentNames.count == 1)
            #expect(try spool.everything() == [])
            for name in disk.segmentNames { try disk.remove(name) }
            try disk.remove("cursor")
        }
    }

    @Test("a changed byte loses only its record, and the file is kept for inspection")
    func changedByte() throws {
        let texts = ["first", "second", "third", "fourth"]
        try fill(try open(), texts)
        let name = try #require(disk.segmentNames.first)
        let whole = disk[name]
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0x41
            disk[name] = bytes
            let spool = try open()
            let left = try spool.everything()
            #expect(left.count >= 3 && left.allSatisfy { texts.contains($0) }, "byte \(index)")
            try acknowledgeAll(spool)
            #expect(spool.waiting.records == 0)
            let isTail = index >= whole.count - Segment.frameBytes - 6
            let isHeader = index < Segment.headerBytes
            let files = try disk.files()
            #expect(files[name] == nil)
            if !isHeader { #expect((files[name + ".damaged"] == nil) == isTail, "byte \(index)") }
            for file in files.keys { try disk.remove(file) }
        }
    }

    @Test("a spool at its limit refuses records, and accepts them again once some are acknowledged")
    func limit() throws {
        let limits = Spool.Limits(spoolBytesMax: 20_000, segmentBytesMax: 4_096)
        let spool = try open(limits)
        var count = 0
        #expect(throws: Spool.Refusal.full) {
            while true {
                _ = try spool.append([UInt8](repeating: 120, count: 100))
                count += 1
            }
        }
        #expect((170...185).contains(count))
        #expect(spool.bytes <= limits.spoolBytesMax)
        #expect(disk.segmentNames.reduce(0) { $0 + disk[$1].count } <= limits.spoolBytesMax)
        let parcel = try spool.read(recordsMax: 100, bytesMax: .max)
        try spool.acknowledge(parcel, deadLetters: [], report: reports.add)
        _ = try spool.append([1])
        #expect(try spool.everything().count == count - 99)
    }

    @Test("a full disk damages nothing; with space again, recording continues")
    func fullDisk() throws {
        let spool = try open()
        try fill(spool, (0..<30).map { "record \($0)" })
        disk.limit(to: 600)
        var written = 30
        #expect(throws: Spool.Refusal.fault(SpoolFault(.diskFull, "the disk is full"))) {
            while true {
                _ = try spool.append(Array("record \(written)".utf8))
                written += 1
            }
        }
        #expect(throws: Spool.Refusal.self) { try spool.append(Array("record".utf8)) }
        disk.limit(to: .max)
        try fill(spool, ["after"])
        let texts = (0..<written).map { "record \($0)" } + ["after"]
        #expect(try spool.everything() == texts)
        #expect(try open().everything() == texts)
    }

    @Test("dead letters count as bytes of the spool, and survive")
    func deadLetters() throws {
        let spool = try open()
        try fill(spool, ["a"])
        let parcel = try spool.read(recordsMax: 1, bytesMax: .max)
        try spool.acknowledge(parcel, deadLetters: Array("one\n".utf8), report: reports.add)
        try fill(spool, ["b"])
        let next = try spool.read(recordsMax: 1, bytesMax: .max)
        try spool.acknowledge(next, deadLetters: Array("two\n".utf8), report: reports.add)
        #expect(disk["dead-letters.ndjson"] == Array("one\ntwo\n".utf8))
        #expect(try open().bytes == 8)
    }

    @Test("after a power cut all synced records are there")
    func powerLoss() throws {
        let seed = testSeed()
        var generator = SeededGenerator(seed: seed)
        for round in 0..<200 {
            let disk = SimulatedDisk(seed: seed &+ UInt64(round))
            let spool = try Spool(on: disk, limits: .small, report: reports.add)
            var synced = 0
            let count = Int.random(in: 1...200, using: &generator)
            let texts = (0..<count).map { "record \($0) of us" }
            for (index, text) in texts.enumerated() {
                _ = try spool.append(Array(text.utf8))
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    try spool.sync()
                    synced = index + 1
                }
            }
            disk.restart(after: .powerLoss)
            let left = try Spool(on: disk, limits: .small, report: reports.add).everything()
            #expect(left.starts(with: texts[..<synced]), "seed \(seed), round \(round)")
            #expect(left.allSatisfy { texts.contains($0) })
        }
    }

    @Test("a client that does not sync loses records: the simulated power cut is effective")
    func powerLossIsReal() throws {
        var lost = 0
        for round in 0..<50 {
            let disk = SimulatedDisk(seed: UInt64(round))
            let spool = try Spool(on: disk, limits: .small, report: reports.add)
            try fill(spool, (0..<50).map { "record \($0)" })
            disk.restart(after: .powerLoss)
            let left = try Spool(on: disk, limits: .small, report: reports.add).waiting.records
            lost += 50 - left
        }
        #expect(lost > 0)
    }

    @Test("a second spool on a directory is told who uses it, and a released one is free")
    func lock() async throws {
        try await withDirectory { directory in
            let first = try FileDisk(directory: directory + "/deep/spool")
            let error = #expect(throws: SpoolUnusable.self) {
                _ = try FileDisk(directory: directory + "/deep/spool")
            }
            #expect(
                error
                    == .inUse(
                        directory: directory + "/deep/spool",
                        holder: "another client of this process"))
            first.release()
            _ = try FileDisk(directory: directory + "/deep/spool")
        }
    }

    @Test("a real directory behaves as the simulated one")
    func realFiles() async throws {
        try await withDirectory { directory in
            let texts = (0..<200).map { "record \($0), with some more text to fill the files" }
            do {
                let spool = try Spool(
                    on: FileDisk(directory: directory), limits: .small, report: reports.add)
                try fill(spool, texts)
                try spool.sync()
                let parcel = try spool.read(recordsMax: 120, bytesMax: .max)
                try spool.acknowledge(
                    parcel, deadLetters: Array("x\n".utf8), report: reports.add)
                spool.close()
                #expect(throws: Spool.Refusal.closed) { try spool.append([1]) }
            }
            let disk = try FileDisk(directory: directory)
            let spool = try Spool(on: disk, limits: .small, report: reports.add)
            #expect(try spool.everything() == Array(texts[120...]))
            #expect(try disk.files()["dead-letters.ndjson"] == 2)
            try acknowledgeAll(spool)
            let names = try disk.files().keys.sorted()
            #expect(names == ["cursor", "dead-letters.ndjson", "lock"])
            #expect(reports.all.isEmpty)
        }
    }
}
