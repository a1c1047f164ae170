/// A token as models and their APIs number it.
package typealias TokenID = UInt32

/// Which number a model gives to which rank.
package enum TokenIDs: Sendable {
    /// The rank plus a number: how nearly all vocabularies are made.
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

    /// nil for an id that no token has.
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
