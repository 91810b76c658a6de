"""A Chroma server for tests: `chroma run` on the loopback address, with a separate folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_S = 30  # seconds


@dataclass
class Chroma:
    """A server with its data in `folder`. It can be stopped and restarted at the same address."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    arguments: tuple[str, ...] = ()  # arguments that replace the default ones

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        program = Path(sys.executable).with_name("chroma")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, *(self.arguments or self._usual)],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder)},
            )
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def _usual(self) -> tuple[str, ...]:
        where = ("--path", str(self.folder / "data"), "--host", "127.0.0.1")
        return ("run", *where, "--port", str(self.port))

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def chroma_server(folder: Path) -> Iterator[Chroma]:
    """Run a server during the block."""
    chroma = Chroma(folder, free_port())
    chroma.start()
    try:
        yield chroma
    finally:
        chroma.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
