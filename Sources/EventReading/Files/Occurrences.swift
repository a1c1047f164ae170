import LedgerModel

/// Numbers identical rows of one file, so each gets an identity that reading the file again
/// reproduces: the first of its kind is 1, the next 2, and so on.
///
/// Counting in a dictionary would hold every row of the file, 4 GB for 100 million. Instead a first
/// pass sorts (digest, row) externally, which brings identical rows together in file order. The few
/// that are not the first of their kind are sorted back by row, and the second pass reads along.
/// Memory is bounded by the sorter's runs, whatever the file holds: 36 MB and 8 MB of merge
/// buffers. Disk: 24 bytes a row, in TMPDIR, for files of more than a million rows.
struct Occurrences: ~Copyable {
    private var repeats: SortedRecords
    private var upcoming: ExternalSorter.Record?
    private var row: UInt64 = 0
    private let expected: Checksum
    private var seen = Checksum()

    /// What both passes must agree on.
    private struct Checksum: Equatable {
        var rows: UInt64 = 0
        var mix: UInt64 = 0

        mutating func add(_ digest: Digest) {
            rows += 1
            mix = (mix ^ digest.words[0]) &* 0x9E37_79B9_7F4A_7C15
        }
    }

    /// The first pass: takes the digest of every row, in file order.
    struct Counter: ~Copyable {
        private let runRecordsMax: Int
        private var sorter: ExternalSorter
        private var checksum = Checksum()

        init(runRecordsMax: Int) {
            self.runRecordsMax = runRecordsMax
            sorter = ExternalSorter(runRecordsMax: runRecordsMax)
        }

        mutating func add(_ digest: Digest) throws(ImportFault) {
            // 128 bits of SHA-256 tell rows apart: 10^9 of them collide once in 10^20 files.
            try sorter.add(
                .init(
                    first: digest.words[0], second: digest.words[1], third: checksum.rows))
            checksum.add(digest)
        }

        consuming func finish() throws(ImportFault) -> Occurrences {
            let (checksum, runRecordsMax) = (checksum, runRecordsMax)
            var rows = try sorter.sorted()
            var repeats = ExternalSorter(runRecordsMax: runRecordsMax)
            var previous: ExternalSorter.Record?
            var number: UInt64 = 1
            while let record = try rows.next() {
                let isRepeat =
                    record.first == previous?.first && record.second == previous?.second
                number = isRepeat ? number + 1 : 1
                if isRepeat {
                    try repeats.add(.init(first: record.third, second: number, third: 0))
                }
                previous = record
            }
            return try Occurrences(repeats: repeats.sorted(), checksum: checksum)
        }
    }

    private init(
        repeats: consuming SortedRecords, checksum: Checksum
    ) throws(ImportFault) {
        upcoming = try repeats.next()
        self.repeats = repeats
        expected = checksum
    }

    /// The second pass: returns the number of the next row among identical ones.
    mutating func next(_ digest: Digest) throws(ImportFault) -> UInt64 {
        defer { row += 1 }
        seen.add(digest)
        guard let repeated = upcoming, repeated.first == row else { return 1 }
        upcoming = try repeats.next()
        return repeated.second
    }

    /// Whether both passes saw the same rows.
    var isConsistent: Bool { seen == expected }
}
