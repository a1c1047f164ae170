import Resilience

/// The works of a lane that wait: by class, in each class by tenant, in each tenant by deadline.
///
/// The same rule decides among classes and among tenants: see `ShareQueue`. Within a tenant the
/// earliest deadline is first, except that a work whose prompt begins like the one before may pass
/// up to `passedMax` times, while nobody's deadline is near.
struct LaneQueue: Sendable {
    /// How often a work may be passed by others with a better beginning.
    static let passedMax = 8
    /// How many of a tenant's most urgent works are compared.
    private static let comparedMax = 31
    /// A provider that says more is not believed.
    private static let answerTokensMax = 1 << 24
    /// Nobody is passed whose deadline is nearer than this.
    private static let slack: Int64 = 2_000_000

    private struct Flow: Sendable {
        var tenant = Tenant(0)
        var works = SlotHeap<Order>()
        /// The beginning of the work that was taken last.
        var prefix: [UInt64] = []
    }

    private struct ClassQueue: Sendable {
        var tenants: ShareQueue
        var flows: [Flow] = []
        var flowOf: [Tenant: Int32] = [:]
        /// Flows without works, whose tags are still to be remembered, smallest tag first.
        private var idle = SlotHeap<Int64>()
        private var idlePlaces: [Int32] = []

        init(allowanceTokens: Int) {
            tenants = ShareQueue(allowanceTokens: allowanceTokens)
        }

        mutating func flow(of tenant: Tenant) -> Int32 {
            if let known = flowOf[tenant] { return known }
            forgetIdle()
            let flow = tenants.add(weight: 1)
            if Int(flow) == flows.count {
                flows.append(Flow())
                idlePlaces.append(SlotHeap<Int64>.absent)
            }
            flows[Int(flow)].tenant = tenant
            flowOf[tenant] = flow
            return flow
        }

        /// A tenant's most urgent work is another one, or none.
        mutating func headChanged(_ flow: Int32) {
            if let head = flows[Int(flow)].works.first?.key {
                if idlePlaces[Int(flow)] != SlotHeap<Int64>.absent {
                    idle.remove(flow, &idlePlaces)
                }
                tenants.wait(flow, head: head)
            } else if tenants.isWaiting(flow) {
                tenants.rest(flow)
                idle.insert(flow, key: tenants.tag(of: flow), &idlePlaces)
            }
        }

        mutating func charge(_ flow: Int32, tokens: Int) {
            tenants.charge(flow, tokens: tokens)
            if idlePlaces[Int(flow)] != SlotHeap<Int64>.absent {
                idle.move(flow, to: tenants.tag(of: flow), &idlePlaces)
            }
        }

        /// Forgets tenants that have nothing and are not ahead: they would start like new ones.
        private mutating func forgetIdle() {
            while let first = idle.first, first.key <= tenants.virtualTime {
                idle.remove(first.slot, &idlePlaces)
                flowOf[flows[Int(first.slot)].tenant] = nil
                flows[Int(first.slot)] = Flow()
                tenants.remove(first.slot)
            }
        }
    }

    private var classes: [ClassQueue]
    private var shares: ShareQueue
    private(set) var count = 0

    init(_ policy: BatchingPolicy) {
        shares = ShareQueue(allowanceTokens: policy.classAllowanceTokens)
        classes = []
        for item in policy.classes {
            _ = shares.add(weight: item.weight)
            classes.append(ClassQueue(allowanceTokens: policy.allowanceTokens))
        }
    }

    // MARK: - In and out

    mutating func insert(_ slot: Int32, _ works: inout Slab<Work>, _ places: inout [Int32]) {
        let (priority, order) = (works[slot].priority, works[slot].order)
        let flow = classes[priority].flow(of: works[slot].tenant)
        works[slot].flow = flow
        classes[priority].flows[Int(flow)].works.insert(slot, key: order, &places)
        count += 1
        headChanged(flow, in: priority)
    }

    /// Takes out a work that is not called now.
    mutating func remove(_ slot: Int32, _ works: inout Slab<Work>, _ places: inout [Int32]) {
        let (priority, flow) = (works[slot].priority, works[slot].flow)
        classes[priority].flows[Int(flow)].works.remove(slot, &places)
        works[slot].flow = -1
        count -= 1
        headChanged(flow, in: priority)
    }

    /// The work whose turn it is.
    mutating func next(_ works: Slab<Work>, at now: Moment) -> Int32? {
        guard let priority = shares.next() else { return nil }
        guard let flow = classes[Int(priority)].tenants.next() else { return nil }
        return best(of: classes[Int(priority)].flows[Int(flow)], works, at: now)
    }

    /// Takes the work whose turn it is, as `next` said, and charges its class and tenant.
    mutating func take(_ slot: Int32, _ works: inout Slab<Work>, _ places: inout [Int32]) {
        let (priority, flow) = (works[slot].priority, works[slot].flow)
        if !works[slot].prefix.isEmpty {
            classes[priority].flows[Int(flow)].prefix = works[slot].prefix
            if let head = classes[priority].flows[Int(flow)].works.first, head.slot != slot {
                works[head.slot].passed += 1
            }
        }
        if !works[slot].isCharged {
            works[slot].isCharged = true
            charge(priority, flow, tokens: works[slot].tokens)
        }
        remove(slot, &works, &places)
    }

    /// Books the difference between what a work was expected to take and what it took.
    mutating func correct(_ work: Work, tokens answered: Int) {
        let tokens = min(max(answered, 0), Self.answerTokensMax)
        guard let flow = classes[work.priority].flowOf[work.tenant] else {
            return shares.charge(Int32(work.priority), tokens: tokens - work.tokens)
        }
        charge(work.priority, flow, tokens: tokens - work.tokens)
        classChanged(work.priority)
    }

    private mutating func charge(_ priority: Int, _ flow: Int32, tokens: Int) {
        shares.charge(Int32(priority), tokens: tokens)
        classes[priority].charge(flow, tokens: tokens)
    }

    private mutating func headChanged(_ flow: Int32, in priority: Int) {
        classes[priority].headChanged(flow)
        classChanged(priority)
    }

    private mutating func classChanged(_ priority: Int) {
        let slot = Int32(priority)
        if let flow = classes[priority].tenants.next(),
            let head = classes[priority].flows[Int(flow)].works.first
        {
            shares.wait(slot, head: head.key)
        } else if shares.isWaiting(slot) {
            shares.rest(slot)
        }
    }

    /// Tenants that are remembered.
    var tenantCount: Int { classes.reduce(0) { $0 + $1.flowOf.count } }

    // MARK: - Beginnings

    /// The most urgent work, or one whose beginning the provider has just read.
    private func best(of flow: Flow, _ works: Slab<Work>, at now: Moment) -> Int32? {
        guard let head = flow.works.first else { return nil }
        guard !flow.prefix.isEmpty, works[head.slot].passed < Self.passedMax,
            head.key.due.microseconds(since: now) > Self.slack
        else { return head.slot }
        var best = (slot: head.slot, shared: shared(flow.prefix, works[head.slot].prefix))
        // The front of a heap holds the most urgent ones, not all of them and not only them.
        for node in flow.works.nodes.prefix(Self.comparedMax).dropFirst() {
            let count = shared(flow.prefix, works[node.slot].prefix)
            if count > best.shared { best = (node.slot, count) }
        }
        return best.slot
    }

    private func shared(_ a: [UInt64], _ b: [UInt64]) -> Int {
        var count = 0
        while count < a.count, count < b.count, a[count] == b[count] { count += 1 }
        return count
    }
}
