"""Backups are made while the bot runs, restored elsewhere, and refused if damaged or incomplete."""

import gzip
import io
import json
import re
import shutil
import sqlite3
import stat
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.admin.imports import FOLDER
from bot.backup import create
from bot.backup.archive import MANIFEST, BackupError, BackupManifest
from bot.backup.create import back_up
from bot.backup.restore import MAX_READ, restore
from bot.config import Settings
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from index.errors import LedgerError
from index.indexing.reindex import SourceContent, reindex
from index.search.near import near
from index.sources.source import Source
from tests.support.entries import harbour
from tests.support.questions import question_record
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder
from tests.support.waiting import wait_until


@pytest.fixture
def origin(harbour_directory: Path, tmp_path: Path) -> Settings:
    """Return the settings for a data directory that contains the harbour index."""
    data = tmp_path / "data"
    shutil.copytree(harbour_directory, data)
    return Settings(data_dir=data)


@pytest.fixture
def target(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "elsewhere" / "data")


@pytest.fixture
def backup(origin: Settings, tmp_path: Path) -> Path:
    sent = origin.data_dir / FOLDER / "fish" / ("a" * 16)
    sent.mkdir(parents=True)
    (sent / "fish.csv").write_text("term,definition\nCod,A fish.\n")
    return back_up(origin, tmp_path / "backup.tar.gz")


def test_a_restored_index_answers_as_before_without_embedding(
    origin: Settings, target: Settings, backup: Path
) -> None:
    before = open_store(origin.data_dir)
    manifest, aside = restore(target, backup)
    after = open_store(target.data_dir)
    toy = ToyEmbedder()
    with before.reading() as one, after.reading() as other:
        assert near(one, toy, "ships", 5) == near(other, toy, "ships", 5)
    record = after.ledger.generations.get(after.current().id)
    assert (aside, record.note, after.troubles) == (None, "", ())
    assert manifest.directory == str(origin.data_dir)
    assert (target.data_dir / FOLDER / "fish" / ("a" * 16) / "fish.csv").is_file()
    before.close()
    after.close()


def test_a_backup_made_during_writes_is_a_consistent_snapshot(
    origin: Settings, target: Settings, tmp_path: Path
) -> None:
    store, inbox = open_store(origin.data_dir), Inbox.in_file(origin.data_dir / "inbox.sqlite3")
    stopped, written = threading.Event(), list[int]()

    def write() -> None:
        for number in range(100_000):
            if stopped.is_set():
                return
            store.ledger.questions.keep(question_record(str(number)))
            inbox.record(Delivery(str(number), "command", "/near x", "", time.time()))
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(written) >= 20 or not writer.is_alive())
    before = len(written)
    file = back_up(origin, tmp_path / "backup.tar.gz")
    stopped.set()
    writer.join()
    with store.reading():
        restore(target, file)  # another directory may be in use
    with sqlite3.connect(target.data_dir / "ledger.sqlite3") as ledger:
        (kept,) = ledger.execute("SELECT count(*) FROM questions").fetchone()
    ledger.close()
    waiting = Inbox.in_file(target.data_dir / "inbox.sqlite3")
    assert before <= kept <= len(written)
    assert before <= len(waiting.take_unanswered()) <= len(written)
    for opened in (waiting, inbox, store):
        opened.close()


def test_a_backup_does_not_overwrite_a_file(origin: Settings, backup: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600, "only its owner can read it"
    with tarfile.open(backup) as archive:
        written = archive.extractfile(MANIFEST).read()  # type: ignore[union-attr]
    assert BackupManifest.from_json(written).to_json() == written
    with pytest.raises(BackupError, match="There is no folder"):
        back_up(origin, tmp_path / "backups")
    (tmp_path / "backups").mkdir()
    file = back_up(origin, tmp_path / "backups")
    assert re.fullmatch(r"nearsay-20.*\.tar\.gz", file.name), (
        "a backup into a folder gets a generated name"
    )
    assert list((tmp_path / "backups").iterdir()) == [file]
    content = backup.read_bytes()
    with pytest.raises(BackupError, match="already exists"):
        back_up(origin, backup)
    assert backup.read_bytes() == content
    back_up(origin, backup, overwrite=True)
    assert tarfile.is_tarfile(backup)
    with pytest.raises(BackupError, match="cannot be written: No such file"):
        back_up(origin, tmp_path / "nowhere" / "b.tar.gz")
    with pytest.raises(BackupError, match="nothing to back up"):
        back_up(Settings(data_dir=tmp_path / "none"), tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_backup_with_a_postgresql_ledger_contains_the_other_files(
    origin: Settings, target: Settings, tmp_path: Path
) -> None:
    Inbox.in_file(origin.data_dir / "inbox.sqlite3").close()
    address = SecretStr("postgresql://nearsay:x@127.0.0.1/nearsay")
    shared = origin.model_copy(update={"database_url": address})
    file = back_up(shared, tmp_path / "b.tar.gz")
    with tarfile.open(file) as archive:
        assert archive.getnames() == [MANIFEST, "inbox.sqlite3"]
    with pytest.raises(BackupError, match="contains no ledger") as raised:
        restore(target, file)
    assert "dump" in raised.value.hint


def test_a_restore_refuses_or_moves_existing_data(origin: Settings, backup: Path) -> None:
    (origin.data_dir / "nearsay.log").touch()
    before = sorted(path.name for path in origin.data_dir.iterdir())
    with pytest.raises(BackupError, match="is not empty"):
        restore(origin, backup)
    assert sorted(path.name for path in origin.data_dir.iterdir()) == before
    _, aside = restore(origin, backup, force=True)
    assert aside is not None
    assert (aside / "ledger.sqlite3").is_file()
    assert (origin.data_dir / "nearsay.log").is_file()
    store = open_store(origin.data_dir)
    assert len(store.current().entries) == 12
    store.close()


def test_a_restore_is_refused_while_a_process_uses_the_directory(
    origin: Settings, backup: Path
) -> None:
    store = open_store(origin.data_dir)
    with store.reading(), pytest.raises(BackupError, match="A running Nearsay uses"):
        restore(origin, backup, force=True)
    with store.writing("somebody"), pytest.raises(BackupError, match="A running Nearsay uses"):
        restore(origin, backup, force=True)
    store.close()
    restore(origin, backup, force=True)


def test_uploaded_sources_are_found_in_the_restored_directory(
    origin: Settings, target: Settings, tmp_path: Path
) -> None:
    sent = origin.data_dir / FOLDER / "fish" / ("a" * 16) / "fish.csv"
    sent.parent.mkdir(parents=True)
    sent.write_text("term,definition\nCod,A fish.\n")
    store = open_store(origin.data_dir)
    sources = (Source("fish", str(sent)), Source("other", "/srv/other.csv"))
    reindex(store, SourceContent([*harbour()][:5], sources=sources), ToyEmbedder())
    store.close()
    restore(target, back_up(origin, tmp_path / "b.tar.gz"))
    store = open_store(target.data_dir)
    moved, other = store.current().manifest.sources
    store.close()
    assert moved.path == str(target.data_dir / FOLDER / "fish" / ("a" * 16) / "fish.csv")
    assert Path(moved.path).is_file()
    assert other.path == "/srv/other.csv"


Spoil = Callable[[Path], object]


def truncated(share: float) -> Spoil:
    return lambda file: file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])


def with_flipped_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def with_manifest(**changes: object) -> Spoil:
    """Rewrite the backup with changes to its manifest."""

    def spoil(file: Path) -> None:
        with tarfile.open(file) as archive:
            held = {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]
        content_of_manifest = json.loads(held[MANIFEST]) | changes
        held[MANIFEST] = json.dumps(content_of_manifest).encode()
        with tarfile.open(file, "w:gz") as archive:
            for name, content in held.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))

    return spoil


def with_member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> Spoil:
    """Write an archive with the backup's manifest and a member that does not belong in a backup."""

    def spoil(file: Path) -> None:
        with tarfile.open(file) as archive:
            content_of_manifest = archive.extractfile(MANIFEST).read()  # type: ignore[union-attr]
        with gzip.open(file, "wb") as stream:
            for info, content in (
                (tarfile.TarInfo(MANIFEST), content_of_manifest),
                (tarfile.TarInfo(name), b""),
            ):
                info.size = len(content)
                if info.name == name:
                    info.type, info.size, info.linkname = kind, size, "/etc/passwd"
                stream.write(info.tobuf() + content + b"\0" * (-len(content) % 512))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (truncated(0.5), "damaged or incomplete"),
        (truncated(0), "not a Nearsay backup|damaged or incomplete"),
        (with_flipped_bit, "damaged or incomplete"),
        (lambda file: file.write_text("no archive"), "backup.tar.gz is not a Nearsay"),
        (lambda file: file.unlink(), "There is no file"),
        (with_manifest(format=3), "format 3"),
        (with_manifest(ledger="9999"), "newer version of Nearsay"),
        (with_manifest(ledger="0006"), "version of Nearsay before 1.0.0"),
        (with_manifest(format=None), "not a Nearsay backup"),
        (with_member("inbox.sqlite3", size=10**15), "GiB more disk space"),
        (with_member("../evil"), "not part of a Nearsay backup"),
        (with_member("imports/../../evil"), "not part of a Nearsay backup"),
        (with_member("/tmp/evil"), "not part of a Nearsay backup"),
        (with_member("imports\\..\\evil"), "not part of a Nearsay backup"),
        (with_member("generations/g000001/x"), "not part of a Nearsay backup"),
        (with_member("inbox.sqlite3", tarfile.SYMTYPE), "not part of a Nearsay backup"),
        (with_member("inbox.sqlite3", tarfile.FIFOTYPE), "not part of a Nearsay backup"),
        (with_member("inbox.sqlite3", tarfile.XHDTYPE, MAX_READ + 1), "damaged or incompl"),
    ],
)
def test_restoring_a_damaged_backup_changes_nothing(
    spoil: Spoil, says: str, origin: Settings, target: Settings, backup: Path, tmp_path: Path
) -> None:
    spoil(backup)
    before = sorted(tmp_path.rglob("*"))
    for settings, force in ((target, False), (origin, True)):
        with pytest.raises((BackupError, LedgerError), match=says) as raised:
            restore(settings, backup, force=force)
        assert raised.value.hint
    made = {target.data_dir.parent, target.data_dir, *target.data_dir.iterdir()}
    locks = {origin.data_dir / "writing.lock"}
    assert set(tmp_path.rglob("*")) - set(before) - made - locks == set()
    assert not (target.data_dir / "ledger.sqlite3").exists()
    assert (origin.data_dir / "ledger.sqlite3").exists()


def test_a_backup_that_reads_back_differently_or_could_not_be_restored_is_not_kept(
    origin: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack_wrongly(file: Path, *others: Any) -> None:
        packed = tmp_path / "packed"
        pack(packed, *others)
        content = bytearray(packed.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    pack = create._pack
    with monkeypatch.context() as failing:
        failing.setattr(create, "_pack", pack_wrongly)
        with pytest.raises(BackupError, match="reads back differently"):
            back_up(origin, tmp_path / "backup.tar.gz")
    ledger = origin.data_dir / "ledger.sqlite3"
    with ledger.open("r+b") as file:
        file.seek(-20 * 4096, 2)  # far from the schema, which every reader needs
        file.write(b"\0" * 20 * 4096)
    with pytest.raises(BackupError, match="damaged"):
        back_up(origin, tmp_path / "backup.tar.gz")
    assert not (tmp_path / "backup.tar.gz").exists()
