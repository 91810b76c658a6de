"""Ways to ask from a language model's server: what is sent, recorded and bounded."""

import json
import signal
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.chat_server import FakeChatServer, said, sent
from tests.support.command_line import Nearsay, write
from tests.terminal.asking_server import GOOD, KEY, MAST, ask, line, pages, server, waiting, ways_of

__all__ = ["ask", "server"]


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


def test_repeated_way_is_proposed_once(
    server: FakeChatServer, ask: Nearsay, nearsay: Nearsay
) -> None:
    server.answers = [said("\n".join([line("mast", MAST[0])] * 40))]
    assert "repeated (39 times)" in ask().output
    assert waiting(nearsay) == [MAST[0]]


def test_other_name_of_the_bound_is_used_if_the_server_wants_it(
    server: FakeChatServer, ask: Nearsay
) -> None:
    refusal = {"error": {"message": "Use 'max_completion_tokens' instead."}}
    server.answers = [sent(400, json.dumps(refusal).encode()), GOOD]
    assert ask().status == 0
    assert "max_completion_tokens" in server.received[1].body


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
