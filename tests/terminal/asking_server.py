"""An indexed glossary, and a language model's server that the settings name."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chat_server import FakeChatServer, HttpAnswer, fake_chat_server, said
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


def ways_of(number: int) -> HttpAnswer:
    """Return a reply with a way for each of the entries that the glossary has beyond three."""
    lines = (line(f"part{at}", f"part of ship number {at} please") for at in range(number))
    return said("\n".join([*lines, line("mast", *MAST), line("hull", "body below the deck")]))
