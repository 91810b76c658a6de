"""Serve the harbour to agents over HTTP: `python -m tests.support.mcp_web DATA PORT OPS_PORT`."""

import sys
from pathlib import Path

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.config import Settings
from bot.mcp.http_endpoint import PATH, HttpEndpoint
from bot.mcp.tool_server import ToolServer
from bot.mcp.web_service import serve_agents
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder


def main(directory: Path, port: int, ops_port: int) -> None:
    store = open_store(directory)
    assistant = Assistant(store, ToyEmbedder())
    endpoint = HttpEndpoint(ToolServer(assistant, to_text), store.ledger.access_tokens.find)
    settings = Settings(data_dir=directory, port=port, ops_port=ops_port)
    serve_agents(settings, assistant, {PATH: endpoint})
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
