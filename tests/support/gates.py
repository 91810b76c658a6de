"""A toy embedder that a test can block, even in another process."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.embedding.embedder import Vectors
from tests.support.toy import ToyEmbedder


class FileEvent:
    """Like `threading.Event`, but across processes: the event is set while a file exists."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def set(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.touch()

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)

    def is_set(self) -> bool:
        return self._file.exists()

    def wait(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while not self.is_set() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.is_set()


class Gates:
    """Events shared by the embedders of several processes. `go` lets them run; an embedder sets
    `waiting` when it waits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.go = FileEvent(folder / "go")
        self.waiting = FileEvent(folder / "waiting")


class SlowEmbedder(ToyEmbedder):
    """A toy embedder that a test can block at texts containing "slowly", to keep workers busy. With
    `dies`, it then exits like a killed process."""

    def __init__(self, gates: Gates | None = None) -> None:
        super().__init__()
        self.go: threading.Event | FileEvent = threading.Event()
        self.waiting: threading.Event | FileEvent = threading.Event()
        self.go.set()
        self.dies = False
        if gates is not None:
            self.share(gates)

    def share(self, gates: Gates) -> None:
        """Use the events of `gates`."""
        self.go, self.waiting = gates.go, gates.waiting

    def queries(self, texts: Sequence[str]) -> Vectors:
        self._wait(texts)
        return super().queries(texts)

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        for positions, vectors in super().documents(texts):
            yield positions, vectors
            self._wait([texts[at] for at in positions])

    def _wait(self, texts: Sequence[str]) -> None:
        if any("slowly" in text for text in texts):
            self.waiting.set()
            self.go.wait(20)
            if self.dies:
                raise KeyboardInterrupt
