"""HTTP responses for faults, for all endpoints."""

import asyncio

from aiohttp import web

from tests.fake_slack.faults import Fault

FAILURE_TEXT = {500: "Internal Server Error", 503: "Service Unavailable"}


async def break_answer(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Respond as the fault requires, or not at all."""
    if fault.close and request.transport is not None:
        request.transport.abort()
    while fault.hang and request.transport is not None:
        await asyncio.sleep(0.02)
    if fault.error:
        body = {"ok": False, "error": fault.error}
        return web.json_response(body, status=fault.status or 200, headers=fault.headers())
    status = fault.status or 503
    if status == 429:
        limited = {"ok": False, "error": "ratelimited"}
        return web.json_response(limited, status=429, headers=fault.headers())
    text = FAILURE_TEXT.get(status, "Error")
    return web.Response(status=status, text=text, headers=fault.headers())
