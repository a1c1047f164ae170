package import Calendars
package import JSON
package import LedgerModel

/// A value in a result: its type decides once how JSON, tables and schemas show it.
///
/// An unknown value is `nil`: null in JSON, a dash in tables, never zero.
package protocol Renderable: Sendable {
    static var schema: JSONSchema { get }
    func write(to json: inout JSONWriter)
    /// The cell that shows it in a table.
    var cell: Cell { get }
    var isUnknown: Bool { get }

    /// Writes a list of such values; objects look up their shape once for all of them.
    static func write(_ list: [Self], to json: inout JSONWriter)
}

extension Renderable {
    package var isUnknown: Bool { false }

    package static func write(_ list: [Self], to json: inout JSONWriter) {
        json.array(of: list) { json, value in value.write(to: &json) }
    }

    /// The value as JSON text.
    package var json: String {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }
}

extension Optional: Renderable where Wrapped: Renderable {
    package static var schema: JSONSchema { .nullable(Wrapped.schema) }
    package var isUnknown: Bool { self == nil }
    package var cell: Cell { self?.cell ?? .unknown }

    package func write(to json: inout JSONWriter) {
        if let self { self.write(to: &json) } else { json.value(raw: "null") }
    }
}

extension Array: Renderable where Element: Renderable {
    package static var schema: JSONSchema { .list(Element.schema) }
    package var cell: Cell { Cell(map { $0.cell.shown }.joined(separator: ",")) }
    package func write(to json: inout JSONWriter) { Element.write(self, to: &json) }
}

// MARK: - Numbers

/// Whole numbers, with thousands separators where people read them.
package protocol RenderableInteger: Renderable, FixedWidthInteger {}

extension RenderableInteger {
    package static var schema: JSONSchema { .integer }
    package var cell: Cell { Cell(number: String(self), shown: grouped(self)) }
    package func write(to json: inout JSONWriter) { json.value(self) }
}

extension Int: RenderableInteger {}
extension Int32: RenderableInteger {}
extension Int64: RenderableInteger {}
extension Int128: RenderableInteger {}
extension UInt8: RenderableInteger {}
extension UInt32: RenderableInteger {}

extension Double: Renderable {
    package static var schema: JSONSchema { .number }
    /// At most four decimals for people, and one from a thousand on.
    package var cell: Cell {
        let scale = magnitude < 1_000 ? 4 : 1
        let unit: Double = magnitude < 1_000 ? 1e4 : 1e1
        guard let parts = Int64(exactly: (self * unit).rounded()) else {
            return Cell(number: "\(self)")
        }
        let shown = grouped(numeral: decimal(Int128(parts), scale: scale))
        return Cell(number: "\(self)", shown: shown, exact: "\(self)")
    }
    package func write(to json: inout JSONWriter) { json.value(self) }
}

/// A large count: three digits and a unit where people read it, such as `58.4M`.
package struct RoundCount: Renderable {
    let count: Int128

    package init(_ count: some BinaryInteger) {
        self.count = Int128(count)
    }

    package static var schema: JSONSchema { .integer }
    package func write(to json: inout JSONWriter) { json.value(count) }

    package var cell: Cell {
        Cell(number: String(count), shown: shown, exact: grouped(count))
    }

    private var shown: String {
        if count < 10_000 { return grouped(count) }
        var unit: Int128 = 1_000
        for letter in ["k", "M", "G", "T"] {
            for (scale, power) in [(2, 100), (1, 10), (0, 1)] as [(Int, Int128)] {
                let digits = dividedHalfEven(count * power, by: unit)
                if digits < 1_000 { return decimal(digits, scale: scale) + letter }
            }
            unit *= 1_000
        }
        return grouped(count)
    }
}

/// A number with decimals, written exactly: `value` × 10^-`scale`.
package struct FixedPoint: Renderable {
    let value: Int128
    let scale: Int

    package init(_ value: some BinaryInteger, scale: Int) {
        self.value = Int128(value)
        self.scale = scale
    }

    package static var schema: JSONSchema { .number }
    package var cell: Cell { Cell(number: decimal(value, scale: scale)) }
    package func write(to json: inout JSONWriter) {
        json.value(raw: decimal(value, scale: scale))
    }
}

/// A part of one: a fraction in JSON and CSV, a percentage for people.
package struct Proportion: Renderable {
    package enum Form: Sendable {
        /// With a bar as long as the part.
        case bar
        /// With a bar of half the width.
        case shortBar
        /// With a sign.
        case change
    }

    private static let barWidth = 10
    let value: Double
    let form: Form

    package init(_ value: Double, as form: Form) {
        self.value = value
        self.form = form
    }

    package static var schema: JSONSchema { .number }
    package func write(to json: inout JSONWriter) { json.value(value) }

    package var cell: Cell {
        // Above a thousand percent, decimals say nothing.
        let percent =
            value.magnitude < 10
            ? FixedPoint(Int128(clamping(value * 1_000)), scale: 1).cell.shown
            : grouped(clamping(value * 100))
        let shown =
            switch form {
            case .bar: "\(percent) % " + bar(Self.barWidth)
            case .shortBar: "\(percent) % " + bar(Self.barWidth / 2)
            case .change: (value > 0 ? "+" : "") + "\(percent) %"
            }
        return Cell(number: "\(value)", shown: shown, exact: "\(value)")
    }

    private func bar(_ width: Int) -> String {
        let length = Int(clamping(value.isNaN ? 0 : min(1, max(0, value)) * Double(width)))
        return String(repeating: "█", count: length)
            + String(repeating: "·", count: width - length)
    }

    private func clamping(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? (value > 0 ? .max : .min)
    }
}

/// A duration in milliseconds, from microseconds; nil if it is not known.
package func milliseconds(_ microseconds: Int64?) -> FixedPoint? {
    microseconds.map { FixedPoint($0, scale: 3) }
}

extension Bool: Renderable {
    package static var schema: JSONSchema { .boolean }
    package var cell: Cell { Cell(self ? "yes" : "no") }
    package func write(to json: inout JSONWriter) { json.value(self) }
}

// MARK: - Texts

/// Values that are text in JSON.
package protocol RenderableText: Renderable, CustomStringConvertible {
    static var format: JSONSchema.Format? { get }
}

extension RenderableText {
    package static var format: JSONSchema.Format? { nil }
    package static var schema: JSONSchema { .text(format) }
    package var cell: Cell { Cell(description) }
    package func write(to json: inout JSONWriter) { json.value(description) }
}

extension String: RenderableText {}
extension Name: RenderableText {}

extension Digest: RenderableText {
    /// For people as long as it needs to be told apart.
    package var cell: Cell { Cell(description.prefix(12) + "…", exact: description) }
}

extension EventID: RenderableText {
    package static var format: JSONSchema.Format? { .uuid }
}

extension Timestamp: RenderableText {
    package static var format: JSONSchema.Format? { .time }
    /// For people without what is below a second.
    package var cell: Cell {
        let text = description
        return Cell(text.prefix { $0 != "." && $0 != "Z" } + "Z", exact: text)
    }
}

/// A moment as the clocks of a zone show it, with their offset from UTC.
package struct ZonedTime: RenderableText {
    package let description: String
    package static var format: JSONSchema.Format? { .time }

    package init(_ time: Timestamp, in zone: CalendarZone) {
        description = zone.written(time)
    }
}

/// Money is text in JSON, since numbers are not exact everywhere.
package protocol RenderableMoney: RenderableText {}

extension RenderableMoney {
    package static var format: JSONSchema.Format? { .money }
}

/// An amount is rounded for people, unless they ask for all of its digits.
extension Picodollars: RenderableMoney {
    package var cell: Cell { Cell(money: PicodollarSum(self)) }
}

extension PicodollarSum: RenderableMoney {
    package var cell: Cell { Cell(money: self) }
}

/// An exact decimal that is already text, such as a price: it has all of its digits everywhere.
package struct Decimal: RenderableMoney {
    package let description: String
    package var cell: Cell { Cell(number: description) }

    package init(_ description: String) {
        self.description = description
    }
}

// MARK: - Others

/// A day without a time.
package struct Day: RenderableText {
    package let description: String
    package static var format: JSONSchema.Format? { .day }

    package init(_ time: Timestamp) {
        description = time.dayDescription
    }
}

/// JSON that is already text, such as the content of a foreign document.
package struct JSONText: Renderable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static var schema: JSONSchema { .any }
    package var cell: Cell { Cell(text) }
    package func write(to json: inout JSONWriter) { json.value(raw: text) }
}

/// Values under names that depend on the result, in order.
package struct NamedValues<Value: Renderable>: Renderable {
    package let pairs: [(name: String, value: Value)]

    package init(_ pairs: [(name: String, value: Value)]) {
        self.pairs = pairs
    }

    package static var schema: JSONSchema { .map(Value.schema) }
    package var cell: Cell {
        Cell(pairs.map { "\($0.name) \($0.value.cell.shown)" }.joined(separator: ", "))
    }
    package func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in pairs {
                json.key(name)
                value.write(to: &json)
            }
        }
    }
}
