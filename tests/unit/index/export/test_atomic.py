import errno
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ExportError
from index.export import atomic
from index.export.atomic import write_file, write_folder

PAGES = {"team/a.md": "A", "team/b.md": "B"}


def text(folder: Path) -> dict[str, str]:
    """Return the texts of the files in a folder, by relative path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_existing_files_are_kept_unless_overwriting_is_requested(tmp_path: Path) -> None:
    file, folder = tmp_path / "x.csv", tmp_path / "pages"
    write_file(file, "old", overwrite=False)
    write_folder(folder, {"old.md": "old"}, overwrite=False)
    before = text(tmp_path)
    with pytest.raises(ExportError, match="already exists"):
        write_file(file, "new", overwrite=False)
    with pytest.raises(ExportError, match="not empty") as refused:
        write_folder(folder, PAGES, overwrite=False)
    assert refused.value.hint == "Choose another name, or add --overwrite."
    assert text(tmp_path) == before
    write_file(file, "new", overwrite=True)
    write_folder(folder, PAGES, overwrite=True)
    assert text(tmp_path) == {"x.csv": "new"} | {f"pages/{path}": PAGES[path] for path in PAGES}
    assert {path.name for path in tmp_path.iterdir()} == {"x.csv", "pages"}


@pytest.mark.parametrize("name", ["notes.txt", ".git/config"])
def test_a_folder_with_other_files_is_never_overwritten(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(ExportError, match="not an exported page"):
        write_folder(tmp_path, PAGES, overwrite=True)
    assert text(tmp_path) == {name: "mine"}


def test_files_and_folders_do_not_replace_each_other(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="cannot be written"):
        write_file(tmp_path, "x", overwrite=True)
    with pytest.raises(ExportError, match="is not a folder"):
        write_folder(tmp_path / "file", PAGES, overwrite=True)


def test_a_missing_parent_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file") as caught:
        write_file(tmp_path / "missing" / "x", "x", overwrite=False)
    assert caught.value.hint
    with pytest.raises(ExportError, match="No such file"):
        write_folder(tmp_path / "missing" / "x", PAGES, overwrite=False)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["open", "rename", "replace"])
def test_a_failed_write_leaves_nothing(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder = tmp_path / "x.csv", tmp_path / "pages"
    write_file(file, "old", overwrite=False)
    write_folder(folder, {"old.md": "old"}, overwrite=False)
    before = text(tmp_path)
    writes: list[Callable[[], None]] = [lambda: write_folder(folder, PAGES, overwrite=True)]
    if step != "rename":
        writes.append(lambda: write_file(file, "new", overwrite=True))
    for write in writes[1:] if step == "replace" else writes:
        with monkeypatch.context() as patched:
            patched.setattr(Path, step, full)
            patched.setattr(atomic, "exchange", lambda *_: False)
            with pytest.raises(ExportError, match="No space left") as caught:
                write()
        assert "Free some space" in caught.value.hint
    assert text(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == {"x.csv", "pages"}


@pytest.mark.skipif(sys.platform != "linux", reason="swaps folders in one step on Linux only")
def test_a_folder_is_replaced_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pages"
    write_folder(folder, {"old.md": "old"}, overwrite=False)
    monkeypatch.setattr(Path, "rename", full)
    write_folder(folder, PAGES, overwrite=True)
    assert text(tmp_path) == {f"pages/{path}": PAGES[path] for path in PAGES}
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_the_old_folder_is_restored_when_the_swap_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pages"
    write_folder(folder, {"old.md": "old"}, overwrite=False)
    monkeypatch.setattr(atomic, "exchange", lambda *_: False)
    rename, moved = Path.rename, []

    def second_fails(path: Path, target: Path) -> Path:
        moved.append(target)
        if len(moved) == 2:
            full()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(ExportError, match="No space left"):
        write_folder(folder, PAGES, overwrite=True)
    assert text(tmp_path) == {"pages/old.md": "old"}
