"""Files: the upload URL, delayed sharing, and downloads with a token."""

import mimetypes
import time
from typing import Any

from aiohttp import web

from tests.fake_slack import conversation
from tests.fake_slack.core import Core
from tests.fake_slack.fault_answers import break_answer
from tests.fake_slack.model import JSON, Channel, File, Message, User
from tests.fake_slack.records import Call


def share_by_user(
    core: Core, user: User, channel: Channel, name: str, content: bytes, text: str, **fields: Any
) -> Message:
    """Upload a file as a person."""
    file = File(core.state.new_id("F"), name, name, user.id, content)
    file.uploaded = file.completed = True
    with core.state.change():
        core.state.files[file.id] = file
        fields |= {"files": [file_json(core, file)], "subtype": "file_share"}
        return conversation.say(core, user, channel, text, **fields)


def file_json(core: Core, file: File) -> JSON:
    """Return a file as JSON."""
    mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    suffix = file.name.rpartition(".")[2].lower() if "." in file.name else "text"
    path = f"{core.base_url}/files-pri/{core.identity.team_id}-{file.id}/{file.name}"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype,
        "filetype": suffix,
        "pretty_type": suffix.upper(),
        "user": file.user,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "url_private": path,
        "url_private_download": path,
        "alt_txt": file.alt_text,
        "file_access": "visible",
    }


async def receive(core: Core, request: web.Request) -> web.StreamResponse:
    """Handle an upload: a body of raw bytes."""
    began = time.perf_counter()
    file = core.state.files.get(request.match_info["file_id"])
    fault = core.faults.take("upload")
    content = await request.read()
    known = file is not None and not file.uploaded
    if known and file is not None and (fault is None or fault.after or not fault.answers):
        with core.state.change():
            file.content, file.uploaded = content, True
    seconds = time.perf_counter() - began
    error = fault.name if fault and fault.answers else None if known else "invalid_upload_url"
    status = 200 if error is None else 404
    args = {"file_id": request.match_info["file_id"], "bytes": len(content)}
    with core.state.change():
        core.state.calls.append(Call("upload", args, time.time(), seconds, status, error, {}))
    if fault and fault.answers:
        return await break_answer(request, fault)
    return web.Response(status=status, text=f"OK - {len(content)}" if known else error)


async def download(core: Core, request: web.Request) -> web.StreamResponse:
    """Serve `url_private` for a bot token with `files:read`, otherwise a login page."""
    file = core.state.files.get(request.match_info["file"].rpartition("-")[2])
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token != core.identity.bot_token or "files:read" not in core.app.scopes:
        page = "<!DOCTYPE html><html><body>Sign in to Slack</body></html>"
        return web.Response(text=page, content_type="text/html")
    if file is None or not file.completed:
        return web.Response(status=404, text="file not found")
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return web.Response(body=file.content, content_type=kind)
