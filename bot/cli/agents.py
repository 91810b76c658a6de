"""The web application for agents, for the commands that serve it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app import App
    from bot.assistant import Assistant
    from bot.ops.web_server import Applications


@contextmanager
def web_applications(app: App, assistant: Assistant) -> Iterator[Applications]:
    """Yield the web application for agents by its path. Yields none unless a public address or a
    token switches it on."""
    tokens, address = app.store.ledger.access_tokens, app.settings.public_url
    if not (address or tokens.any()):
        yield {}
        return
    from bot.cli.console import to_text
    from bot.mcp.http_endpoint import PATH, HttpEndpoint
    from bot.mcp.tool_server import ToolServer

    endpoint = HttpEndpoint(ToolServer(assistant, to_text), tokens.find, address)
    try:
        yield {PATH: endpoint}
    finally:
        endpoint.close()
