"""Serve one client over standard input and output, until it closes them."""

from mcp.server.stdio import stdio_server

from bot.mcp.tool_server import ToolServer


async def serve_streams(server: ToolServer) -> None:
    """Answer messages from standard input. What else this process prints goes to standard error."""
    async with stdio_server() as (received, sent):
        options = server.protocol.create_initialization_options()
        await server.protocol.run(received, sent, options)
