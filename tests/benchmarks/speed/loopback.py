"""What Slack is to a bot over HTTP, on the loopback address: it signs and posts commands, answers
the bot's own calls, and takes replies.

It speaks no more HTTP than the two sides need, so that little of the machine goes into it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from asyncio import StreamReader, StreamWriter
from urllib.parse import urlencode

HOST = "127.0.0.1"
LONGEST_WAIT = 30.0  # seconds for a reply
WHO = {
    "ok": True,
    "url": "https://bench.example/",
    "team": "Bench",
    "team_id": "T0BENCH",
    "user": "nearsay",
    "user_id": "U0NEARSAY",
    "bot_id": "B0NEARSAY",
}


class Loopback:
    """The server of one loop. `url` is for SLACK_API_URL, `secret` for SLACK_SIGNING_SECRET."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._replies: dict[str, asyncio.Future[float]] = {}
        self._server: asyncio.Server | None = None
        self._address = ""

    @property
    def url(self) -> str:
        return f"{self._address}/api/"

    async def start(self) -> None:
        """Listens on a free port."""
        self._server = await asyncio.start_server(self._answer, HOST, 0)
        port = self._server.sockets[0].getsockname()[1]
        self._address = f"http://{HOST}:{port}"

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def command(self, port: int, name: str, text: str, key: str) -> tuple[float, float]:
        """Posts a slash command to the bot at `port`, as Slack does; `key` is its own. The seconds
        until it was acknowledged, and until its reply had come.

        Raises `TimeoutError` when none comes in time, `OSError` when the bot does not take
        the command.
        """
        reply = self._replies[key] = asyncio.get_running_loop().create_future()
        form = {
            "command": name,
            "text": text,
            "trigger_id": key,
            "response_url": f"{self._address}/reply/{key}",
            "user_id": "U0ASKER",
            "user_name": "asker",
            "channel_id": "D0ASKER",
            "channel_name": "directmessage",
            "team_id": WHO["team_id"],
        }
        body = urlencode(form).encode()
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._post(port, body)
                acknowledged = time.perf_counter()
                replied = await reply
        finally:
            del self._replies[key]
        return acknowledged - begun, replied - begun

    async def _post(self, port: int, body: bytes) -> None:
        stamp = str(int(time.time()))
        signed = b"v0:" + stamp.encode() + b":" + body
        signature = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        head = (
            "POST /slack/events HTTP/1.1\r\n"
            f"Host: {HOST}:{port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\n"
            f"X-Slack-Signature: v0={signature}\r\n"
            "Connection: close\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(head.encode() + body)
            answer = await reader.read()
        finally:
            writer.close()
        if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
            raise ConnectionError(f"the bot answered {answer[:80]!r}")

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Takes the requests of one connection until it is closed."""
        try:
            while line := await reader.readline():
                path = line.split()[1].decode()
                length = 0
                while (header := await reader.readline()) not in (b"\r\n", b""):
                    name, _, value = header.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                body = await reader.readexactly(length)
                content = self._taken(path, body)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
                )
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the bot has gone
        finally:
            writer.close()

    def _taken(self, path: str, body: bytes) -> bytes:
        """What a request is answered with. A reply ends the wait of who asked."""
        if path.startswith("/reply/"):
            waiting = self._replies.get(path.removeprefix("/reply/"))
            if waiting is not None and not waiting.done() and json.loads(body).get("blocks"):
                waiting.set_result(time.perf_counter())
            return b"ok"
        return json.dumps(WHO if path == "/api/auth.test" else {"ok": True}).encode()
