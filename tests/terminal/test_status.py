"""The status of the index at the terminal."""

from pathlib import Path

import pytest

from bot import app
from tests.support.command_line import Nearsay, write
from tests.support.toy import ToyEmbedder


def test_status_reports_a_missing_index_until_a_reindex_builds_it(nearsay: Nearsay) -> None:
    before = nearsay("admin", "status")
    assert (before.status, before.err) == (0, "")
    assert before.out.startswith(
        "Nothing has been indexed yet. Build the index with: /near-admin reindex"
    )
    assert nearsay("admin", "generations").out == "Nothing has been indexed yet.\n"
    assert nearsay("admin", "log").out == "No admin actions yet.\n"
    assert nearsay("admin", "rollback").status == 1
    assert nearsay("admin", "reindex", "--resume").status == 1
    built = nearsay("admin", "reindex")
    assert built.status == 0
    assert built.out.startswith("g000001 is live. 2 added")


def test_status_shows_the_current_generation(nearsay: Nearsay, words: Path) -> None:
    lines = nearsay("admin", "status").out.splitlines()
    assert lines[0].startswith("g000001 is live: 3 entries, ")
    assert lines[1].startswith("Built ")
    assert "words: 1 entry from 1 file" in lines
    assert lines[-1] == "No problems found."


def test_status_counts_an_entry_that_replaces_a_bundled_one_once(
    nearsay: Nearsay, words: Path
) -> None:
    write(words, "Anchor", "Our own hook.")
    nearsay("index")
    assert nearsay("admin", "status").out.startswith("g000002 is live: 3 entries, ")


def test_status_names_a_source_that_is_not_indexed(
    nearsay: Nearsay, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ropes.csv").write_text("term,definition\nHawser,A thick rope.\n")
    monkeypatch.setenv("NEARSAY_SOURCES", f"{tmp_path / 'ropes.csv'}:{words}")
    assert nearsay("admin", "status", "--json").reply["health"] == [
        "The source ropes is not indexed yet. Add it with: /near-admin reindex"
    ]
    assert nearsay("index").status == 0
    assert not nearsay("admin", "status", "--json").reply["health"]


def test_status_reports_a_missing_source_before_and_after_a_failed_reindex(
    nearsay: Nearsay, words: Path
) -> None:
    words.rename(words.with_name("moved"))
    answer = nearsay("admin", "status", "--json").reply["health"]
    assert answer == [f"The source words is no longer at {words}, so a reindex would fail."]
    assert nearsay("admin", "reindex").status == 1
    assert "catches wind" in nearsay("say", "/define sail").out
    failed, _ = nearsay("admin", "status", "--json").reply["health"]
    assert failed.startswith("The last reindex failed, ")
    words.with_name("moved").rename(words)
    assert nearsay("admin", "reindex").status == 0
    assert nearsay("admin", "status", "--json").reply["health"] == []


def test_status_reports_a_changed_model_and_rollback_is_refused(
    nearsay: Nearsay, words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SentenceEmbedder", lambda *_: ToyEmbedder("other"))
    (answer,) = nearsay("admin", "status", "--json").reply["health"]
    assert answer.startswith("The index was built with toy, but other is set.")
    done = nearsay("admin", "reindex", "--json")
    assert done.status == 0, done.complaint
    assert done.reply["churn"] is None
    back = nearsay("admin", "rollback")
    assert back.status == 1
    assert "g000001 was built with toy, but other is set" in back.complaint
    assert nearsay("admin", "status", "--json").reply["generation"] == "g000002"
