from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from urllib.parse import parse_qs

import pytest

from bot.bench.speed.loopback import HOST, Loopback
from tests.workspace.signing import signature

SECRET = "of nobody"
REPLY = 0.3  # seconds until the bot replies


class Bot:
    """Checks what comes, acknowledges it, and replies over the connection that it keeps."""

    def __init__(self, status: int = 200, blocks: str = "[{}]") -> None:
        self._status = status
        self._blocks = blocks
        self.form: dict[str, list[str]] = {}
        self.signed = False

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._take, HOST, 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _take(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
        body = await reader.readexactly(int(headers["Content-Length"]))
        expected = signature(SECRET, headers["X-Slack-Request-Timestamp"], body)
        self.signed = headers["X-Slack-Signature"] == expected
        self.form = parse_qs(body.decode())
        writer.write(f"HTTP/1.1 {self._status} Whatever\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()
        await asyncio.sleep(REPLY)
        await post(self.form["response_url"][0], f'{{"blocks": {self._blocks}}}')


async def post(url: str, content: str) -> str:
    """What is answered to a POST, as Slack's own libraries send it."""
    address, _, path = url.removeprefix("http://").partition("/")
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /{path} HTTP/1.1\r\nHost: {host}\r\ncontent-length: {len(content)}\r\n\r\n"
    writer.write((head + content).encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().split(b"content-length: ")[1].split()[0])
    body = await reader.readexactly(length)
    writer.close()
    return body.decode()


async def asked(bot: Bot) -> tuple[float, float]:
    slack = Loopback(SECRET)
    await slack.start()
    try:
        return await slack.command(await bot.start(), "/near", "a buoy in=Design", "1")
    finally:
        slack.close()


def test_a_command_is_signed_acknowledged_and_replied_to() -> None:
    bot = Bot()
    acknowledged, replied = asyncio.run(asked(bot))
    assert bot.signed
    assert bot.form["command"] == ["/near"]
    assert bot.form["text"] == ["a buoy in=Design"]
    assert 0 < acknowledged < REPLY <= replied


def test_a_command_that_is_refused_is_an_error() -> None:
    with pytest.raises(ConnectionError, match="401"):
        asyncio.run(asked(Bot(status=401)))


def test_a_reply_without_blocks_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bench.speed.loopback.LONGEST_WAIT", 2 * REPLY)
    with pytest.raises(TimeoutError):
        asyncio.run(asked(Bot(blocks="[]")))


def test_the_bot_is_told_who_it_is() -> None:
    async def answers() -> list[str]:
        slack = Loopback(SECRET)
        await slack.start()
        try:
            return [await post(f"{slack.url}{name}", "") for name in ("auth.test", "chat.update")]
        finally:
            slack.close()

    who, other = asyncio.run(answers())
    assert '"user_id": "U0NEARSAY"' in who
    assert other == '{"ok": true}'
