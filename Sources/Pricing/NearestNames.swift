package import LedgerModel
import UsageExtraction

extension PriceBook {
    /// The known name that is most like one that is not known, to offer it; nil if none is close.
    func nearest(to model: String, of sellers: [Provider]) -> Name? {
        let ids = sellers.flatMap { seller in
            seller.models
                + seller.fallbacks.flatMap { id in
                    providers.first { $0.id == id }?.models ?? []
                }
        }.map(\.id)
        return Likeness.nearest(to: model, among: ids).map { Name($0) }
    }

    /// The name of a model of any seller that is most like this one.
    package func nearest(toModel model: Name) -> Name? {
        nearest(to: model.string, of: providers)
    }

    /// The provider that is most like one that is not known; nil if none is close.
    func nearest(toProvider name: String) -> Name? {
        Likeness.nearest(to: name, among: providers.map(\.id)).map { Name($0) }
    }
}
