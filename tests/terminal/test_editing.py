"""Edit entries at the terminal: suggest, review, write in an editor, and undo."""

import io
import json
import shutil
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.admin.drafts import draft_key, keep_draft
from bot.identity import OPERATOR
from index.entry_draft import EntryDraft
from index.storage import Store
from tests.support.command_line import Nearsay, run, set_up, two_pages, write

KEEL = "---\nterm: Keel\ncategory: Ships\n---\nThe lowest timber of a ship.\n"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a two-page encyclopedia in `bundled` and its index g000001 in `data`."""
    folder = tmp_path_factory.mktemp("ships")
    two_pages(folder)
    with pytest.MonkeyPatch.context() as patch:
        set_up(patch, folder)
        assert main(["index"]) == 0
    return folder


@pytest.fixture
def nearsay(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Nearsay:
    """Run the command line with an index for this test only."""
    shutil.copytree(base, tmp_path, dirs_exist_ok=True)
    set_up(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
    return partial(run, capsys)


class Terminal(io.StringIO):
    """A standard input that reports that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set a shell script with these lines as the editor, on a terminal; `$1` is the edited file."""
    script = tmp_path / "an editor.sh"
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setenv("EDITOR", f"'{script}'")

    def lines(text: str) -> None:
        script.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/seen.md\n{text}\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    return lines


def test_unknown_term_is_suggested_approved_and_found(nearsay: Nearsay) -> None:
    unknown = nearsay("say", "/define keel")
    assert unknown.status == 1
    assert "To suggest one: /define keel = DEFINITION" in unknown.output
    assert "To suggest" not in nearsay("say", "/define keel from=zzz").output
    made = nearsay("say", "/define Keel = The lowest timber of a ship.", "--json").reply
    assert (made["kind"], made["term"], made["waiting"]) == ("suggested", "Keel", 1)
    waiting = nearsay("admin", "suggestions")
    assert "1 suggestion waits for a decision." in waiting.out
    assert f"approve {made['id']}" in waiting.out
    seen = nearsay("admin", "approve", made["id"])
    assert "Definition: The lowest timber of a ship.\n" in seen.out
    *_, command = seen.out.splitlines()
    stale = nearsay("admin", "approve", made["id"], "digest=0")
    assert "The suggestion has changed since it was shown." in stale.output
    done = nearsay("admin", *command.split(), "--json").reply
    assert (done["kind"], done["entry"], done["live"]) == ("saved", "written/keel", True)
    assert (done["generation"], done["suggestion"]) == ("g000002", made["id"])
    near = nearsay("say", "/near lowest timber", "--json").reply
    assert (near["neighbours"][0]["id"], near["neighbours"][0]["source"]) == (
        "written/keel",
        "written",
    )
    assert "written: 1 entry written in Nearsay" in nearsay("admin", "status").out
    assert "decided" in nearsay("admin", "decline", made["id"], "--json").out


def test_suggestion_can_be_declined(nearsay: Nearsay) -> None:
    made = nearsay("say", "/define Keel = The lowest timber of a ship.", "--json").reply
    done = nearsay("admin", "decline", made["id"], "Another", "trade.", "--json").reply
    assert (done["kind"], done["term"], done["note"]) == ("declined", "Keel", "Another trade.")
    assert nearsay("admin", "suggestions").out == "No suggestions are waiting.\n"
    assert nearsay("say", "/define keel").status == 1


def test_one_line_commands_add_edit_remove_and_undo_entries(nearsay: Nearsay) -> None:
    added = nearsay("admin", "add", "Keel = The lowest timber of a ship.")
    assert added.out.startswith("Keel was added. Live in g000002 after ")
    nearsay("admin", "edit", "keel = The backbone of a ship.")
    assert "The backbone" in nearsay("say", "/define keel").out
    phrase = nearsay("admin", "phrase", "keel = what lies lowest in a ship")
    assert phrase.out.startswith("Keel has a new search phrase. Live in")
    answer = nearsay("say", "/define keel", "--json").out
    assert "lies lowest" not in answer
    assert "search_phrases" not in answer
    asked = nearsay("admin", "remove", "keel")
    assert "Nothing was changed. To remove it: /near-admin remove Keel --yes" in asked.output
    assert nearsay("admin", "remove", "keel", "--yes").out.startswith("Keel was removed. Live in")
    assert nearsay("say", "/define keel").status == 1
    assert nearsay("admin", "undo").out.startswith("Keel was restored. Live in")
    assert "The backbone" in nearsay("say", "/define keel").out
    history = nearsay("admin", "history", "keel", "--json").reply
    assert [change["change"] for change in history["changes"]] == [
        "restored",
        "removed",
        "phrase",
        "edited",
        "added",
    ]
    first = history["changes"][-1]["number"]
    back = nearsay("admin", "history", "keel", f"restore={first}", "--json").reply
    assert (back["change"], back["fields"]) == ("restored", ["definition"])
    wrong = nearsay("admin", "phrase", "keel")
    assert (wrong.status, "phrase TERM = QUESTION" in wrong.err) == (2, True)


def test_duplicate_definition_needs_confirmation(nearsay: Nearsay) -> None:
    reply = nearsay("admin", "add", "Hook = An iron hook that holds a ship.")
    assert reply.status == 1
    assert "Hook may be a duplicate of Anchor" in reply.output
    assert "To make it an alias: /near-admin edit Anchor" in reply.output
    assert nearsay("admin", "add", "Hook = An iron hook that holds a ship.", "--yes").status == 0


def test_edited_entry_survives_a_reindex_and_can_be_reset(nearsay: Nearsay, tmp_path: Path) -> None:
    nearsay("admin", "edit", "Anchor = Ours.")
    write(tmp_path / "bundled", "Anchor", "Theirs, and newer.")
    assert nearsay("admin", "reindex").status == 0
    assert "Ours." in nearsay("say", "/define anchor").out
    assert "There is a newer text in" in nearsay("admin", "history", "anchor").output
    exported = nearsay("export", "pages")
    assert exported.status == 0, exported.err
    assert "Ours." in (tmp_path / "pages" / "encyclopedia" / "anchor.md").read_text()
    assert "reset to its source's text" in nearsay("admin", "history", "anchor", "restore=0").out
    assert "Theirs, and newer." in nearsay("say", "/define anchor").out


def test_exported_edits_need_another_name_on_import(nearsay: Nearsay, tmp_path: Path) -> None:
    nearsay("admin", "add", "Keel = The lowest timber of a ship.")
    assert nearsay("export", "ours", "--from", "written").status == 0
    refused = nearsay("index", "--source", "written=ours/written")
    assert (refused.status, "--name" in refused.output) == (1, True)
    assert nearsay("index", "--source", "team=ours/written").status == 0
    near = nearsay("say", "/near lowest timber from=team", "--json").reply
    assert near["neighbours"][0]["id"] == "team/keel"


def test_entry_can_be_written_in_an_editor(
    nearsay: Nearsay, editor: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "keel.md").write_text(KEEL)
    editor(f'cp {tmp_path}/keel.md "$1"')
    done = nearsay("admin", "add", "Keel")
    assert done.status == 0, done.err
    assert done.out.startswith("Keel was added. Live in g000002")
    assert "term: Keel" in (tmp_path / "seen.md").read_text()
    editor("sed -i 's/lowest/longest/' \"$1\"")
    assert nearsay("admin", "edit", "keel", "--json").reply["fields"] == ["definition"]
    editor("true")
    same = nearsay("admin", "edit", "keel")
    assert (same.status, same.err) == (1, "Nothing was changed.\n")


def test_unsaved_text_is_kept_in_its_file_and_as_a_draft(
    nearsay: Nearsay, editor: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "keel.md").write_text(KEEL.replace("term: Keel", "term: Buoy"))
    editor(f'cp {tmp_path}/keel.md "$1"')
    refused = nearsay("admin", "add", "Keel")
    assert (refused.status, "is already an entry" in refused.output) == (1, True)
    (kept,) = tmp_path.glob("nearsay-*/entry.md")
    assert f"--file {kept}" in "".join(refused.err.split("\n"))
    editor("sed -i 's/term: Buoy/term: Keel/' \"$1\"")
    assert nearsay("admin", "add", "Keel").out.startswith("Keel was added")
    assert "unsaved draft" in (tmp_path / "seen.md").read_text()
    assert list(tmp_path.glob("nearsay-*/entry.md")) == [kept], "a saved entry's file is deleted"
    editor("echo '---' > \"$1\"; exit 3")
    broke = nearsay("admin", "edit", "keel")
    assert (broke.status, "The editor failed" in broke.output) == (1, True)


def test_an_unchanged_draft_is_saved_if_the_user_confirms(
    nearsay: Nearsay, editor: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "data")
    draft = EntryDraft(term="Anchor", definition="A hook.")
    keep_draft(store, draft_key("anchor"), draft, "an old version", OPERATOR)
    store.close()
    editor("true")
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert nearsay("admin", "edit", "anchor").err == "Nothing was changed.\n"
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    done = nearsay("admin", "edit", "anchor", "--json")
    assert done.reply["fields"] == ["definition", "questions"]
    assert "unsaved draft" in (tmp_path / "seen.md").read_text()
    same = nearsay("admin", "edit", "anchor")
    assert (same.status, same.err) == (1, "Nothing was changed.\n")


def test_without_a_terminal_a_page_is_read_from_a_file_or_stdin(
    nearsay: Nearsay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keel.md").write_text(KEEL)
    done = nearsay("admin", "add", "Keel", "--file", "keel.md", "--json").reply
    assert (done["kind"], done["term"]) == ("saved", "Keel")
    monkeypatch.setattr("sys.stdin", io.StringIO(KEEL.replace("lowest", "longest")))
    assert nearsay("admin", "edit", "keel", "--json").reply["fields"] == ["definition"]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "--file PATH" in nearsay("admin", "edit", "keel").output
    bad = nearsay("admin", "edit", "keel", "--file", "nowhere.md")
    assert (bad.status, "No such file" in bad.output) == (1, True)
    (tmp_path / "bad.md").write_text(KEEL + "\n## What it is\nA timber.\n")
    assert "no sections" in nearsay("admin", "edit", "keel", "--file", "bad.md").output


def owner_of(nearsay: Nearsay, tmp_path: Path) -> str:
    assert nearsay("export", "all.jsonl", "--overwrite").status == 0
    rows = map(json.loads, (tmp_path / "all.jsonl").read_text().splitlines())
    return str(next(row.get("owner", "") for row in rows if row.get("term") == "Keel"))


def test_owner_is_set_changed_kept_and_cleared_in_an_editor(
    nearsay: Nearsay, editor: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "keel.md").write_text(KEEL.replace("category", "owner: Yard\ncategory"))
    editor(f'cp {tmp_path}/keel.md "$1"')
    assert nearsay("admin", "add", "Keel").status == 0
    assert "owner: Team" in (tmp_path / "seen.md").read_text(), "the notes name the field"
    assert owner_of(nearsay, tmp_path) == "Yard"
    editor("sed -i 's/lowest/longest/' \"$1\"")
    assert nearsay("admin", "edit", "keel", "--json").reply["fields"] == ["definition"]
    assert "owner: Yard" in (tmp_path / "seen.md").read_text()
    assert nearsay("admin", "edit", "keel = A long timber of a ship.").status == 0
    (tmp_path / "keel.md").write_text(KEEL)
    assert nearsay("admin", "edit", "keel", "--file", "keel.md").status == 0
    assert owner_of(nearsay, tmp_path) == "Yard", "a page without an owner keeps it"
    editor("sed -i 's/owner: Yard/owner: Crew/' \"$1\"")
    assert nearsay("admin", "edit", "keel", "--json").reply["fields"] == ["owner"]
    assert owner_of(nearsay, tmp_path) == "Crew"
    editor("sed -i '/^owner/d' \"$1\"")
    assert nearsay("admin", "edit", "keel", "--json").reply["fields"] == ["owner"]
    assert owner_of(nearsay, tmp_path) == ""
    assert nearsay("admin", "undo", "keel").status == 0
    assert owner_of(nearsay, tmp_path) == "Crew"


def test_draft_of_an_earlier_version_keeps_the_owner(
    nearsay: Nearsay, editor: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "keel.md").write_text(KEEL.replace("category", "owner: Yard\ncategory"))
    assert nearsay("admin", "add", "Keel", "--file", "keel.md").status == 0
    entry = nearsay("say", "/define keel", "--json").reply["entry"]["id"]
    store = Store(tmp_path / "data")
    draft = EntryDraft(term="Keel", category="Ships", definition="A beam.")
    assert "owner" not in draft.to_json()
    keep_draft(store, draft_key(entry), draft, "", OPERATOR)
    store.close()
    editor("sed -i 's/beam/long beam/' \"$1\"")
    assert nearsay("admin", "edit", "keel").status == 0
    assert "owner: Yard" in (tmp_path / "seen.md").read_text()
    assert owner_of(nearsay, tmp_path) == "Yard"


def test_log_export_writes_a_file(nearsay: Nearsay) -> None:
    nearsay("admin", "add", "Keel = The lowest timber of a ship.")
    nearsay("admin", "history", "=keel")
    done = nearsay("admin", "log", "as=csv", "--json").reply
    assert (done["kind"], done["what"], done["form"]) == ("exported", "records", "csv")
    lines = Path(done["path"]).read_text().splitlines()
    assert lines[0] == "at,who,action,outcome,detail,generation,times"
    assert any(",operator,add Keel,done,written/keel added," in line for line in lines)
    path = nearsay("admin", "log", "as=jsonl", "--json").reply["path"]
    records = [json.loads(line) for line in Path(path).read_text().splitlines()]
    assert records[-1]["action"] == "index"
    assert nearsay("admin", "log", "as=markdown").status == 1
