"""`response_url`: up to five uses within thirty minutes, to reply or replace.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import asyncio
import json
import time

from aiohttp import web

from tests.fake_slack import blockkit_rules, conversation
from tests.fake_slack.api_call import ApiError
from tests.fake_slack.core import Core
from tests.fake_slack.fault_answers import break_answer
from tests.fake_slack.model import JSON, Message
from tests.fake_slack.records import Call
from tests.fake_slack.state import ResponseUrl


async def handle(core: Core, request: web.Request) -> web.StreamResponse:
    """Handle a request to a `response_url`; errors have an HTTP status."""
    began = time.perf_counter()
    args = await _decode(request)
    fault = core.faults.take("response_url")
    if fault and fault.delay:
        await asyncio.sleep(fault.delay)
    broken = fault if fault and fault.answers else None
    status = 0
    answer: JSON = {}
    with core.state.change():
        if broken is None or broken.after:
            status, answer = respond(core, request.path, args)
        error = broken.name if broken else answer.get("error")
        seconds = time.perf_counter() - began
        call = Call("response_url", args, time.time(), seconds, status, error, answer)
        core.state.calls.append(call)
    if broken:
        return await break_answer(request, broken)
    return web.json_response(answer, status=status)


async def _decode(request: web.Request) -> JSON:
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        text = str((await request.post()).get("payload", ""))
    try:
        args = json.loads(text or "{}")
    except ValueError:
        return {}
    return args if isinstance(args, dict) else {}


def respond(core: Core, path: str, args: JSON) -> tuple[int, JSON]:
    """Process a response, and return its HTTP status and body."""
    try:
        _carry_out(core, _use(core, path), args)
    except ApiError as error:
        status = 404 if error.code in ("expired_url", "used_url") else 400
        return status, {"ok": False, "error": error.code} | error.extra
    return 200, {"ok": True}


def _use(core: Core, path: str) -> ResponseUrl:
    """Count a use of a response URL."""
    url = core.state.response_urls.get(path)
    if url is None or url.expires < core.state.now():
        raise ApiError("expired_url")
    if len(url.used) >= core.settings.response_url_uses:
        raise ApiError("used_url")
    url.used.append(time.time())
    return url


def _carry_out(core: Core, url: ResponseUrl, args: JSON) -> None:
    original = core.state.find(url.channel, url.message_ts) if url.message_ts else None
    text, blocks = str(args.get("text") or ""), args.get("blocks") or []
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if problems := blockkit_rules.check_message(blocks):
        raise ApiError(problems.code, response_metadata={"messages": problems.messages})
    if not text.strip() and not blocks:
        raise ApiError("no_text")
    if args.get("replace_original") and url.message_ts:
        _replace(core, original, text, blocks)
        return
    public = args.get("response_type") == "in_channel"
    conversation.post_as_bot(
        core,
        url.channel,
        text,
        blocks,
        thread_ts=args.get("thread_ts"),
        metadata=args.get("metadata"),
        ephemeral_to=None if public else url.user,
    )


def _replace(core: Core, original: Message | None, text: str, blocks: list[JSON]) -> None:
    if original is None:
        raise ApiError("message_not_found")
    fields = {"text": text, "blocks": conversation.with_ids(blocks)}
    conversation.change(core, original, core.identity.bot_user_id, **fields)
