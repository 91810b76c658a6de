"""A generation is tried in a child process, which damage may take down, and nothing else."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.store.digests import damage, digests_of
from index.store.probe import probe
from tests.index.store.damages import DAMAGES, FILES, build_with_saved_graph, copied, flip
from tests.support.in_process import probe_in_process

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation whose graph is saved; never damaged."""
    return build_with_saved_graph(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return copied(whole, tmp_path)


@pytest.fixture
def stuck(folder: Path) -> Path:
    """A generation whose manifest never ends, once its other end is open."""
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    return folder


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The child processes that are started from now on."""
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **options: object) -> None:
            started.append(self)
            super().__init__(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("index.store.probe.subprocess.Popen", Recorded)
    return started


def test_nothing_is_wrong_with_a_whole_generation(folder: Path, harbour_directory: Path) -> None:
    digests = digests_of(folder)
    assert probe(folder) == ""
    assert probe(harbour_directory / "generations" / "g000001") == ""
    assert damage(folder, digests) == ""


def in_a_child(file: str) -> Callable[[Path], str]:
    """How a generation is tried of which this file is damaged: only Chroma's can take a process
    down, and a child process takes two seconds to start."""
    return probe if file.startswith("chroma/") else probe_in_process


@pytest.mark.parametrize("file", FILES)
def test_no_damage_takes_us_down(folder: Path, file: str) -> None:
    DAMAGES["half"](next(folder.glob(file)))
    wrong = in_a_child(file)(folder)
    assert "\n" not in wrong
    assert "Traceback" not in wrong


OPTIONAL = ("atlas.npz", "texts.npy")  # answers need none of them
NEEDED = [file for file in FILES if not file.startswith("chroma/*") and file not in OPTIONAL]


@pytest.mark.parametrize("file", NEEDED)
def test_a_file_that_is_gone_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    part = {
        "manifest.json": "manifest",
        "entries.jsonl": "entries",
        "spread.npz": "spread and the background",
        "place-spread.npz": "spread and the background",
        "background.npz": "spread and the background",
    }.get(file, "words" if "words/" in file else "vectors")
    assert in_a_child(file)(folder).startswith(f"reading the {part} failed: ")


def test_a_crash_is_told_in_words(folder: Path, children: list[subprocess.Popen[bytes]]) -> None:
    graph, rows = _graph(folder)
    rows[:, 4:132] = 0x7F  # links to passages far beyond the end
    rows.tofile(graph)
    assert probe(folder) == "reading the vectors crashed the process that tried it"
    assert children[0].returncode < 0


def _drop_an_entry(folder: Path) -> None:
    lines = (folder / "entries.jsonl").read_text().splitlines(keepends=True)
    (folder / "entries.jsonl").write_text("".join(lines[:-1]))


def _stretch_a_vector(folder: Path) -> None:
    file = next(folder.glob("chroma/*/length.bin"))
    lengths = np.fromfile(file, dtype=np.float32)
    lengths[0] = 2
    lengths.tofile(file)


def _swap_vectors(folder: Path) -> None:
    """The vectors of the graph in reverse; 32 links of 4 bytes and their number come first."""
    graph, rows = _graph(folder)
    rows[:, 132:1156] = rows[::-1, 132:1156]
    rows.tofile(graph)


def _graph(folder: Path) -> tuple[Path, np.ndarray]:
    """The file of the graph, and the bytes of each of its 1,080 passages."""
    file = next(folder.glob("chroma/*/data_level0.bin"))
    return file, np.fromfile(file, dtype=np.uint8).reshape(1_080, -1)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (_drop_an_entry, "there are 215 entries, not 216"),
        (_stretch_a_vector, "has the length 2, not 1"),
        (_swap_vectors, "the matrix of vectors is not what Chroma holds"),
    ],
)
def test_what_can_be_read_and_is_wrong_is_told(
    folder: Path, change: Callable[[Path], None], wrong: str
) -> None:
    change(folder)
    assert wrong in probe_in_process(folder)


def test_a_child_that_does_not_end_is_ended(
    stuck: Path, children: list[subprocess.Popen[bytes]]
) -> None:
    assert probe(stuck, 5) == "reading the manifest did not end within 5 seconds"
    assert children[0].returncode == -signal.SIGKILL


def test_a_child_ends_with_its_parent(stuck: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.store.probe import probe\n"
        "probe(Path(sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(stuck)], cwd=ROOT)
    with (stuck / "manifest.json").open("wb") as opened:  # waits for the child to read it
        parent.kill()
        parent.wait()
        reader = select.poll()
        reader.register(opened, select.POLLERR)
        assert reader.poll(20_000), "the child still reads"


def test_a_child_that_cannot_be_started_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.probe.get_executable", lambda: str(folder / "no-python"))
    said = "the process that should try it could not be started (No such file or directory)"
    assert probe(folder) == said


def test_the_traceback_is_in_the_log_alone(
    folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    flip(folder / "manifest.json", 0)
    assert "Traceback" not in probe(folder)
    assert "Traceback" in caplog.text
    assert capfd.readouterr() == ("", "")
