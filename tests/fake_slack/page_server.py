"""The data and actions of the browser page; the page itself is in `page/`.

Only a browser on this machine is served: the Host must be a loopback name. Actions must be sent as
JSON, which another site cannot do without a preflight request.
"""

from __future__ import annotations

import asyncio
import base64
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fake_slack.core import ImpossibleError
from tests.fake_slack.model import JSON
from tests.fake_slack.page_state import page_state

if TYPE_CHECKING:
    from tests.fake_slack.workspace import Workspace

PAGE = Path(__file__).parent / "page"
HOSTS = ("127.0.0.1", "localhost")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def page_routes(workspace: Workspace) -> list[web.RouteDef]:
    """Return the page's own routes."""
    page = Page(workspace)
    return [
        web.get("/", page.index),
        web.get("/page/state", page.state),
        web.get("/page/stream", page.stream),
        web.post("/page/act", page.act),
        web.get("/page/file/{id}", page.file),
        web.get("/page/{name}", page.static),
    ]


class Page:
    """The request handlers. Actions run in a worker thread, since the façade waits for the app."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def index(self, request: web.Request) -> web.StreamResponse:
        _check_host(request)
        return self._file(PAGE / "index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        _check_host(request)
        known = {path.name: path for path in PAGE.iterdir()}
        if request.match_info["name"] not in known:
            raise web.HTTPNotFound
        return self._file(known[request.match_info["name"]])

    def _file(self, path: Path) -> web.Response:
        kind = mimetypes.guess_type(path.name)[0] or "text/plain"
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(body=path.read_bytes(), content_type=kind, headers=headers)

    async def state(self, request: web.Request) -> web.StreamResponse:
        _check_host(request)
        try:
            return web.json_response(page_state(self.workspace, request.query.get("user", "")))
        except ImpossibleError as error:
            raise web.HTTPNotFound(text=str(error)) from None

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send the state's revision after each change, as server-sent events."""
        _check_host(request)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        seen = -1
        while request.transport is not None and not request.transport.is_closing():
            revision = self.workspace.state.revision
            if revision != seen:
                seen = revision
                await response.write(f"data: {revision}\n\n".encode())
            await asyncio.sleep(0.15)
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        _check_host(request)
        file = self.workspace.state.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {"Content-Disposition": "inline" if kind.startswith("image/") else "attachment"}
        headers["X-Content-Type-Options"] = "nosniff"
        return web.Response(body=file.content, content_type=kind, headers=headers)

    async def act(self, request: web.Request) -> web.StreamResponse:
        _check_host(request)
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        asked: JSON = await request.json()
        action = ACTIONS.get(asked.get("kind", ""))
        if action is None:
            raise web.HTTPBadRequest(text="unknown action")
        loop = asyncio.get_running_loop()
        try:
            done = await loop.run_in_executor(None, action, self.workspace, asked)
        except (ImpossibleError, KeyError, TypeError) as error:
            return web.json_response({"ok": False, "error": str(error)})
        return web.json_response({"ok": True} | done)


def _check_host(request: web.Request) -> None:
    if request.host.rpartition(":")[0] not in HOSTS:
        raise web.HTTPForbidden(text="only for this machine")


def _target(workspace: Workspace, asked: JSON) -> Any:
    """Return the message or view that an action refers to."""
    state = workspace.state
    if "view" in asked:
        view = state.views.get(asked["view"])
        if view is None:
            raise ImpossibleError("the view is gone")
        return view
    message = state.find(asked["channel"], asked["ts"])
    if message is None:
        raise ImpossibleError("the message is gone")
    return message


def _say(workspace: Workspace, asked: JSON) -> JSON:
    text = asked["text"].strip()
    name, _, rest = text.partition(" ")
    if text.startswith("/") and not asked.get("thread_ts"):
        workspace.command(asked["user"], asked["channel"], name, rest.strip())
    else:
        workspace.say(asked["user"], asked["channel"], text, asked.get("thread_ts"))
    return {}


def _upload(workspace: Workspace, asked: JSON) -> JSON:
    content = base64.b64decode(asked["content"])
    workspace.upload(asked["user"], asked["channel"], asked["name"], content, asked["text"])
    return {}


def _click(workspace: Workspace, asked: JSON) -> JSON:
    target = _target(workspace, asked)
    workspace.click(asked["user"], target, asked["action"], asked.get("value"))
    return {}


def _select(workspace: Workspace, asked: JSON) -> JSON:
    workspace.select(asked["user"], _target(workspace, asked), asked["action"], asked["value"])
    return {}


def _type(workspace: Workspace, asked: JSON) -> JSON:
    values = {asked["block"]: {asked["action"]: asked["value"]}}
    workspace.fill(asked["user"], _target(workspace, asked), values)
    return {}


def _submit(workspace: Workspace, asked: JSON) -> JSON:
    workspace.submit(asked["user"], _target(workspace, asked), asked["values"])
    return {}


def _close(workspace: Workspace, asked: JSON) -> JSON:
    workspace.close(asked["user"], _target(workspace, asked))
    return {}


def _shortcut(workspace: Workspace, asked: JSON) -> JSON:
    message = _target(workspace, asked) if "ts" in asked else None
    workspace.shortcut(asked["user"], asked["callback_id"], message)
    return {}


def _home(workspace: Workspace, asked: JSON) -> JSON:
    workspace.open_home(asked["user"], asked.get("tab", "home"))
    return {}


def _edit(workspace: Workspace, asked: JSON) -> JSON:
    workspace.edit(_target(workspace, asked), asked["text"])
    return {}


def _delete(workspace: Workspace, asked: JSON) -> JSON:
    workspace.delete(_target(workspace, asked))
    return {}


ACTIONS: dict[str, Callable[[Workspace, JSON], JSON]] = {
    "click": _click,
    "close": _close,
    "delete": _delete,
    "edit": _edit,
    "home": _home,
    "say": _say,
    "select": _select,
    "shortcut": _shortcut,
    "submit": _submit,
    "type": _type,
    "upload": _upload,
}
