"""Write files and folders atomically: write to a temporary path next to the target, then rename."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index.errors import ExportError
from index.fsync import exchange, replace, sync, sync_tree

_EXISTS_HINT = "Choose another name, or add --overwrite."


def write_file(target: Path, text: str, *, overwrite: bool) -> None:
    """Write a text file. Raises `ExportError` when it cannot be written, or exists and `overwrite`
    is False."""
    with _translated(target):
        target = target.resolve()
        with _temporary_path(target) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            if target.exists() and not overwrite:
                raise ExportError(f"{target} already exists.", _EXISTS_HINT)
            replace(temporary, target)


def check_pages(target: Path, overwrite: bool) -> None:
    """Raise `ExportError` unless the folder may be replaced by Markdown pages: it does not exist,
    is empty, or, with `overwrite`, contains only Markdown files."""
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(
            f"{target} is not a folder.", "Give the path of a folder, for one file per entry."
        )
    if not overwrite and any(target.iterdir()):
        raise ExportError(f"{target} already exists and is not empty.", _EXISTS_HINT)
    for path in target.rglob("*"):
        if path.is_symlink() or not (path.is_dir() or path.suffix == ".md"):
            raise ExportError(
                f'{target} contains "{path.relative_to(target)}", which is not an exported page.',
                "Use a separate folder.",
            )


def write_folder(
    target: Path,
    files: Mapping[str, str],
    *,
    overwrite: bool,
    check: Callable[[Path, bool], None] = check_pages,
) -> None:
    """Write the files of a folder, given as texts by relative path.

    A folder that passes `check` is replaced as a whole. Raises `ExportError` when the folder may
    not be overwritten, or cannot be written.
    """
    with _translated(target):
        target = target.resolve()
        check(target, overwrite)
        with _temporary_path(target) as temporary:
            temporary.mkdir()
            for path, text in files.items():
                file = temporary / path
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("x", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
            check(target, overwrite)
            _move_into_place(temporary, target)


def _move_into_place(temporary: Path, target: Path) -> None:
    """Move a folder to `target`. A folder already there is deleted only after the move; where the
    system can, it is replaced in one step."""
    if not target.exists():
        replace(temporary, target)
        return
    sync_tree(temporary)
    if exchange(temporary, target):  # the caller deletes the old folder
        sync(target.parent)
        return
    with _temporary_path(target) as old:
        target.rename(old)
        try:
            temporary.rename(target)
        except OSError:
            old.rename(target)
            raise
        sync(target.parent)


@contextmanager
def _temporary_path(target: Path) -> Iterator[Path]:
    """Yield an unused path next to `target`, and delete the file or folder there on exit."""
    path = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}")
    try:
        yield path
    finally:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _translated(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Free some space, check the permissions, or choose another folder."
        raise ExportError(f"{target} cannot be written: {error.strerror}.", hint) from error
