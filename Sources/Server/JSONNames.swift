import Foundation

/// The names of a JSON object's members, whatever their values are.
struct JSONNames: Decodable {
    private let names: [String]

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue)
    }

    /// Refuses an object with a member that is not known here.
    static func check<Known: CaseIterable & RawRepresentable<String>>(
        _ json: Data, against _: Known.Type
    ) throws {
        let known = Known.allCases.map(\.rawValue)
        for name in try JSONDecoder().decode(JSONNames.self, from: json).names.sorted()
        where !known.contains(name) {
            throw Failure.invalid(
                "\(name) is not known here: there are \(known.joined(separator: ", "))",
                param: name)
        }
    }
}
