/// The classes that patterns of tokenizers distinguish: groups of Unicode's general categories.
enum ScalarClass {
    static let other: UInt8 = 0
    static let space: UInt8 = 1
    /// Lu and Lt.
    static let upper: UInt8 = 2
    /// Ll.
    static let lower: UInt8 = 3
    /// Lm and Lo: letters without case.
    static let letter: UInt8 = 4
    static let mark: UInt8 = 5
    static let number: UInt8 = 6
    static let punctuation: UInt8 = 7
    static let symbol: UInt8 = 8
}

/// Some classes, as bits.
struct ClassSet: OptionSet {
    let rawValue: UInt16

    static let other = ClassSet(rawValue: 1 << 0)
    static let space = ClassSet(rawValue: 1 << 1)
    static let upper = ClassSet(rawValue: 1 << 2)
    static let lower = ClassSet(rawValue: 1 << 3)
    static let caseless = ClassSet(rawValue: 1 << 4)
    static let mark = ClassSet(rawValue: 1 << 5)
    static let number = ClassSet(rawValue: 1 << 6)
    static let punctuation = ClassSet(rawValue: 1 << 7)
    static let symbol = ClassSet(rawValue: 1 << 8)
    static let letter: ClassSet = [.upper, .lower, .caseless]
    static let all = ClassSet(rawValue: 0x1FF)

    @inline(__always)
    func has(_ scalarClass: UInt8) -> Bool { rawValue &>> UInt16(scalarClass) & 1 != 0 }
}

/// The class of every scalar: pages of 128 by the upper bits, equal pages kept once.
struct ScalarClasses: Sendable {
    nonisolated(unsafe) private let pages: UnsafePointer<UInt8>
    nonisolated(unsafe) private let classes: UnsafePointer<UInt8>

    /// Created at the first use and kept until the process ends.
    static let shared = ScalarClasses(runs: scalarClassRuns)

    private static let pageBits: UInt32 = 7
    private static let pageCount = 0x110000 >> Int(pageBits)

    private init(runs: [UInt32]) {
        let pages = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.pageCount)
        let size = 1 << Int(Self.pageBits)
        var classes: [UInt8] = []
        var numbers: [[UInt8]: UInt8] = [:]
        var page = [UInt8](repeating: 0, count: size)
        var run = 0
        for number in 0..<Self.pageCount {
            let first = UInt32(number * size)
            for index in 0..<size {
                let scalar = first + UInt32(index)
                while run + 1 < runs.count, runs[run + 1] >> 4 <= scalar { run += 1 }
                page[index] = UInt8(runs[run] & 0xF)
            }
            if numbers[page] == nil {
                precondition(numbers.count < 256, "there are 256 different pages at most")
                numbers[page] = UInt8(numbers.count)
                classes += page
            }
            pages[number] = numbers[page] ?? 0
        }
        let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: classes.count)
        storage.initialize(from: classes, count: classes.count)
        self.pages = UnsafePointer(pages)
        self.classes = UnsafePointer(storage)
    }

    @inline(__always)
    subscript(scalar: UInt32) -> UInt8 {
        classes[
            Int(pages[Int(scalar >> Self.pageBits)]) << Int(Self.pageBits)
                | Int(scalar & (1 << Self.pageBits - 1))]
    }

    /// The class of a byte below 0x80, which is page 0.
    @inline(__always)
    subscript(ascii byte: UInt8) -> UInt8 { classes[Int(byte)] }
}
