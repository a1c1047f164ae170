/// The number of a token in models and their APIs.
package typealias TokenID = UInt32

/// The mapping from ranks to a model's ids.
package enum TokenIDs: Sendable {
    /// The rank plus a number, as in nearly all vocabularies.
    case offset(TokenID)
    /// By rank, and the ranks in order of their ids.
    case table([TokenID], byID: [UInt32])

    package init(_ ids: [TokenID]) {
        let first = ids.first ?? 0
        let isDense = ids.enumerated().allSatisfy { index, id in
            id == first &+ TokenID(truncatingIfNeeded: index)
        }
        if isDense {
            self = .offset(first)
        } else {
            let ranks = ids.indices.sorted { ids[$0] < ids[$1] }
            self = .table(ids, byID: ranks.map(UInt32.init))
        }
    }

    func id(of rank: UInt32) -> TokenID {
        switch self {
        case .offset(let offset): rank &+ offset
        case .table(let ids, _): ids[Int(rank)]
        }
    }

    /// The rank of an id; nil if no token has the id.
    func rank(of id: TokenID, count: Int) -> UInt32? {
        switch self {
        case .offset(let offset):
            return id >= offset && id - offset < count ? id - offset : nil
        case .table(let ids, let byID):
            var (low, high) = (0, byID.count)
            while low < high {
                let middle = (low + high) / 2
                if ids[Int(byID[middle])] < id { low = middle + 1 } else { high = middle }
            }
            return low < byID.count && ids[Int(byID[low])] == id ? byID[low] : nil
        }
    }
}
