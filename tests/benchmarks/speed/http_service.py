"""Run `nearsay serve` over HTTP, with a minimal Slack server on the loopback address that signs
commands and receives replies at the response_url."""

import asyncio
import itertools
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.config import PREFIX, setting_names
from tests.benchmarks.speed.indexing import Workdir
from tests.benchmarks.speed.process import Batch, resident
from tests.benchmarks.speed.systems import HTTP, Query
from tests.support.chroma_server import free_port

HOST = "127.0.0.1"
LONGEST_START = 180.0  # seconds
LONGEST_WAIT = 30.0  # seconds for a reply
Result = TypeVar("Result")

IDENTITY = {"ok": True, "team_id": "T0BENCH", "user_id": "U0NEARSAY", "bot_id": "B0NEARSAY"}


class HttpService:
    """The service in a separate process."""

    name = HTTP
    ways = ("plain", "filtered")

    def __init__(self, work: Workdir) -> None:
        """Start the service and wait until it is ready, which takes `seconds_to_ready`."""
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        secret = secrets.token_hex(16)
        self._signer = SignatureVerifier(secret)
        self._replies: dict[str, asyncio.Future[float]] = {}
        self._keys = (f"{secrets.token_hex(8)}-{number}" for number in itertools.count(1))
        self._do(self._listen())
        port, ops = free_port(), free_port()
        self._url = f"http://{HOST}:{port}/slack/events"
        settings = {
            **work.settings,
            "NEARSAY_HOST": HOST,
            "NEARSAY_PORT": str(port),
            "NEARSAY_OPS_PORT": str(ops),
            "NEARSAY_PERSON_RATE": "0",  # one user sends every command
            "NEARSAY_WORKSPACE_RATE": "0",
            "SLACK_API_URL": f"{self._slack}/api/",
            "SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(8)}",
            "SLACK_SIGNING_SECRET": secret,
        }
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--mode", "http"],
            cwd=work.folder,
            env=environment(settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._do(self._is_ready(ops)):
            if self._process.poll() is not None or time.perf_counter() - began > LONGEST_START:
                self.end()
                raise RuntimeError("nearsay serve did not become ready; see its nearsay.log.")
            time.sleep(0.01)
        self.seconds_to_ready = time.perf_counter() - began

    def ask(self, way: str, queries: Sequence[Query], at_once: int = 1) -> Batch:
        return self._do(self._ask(way, queries, at_once))

    def memory(self) -> float:
        return resident(self._process.pid)

    def end(self) -> None:
        """Stop the service."""
        self._process.terminate()
        self._process.wait()
        self._do(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _listen(self) -> None:
        app = web.Application()
        app.add_routes([web.post("/api/{method}", _call), web.post("/reply/{key}", self._reply)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self._slack = f"http://{HOST}:{runner.addresses[0][1]}"
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            timeout=aiohttp.ClientTimeout(LONGEST_WAIT),
        )

    async def _reply(self, request: web.Request) -> web.Response:
        waiting = self._replies.get(request.match_info["key"])
        if waiting is not None and not waiting.done() and (await request.json()).get("blocks"):
            waiting.set_result(time.perf_counter())
        return web.Response(text="ok")

    async def _is_ready(self, ops: int) -> bool:
        try:
            async with self._client.get(f"http://{HOST}:{ops}/readyz") as answer:
                return answer.ok
        except aiohttp.ClientError:
            return False

    async def _ask(self, way: str, queries: Sequence[Query], at_once: int) -> Batch:
        """Ask the queries from `at_once` users, each waiting for a reply before the next query."""
        waiting = iter(queries)
        batch = Batch([], 0.0)

        async def one_after_another() -> None:
            for query in waiting:
                try:
                    await self._command(query.text if way == "plain" else query.filtered, batch)
                except (aiohttp.ClientError, TimeoutError):
                    batch.lost += 1

        began = time.perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        batch.whole = time.perf_counter() - began
        return batch

    async def _command(self, text: str, batch: Batch) -> None:
        key = next(self._keys)
        reply = self._replies[key] = self._loop.create_future()
        body = urlencode(
            {
                "command": "/near",
                "text": text,
                "trigger_id": key,
                "response_url": f"{self._slack}/reply/{key}",
                "user_id": "U0ASKER",
                "channel_id": "D0ASKER",
                "channel_name": "directmessage",
                "team_id": IDENTITY["team_id"],
            }
        )
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": self._signer.generate_signature(timestamp=stamp, body=body) or "",
        }
        began = time.perf_counter()
        async with self._client.post(self._url, data=body, headers=headers) as answer:
            answer.raise_for_status()
        batch.acknowledged.append(time.perf_counter() - began)
        batch.seconds.append(await asyncio.wait_for(reply, LONGEST_WAIT) - began)

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


async def _call(request: web.Request) -> web.Response:
    return web.json_response(IDENTITY)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment, with only these Nearsay and Slack settings, for a child
    process."""
    known = set(setting_names().values())
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((PREFIX, "SLACK_")) and name not in known
    }
    return {**others, **settings}
