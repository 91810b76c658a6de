"""Purge and person at the terminal: the name is typed again, and the output says what is left."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.support.command_line import Nearsay, write


def test_a_purge_needs_the_name_twice_and_an_entry_that_is_gone(
    nearsay: Nearsay, words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(words, "Mast", "A tall pole.")
    nearsay("admin", "reindex")
    used = nearsay("purge", "Mast")
    assert (used.status, "is still in the index" in used.err) == (1, True)
    (words / "mast.md").unlink()
    nearsay("admin", "reindex")
    monkeypatch.setattr(sys, "stdin", io.StringIO("Sail\n"))
    wrong = nearsay("purge", "Mast")
    assert (wrong.status, "The names differ; nothing was removed." in wrong.err) == (1, True)
    assert "1 entry in 1 version" in " ".join(wrong.out.split())
    assert "does not touch backups" in " ".join(wrong.out.split())
    monkeypatch.setattr(sys, "stdin", io.StringIO("Mast\n"))
    done = nearsay("purge", "Mast")
    assert (done.status, "Nothing of Mast is left." in done.out) == (0, True)
    back = nearsay("admin", "rollback")
    assert (back.status, "are gone: purged on" in back.out + back.err) == (1, True)
    assert "nothing of a source or term" in nearsay("purge", "Mast").err


def test_a_person_is_exported_and_forgotten(nearsay: Nearsay) -> None:
    nearsay("say", "/near a rope")
    found = json.loads(nearsay("person", "operator", "export").out)
    assert [row["text"] for row in found["questions"]] == ["a rope"]
    assert json.loads(nearsay("person", "operator", "forget").out)["questions"] == 1
    assert json.loads(nearsay("person", "operator", "export").out) == {}
