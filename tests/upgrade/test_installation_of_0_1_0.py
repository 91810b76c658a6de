"""Promises to users who upgrade, tested on an installation of 0.1.0 with the current code.

Each test checks one promise. Tests set the index format where they need the format of 0.1.0 or a
future one.
"""

import json
from typing import Any

import pytest

from bot import indexing
from bot.assistant import Assistant
from index.build.reindex import ReindexResult
from index.embedding.embedder import SentenceEmbedder
from index.storage import Store
from index.storage.db import generation_records
from index.storage.db.ledger import Ledger
from tests.support.command_line import run
from tests.upgrade.installation import (
    CURRENT_FORMAT,
    Installation,
    KnownTexts,
    assert_nothing_lost,
    installation,
    unpacked,
)
from tests.upgrade.written import missing_items, written_by_people

__all__ = ["installation", "unpacked"]

QUESTION = "Where are the prompts that I may send to tenants?"  # a question in the glossary
REWORDED = "which templates can i use without asking"  # a second heading of the same answer
TEMPLATES = "Take a template as it is, fill in the brackets, and leave the rest alone."
BEFORE_THE_INDEX_FORMAT = "0005"  # tables of 0.1.0


def say(capsys: pytest.CaptureFixture[str], line: str) -> Any:
    done = run(capsys, "say", line, "--json")
    assert done.status == 0, done.output
    return done.reply


def test_upgraded_installation_answers_and_keeps_all_user_data(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    # The source may be unavailable: neither the terms nor users' edits depend on it.
    (installation.folder / "glossary").rename(installation.folder / "elsewhere")
    done = run(capsys, "say", "/define rent ledger", "--json")
    assert done.reply["entry"]["definition"].endswith("Models read it only.")
    assert "Nearsay was upgraded; rebuilding the index" in done.output
    assert "Writing the index" in done.output
    (installation.folder / "elsewhere").rename(installation.folder / "glossary")
    assert say(capsys, "/define the small hours")["entry"]["term"] == "Night batch"
    assert say(capsys, f"/near {REWORDED}")["neighbours"][0]["term"] == "Green folder"
    answer = say(capsys, QUESTION)
    assert TEMPLATES in answer["text"]
    assert run(capsys, "say", "/define parrot").status == 1, "the entry was removed"
    history = run(capsys, "admin", "history", "rent ledger", "--json").reply
    assert [change["change"] for change in history["changes"]] == ["edited", "added"]
    (waiting,) = run(capsys, "admin", "suggestions", "--json").reply["suggestions"]
    assert waiting["fields"]["term"] == "Echo check"
    assert_nothing_lost(installation)
    carol = next(u["id"] for u in installation.slack["users"] if u["name"] == "carol")
    now = installation.written()
    assert carol not in {row["person"] for row in now["questions"].values()}, "carol is deleted"


@pytest.mark.model
def test_upgraded_installation_answers_with_the_real_model(
    installation: Installation, real_embedder: SentenceEmbedder
) -> None:
    store = Store(installation.data)
    try:
        indexing.Indexer(store, real_embedder).upgrade()
        assistant = Assistant(store, real_embedder)
        found = assistant.ask("/near somebody has to check a letter before it goes out")
        (first, *_) = found.neighbours  # type: ignore[union-attr]
        assert first.term == "Second reader"
    finally:
        store.close()


def test_vectors_of_unchanged_texts_are_reused(installation: Installation) -> None:
    store, embedder = Store(installation.data), KnownTexts(installation)
    try:
        before = store.ledger.generations.pointer().generation
        seen: list[str] = []
        done = indexing.Indexer(store, embedder).upgrade(
            progress=lambda phase, *_: seen.append(phase)
        )
        assert isinstance(done, ReindexResult)
        assert done.before == before
        # Questions are embedded as in 0.1.0, other passages with their term prepended.
        generation = store.current()
        kinds = ("question", "phrase")
        questions = {one.digest for one in generation.passages if one.kind in kinds}
        assert done.reused >= len(questions) > 0
        assert done.reused + done.embedded == len(generation.passages)
        assert (done.added, done.changed, done.removed) == (0, 0, 0)
        assert [source.name for source in store.current().manifest.sources] == ["house"]
        assert {"writing", "verifying", "switching"} <= set(seen)
    finally:
        store.close()


def test_rollback_past_the_upgrade_is_refused_with_the_reason(
    installation: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(installation.data)
    kept = [record.name for record in store.ledger.generations.kept()]
    store.close()
    assert len(kept) == 3
    assert run(capsys, "say", "/define rent ledger").status == 0
    rebuilt = generations_of(capsys)
    assert not {line["name"] for line in rebuilt} & set(kept)
    refused = run(capsys, "admin", "rollback", kept[1])
    assert refused.status == 1
    assert "was built by another version of Nearsay" in refused.complaint
    assert "restore its backup" in refused.complaint
    down = run(capsys, "migrate", "--to", BEFORE_THE_INDEX_FORMAT, "--down")
    assert down.status == 1
    assert "in a format that older versions of Nearsay cannot read" in down.complaint
    assert "restore a backup from before the upgrade" in down.complaint
    # The previous version finds an index that it cannot open.
    monkeypatch.setattr(generation_records, "INDEX_FORMAT", CURRENT_FORMAT - 1)
    older = run(capsys, "say", "/define rent ledger")
    assert older.status == 1
    assert "A newer version of Nearsay built the index" in older.complaint
    assert generations_of(capsys) == rebuilt


def generations_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    reply = run(capsys, "admin", "generations", "--json").reply
    return list(reply["generations"])


def test_downgrade_before_the_rebuild_is_possible(
    installation: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation_records, "INDEX_FORMAT", 1)  # the format of 0.1.0
    assert run(capsys, "admin", "status").status == 0  # upgrades the tables
    done = run(capsys, "migrate", "--to", BEFORE_THE_INDEX_FORMAT, "--down")
    assert done.status == 0, done.complaint
    assert Ledger.version(installation.data) == BEFORE_THE_INDEX_FORMAT
    assert_nothing_lost(installation)


def test_backup_made_by_0_1_0_can_be_restored(
    installation: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEARSAY_DATA_DIR", str(installation.folder / "restored"))
    done = run(capsys, "restore", "backup.tar.gz")
    assert done.status == 0, done.complaint
    there = written_by_people(installation.folder / "restored" / "ledger.sqlite3")
    expected = json.loads((installation.folder / "expected.json").read_text(encoding="utf-8"))
    assert list(missing_items(expected, there)) == []
    assert say(capsys, "/define the small hours")["entry"]["term"] == "Night batch"
    assert (installation.folder / "restored" / "imports").is_dir(), "uploaded files are restored"
