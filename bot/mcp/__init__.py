"""The MCP server: agents ask the assistant as people do, over standard input or HTTP.

`bot.mcp.tools` has the table of tools, which turn arguments into a Request. `bot.mcp.tool_server`
answers the protocol's messages, and `bot.mcp.http_endpoint` carries them over HTTP.
"""
