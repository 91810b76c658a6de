"""Serve the harbour's entries to an agent: `python -m tests.support.mcp_streams DATA`."""

import sys
from pathlib import Path

import anyio

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.mcp.standard_streams import serve_streams
from bot.mcp.tool_server import ToolServer
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder


def main(directory: Path) -> None:
    store = open_store(directory)
    anyio.run(serve_streams, ToolServer(Assistant(store, ToyEmbedder()), to_text))
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
