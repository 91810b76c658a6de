"""The Web API endpoint: arguments, tokens, scopes, faults, and a record of each call.

https://docs.slack.dev/apis/web-api
"""

import asyncio
import contextlib
import json
import time

from aiohttp import web

from tests.fake_slack import scopes
from tests.fake_slack.api_call import ApiCall, ApiError
from tests.fake_slack.core import Core
from tests.fake_slack.fault_answers import break_answer
from tests.fake_slack.faults import Fault
from tests.fake_slack.methods import METHODS
from tests.fake_slack.model import JSON, ChannelKind
from tests.fake_slack.records import Call
from tests.fake_slack.socket_mode import SocketHub


class WebApi:
    """Handles requests to `/api/{method}`."""

    def __init__(self, core: Core, hub: SocketHub) -> None:
        self.core = core
        self.hub = hub

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        began = time.perf_counter()
        args, token = await decode(request)
        fault = self.core.faults.take(method)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        broken = fault if fault and fault.answers else None
        answer: JSON = {}
        headers: dict[str, str] = {}
        # The call's effect and its record become visible together.
        with self.core.state.change():
            if broken is None or broken.after:
                answer, headers = self._answer(method, args, token)
            self._record(method, args, began, answer, broken)
        if broken:
            return await break_answer(request, broken)
        return web.json_response(answer, headers=headers)

    def _record(
        self, method: str, args: JSON, began: float, answer: JSON, fault: Fault | None
    ) -> None:
        status = (fault.status or (200 if fault.error else 0)) if fault else 200
        error = fault.name if fault else answer.get("error")
        seconds = time.perf_counter() - began
        call = Call(method, args, time.time() - seconds, seconds, status, error, answer)
        self.core.state.calls.append(call)

    def _answer(self, method: str, args: JSON, token: str) -> tuple[JSON, dict[str, str]]:
        """Return the method's answer, and the headers that list scopes."""
        headers = {"x-slack-req-id": self.core.state.new_id("Rq")}
        if method not in METHODS:
            return {"ok": False, "error": "unknown_method", "req_method": method}, headers
        try:
            granted = self._authenticate(method, token)
            headers["x-oauth-scopes"] = ",".join(sorted(granted))
            wanted = scopes.needed(scopes.METHODS[method], self._kind(args))
            headers["x-accepted-oauth-scopes"] = ",".join(wanted)
            _check_scopes(wanted, granted)
            answer = METHODS[method](ApiCall(self.core, self.hub, method, args, granted))
        except ApiError as error:
            return {"ok": False, "error": error.code} | error.extra, headers
        return {"ok": True} | answer, headers

    def _authenticate(self, method: str, token: str) -> frozenset[str]:
        """Return the scopes granted to the token."""
        identity, app = self.core.identity, self.core.app
        if not token:
            raise ApiError("not_authed")
        if token not in (identity.bot_token, identity.app_token):
            raise ApiError("invalid_auth")
        is_app_token = token == identity.app_token
        if is_app_token != (method == "apps.connections.open") and method != "auth.test":
            raise ApiError("not_allowed_token_type")
        return app.app_scopes if is_app_token else app.scopes

    def _kind(self, args: JSON) -> ChannelKind | None:
        channel = self.core.state.channels.get(str(args.get("channel", "")))
        return channel.kind if channel else None


def _check_scopes(wanted: tuple[str, ...], granted: frozenset[str]) -> None:
    """Check that at least one of the required scopes is granted."""
    if wanted and granted.isdisjoint(wanted):
        provided = ",".join(sorted(granted))
        raise ApiError("missing_scope", needed=",".join(wanted), provided=provided)


async def decode(request: web.Request) -> tuple[JSON, str]:
    """Return a request's arguments without its token, and the token.

    Arguments are in the query, a form or JSON; the token is in a header or an argument.
    """
    args: JSON = dict(request.query)
    if request.content_type == "application/json":
        with contextlib.suppress(ValueError):
            body = json.loads(await request.text() or "{}")
            args |= body if isinstance(body, dict) else {}
    elif request.can_read_body:
        args |= dict(await request.post())
    token = str(args.pop("token", ""))
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return args, bearer.strip() if scheme.lower() == "bearer" else token
