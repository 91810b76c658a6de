"""A disk whose un-synced writes are lost when the power fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Disk:
    """The content of the files below `root` as of the last time that each was flushed.

    `names_first`: whether the disk writes names before content. If it does, a file that was moved
    is there after a loss of power, even if nobody flushed it or its folder.
    """

    def __init__(self, root: Path, *, names_first: bool) -> None:
        self._root = root
        self._names_first = names_first
        self._content: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        self.states: list[dict[str, bytes]] = []
        for path in (root, *root.rglob("*")):
            self._flush(path)

    def flush(self, path: Path) -> None:
        """Flush a file or folder, and note what a loss of power would leave before and after."""
        self.states.append(self.after_power_loss())
        self._flush(path)
        self.states.append(self.after_power_loss())

    def after_power_loss(self) -> dict[str, bytes]:
        """Return the files, by their path in `root`, that a loss of power would leave."""
        return dict(self._files(self._root.stat().st_ino, ""))

    def _flush(self, path: Path) -> None:
        number = path.stat().st_ino
        if path.is_dir():
            self._names[number] = {one.name: one.stat().st_ino for one in path.iterdir()}
        else:
            self._content[number] = path.read_bytes()

    def _files(self, folder: int, prefix: str) -> Iterator[tuple[str, bytes]]:
        names = self._names.get(folder, {})
        if self._names_first:
            paths = [path for path in (self._root, *self._root.rglob("*")) if path.is_dir()]
            here = next((path for path in paths if path.stat().st_ino == folder), None)
            names = {one.name: one.stat().st_ino for one in here.iterdir()} if here else {}
            folders = {path.stat().st_ino for path in paths}
        else:
            folders = set(self._names)
        for name, number in names.items():
            if number in folders:
                yield from self._files(number, f"{prefix}{name}/")
            else:
                yield f"{prefix}{name}", self._content.get(number, b"")


@contextmanager
def recorded(root: Path, *, names_first: bool) -> Iterator[Disk]:
    """Record what is flushed below `root`."""
    disk, real = Disk(root, names_first=names_first), os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_relative_to(root.resolve()):
            disk.flush(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        yield disk
