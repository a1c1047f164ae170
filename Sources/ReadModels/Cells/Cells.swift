/// What a page adds to the cells of one level and grain: a row of sums for each set of names and
/// start, and the counts of its histograms.
///
/// Rows lie one after the other in one array of words. A sum that leaves a word carries into a
/// table of its own, so sums are exact and rows stay half as long as with 128 bits.
struct Cells {
    let layout: Layout
    private(set) var present: [UInt64] = []
    private var index = KeyIndex()
    private var sums: [Int64] = []
    private var carries: [Int: Int64] = [:]
    private var counted = KeyIndex()
    private var counts: [Int64] = []
    /// A charge follows its request into the same cell.
    private var last: (key: UInt64, row: Int) = (.max, 0)

    init(_ layout: Layout) { self.layout = layout }

    var count: Int { index.count }

    /// Rows and buckets, which is what memory goes by.
    var size: Int { index.count + counted.count / 4 }

    func set(of row: Int) -> Int32 { Int32(truncatingIfNeeded: index.keys[row] >> 32) }
    func start(of row: Int) -> Int32 { Int32(truncatingIfNeeded: index.keys[row]) }

    /// The place of each quantity in a row.
    struct Layout {
        let width: Int
        let sums: UInt64
        let histograms: UInt64
        /// The quantity whose days are told, and where they are in a row.
        let days: (of: Quantity, place: Int)?
        fileprivate let places: InlineArray<64, Int8>

        init(_ measures: [Measure]) {
            var (width, sums, histograms) = (0, UInt64(0), UInt64(0))
            var places = InlineArray<64, Int8>(repeating: -1)
            var days: (of: Quantity, place: Int)?
            for measure in measures {
                switch measure.form {
                case .histogram:
                    histograms |= measure.quantity.bit
                    continue
                case .count, .sum:
                    sums |= measure.quantity.bit
                    places[measure.quantity.number] = Int8(width)
                case .days: days = (measure.quantity, width)
                }
                width += 1
            }
            self.width = width
            self.days = days
            self.sums = sums
            self.histograms = histograms
            self.places = places
        }
    }
}

// MARK: - Adding

extension Cells {
    @inline(__always)
    mutating func add(_ fact: borrowing Fact, set: Int32, start: Int32) {
        let row = row(set: set, start: start)
        var told = fact.mask & layout.sums
        present[row] |= told
        while told != 0 {
            let number = told.trailingZeroBitCount
            told &= told - 1
            add(fact.value(number), at: row * layout.width + Int(layout.places[number]))
        }
        told = fact.mask & layout.histograms
        while told != 0 {
            let number = told.trailingZeroBitCount
            told &= told - 1
            count(1, row: row, number: number, bucket: fact.value(number))
        }
    }

    /// Adds everything here to the cells of fewer names, a coarser grain or a longer span.
    ///
    /// - Parameters:
    ///   - sets: the other's set for each set of these cells.
    ///   - startsInOne: how many of these starts make one of the other's.
    ///   - isSpan: whether these start by the day and the other's by a span of at most 64 days.
    func add(to other: inout Cells, sets: [Int32], startsInOne: Int32, isSpan: Bool) {
        var rows: [Int32] = []
        rows.reserveCapacity(count)
        for row in 0..<count {
            let target = other.row(
                set: sets[Int(set(of: row))], start: start(of: row) / startsInOne)
            rows.append(Int32(target))
            other.present[target] |= present[row]
            if isSpan, let days = layout.days, present[row] & days.of.bit != 0 {
                other.sums[target * layout.width + days.place] |=
                    1 << (start(of: row) % startsInOne)
            }
            for column in 0..<layout.width {
                let place = target * layout.width + column
                other.add(sums[row * layout.width + column], at: place)
                if !carries.isEmpty, let carry = carries[row * layout.width + column] {
                    other.carries[place, default: 0] += carry
                }
            }
        }
        for (key, count) in zip(counted.keys, counts) {
            other.count(
                count, row: Int(rows[Int(key >> 32)]), number: Int(key >> 16 & 0xFFFF),
                bucket: Int64(key & 0xFFFF))
        }
    }

    @inline(__always)
    private mutating func row(set: Int32, start: Int32) -> Int {
        let key = UInt64(UInt32(bitPattern: set)) << 32 | UInt64(UInt32(bitPattern: start))
        if key == last.key { return last.row }
        let row = index.number(of: key)
        if row == present.count {
            present.append(0)
            sums.append(contentsOf: repeatElement(0, count: layout.width))
        }
        last = (key, row)
        return row
    }

    @inline(__always)
    private mutating func add(_ value: Int64, at place: Int) {
        let (sum, isCarried) = sums[place].addingReportingOverflow(value)
        sums[place] = sum
        if isCarried { carries[place, default: 0] += value < 0 ? -1 : 1 }
    }

    private mutating func count(_ count: Int64, row: Int, number: Int, bucket: Int64) {
        let key = UInt64(row) << 32 | UInt64(number) << 16 | UInt64(bucket)
        let place = counted.number(of: key)
        if place == counts.count { counts.append(0) }
        counts[place] += count
        present[row] |= 1 << UInt64(number)
    }
}

// MARK: - Reading

extension Cells {
    func sum(_ quantity: Quantity, row: Int) -> Int128? {
        guard present[row] & quantity.bit != 0 else { return nil }
        let place = row * layout.width + Int(layout.places[quantity.number])
        if carries.isEmpty { return Int128(sums[place]) }
        return Int128(sums[place]) + Int128(carries[place] ?? 0) << 64
    }

    /// A bit for each day of a span, in cells by that span; in cells by the day there is no more
    /// than the day itself.
    func days(row: Int, by span: DaySpan) -> Int64? {
        guard let days = layout.days, present[row] & days.of.bit != 0 else { return nil }
        return span == .day ? 1 : sums[row * layout.width + days.place]
    }

    /// The histograms of all rows.
    func histograms() -> RowHistograms {
        RowHistograms(rows: count, keys: counted.keys, counts: counts)
    }
}

/// The cells of histograms, row by row in the order of quantity and bucket.
struct RowHistograms {
    private var keys: [UInt64]
    private var counts: [Int64]
    /// Where each row begins, and an end.
    private var starts: [Int]

    fileprivate init(rows: Int, keys: [UInt64], counts: [Int64]) {
        starts = [Int](repeating: 0, count: rows + 1)
        for key in keys { starts[Int(key >> 32) + 1] += 1 }
        for row in 0..<rows { starts[row + 1] += starts[row] }
        var free = starts
        var places = [Int32](repeating: 0, count: keys.count)
        for (place, key) in keys.enumerated() {
            places[free[Int(key >> 32)]] = Int32(place)
            free[Int(key >> 32)] += 1
        }
        for row in 0..<rows where starts[row + 1] - starts[row] > 1 {
            places[starts[row]..<starts[row + 1]].sort { keys[Int($0)] < keys[Int($1)] }
        }
        self.keys = places.map { keys[Int($0)] }
        self.counts = places.map { counts[Int($0)] }
    }

    /// The buckets of one row and quantity, each with its count in one number; nil without any.
    func cells(_ quantity: Quantity, row: Int) -> [Int64]? {
        var cells: [Int64] = []
        for place in starts[row]..<starts[row + 1]
        where Int(keys[place] >> 16 & 0xFFFF) == quantity.number {
            let bucket = Int64(keys[place] & 0xFFFF)
            cells.append(bucket << HistogramCell.countBits | counts[place])
        }
        return cells.isEmpty ? nil : cells
    }
}

/// A bucket and its count in one number, as tables keep them.
enum HistogramCell {
    static let countBits: Int64 = 48

    static func bucket(_ cell: Int64) -> Int { Int(cell >> countBits) }
    static func count(_ cell: Int64) -> Int64 { cell & (1 << countBits - 1) }
}
