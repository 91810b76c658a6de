"""An agent starts the server as a child process, and talks to it over its streams."""

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from bot.assistant import Assistant
from bot.replies.base import as_json
from tests.support.child_process import REPOSITORY
from tests.unit.bot.mcp.calls import text_of

pytestmark = pytest.mark.children

SERVER = "tests.support.mcp_streams"


def test_a_client_lists_and_calls_the_tools_over_the_streams(
    desk: Assistant, harbour_directory: Path, tmp_path: Path
) -> None:
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", SERVER, str(desk.store.directory)],
        cwd=REPOSITORY,
        env={"PATH": os.defpath},
    )

    async def talk() -> None:
        async with Client(stdio_client(started)) as client:
            assert len((await client.list_tools()).tools) == 6
            called = await client.call_tool("near", {"text": "a thick rope", "n": 3})
            reply = desk.ask("/near a thick rope n=3")
            assert called.structured_content == json.loads(as_json(reply))
            wrong = await client.call_tool("near", {"n": 99})
            assert text_of(wrong).startswith('near needs the argument "text".')

    anyio.run(talk)


def test_lines_that_are_no_messages_are_answered_with_errors_and_the_next_one_is_served(
    desk: Assistant,
) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "x", "version": "1"},
        },
    }
    lines = ["not JSON", "[" * 5_000, "{}", '{"jsonrpc": "2.0"}', json.dumps(hello)]
    done = subprocess.run(
        [sys.executable, "-m", SERVER, str(desk.store.directory)],
        input="\n".join(lines).encode() + b"\n\xff\xfe\n",
        capture_output=True,
        cwd=REPOSITORY,
        timeout=60,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["result"]["serverInfo"]["name"] for one in answers if one.get("id") == 1] == [
        "nearsay"
    ]
    assert b"Traceback" not in done.stderr
