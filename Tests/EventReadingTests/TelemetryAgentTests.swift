import EventReading
import LedgerModel
import Testing

@Suite("Agents in telemetry")
struct TelemetryAgentTests {
    private static let chat: Attributes = [
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3, "gen_ai.agent.name": "Planner",
    ]

    @Test("a call is of the agent that its span names, by its id rather than by its name")
    func agents() throws {
        #expect(try spanEvent(SpanSample(Self.chat)).dimensions[.agent] == "Planner")
        let named = SpanSample(Self.chat).with {
            $0.attributes.pairs.append((key: "gen_ai.agent.id", value: "agent-1"))
        }
        #expect(try spanEvent(named).dimensions[.agent] == "agent-1")
        #expect(try spanEvent(named).dimensions[.parentAgent] == nil)
    }

    @Test("an operator says which attributes name the run and the try")
    func mapped() throws {
        let settings = try TelemetrySettings(
            map: "parent_agent=run.id,attempt=retry.count", ignore: nil, exclusive: nil,
            logs: nil)
        let span = SpanSample(Self.chat).with {
            $0.attributes.pairs.append((key: "run.id", value: "run-7"))
            $0.attributes.pairs.append((key: "retry.count", value: 2))
        }
        let event = try spanEvent(span, settings)
        #expect(event.dimensions[.agent] == "Planner")
        #expect(event.dimensions[.parentAgent] == "run-7" && event.dimensions[.attempt] == "2")
    }
}
