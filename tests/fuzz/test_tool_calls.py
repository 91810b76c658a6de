"""Fuzz the tools for agents with calls made from their schemas: each is answered as they say."""

import io
import json
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.mcp.http_endpoint import PATH, HttpEndpoint
from bot.mcp.reply_schemas import output_schema
from bot.mcp.tool_server import ToolServer
from bot.mcp.tools import TOOLS, Argument, Tool
from tests.fuzz.timed import FUZZ_SECONDS, fuzz
from tests.support.nasties import TEXT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
WORDS = st.sampled_from(
    ["tug", "a thick rope", "hawser", "quay", "VTS", "what is a buoy?", "a = b"]
)
LONG = st.builds("{}{}".format, WORDS, st.integers(0, 9_000).map("x".__mul__))


def values(argument: Argument) -> st.SearchStrategy[Any]:
    """Return values of an argument, of which most fit its schema."""
    if argument.bounds:
        low, high = argument.bounds
        return st.integers(low, high) | st.integers(low - 2, high + 2) | JSON
    return WORDS | TEXT | st.text(min_size=1, max_size=argument.longest) | LONG | JSON


def calls_of(tool: Tool) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    needed = {one.name: values(one) for one in tool.arguments if one.required}
    others = {one.name: values(one) for one in tool.arguments if not one.required}
    fitting = st.fixed_dictionaries(needed, optional=others)
    given = fitting | st.dictionaries(st.text(max_size=8), JSON, max_size=3)
    return st.tuples(st.just(tool.name), given)


@FUZZ_SECONDS
def test_any_call_is_answered_on_its_schema(desk: Assistant, seconds: float) -> None:
    checks = {tool.name: Draft202012Validator(output_schema(tool.reply)) for tool in TOOLS}
    tokens = desk.store.ledger.access_tokens
    _, secret = tokens.create("fuzz", "admin")
    endpoint = HttpEndpoint(ToolServer(desk, to_text), tokens.find)
    answered = [0]

    def check(call: tuple[str, dict[str, Any]]) -> None:
        status, response = post(endpoint, secret, *call)
        assert status in (200, 400), (status, response)  # 400: NaN is no JSON
        answer = json.loads(response)
        assert ("result" in answer) != ("error" in answer)
        if "result" in answer:
            reply = answer["result"]["structuredContent"]
            checks[call[0]].validate(reply)
            assert reply.get("code") != "internal", reply
            answered[0] += reply["kind"] != "problem"

    tried = fuzz(st.one_of(*map(calls_of, TOOLS)), check, seconds)
    endpoint.close()
    print(f"{tried} calls, {answered[0]} without a problem")
    assert answered[0], "some call fits"


def post(endpoint: HttpEndpoint, secret: str, name: str, arguments: object) -> tuple[int, bytes]:
    """Return the status and the body of the response to a call."""
    params = {"name": name, "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    body = json.dumps(message).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT": "application/json, text/event-stream",
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "wsgi.input": io.BytesIO(body),
    }
    statuses: list[str] = []

    def start(status: str, _headers: object, _error: object = None) -> Any:
        statuses.append(status)

    content = b"".join(endpoint(environ, start))
    return int(statuses[0].partition(" ")[0]), content
