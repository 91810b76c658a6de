"""Ways to ask from a language model's server, which answers in every wrong way."""

import gzip
import json
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from index.ways import chat_client
from tests.support.chat_server import FakeChatServer, HttpAnswer, fake_chat_server, said, sent
from tests.support.command_line import CommandResult, Nearsay, write

KEY = "canary-4f2a77c0d1"
MAST = ["which tall pole holds the canvas up", "timber carries canvas pole"]


def line(entry: str, *ways: str) -> str:
    return json.dumps({"entry": f"words/{entry}", "ways": ways})


GOOD = said(line("mast", *MAST))


@pytest.fixture
def server(
    words: Path, nearsay: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeChatServer]:
    """Yield a server that the settings name, beside an indexed glossary of three entries."""
    write(words, "Mast", "A tall pole that carries canvas.")
    write(words, "Hull", "The body of a ship below the deck.")
    assert nearsay("index").status == 0
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    monkeypatch.setenv("NEARSAY_LOG_LEVEL", "DEBUG")
    monkeypatch.setattr("bot.ops.logging.redact", lambda text, _: text)
    with fake_chat_server() as fake:
        monkeypatch.setenv("NEARSAY_LLM_URL", fake.url)
        monkeypatch.setenv("NEARSAY_LLM_MODEL", "small-model")
        monkeypatch.setenv("NEARSAY_LLM_KEY", KEY)
        yield fake


@pytest.fixture
def ask(nearsay: Nearsay, server: FakeChatServer, tmp_path: Path) -> Nearsay:
    """Return a function that asks the server, and checks that nothing shows the key."""

    def ask(*options: str) -> CommandResult:
        done = nearsay("ways", "words", *options)
        log = "".join(file.read_text() for file in (tmp_path / "data").glob("nearsay.log*"))
        assert KEY not in done.out + done.err + log
        assert "Traceback" not in log
        return done

    return ask


def waiting(nearsay: Nearsay) -> list[str]:
    """Return the proposed ways."""
    return [way["text"] for way in nearsay("ways", "words", "--review", "--json").reply["ways"]]


def pages(folder: Path, number: int) -> None:
    """Write entries until the glossary has so many."""
    for at in range(number - 3):
        write(folder, f"Part{at}", f"A part of ship number {at}.")


def test_replies_are_recorded_and_next_run_asks_for_what_is_left(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay
) -> None:
    server.answers = [GOOD, said(line("hull", "body below the deck"))]
    done = ask()
    assert done.status == 0
    assert done.err.startswith(f"Sends the text of 3 entries to 127.0.0.1:{server.port}.\n")
    assert "Asked for 3 entries of words: 100 tokens. 2 new ways" in done.output
    assert "2 entries are left. To go on, repeat the command. Nothing is live yet." in done.output
    assert ask("--json").reply["proposed"] == 1
    assert "words/mast" not in server.received[1].text
    assert waiting(nearsay) == [*MAST, "body below the deck"]
    assert "g000003" not in nearsay("admin", "generations").output, "nothing is live"


def test_only_text_of_entries_and_the_key_are_sent(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay, words: Path
) -> None:
    server.answers = [GOOD]
    ask()
    assert nearsay("ways", "words", "--accept", "all").status == 0
    nearsay("say", "/near mystery question of a user")
    write(words, "Rope", "A thick line that holds much canvas.")
    nearsay("index")
    ask()
    first, second = server.received
    assert "much canvas" in second.text
    assert not any(way in second.text for way in MAST), "no search phrase is sent"
    assert "mystery" not in second.text
    assert (first.path, sorted(first.body)) == (
        "/v1/chat/completions",
        ["max_tokens", "messages", "model"],
    )
    assert first.body["model"] == "small-model"
    headers = dict(first.headers)
    assert headers.pop("authorization") == f"Bearer {KEY}"
    assert sorted(headers) == [
        *("accept", "accept-encoding", "connection", "content-length", "content-type"),
        *("host", "user-agent"),
    ]
    assert headers["user-agent"] == "nearsay"


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


def test_repeated_way_is_proposed_once(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay
) -> None:
    server.answers = [said("\n".join([line("mast", MAST[0])] * 40))]
    assert "repeated (39 times)" in ask().output
    assert waiting(nearsay) == [MAST[0]]


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


def test_other_name_of_the_bound_is_used_if_the_server_wants_it(
    server: FakeChatServer, ask: Nearsay
) -> None:
    refusal = {"error": {"message": "Use 'max_completion_tokens' instead."}}
    server.answers = [sent(400, json.dumps(refusal).encode()), GOOD]
    assert ask().status == 0
    assert "max_completion_tokens" in server.received[1].body


def ways_of(number: int) -> HttpAnswer:
    """Return a reply with a way for each of the entries that the glossary has beyond three."""
    lines = (line(f"part{at}", f"part of ship number {at} please") for at in range(number))
    return said("\n".join([*lines, line("mast", *MAST), line("hull", "body below the deck")]))


def test_interrupt_keeps_what_was_recorded(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay, words: Path
) -> None:
    def interrupt(request: BaseHTTPRequestHandler) -> None:
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)
        server.hang(request)

    pages(words, 13)
    nearsay("index")
    server.answers = [ways_of(10), interrupt]
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # parallel runs ignore it
    try:
        done = ask()
    finally:
        signal.signal(signal.SIGINT, handler)
    assert done.status == 130
    assert "Asked for 10 entries of words: 100 tokens." in done.output
    assert "It was stopped." in done.output
    kept = waiting(nearsay)
    assert kept != []
    before = {row["entry"] for row in map(json.loads, entries_in(server.received[0].text))}
    server.answers = [GOOD]
    ask()
    after = {row["entry"] for row in map(json.loads, entries_in(server.received[2].text))}
    assert (len(before), before & after) == (10, set())
    assert waiting(nearsay)[: len(kept)] == kept


def entries_in(text: str) -> list[str]:
    """Return the lines of the entries in a request."""
    quoted = text.rpartition("<entries>")[2]
    return [row for row in quoted.splitlines() if row.startswith("{")]


def test_budget_and_limit_bound_a_run(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay, words: Path
) -> None:
    pages(words, 23)
    nearsay("index")
    server.answers = [ways_of(20)]
    done = ask("--limit", "2")
    assert "Sends the text of 2 entries" in done.err
    assert len(entries_in(server.received[0].text)) == 2
    done = ask("--budget", "150", "--json")
    assert (done.status, done.reply["stopped_by"], done.reply["tokens"]) == (0, "budget", 200)
    assert (len(server.received), done.reply["asked"]) == (3, 20)


def test_tokens_are_estimated_if_the_server_does_not_count(
    server: FakeChatServer, ask: Nearsay
) -> None:
    server.answers = [said(line("mast", *MAST), usage=None)]
    assert ask("--json").reply["tokens"] > 300


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


def test_variables_of_other_programs_are_not_used(
    server: FakeChatServer, ask: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_BASE_URL", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "foreign")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Foreign: foreign")
    monkeypatch.delenv("NEARSAY_LLM_KEY")
    server.answers = [GOOD]
    assert ask().status == 0
    assert "foreign" not in repr(server.received[0].headers)
    assert "authorization" not in server.received[0].headers


def test_key_may_be_in_a_file(
    server: FakeChatServer,
    ask: Nearsay,
    nearsay: Nearsay,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "key.txt"
    monkeypatch.setenv("NEARSAY_LLM_KEY_FILE", str(file))
    assert "both set" in ask().complaint
    monkeypatch.delenv("NEARSAY_LLM_KEY")
    assert "cannot be read" in ask().complaint
    file.write_text(f"{KEY}\n{KEY}\n")
    done = ask()
    assert (done.status, "must be a key of at most" in done.complaint) == (1, True)
    assert "language model" in nearsay("doctor").output
    file.write_text(f"{KEY}\r\n")
    server.answers = [GOOD]
    assert ask().status == 0
    assert server.received[0].headers["authorization"] == f"Bearer {KEY}"


def test_doctor_names_the_server_and_hides_the_key(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = nearsay("doctor")
    assert f"small-model at 127.0.0.1:{server.port}, with a key" in done.output
    assert KEY not in done.output
    assert server.received == []
    monkeypatch.delenv("NEARSAY_LLM_MODEL")
    assert "NEARSAY_LLM_MODEL is missing" in nearsay("doctor").output
    assert "NEARSAY_LLM_MODEL is missing" in ask().complaint


UNSAFE = (
    *("http://llm.example/v1", "http://10.0.0.1/v1", "http://127.0.0.1.example/v1"),
    *(f"https://{KEY}@llm.example/v1", f"https://me:{KEY}@llm.example", "ftp://localhost"),
    *("https://llm.example/v1?a=1", "https://llm example/", "https://llm.example:port/"),
)


def test_address_that_is_not_safe_is_refused(
    server: FakeChatServer, ask: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in UNSAFE:
        monkeypatch.setenv("NEARSAY_LLM_URL", address)
        done = ask()
        assert (done.status, "NEARSAY_LLM_URL" in done.complaint) == (1, True), address
    assert server.received == []


def test_without_settings_the_command_says_what_to_do(words: Path, nearsay: Nearsay) -> None:
    done = nearsay("ways", "words")
    assert done.status == 2
    assert "--request FILE" in done.complaint
    assert "NEARSAY_LLM_KEY_FILE" in done.complaint
