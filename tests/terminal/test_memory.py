"""The question log at the terminal, with the harbour index and the toy embedder."""

import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.__main__ import main
from index.storage import Store
from index.storage.db.ledger import Ledger
from index.storage.db.questions import QuestionRecord
from tests.support.questions import question_record
from tests.support.toy import ToyEmbedder

Say = Callable[..., Any]


@pytest.fixture
def data(harbour_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the command line's data directory, with the harbour index."""
    folder = tmp_path / "data"
    shutil.copytree(harbour_directory, folder)
    monkeypatch.setattr(app, "SentenceEmbedder", lambda *_: ToyEmbedder())
    monkeypatch.setattr("bot.cli.ensure_index.ensure_index", lambda *_, **__: True)
    monkeypatch.setenv("NEARSAY_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def say(data: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run one line as a separate command; return the reply as JSON."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()
        assert main(["say", "--json", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def ledger(data: Path) -> Iterator[Ledger]:
    with closing(Store(data)) as store:
        yield store.ledger


def logged_questions(ledger: Ledger) -> list[QuestionRecord]:
    return ledger.questions.recent("operator", 100)


def test_terminal_question_is_logged_for_its_user_only(say: Say, ledger: Ledger) -> None:
    say("who looks after a hawser?")
    say("/near tug")
    say("help")
    newest, oldest = logged_questions(ledger)
    assert (newest.text, oldest.text) == ("tug", "who looks after a hawser?")
    assert (oldest.place, oldest.channel, oldest.outcome) == ("terminal", "", "answered")
    assert ledger.questions.most_asked(5) == []


def test_questions_in_a_chat_are_logged(
    data: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("what is a hawser?\nexample\n"))
    assert main(["chat", "--json"]) == 0
    assert [question.text for question in logged_questions(ledger)] == [
        "example",
        "what is a hawser?",
    ]


@pytest.mark.parametrize(("days", "left"), [("7", ["b", "c"]), ("0", [])])
def test_expired_questions_are_deleted_at_start(
    say: Say, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, days: str, left: list[str]
) -> None:
    for name, age in (("a", 8), ("b", 6)):
        asked_at = datetime.now(UTC) - timedelta(age)
        ledger.questions.keep(question_record(name, text=name, at=asked_at, person="operator"))
    monkeypatch.setenv("NEARSAY_RETENTION_DAYS", days)
    say("c")
    assert sorted(question.text for question in logged_questions(ledger)) == left


@pytest.mark.on_files
def test_questions_are_answered_while_the_ledger_is_locked(
    say: Say, data: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.db.database.BUSY", 0.2)
    with closing(sqlite3.connect(data / "ledger.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert say("what is a hawser?")["answered"] is True
        other.execute("ROLLBACK")
    assert logged_questions(ledger) == []
    assert "write failed" in (data / "nearsay.log").read_text(encoding="utf-8")
    assert "hawser" not in (data / "nearsay.log").read_text(encoding="utf-8")
