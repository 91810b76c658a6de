"""Call a tool server in this process, with the SDK's client."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio
from mcp.client import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.mcp.tool_server import ToolServer

Result = TypeVar("Result")
Call = tuple[str, dict[str, Any]]


def with_client(desk: Assistant, work: Callable[[Client], Awaitable[Result]]) -> Result:
    """Return what `work` returns of a client that is connected to a server for `desk`."""

    async def connected() -> Result:
        async with Client(ToolServer(desk, to_text).protocol) as client:
            return await work(client)

    return anyio.run(connected)


def results(desk: Assistant, calls: list[Call]) -> list[CallToolResult]:
    """Return the results of calls of tools, each checked against the tool's output schema."""

    async def work(client: Client) -> list[CallToolResult]:
        await client.list_tools()
        return [await client.call_tool(name, given) for name, given in calls]

    return with_client(desk, work)


def result(desk: Assistant, name: str, **given: Any) -> CallToolResult:
    return results(desk, [(name, given)])[0]


def text_of(called: CallToolResult) -> str:
    (content,) = called.content
    assert content.type == "text"
    return content.text


def refusal(desk: Assistant, work: Callable[[Client], Awaitable[object]]) -> str:
    """Return the message of the protocol's error that `work` gets."""

    async def caught(client: Client) -> str:
        try:
            await work(client)
        except MCPError as error:
            return error.message
        raise AssertionError("it was not refused")

    return with_client(desk, caught)
