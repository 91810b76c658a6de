"""The health check opens a generation in a child process, which damage may crash."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.storage.checksums import damage, digests_of
from index.storage.health_check import probe
from tests.support.in_process import probe_in_process

ROOT = Path(__file__).parents[4]


@pytest.fixture
def stuck(folder: Path) -> Path:
    """A generation whose manifest is a pipe, so that reading it never ends."""
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    return folder


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The child processes started during the test."""
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **options: object) -> None:
            started.append(self)
            super().__init__(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("index.storage.health_check.subprocess.Popen", Recorded)
    return started


def test_an_intact_generation_passes_the_check(folder: Path, harbour_directory: Path) -> None:
    digests = digests_of(folder)
    assert probe(folder) == ""
    assert probe(harbour_directory / "generations" / "g000001") == ""
    assert damage(folder, digests) == ""


@pytest.mark.parametrize(
    "file",
    [
        *("manifest.json", "entries.jsonl", "words/vocab.index.json"),
        *("vectors.npy", "chroma/chroma.sqlite3"),
    ],
)
def test_a_missing_file_is_reported(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert probe_in_process(folder).startswith("reading it failed: ")


def test_a_fault_in_the_child_is_reported(folder: Path) -> None:
    (folder / "vectors.npy").unlink()
    assert probe(folder) == probe_in_process(folder)


def test_a_crash_of_the_child_is_reported(
    folder: Path, children: list[subprocess.Popen[bytes]]
) -> None:
    graph = next(folder.glob("chroma/*/data_level0.bin"))
    rows = np.fromfile(graph, dtype=np.uint8).reshape(1_296, -1)
    rows[:, 4:132] = 0x7F  # links to passages beyond the end
    rows.tofile(graph)
    assert probe(folder) == "reading it crashed the child process"
    assert children[0].returncode < 0


def test_a_child_that_hangs_is_killed(stuck: Path, children: list[subprocess.Popen[bytes]]) -> None:
    assert probe(stuck, 5) == "reading it did not finish within 5 seconds"
    assert children[0].returncode == -signal.SIGKILL


def test_a_child_exits_when_its_parent_exits(stuck: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.storage.health_check import probe\n"
        "probe(Path(sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(stuck)], cwd=ROOT)
    with (stuck / "manifest.json").open("wb") as opened:  # waits for the child to read it
        parent.kill()
        parent.wait()
        reader = select.poll()
        reader.register(opened, select.POLLERR)
        assert reader.poll(20_000), "the child still reads"


def test_a_child_that_cannot_start_is_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "index.storage.health_check.get_executable", lambda: str(folder / "no-python")
    )
    message = "the child process that checks it could not be started (No such file or directory)"
    assert probe(folder) == message
