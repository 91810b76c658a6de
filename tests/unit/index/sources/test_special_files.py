"""Links, named pipes, unreadable files, files that change, and unusual file names are read safely
or refused."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import SourceError
from index.names import name_key
from index.sources import files, loader
from index.sources.files import SourceFile
from index.sources.loader import read_sources
from index.sources.source import Source
from tests.unit.index.sources.hostile import BINARY, GOOD, entries_besides_good, folder, read, write

__all__ = ["folder"]

needs_links = pytest.mark.skipif(os.name == "nt", reason="symlinks need a privilege on Windows")


@needs_links
@pytest.mark.parametrize("pattern", ["", "*", "**/*.md"], ids=["folder", "pattern", "deep pattern"])
def test_broken_links_and_links_to_files_outside_the_source_are_not_followed(
    folder: Path, pattern: str
) -> None:
    secret = write(folder.parent, "secret.md", GOOD.replace("Good", "Secret").encode())
    (folder / "out.md").symlink_to(secret)
    (folder / "nowhere.md").symlink_to(folder / "gone.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    report = read(folder / pattern if pattern else folder)
    assert entries_besides_good(report) == []
    reasons = {Path(item.path).name: item.reason for item in report.refused}
    assert reasons["out.md"] == "is a link to a target outside its folder"
    assert reasons["nowhere.md"] == reasons["loop.md"] == "is a broken link"


@needs_links
@pytest.mark.parametrize("pattern", ["", "**/*.md"], ids=["folder", "pattern"])
def test_links_to_folders_outside_or_in_a_cycle_are_not_followed(
    folder: Path, pattern: str
) -> None:
    write(folder.parent / "bundled", "secret.md", GOOD.replace("Good", "Secret").encode())
    (folder / "out").symlink_to(folder.parent / "bundled")
    for name in ("again", "and-again", "once-more"):
        (folder / name).symlink_to(folder)
    report = read_sources([Source("terms", str(folder / pattern if pattern else folder))])
    entries = [entry for entry in report.entries if entry.source == "terms"]
    assert [entry.term for entry in entries] == ["Good"]


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root reads every file")
def test_an_unreadable_file_or_folder_is_refused(folder: Path) -> None:
    write(folder, "closed.md", b"x").chmod(0)
    (folder / "closed").mkdir(mode=0)
    report = read(folder)
    assert entries_besides_good(report) == []
    assert {item.reason for item in report.refused} == {"cannot be read: Permission denied"}


def test_a_folder_that_is_nested_too_deeply_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("os.walk", walk)  # which recurses before Python 3.12
    with pytest.raises(SourceError, match="is nested too deeply"):
        read(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("alone", [False, True])
def test_a_named_pipe_is_refused_without_blocking(folder: Path, alone: bool) -> None:
    os.mkfifo(folder / "pipe.csv")
    report = read(folder / "pipe.csv" if alone else folder)
    assert [item.reason for item in report.refused] == ["is not a regular file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_that_replaces_a_file_is_refused_without_blocking(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(folder, "late.md", GOOD.encode())

    def load_late(path: Path, root: Path) -> SourceFile:
        if path == file:
            file.unlink()
            os.mkfifo(file)
        return files.load(path, root)

    monkeypatch.setattr(loader, "load", load_late)
    assert [item.reason for item in read(folder).refused] == ["is not a regular file"]


def grow(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"More and more.\n")


def shrink(file: Path) -> None:
    os.truncate(file, 10)


def rewrite(file: Path) -> None:
    file.write_bytes(file.read_bytes().swapcase())
    os.utime(file, ns=(1, 1))


CHANGES = {
    "grows": (grow, ["changed while it was read"], []),
    "shrinks": (shrink, ["changed while it was read"], []),
    "is overwritten": (rewrite, ["changed while it was read"], []),
    "disappears": (Path.unlink, [], ["Late"]),
    "is replaced": (lambda file: Path(file.parent / "new").replace(file), [], ["Late"]),
}


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be changed on Windows")
@pytest.mark.parametrize(("change", "reasons", "terms"), CHANGES.values(), ids=list(CHANGES))
def test_a_file_that_changes_while_it_is_read_is_read_completely_or_refused(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
    reasons: list[str],
    terms: list[str],
) -> None:
    file = write(folder, "late.md", GOOD.replace("Good", "Late").encode())
    write(folder, "new", b"Another.\n")
    waiting = [file]
    fstat = os.fstat

    def fstat_and_change(descriptor: int) -> os.stat_result:
        known = fstat(descriptor)
        if waiting and os.path.samestat(known, file.stat()):
            change(waiting.pop())
        return known

    monkeypatch.setattr(os, "fstat", fstat_and_change)
    report = read(folder)
    assert not waiting
    assert [entry.term for entry in entries_besides_good(report)] == terms
    assert [item.reason for item in report.refused] == reasons


@pytest.mark.skipif(os.name == "nt", reason="Windows does not allow such names")
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b]0;owned\x07\x1b[31mred.md", "]0;owned[31mred.md"),
        ("two\nlines.md", "two lines.md"),
        ("\u202egnp.md", "gnp.md"),
        (os.fsdecode(b"caf\xe9.md"), "caf.md"),
    ],
    ids=["escapes", "line break", "reversed", "not UTF-8"],
)
def test_file_names_are_cleaned_for_display(folder: Path, name: str, shown: str) -> None:
    file = write(folder, name, GOOD.replace("Good", "Odd").encode())
    (entry,) = entries_besides_good(read(folder))
    key = name_key(Path(shown).stem)
    assert (entry.path, entry.id) == (shown, f"terms/{key}".replace(" ", "-"))
    file.write_bytes(BINARY)
    (refusal,) = read(folder).refused
    assert refusal.path.endswith(shown)
