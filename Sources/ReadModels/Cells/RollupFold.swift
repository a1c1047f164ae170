import LedgerModel
import Postgres

/// The fields of a page that cells are named by, each distinct run of them once.
struct PageFields {
    /// The base dimensions together.
    var base = FieldBlocks()
    var aspects = [FieldBlocks](repeating: FieldBlocks(), count: Aspect.allCases.count)

    subscript(aspect: Aspect) -> FieldBlocks {
        get { aspects[aspect.rawValue] }
        _modify { yield &aspects[aspect.rawValue] }
    }
}

/// Where an event lies: its time, and the numbers of its fields.
struct FactPlace {
    var time: Int64 = 0
    var base: Int32 = 0
    var aspects = InlineArray<10, Int32>(repeating: 0)
}

/// Folds events into the full level of a rollup at its finest grain.
struct RollupFold {
    let rollup: Rollup
    private(set) var cells: Cells
    private(set) var sets = FieldBlocks()
    private let grain: Int64
    private let told: UInt64
    private let usesBase: Bool
    private let aspect: Aspect?
    private var pairs = KeyIndex()
    private var setOfPair: [Int32] = []
    private var last: (pair: UInt64, set: Int32) = (.max, 0)

    init(_ rollup: Rollup) {
        self.rollup = rollup
        let layout = Cells.Layout(rollup.measures)
        cells = Cells(layout)
        told = layout.sums | layout.histograms
        grain = rollup.tables[0].grain.microseconds
        let base = Set(Dimension.base.map(KeyColumn.dimension))
        usesBase = !base.isDisjoint(with: rollup.full.key)
        aspect = Aspect.allCases.first { !Set($0.columns).isDisjoint(with: rollup.full.key) }
    }

    @inline(__always)
    mutating func take(_ fact: borrowing Fact, at place: FactPlace, of fields: borrowing PageFields)
    {
        guard fact.mask & told != 0 else { return }
        let base = usesBase ? place.base : 0
        let other = aspect.map { place.aspects[$0.rawValue] } ?? 0
        let pair = UInt64(UInt32(bitPattern: base)) << 32 | UInt64(UInt32(bitPattern: other))
        if pair != last.pair { last = (pair, set(of: pair, base, other, fields)) }
        cells.add(fact, set: last.set, start: Int32(place.time / grain))
    }

    private mutating func set(
        of pair: UInt64, _ base: Int32, _ other: Int32, _ fields: borrowing PageFields
    ) -> Int32 {
        let number = pairs.number(of: pair)
        if number < setOfPair.count { return setOfPair[number] }
        let set = sets.number(of: block(base, other, fields))
        setOfPair.append(set)
        return set
    }

    /// The fields of the full level, in the order of its columns.
    private func block(
        _ base: Int32, _ other: Int32, _ fields: borrowing PageFields
    ) -> [UInt8] {
        var columns: [KeyColumn: [UInt8]] = [:]
        func note(_ names: [KeyColumn], _ blocks: borrowing FieldBlocks, _ number: Int32) {
            blocks.withFields(of: number) { found in
                for (name, field) in zip(names, found) {
                    columns[name, default: []].appendField(raw: field)
                }
            }
        }
        if usesBase { note(Dimension.base.map(KeyColumn.dimension), fields.base, base) }
        if let aspect { note(aspect.columns, fields[aspect], other) }
        return rollup.full.key.flatMap { columns[$0] ?? [] }
    }
}

/// The cells of one level, grain and span, with the names of their sets.
struct LevelCells {
    let level: RollupLevel
    let table: RollupTable
    var span = DaySpan.day
    let cells: Cells
    let sets: FieldBlocks

    /// The level as rows name it.
    var storedLevel: Int16 { span.stored(level.number) }
}

extension RollupFold {
    /// Every level at the grains and by the spans that it is kept at: from the same level at the
    /// finest grain, or from the full level at its own.
    func levels() -> [LevelCells] {
        var made: [LevelCells] = []
        for table in rollup.tables {
            for level in rollup.levels where level.isKept(at: table.grain) {
                let source =
                    made.first { $0.level.number == level.number }
                    ?? made.last { $0.level.number == rollup.full.number && $0.span == .day }
                let cells =
                    source?.rolled(to: level, table)
                    ?? LevelCells(level: level, table: table, cells: cells, sets: sets)
                made.append(cells)
                for span in level.spans(at: table.grain).dropFirst() {
                    made.append(cells.rolled(to: table, span))
                }
            }
        }
        return made
    }
}

extension LevelCells {
    /// The same with fewer names or a coarser grain.
    fileprivate func rolled(to level: RollupLevel, _ table: RollupTable) -> LevelCells {
        if level.number == self.level.number { return rolled(to: table) }
        let places = level.key.map { column in self.level.key.firstIndex(of: column) ?? 0 }
        var sets = FieldBlocks()
        let mapping = (0..<Int32(self.sets.count)).map { number in
            self.sets.withFields(of: number) { fields in
                var block: [UInt8] = []
                for place in places { block.appendField(raw: fields[place]) }
                return sets.number(of: block)
            }
        }
        return rolled(to: level, table, .day, mapping, sets)
    }

    fileprivate func rolled(to table: RollupTable, _ span: DaySpan = .day) -> LevelCells {
        rolled(to: level, table, span, Array(0..<Int32(sets.count)), sets)
    }

    private func rolled(
        to level: RollupLevel, _ table: RollupTable, _ span: DaySpan, _ mapping: [Int32],
        _ sets: FieldBlocks
    ) -> LevelCells {
        var rolled = Cells(cells.layout)
        cells.add(
            to: &rolled, sets: mapping,
            startsInOne: table.grain.rawValue / self.table.grain.rawValue * span.days,
            isSpan: span != .day)
        return LevelCells(level: level, table: table, span: span, cells: rolled, sets: sets)
    }
}
