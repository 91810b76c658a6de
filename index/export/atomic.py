"""Files and folders that are written whole or not at all: beside the target, then renamed."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index.errors import ExportError

_ELSEWHERE = "Name another, or export with overwrite."


def write_file(target: Path, text: str, *, overwrite: bool) -> None:
    """Writes a text to a file. Raises `ExportError` when it is there already and not to be
    overwritten, or cannot be written."""
    with _translated(target):
        target = target.resolve()
        if target.is_dir():
            raise ExportError(f"{target} is a folder.", "Name a file.")
        with _beside(target) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
            if target.exists() and not overwrite:
                raise ExportError(f"{target} is there already.", _ELSEWHERE)
            part.replace(target)


def write_folder(target: Path, files: Mapping[str, str], *, overwrite: bool) -> None:
    """Writes texts to the files of a folder, by their paths in it.

    An empty folder may be there. One that holds something is overwritten as a whole, and only
    when it holds nothing but Markdown files, so that what is no export stays. Raises `ExportError`
    when it is not to be overwritten, or cannot be written.
    """
    with _translated(target):
        target = target.resolve()
        _check_replaceable(target, overwrite=overwrite)
        with _beside(target) as part:
            part.mkdir()
            for path, text in files.items():
                file = part / path
                file.parent.mkdir(exist_ok=True)
                with file.open("x", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
            _check_replaceable(target, overwrite=overwrite)
            _put(part, target)


def _check_replaceable(target: Path, *, overwrite: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(f"{target} is no folder.", "Name a folder; each entry is a file in it.")
    if not overwrite and any(target.iterdir()):
        raise ExportError(f"{target} is there already, and not empty.", _ELSEWHERE)
    for path in target.rglob("*"):
        if path.is_symlink() or not (path.is_dir() or path.suffix == ".md"):
            raise ExportError(
                f'{target} holds "{path.relative_to(target)}", which is no page of an export.',
                "Name a folder of its own.",
            )


def _put(part: Path, target: Path) -> None:
    """Moves a folder to where another one may be, which is gone only when this one is there."""
    if not target.exists():
        part.rename(target)
        return
    with _beside(target) as old:
        target.rename(old)
        try:
            part.rename(target)
        except OSError:
            old.rename(target)
            raise


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A free path in the folder of `target`; what is there in the end is removed."""
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
    except FileNotFoundError as error:
        hint = "Make the folder that it is to be in first."
        raise ExportError(f"{target} cannot be written: there is no such folder.", hint) from error
    except OSError as error:
        hint = "Name another place, or make room and see who may write there."
        raise ExportError(f"{target} cannot be written: {error.strerror}.", hint) from error
