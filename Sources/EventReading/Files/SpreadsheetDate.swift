import JSON
import LedgerModel

/// A time as spreadsheets keep it: days since 30 December 1899, the time of day as a fraction.
///
/// Saved without a date format it is a bare number, which would be read as a moment of 1 January
/// 1970. It is refused with the time that it means, since the number does not say its zone.
package enum SpreadsheetDate {
    /// The moment, to the second; nil for a number that is no date of 2015 to 2099.
    static func time(_ text: Text) -> Timestamp? {
        guard let first = text.first, (48...57).contains(first), text.count <= 32,
            case .value(let microdays) = number(text),
            (42_005_000_000..<73_051_000_000).contains(microdays)
        else { return nil }
        let (days, fraction) = microdays.quotientAndRemainder(dividingBy: 1_000_000)
        let seconds = Int64(days * 86_400 + (fraction * 86_400 + 500_000) / 1_000_000)
        return Timestamp(year: 1899, month: 12, day: 30).advanced(
            byMicroseconds: seconds * 1_000_000)
    }

    /// Millionths; files with semicolons often write a comma in a number.
    private static func number(_ text: Text) -> ExactDecimal.Outcome {
        guard text.contains(UInt8(ascii: ",")) else {
            return ExactDecimal.read(text, scale: 6, rounding: .halfEven)
        }
        return text.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
            .withUnsafeBufferPointer {
                ExactDecimal.read($0, scale: 6, rounding: .halfEven)
            }
    }

    /// What to do about a number in a time's place; nil if it is no such date.
    static func advice(of text: Text, in field: String) -> String? {
        guard let time = time(text) else { return nil }
        let words = time.description.dropLast().replacing("T", with: " ")
        return "\(field) \(shortened(text)) is an Excel date (\(words)): give the column the "
            + "format yyyy-mm-dd hh:mm:ss, and save the file again"
    }

    package static func advice(of text: String, in field: String) -> String? {
        var text = text
        return text.withUTF8 { advice(of: $0, in: field) }
    }
}
