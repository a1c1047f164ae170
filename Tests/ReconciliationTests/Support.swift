import Foundation
import JSON
import LedgerModel
import Reconciliation

/// A document beside the tests, in the shape of the providers' responses.
func fixture(_ name: String) throws -> BillDocument {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Fixtures/\(name)"))
    return BillDocument(name: name, bytes: Array(data))
}

func document(_ text: String, name: String = "bill") -> BillDocument {
    BillDocument(name: name, bytes: Array(text.utf8))
}

let day = Timestamp(year: 2025, month: 6, day: 10)

/// Dollars as an exact sum.
func usd(_ text: String) -> PicodollarSum {
    PicodollarSum(scaledDecimal(text, scale: 12) ?? .min)
}
