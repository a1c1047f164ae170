"""Calls models through the gateway as applications do, with the client that GATEWAY_CLIENT names.

GATEWAY_URL and GATEWAY_KEY say where and as whom, GATEWAY_UPSTREAM where the made-up provider is, which
stands behind it. Prints as JSON how many calls had an answer, and what these used as far as they said it.
"""

import asyncio
import hashlib
import json
import os
import urllib.request

URL = os.environ["GATEWAY_URL"]
KEY = os.environ["GATEWAY_KEY"]
UPSTREAM = os.environ["GATEWAY_UPSTREAM"]
CLIENT = os.environ["GATEWAY_CLIENT"]
HEADERS = {"x-tally-app": CLIENT, "x-tally-team": "growth", "x-tally-label-run": "clients"}
CHAT, CLAUDE = "gpt-4o-mini", "claude-haiku-4-5"
QUESTION = [{"role": "user", "content": "Say something about tea."}]
PARAMETERS = {"type": "object", "required": ["city"],
              "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}
FUNCTION = {"type": "function", "function": {
    "name": "get_weather", "description": "The weather of a city", "parameters": PARAMETERS}}
TOOL = {"name": "get_weather", "description": "The weather of a city", "input_schema": PARAMETERS}
LONG = "You answer in few words. " * 400

counts = {"answers": 0, "output_tokens": 0, "failures": 0}


def count(output_tokens):
    counts["answers"] += 1
    counts["output_tokens"] += output_tokens


def script(**members):
    post(UPSTREAM + "/_script", members)


def post(url, body):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def received(after=0):
    with urllib.request.urlopen(f"{UPSTREAM}/_calls?full=1&after={after}") as answer:
        return json.load(answer)


def last_number():
    calls = received()
    return calls[-1]["number"] if calls else 0


def fails(make, kind, **fault):
    """Lets the provider fail until the call has; returns the error and how often it was asked."""
    before = last_number()
    script(faults=[{"path": "/v1/", "times": 1000, **fault}])
    try:
        make()
    except kind as error:
        counts["failures"] += 1
        return error, len(received(before))
    finally:
        script(faults=[])
    raise AssertionError(f"{kind} was expected")


def check_headers(headers, model=True):
    assert len(headers["x-tally-request-id"]) == 36, dict(headers)
    assert int(headers["x-tally-overhead-ms"].split(".")[0]) >= 0, dict(headers)
    if model:
        assert float(headers["x-tally-cost-usd"]) > 0, dict(headers)
        assert headers["x-tally-provider"] in ("openai", "anthropic"), dict(headers)


# OpenAI's SDK


def openai_sdk():
    import openai

    client = openai.OpenAI(base_url=URL + "/v1", api_key=KEY, default_headers=HEADERS)
    raw = client.chat.completions.with_raw_response.create(model=CHAT, messages=QUESTION)
    check_headers(raw.headers)
    answer = raw.parse()
    assert answer.choices[0].message.content.startswith("word") and answer.model == CHAT
    assert answer.usage.completion_tokens == len(answer.choices[0].message.content.split())
    count(answer.usage.completion_tokens)
    openai_streams(client)
    openai_tools(client)
    openai_rest(client)
    openai_errors(client, openai)
    asyncio.run(openai_crowd(openai))


def openai_streams(client):
    chunks = list(client.chat.completions.create(model=CHAT, messages=QUESTION, stream=True))
    text = "".join(c.choices[0].delta.content or "" for c in chunks)
    assert all(c.choices and c.usage is None for c in chunks), "a usage chunk nobody asked for"
    assert chunks[-1].choices[0].finish_reason == "stop"
    count(len(text.split()))
    chunks = list(client.chat.completions.create(
        model=CHAT, messages=QUESTION, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage and not chunks[-1].choices, "the usage chunk that was asked for"
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert len(text.split()) == chunks[-1].usage.completion_tokens
    count(chunks[-1].usage.completion_tokens)
    pieces = list(client.completions.create(model=CHAT, prompt="Tea is", stream=True))
    count(len("".join(p.choices[0].text for p in pieces).split()))
    events = list(client.responses.create(model=CHAT, input="Say something", stream=True))
    names = [e.type for e in events]
    assert names[0] == "response.created" and names[-1] == "response.completed", names
    assert [e.sequence_number for e in events] == list(range(len(events)))
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    done = events[-1].response
    assert done.output_text == text and done.usage.output_tokens == len(text.split())
    count(done.usage.output_tokens)
    with client.responses.stream(model=CHAT, input="Say more") as stream:
        final = stream.until_done().get_final_response()
    count(final.usage.output_tokens)


def openai_tools(client):
    answer = client.chat.completions.create(
        model=CHAT, messages=QUESTION, tools=[FUNCTION], tool_choice="required")
    call = answer.choices[0].message.tool_calls[0].function
    assert call.name == "get_weather" and json.loads(call.arguments)["city"] == "word"
    assert answer.choices[0].finish_reason == "tool_calls"
    count(answer.usage.completion_tokens)
    chunks = list(client.chat.completions.create(
        model=CHAT, messages=QUESTION, tools=[FUNCTION], tool_choice="required", stream=True,
        stream_options={"include_usage": True}))
    deltas = [t.function for c in chunks if c.choices for t in c.choices[0].delta.tool_calls or []]
    assert deltas[0].name == "get_weather" and len(deltas) > 2
    assert json.loads("".join(d.arguments for d in deltas))["days"] == 1
    count(chunks[-1].usage.completion_tokens)
    answer = client.responses.create(
        model=CHAT, input="Ask", tools=[{"type": "function", **FUNCTION["function"]}],
        tool_choice="required")
    assert answer.output[0].name == "get_weather"
    count(answer.usage.output_tokens)


def openai_rest(client):
    two = client.chat.completions.create(model=CHAT, messages=QUESTION, n=2)
    assert len(two.choices) == 2
    count(two.usage.completion_tokens)
    old = client.completions.create(model=CHAT, prompt="Tea is")
    count(old.usage.completion_tokens)
    answer = client.responses.create(model=CHAT, input=QUESTION, instructions="Be short")
    assert answer.output_text.startswith("word")
    count(answer.usage.output_tokens)
    vectors = client.embeddings.create(model="text-embedding-3-small", input=["one", "two"])
    assert len(vectors.data) == 2 and vectors.usage.prompt_tokens > 0
    count(0)
    models = [m.id for m in client.models.list()]
    assert CHAT in models, models
    assert client.models.retrieve(CHAT).id == CHAT


def openai_errors(client, openai):
    def ask():
        client.chat.completions.create(model=CHAT, messages=QUESTION)

    error, asked = fails(ask, openai.BadRequestError, status=400, message="what a model")
    assert asked == 1 and error.body["message"] == "what a model", (asked, error.body)
    assert error.body["type"] == "invalid_request_error"
    assert error.request_id.startswith("req_"), error.request_id
    # The SDK makes two more calls, unless it is told not to.
    _, asked = fails(ask, openai.RateLimitError, status=429, should_retry=False, retry_after=1)
    assert asked <= 3, f"{asked} calls: x-should-retry was lost"
    error, _ = fails(ask, openai.InternalServerError, status=500, should_retry=False)
    assert error.status_code == 500 and error.body["type"] == "server_error", error.body
    script(faults=[{"path": "/v1/chat", "status": 429, "retry_after": 0, "times": 1}])
    client.chat.completions.create(model=CHAT, messages=QUESTION)
    counts["answers"] += 1
    counts["output_tokens"] = None


async def openai_crowd(openai):
    client = openai.AsyncOpenAI(base_url=URL + "/v1", api_key=KEY, default_headers=HEADERS)

    async def one(number):
        stream = await client.chat.completions.create(
            model=CHAT, stream=True, messages=[{"role": "user", "content": f"number {number}"}])
        async for _ in stream:
            pass
        counts["answers"] += 1

    await asyncio.gather(*(one(n) for n in range(16)))


# Anthropic's SDK


def anthropic_sdk():
    import anthropic

    client = anthropic.Anthropic(base_url=URL, api_key=KEY, default_headers=HEADERS)
    asked = {"model": CLAUDE, "max_tokens": 64, "messages": QUESTION}
    raw = client.messages.with_raw_response.create(**asked)
    check_headers(raw.headers)
    answer = raw.parse()
    assert answer.content[0].text.startswith("word") and answer.stop_reason == "end_turn"
    count(answer.usage.output_tokens)
    with client.messages.stream(**asked) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert final.content[0].text == text and final.usage.output_tokens == len(text.split())
    count(final.usage.output_tokens)
    anthropic_tools(client, asked)
    anthropic_cache(client, asked)
    assert client.messages.count_tokens(model=CLAUDE, messages=QUESTION).input_tokens > 0
    assert CLAUDE in [m.id for m in client.models.list()]
    anthropic_errors(client, asked, anthropic)


def anthropic_tools(client, asked):
    forced = {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "get_weather"}}
    answer = client.messages.create(**asked, **forced)
    assert answer.content[0].input == {"city": "word", "days": 1}, answer.content
    count(answer.usage.output_tokens)
    with client.messages.stream(**asked, **forced) as stream:
        final = stream.get_final_message()
    assert final.content[0].input == {"city": "word", "days": 1} and final.stop_reason == "tool_use"
    count(final.usage.output_tokens)
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    with client.messages.stream(**{**asked, "max_tokens": 2048}, **thinking) as stream:
        final = stream.get_final_message()
    assert [b.type for b in final.content] == ["thinking", "text"] and final.content[0].signature
    count(final.usage.output_tokens)


def anthropic_cache(client, asked):
    system = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
    written = client.messages.create(**asked, system=system)
    assert written.usage.cache_creation_input_tokens > 1024
    count(written.usage.output_tokens)
    with client.messages.stream(**asked, system=system) as stream:
        read = stream.get_final_message()
    assert read.usage.cache_read_input_tokens == written.usage.cache_creation_input_tokens
    count(read.usage.output_tokens)


def anthropic_errors(client, asked, anthropic):
    def ask():
        client.messages.create(**asked)

    error, times = fails(ask, anthropic.BadRequestError, status=400, message="what a model")
    assert times == 1 and error.body["type"] == "error", (times, error.body)
    assert error.body["error"] == {"type": "invalid_request_error", "message": "what a model"}
    assert error.request_id.startswith("req_"), error.request_id
    error, times = fails(ask, anthropic.APIStatusError, status=529, should_retry=False)
    assert error.status_code == 529 and error.body["error"]["type"] == "overloaded_error"
    assert times <= 3, f"{times} calls: x-should-retry was lost"


# LangChain


def langchain():
    from langchain_anthropic import ChatAnthropic
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings
    from pydantic import BaseModel

    @tool
    def get_weather(city: str) -> str:
        """The weather of a city."""
        return f"rain in {city}"

    class Tea(BaseModel):
        name: str
        minutes: int

    chat = ChatOpenAI(model=CHAT, base_url=URL + "/v1", api_key=KEY, default_headers=HEADERS,
                      stream_usage=True)
    claude = ChatAnthropic(model=CLAUDE, base_url=URL, api_key=KEY, default_headers=HEADERS,
                           max_tokens=64)
    for model in (chat, claude):
        answer = model.invoke("Say something")
        assert answer.text.startswith("word"), answer
        count(answer.usage_metadata["output_tokens"])
        whole = None
        for chunk in model.stream("Say something"):
            whole = chunk if whole is None else whole + chunk
        assert whole.text.startswith("word word") or whole.text == "word", whole.text
        count(whole.usage_metadata["output_tokens"])
        answer = model.bind_tools([get_weather], tool_choice="any").invoke("Ask")
        assert answer.tool_calls[0]["args"] == {"city": "word"}, answer.tool_calls
        count(answer.usage_metadata["output_tokens"])
        made = model.with_structured_output(Tea, include_raw=True).invoke("Tea, please")
        assert made["parsed"] == Tea(name="word", minutes=1), made
        count(made["raw"].usage_metadata["output_tokens"])
    vectors = OpenAIEmbeddings(
        model="text-embedding-3-small", base_url=URL + "/v1", api_key=KEY,
        default_headers=HEADERS, check_embedding_ctx_length=False)
    assert len(vectors.embed_documents(["one", "two"])) == 2
    count(0)


# Pydantic AI


def pydantic_ai():
    from openai import AsyncOpenAI
    from anthropic import AsyncAnthropic
    from pydantic import BaseModel
    from pydantic_ai import Agent
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.anthropic import AnthropicProvider
    from pydantic_ai.providers.openai import OpenAIProvider

    class Tea(BaseModel):
        name: str
        minutes: int

    openai = OpenAIProvider(openai_client=AsyncOpenAI(
        base_url=URL + "/v1", api_key=KEY, default_headers=HEADERS))
    anthropic = AnthropicProvider(anthropic_client=AsyncAnthropic(
        base_url=URL, api_key=KEY, default_headers=HEADERS))

    async def streamed(agent):
        async with agent.run_stream("Say something") as run:
            text = await run.get_output()
            assert text.startswith("word"), text
        count(run.usage.output_tokens)

    async def all_of(model):
        agent = Agent(model)

        @agent.tool_plain
        def get_weather(city: str) -> str:
            """The weather of a city."""
            return f"rain in {city}"

        run = await agent.run("Please use get_weather")
        usage = run.usage
        # One to call the tool, one to say what came of it.
        assert usage.requests == 2 and run.output.startswith("word"), (usage, run.output)
        counts["answers"] += 1
        count(usage.output_tokens)
        await streamed(agent)
        run = await Agent(model, output_type=Tea).run("Tea, please")
        assert run.output == Tea(name="word", minutes=1), run.output
        count(run.usage.output_tokens)

    async def every_model():
        for model in (OpenAIChatModel(CHAT, provider=openai),
                      OpenAIResponsesModel(CHAT, provider=openai),
                      AnthropicModel(CLAUDE, provider=anthropic)):
            await all_of(model)

    asyncio.run(every_model())


# LiteLLM


def litellm():
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm as library

    library.telemetry = False
    chat = {"model": "openai/" + CHAT, "api_base": URL + "/v1"}
    claude = {"model": "anthropic/" + CLAUDE, "api_base": URL, "max_tokens": 64}
    for model in (chat, claude):
        asked = {**model, "api_key": KEY, "extra_headers": HEADERS, "messages": QUESTION}
        answer = library.completion(**asked)
        assert answer.choices[0].message.content.startswith("word")
        count(answer.usage.completion_tokens)
        text = "".join(c.choices[0].delta.content or ""
                       for c in library.completion(**asked, stream=True) if c.choices)
        count(len(text.split()))
        answer = library.completion(**asked, tools=[FUNCTION], tool_choice="required")
        call = answer.choices[0].message.tool_calls[0].function
        assert json.loads(call.arguments)["city"] == "word", call
        count(answer.usage.completion_tokens)


# A coding agent


AGENT_HEADERS = {
    "accept": "application/json",
    "user-agent": "claude-cli/2.4.0 (external, cli)",
    "x-app": "cli",
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "claude-code-20250219,interleaved-thinking-2025-05-14",
    "anthropic-dangerous-direct-browser-access": "true",
    "x-stainless-lang": "js",
    "x-stainless-package-version": "0.81.0",
    "x-stainless-runtime": "node",
    "x-stainless-retry-count": "0",
    "x-stainless-timeout": "600",
    "x-claude-code-session-id": "6f0e3a1c-5b44-4c5e-9d0c-0a1b2c3d4e5f",
    "content-type": "application/json",
}
PASSED = [name for name in AGENT_HEADERS if name not in ("accept", "content-type")]


def agent():
    """What a coding agent sends, as recorded: it must arrive byte for byte, with its headers."""
    import httpx

    headers = {**AGENT_HEADERS, **HEADERS, "x-api-key": KEY}
    client = httpx.Client(base_url=URL, headers=headers, timeout=60)
    assert client.head("/api/hello").status_code == 200
    system = [
        {"type": "text", "text": "You are a coding agent.",
         "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral", "ttl": "5m"}}]
    tools = [{"name": name, "description": f"Tool {name}", "input_schema": {
        "type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"],
        "additionalProperties": False, "$schema": "http://json-schema.org/draft-07/schema#"}}
        for name in ("Read", "Write", "Bash")]
    tools[-1]["cache_control"] = {"type": "ephemeral"}
    turn = {"model": CLAUDE, "max_tokens": 32000, "stream": True, "system": system, "tools": tools,
            "metadata": {"user_id": "user_1_account_2_session_3"},
            "thinking": {"type": "enabled", "budget_tokens": 31999},
            "context_management": {"edits": []}, "an_unknown_member": {"kept": [1.0, 1e3, "\u00fc"]}}
    messages = [{"role": "user", "content": [
        {"type": "text", "text": "Use Read on the file", "cache_control": {"type": "ephemeral"}}]}]
    sent = json.dumps({"model": CLAUDE, "messages": messages, "tools": tools, "system": system})
    counted = client.post("/v1/messages/count_tokens?beta=true", content=sent)
    assert counted.json()["input_tokens"] > 1000, counted.text
    arrived(sent, "/v1/messages/count_tokens")
    for step in range(3):
        # The spaces are unlike what any encoder writes.
        sent = json.dumps({**turn, "messages": messages}, ensure_ascii=False, indent=step)
        events = streamed(client, sent)
        arrived(sent, "/v1/messages")
        assert events[0]["type"] == "message_start" and events[-1]["type"] == "message_stop"
        assert any(e["type"] == "ping" for e in events), "pings are passed on"
        blocks = [e["content_block"] for e in events if e["type"] == "content_block_start"]
        assert [b["type"] for b in blocks] == ["thinking", "text" if step else "tool_use"], blocks
        usage = events[0]["message"]["usage"]
        assert (usage["cache_read_input_tokens"] > 1024) == (step == 2), (step, usage)
        count([e for e in events if e["type"] == "message_delta"][-1]["usage"]["output_tokens"])
        if step == 0:
            messages = messages + [
                {"role": "assistant", "content": [{**blocks[1], "input": {"path": "word"}}]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": blocks[1]["id"], "content": "text"}]}]
    error, times = None, last_number()
    script(faults=[{"path": "/v1/messages", "status": 400, "message": "prompt is too long"}])
    error = client.post("/v1/messages?beta=true", content=sent)
    counts["failures"] += 1
    assert error.status_code == 400 and len(received(times)) == 1
    assert error.json()["error"]["message"] == "prompt is too long", error.text
    assert error.headers["request-id"] == error.json()["request_id"]


def streamed(client, sent):
    with client.stream("POST", "/v1/messages?beta=true", content=sent) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert len(answer.headers["x-tally-request-id"]) == 36
        text = answer.read().decode()
    events = []
    for frame in text.split("\n\n"):
        lines = frame.split("\n")
        if lines[0].startswith("event: "):
            event = json.loads(lines[1].removeprefix("data: "))
            assert event["type"] == lines[0].removeprefix("event: "), frame
            events.append(event)
        else:
            assert all(line.startswith(":") or not line for line in lines), frame
    # What it cost is in a comment, which clients ignore.
    assert "cost" in text.rstrip().split("\n\n")[-1], text[-300:]
    return events


def arrived(sent, path):
    call = received()[-1]
    assert call["path"] == path and call["query"] == "beta=true", call
    assert call["sha256"] == hashlib.sha256(sent.encode()).hexdigest(), "the body was changed"
    headers = {name.lower(): value for name, value in call["headers"]}
    for name in PASSED:
        assert headers.get(name) == AGENT_HEADERS[name], (name, headers)
    assert headers["x-api-key"] == "secret-of-upstream" and "authorization" not in headers
    assert not any(name.startswith("x-tally-") for name in headers), headers
    assert KEY not in json.dumps(call)


CLIENTS = {"openai": openai_sdk, "anthropic": anthropic_sdk, "langchain": langchain,
           "pydantic-ai": pydantic_ai, "litellm": litellm, "agent": agent}

if __name__ == "__main__":
    CLIENTS[CLIENT]()
    print(json.dumps(counts))
