"""Ways to ask from a language model's server that answers in every wrong way."""

import gzip
import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from index.ways import chat_client
from tests.support.chat_server import FakeChatServer, HttpAnswer, said, sent
from tests.support.command_line import Nearsay
from tests.terminal.asking_server import GOOD, KEY, ask, line, pages, server, waiting, ways_of

__all__ = ["ask", "server"]


WRONG = {
    "prose": (said("Of course! Here are some ways to ask."), "not a line of JSON"),
    "half a line": (said('{"entry": "words/mast", "ways": ["tall po'), "not a line of JSON"),
    "another term": (said(line("anchor", "iron hook for a ship")), "no such entry was asked for"),
    "bundled entry": (
        said('{"entry": "buoy", "ways": ["floating mark"]}'),
        "no such entry was asked for",
    ),
    "a link": (said(line("mast", "pole canvas http://evil.example/x")), "has a link"),
    "too long": (said(line("mast", "tall pole " * 400)), "longer than"),
    "no text": (said(line("mast").replace("[]", '[{"tall": "pole"}, 7]')), "not a text"),
    "way of another entry": (
        said(line("hull", "cloth that catches wind")),
        "hull: cloth that catches wind: ",
    ),
}


def test_wrong_ways_are_dropped_with_reason(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay
) -> None:
    for name, (answer, reason) in WRONG.items():
        server.answers, server.received = [answer], []
        done = ask()
        assert (done.status, len(server.received)) == (0, 1), name
        assert "0 new ways" in done.output, name
        assert reason in done.output, name
    assert waiting(nearsay) == []


def cut(request: BaseHTTPRequestHandler) -> None:
    """Close the connection within the body."""
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(b'{"choices": [')


def endless(request: BaseHTTPRequestHandler) -> None:
    """Send a body that never ends."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b" " * 65_536)


BOMB = gzip.compress(b" " * 50_000_000)


COMPLAINT = json.dumps({"error": {"message": f"No such \x1b[31mmodel for {KEY}"}}).encode()


FAILURES: dict[str, tuple[HttpAnswer, str, int]] = {
    "not JSON": (sent(200, b"{"), "other than a chat completion", 1),
    "HTML": (sent(200, b"<html>Sign in</html>", Content_Type="text/html"), "other than a chat", 1),
    "no choices": (said("x", choices=[]), "other than a chat completion", 1),
    "missing fields": (sent(200, b'{"choices": [{}]}'), "other than a chat completion", 1),
    "list of parts": (said([{"type": "text"}]), "other than a chat completion", 1),
    "null": (said(None), "answered without a text", 1),
    "deep": (sent(200, b"[" * 500_000), "other than a chat completion", 1),
    "unauthorized": (sent(401, COMPLAINT), "status 401. Check NEARSAY_LLM_KEY", 1),
    "unknown": (sent(404, COMPLAINT), "It says: No such [31mmodel for … Check", 1),
    "missing page": (sent(404, b"<html>"), "status 404. Check NEARSAY_LLM_URL", 1),
    "always 500": (sent(500, b""), "status 500. Try again later.", 3),
    "always busy": (sent(429, b"", Retry_After="900"), "429. Try again in 900 seconds.", 1),
    "closed": (cut, "failed (RemoteProtocolError)", 3),
    "gzip bomb": (sent(200, BOMB, Content_Encoding="gzip"), "other than a chat completion", 1),
    "gzip bomb of an error": (sent(400, BOMB, Content_Encoding="gzip"), "status 400", 1),
    "endless": (endless, "more than 1,000,000 bytes", 1),
    "redirect": (
        sent(302, b"", Location="http://127.0.0.1:9/elsewhere"),
        "Redirects are not followed",
        1,
    ),
    "redirect to itself": (sent(307, b"", Location="/v1/other"), "not followed", 1),
}


def test_failure_of_the_server_is_a_clear_problem(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay
) -> None:
    for name, (answer, message, requests) in FAILURES.items():
        server.answers, server.received = [answer], []
        done = ask()
        assert (done.status, len(server.received)) == (1, requests), name
        assert message in done.complaint, name
        assert "\x1b" not in done.err, name
    assert waiting(nearsay) == []
    server.answers = [GOOD]
    assert ask().status == 0


def test_server_that_hangs_is_given_up(
    server: FakeChatServer, ask: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_client, "TIMEOUT_S", 0.1)
    server.answers = [server.hang]
    done = ask()
    assert (done.status, len(server.received)) == (1, 3)
    assert "did not answer within 0.1 seconds." in done.complaint


def test_response_that_drips_is_given_up(
    server: FakeChatServer, ask: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not server.released.wait(0.02):
            request.wfile.write(b" ")

    monkeypatch.setattr(chat_client, "TIMEOUT_S", 0.2)
    monkeypatch.setattr(chat_client, "RETRIES", 0)
    server.answers = [drip]
    done = ask()
    assert (done.status, "did not answer within" in done.complaint) == (1, True)


def test_busy_server_is_asked_again(server: FakeChatServer, ask: Nearsay) -> None:
    server.answers = [sent(429, b"", Retry_After="1"), sent(503, b""), GOOD]
    assert (ask().status, len(server.received)) == (0, 3)


def test_error_after_the_first_batch_keeps_it(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay, words: Path
) -> None:
    pages(words, 13)
    nearsay("index")
    server.answers = [ways_of(10), sent(401, b"")]
    done = ask()
    assert (done.status, "status 401" in done.output) == (1, True)
    assert waiting(nearsay) != []


def test_server_without_usable_replies_is_asked_no_more(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay, words: Path
) -> None:
    pages(words, 43)
    nearsay("index")
    server.answers = [said("I cannot help with that.")]
    done = ask()
    assert (done.status, len(server.received)) == (1, 2)
    assert "had no usable way" in done.output
