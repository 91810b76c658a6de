"""If the disk is not writable, a running bot continues and reports it, a starting bot stops with an
error, and no data is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.identity import OPERATOR
from bot.replies.admin import Status
from index.errors import LedgerError
from index.indexing.reindex import SourceContent, reindex
from index.search.results import Neighbours
from tests.faults import disks
from tests.faults.homes import Home
from tests.faults.processes import ROOT
from tests.support.entries import harbour
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

pytestmark = pytest.mark.children
DISK_MB = 60
# Bytes left on the disk: too few for the vectors, for the ledger, or for the files of Chroma. A
# generation takes about 9 MB.
FEW_ROOMS = (700_000,)
MANY_ROOMS = (
    0,
    20_000,
    300_000,
    1_000_000,
    1_600_000,
    2_500_000,
    *range(3_000_000, 9_000_000, 400_000),
)
SLOW_ROOMS = [pytest.param(room, marks=pytest.mark.slow) for room in MANY_ROOMS]


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Return a folder on which a disk can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    disks.skip_without_disks(disk)
    return disk


def run_squeezed(whole: Path, disk: Path, kind: str, room: int) -> dict[str, Any]:
    """Run `squeezed` and return its output. Fails if a bot dies."""
    program = (sys.executable, "-m", "tests.faults.squeezed", str(whole), str(disk), kind)
    done = subprocess.run(
        disks.on_disk(disk, DISK_MB, *program, str(room)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, f"status {done.returncode}: {done.stderr}"
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def check_nothing_lost(said: dict[str, Any]) -> None:
    """Check that the bot answered throughout, and that it reindexes once the disk is writable."""
    for when in ("before", "asked", "asked again", "started"):
        assert said[when] == "g000002", f"{when}: {said}"
    assert not said["mixture"]
    assert said["after"] == said["asked after"] == "g000003"
    assert said["status after"] == []


@pytest.mark.parametrize("room", [*FEW_ROOMS, *SLOW_ROOMS])
def test_bot_on_a_full_disk_answers_and_its_reindex_reports_the_error(
    two_generations: Home, disk: Path, room: int
) -> None:
    said = run_squeezed(two_generations.data, disk, "full", room)
    check_nothing_lost(said)
    signs = ("The disk is full", "the disk is full", "No space left on device")
    assert any(sign in said["reindexed"] for sign in signs), said
    (health,) = said["status"]
    assert health.startswith("The last write to the index failed: ")
    assert any(sign in health for sign in signs)


def test_bot_on_a_read_only_disk_answers_and_its_reindex_reports_the_error(
    two_generations: Home, disk: Path
) -> None:
    said = run_squeezed(two_generations.data, disk, "protected", 0)
    check_nothing_lost(said)
    assert "cannot be written: Permission denied." in said["reindexed"]
    (health,) = said["status"]
    assert "cannot be written: Permission denied." in health


FULL = 'head -c 100m /dev/zero > "$1/filler" 2> /dev/null'


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (FULL, "cannot be written: the disk is full."),
        ('chmod 555 "$1"', "cannot be created: Permission denied."),
        ('mkdir "$1/data"; chmod 555 "$1/data"', "cannot be opened."),
    ],
    ids=["full", "protected", "protected data"],
)
def test_start_on_an_unwritable_disk_stops_with_an_error(
    disk: Path, before: str, sentence: str
) -> None:
    start = f'{before}; exec "$2" -m bot say help'
    done = subprocess.run(
        disks.on_disk(disk, 1, "sh", "-c", start, "sh", str(disk), sys.executable),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "NEARSAY_DATA_DIR": str(disk / "data")},
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    said = " ".join(done.stderr.split())
    assert sentence in said
    assert said.count(". ") <= 2, "the message has the cause and the remedy"
    assert "Traceback" not in done.stderr


def test_running_bot_answers_while_its_ledger_is_locked(
    harbour_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.db.database.BUSY", 0.2)
    data = Path(shutil.copytree(harbour_directory, tmp_path / "data"))
    store, toy = open_store(data), ToyEmbedder()
    assistant = Assistant(store, toy)
    changed = SourceContent([replace(harbour()[0], example="It was lost."), *harbour()[1:]])

    def answered_by() -> str | None:
        reply = assistant.ask("/near a rope for ships")
        assert isinstance(reply, Neighbours)
        return reply.generation

    assert answered_by() == "g000001"
    with closing(sqlite3.connect(data / "ledger.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="is locked by another process"):
            reindex(store, changed, toy)
        assert answered_by() == "g000001"
        status = assistant.ask("/near-admin status", OPERATOR)
        assert isinstance(status, Status)
        assert "is locked by another process" in status.health[0]
    reindex(store, changed, toy)
    assert answered_by() == "g000002"
    assert not store.troubles
    store.close()
